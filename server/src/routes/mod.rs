//! Every address of the site, in one router.

pub mod api;
mod crawlers;
mod fields;
mod form;
mod media;
mod operations;
mod pages;
mod photo_form;
mod place;

use crate::{error::Problem, middleware, state::AppState};
use axum::{
    Router,
    routing::{any, get, post},
};

/// The whole site, with everything that each request passes.
pub fn router(state: AppState) -> Router {
    let work = api::routes()
        // The page's form works with scripts off: a photo goes here, and the answer is the address of its results.
        .route("/search/photo", post(photo_form::search))
        .route("/sitemap.xml", get(crawlers::sitemap))
        .merge(pages::routes(&state));
    let router = middleware::work(work, &state)
        .route("/health", get(operations::health))
        .route("/ready", get(operations::ready))
        .route("/metrics", get(operations::metrics))
        .route("/api/v1/openapi.json", get(api::openapi))
        .route("/robots.txt", get(crawlers::robots))
        .route("/api/{*rest}", any(nothing_here))
        .route("/media/{name}", get(media::photo))
        .fallback_service(pages::files_or_not_found(&state))
        .with_state(state.clone());
    middleware::every_request(router, &state)
}

/// An address under /api/ that does not exist is told so as a program, not with a page.
async fn nothing_here() -> Problem {
    Problem::not_found("There is nothing at this address. The API is described in /api/v1/openapi.json.")
}
