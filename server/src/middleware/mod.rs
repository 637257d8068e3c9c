//! What every request passes on its way in, and every response on its way out. The whole stack is in [`every_request`] and
//! [`work`]; each layer has a file of its own.

mod bounds;
mod cross_site;
mod headers;
mod observe;
mod overload;
mod problems;
mod rate;

pub use headers::page_policy;
pub use overload::Places;
pub use rate::Clients;

use crate::{error::Problem, state::AppState};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
};
use std::any::Any;
use tower_http::{CompressionLevel, catch_panic::CatchPanicLayer, compression::CompressionLayer};

/// The stack of every request. Read it from the bottom up: the last layer is the first that a request meets.
pub fn every_request(router: Router, state: &AppState) -> Router {
    router
        // Nothing larger or slower than its limit. Takes the place of axum's own limit, which knows one size.
        .layer(from_fn_with_state(state.clone(), bounds::bounds))
        .layer(DefaultBodyLimit::disable())
        // Nothing that another site's page sent.
        .layer(from_fn_with_state(state.clone(), cross_site::refuse_cross_site))
        // A panic is a 500 like any other, and the server goes on.
        .layer(CatchPanicLayer::custom(panicked))
        // Problems become JSON for programs and a page for people.
        .layer(from_fn_with_state(state.clone(), problems::render_problems))
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(4)))
        // Security headers, and a policy for whatever has none of its own.
        .layer(from_fn_with_state(state.clone(), headers::security_headers))
        // Request id, log line and metrics: outermost, so that they see what was really answered.
        .layer(from_fn_with_state(state.clone(), observe::observe))
}

/// What requests that need the model or the table pass as well. Health, metrics and files do not: they must answer when
/// everything else is busy.
pub fn work(router: Router<AppState>, state: &AppState) -> Router<AppState> {
    router
        // So many at once, and not one more.
        .layer(from_fn_with_state(state.clone(), overload::refuse_when_full))
        // So many a minute from one client.
        .layer(from_fn_with_state(state.clone(), rate::refuse_too_many))
}

fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    Problem::internal(format!("panic: {}", said.unwrap_or("no message"))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_fault_of_ours_whose_words_reach_only_the_log() {
        let response = panicked(Box::new("index out of range".to_owned()));
        assert_eq!(response.status(), 500);
        let problem = response.extensions().get::<Problem>().unwrap();
        assert!(!problem.detail.contains("index"));
        assert_eq!(problem.cause.as_deref(), Some("panic: index out of range"));
    }
}
