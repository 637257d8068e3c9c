//! A request id, one log line and the metrics of every request.
//!
//! Logged: method, route pattern, status, milliseconds, request id, and for a fault of ours its cause. Never logged: the
//! address bar (it holds what shoppers look for), the client's address, any body.

use crate::{error::Problem, state::AppState};
use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use std::{fmt, time::Instant};
use tracing::Instrument;
use uuid::Uuid;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What ties a response to its log line. Always ours: one that a client chose could be anything.
#[derive(Debug, Clone, Copy)]
pub struct RequestId(Uuid);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.simple().fmt(f)
    }
}

/// Counts, times and logs a request.
pub async fn observe(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = RequestId(Uuid::new_v4());
    let method = request.method().clone();
    // The pattern, not the path. Files of the site and addresses that do not exist have none.
    let route = request.extensions().get::<MatchedPath>().map_or("(file)", MatchedPath::as_str).to_owned();
    request.extensions_mut().insert(id);
    let span = tracing::info_span!("request", %id);
    let mut response = next.run(request).instrument(span).await;

    let status = response.status().as_u16();
    let took = started.elapsed();
    let ms = (took.as_secs_f64() * 1e5).round() / 100.0;
    state.metrics().answered(&method, &route, status, took);
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(X_REQUEST_ID, value);
    }
    let problem = response.extensions().get::<Problem>();
    match problem.and_then(|problem| problem.cause.as_deref()) {
        Some(cause) => tracing::error!(%method, route, status, ms, %id, cause, "failed"),
        None if status >= 500 => {
            let problem = problem.map(|problem| problem.kind.slug());
            tracing::warn!(%method, route, status, ms, %id, problem, "refused");
        }
        None if matches!(route.as_str(), "/health" | "/ready" | "/metrics") => {
            tracing::debug!(%method, route, status, ms, %id, "answered");
        }
        None => tracing::info!(%method, route, status, ms, %id, "answered"),
    }
    response
}
