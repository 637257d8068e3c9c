//! `/health`, `/ready` and `/metrics`: for whoever runs the server.

use crate::{error::Problem, metrics::Readings, state::AppState};
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// The process is alive. Says nothing about whether it can work: restarting it for that would not help.
pub async fn health() -> &'static str {
    "ok\n"
}

/// Searches can be answered: the table can be read and the server is not on its way out.
pub async fn ready(State(state): State<AppState>) -> Response {
    let (status, answer) = match state.catalogue().count().await {
        Ok(_) if state.is_stopping() => {
            (StatusCode::SERVICE_UNAVAILABLE, json!({"ready": false, "reason": "stopping"}))
        }
        Ok(counts) => (StatusCode::OK, json!({"ready": true, "listings": counts.listings, "photos": counts.photos})),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, json!({"ready": false, "reason": "the catalogue cannot be read"}))
        }
    };
    (status, Json(answer)).into_response()
}

/// Counters and histograms for Prometheus.
pub async fn metrics(State(state): State<AppState>) -> Result<Response, Problem> {
    let now = Readings { working: state.places().taken(), waiting: state.encoder().waiting() };
    let text = state.metrics().render(now).map_err(Problem::internal)?;
    Ok(([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response())
}
