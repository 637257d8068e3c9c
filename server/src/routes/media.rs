//! `GET /media/{name}`: the photos of listings; with `?side=320` (or 640, 1280) no larger than that.

use crate::{error::Problem, state::AppState};
use axum::{
    extract::{Path, Query, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use tower::ServiceExt;
use tower_http::services::ServeFile;

/// A photo is named by the digest of its bytes, so it never changes and may be kept for ever.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// How large it is wanted.
#[derive(Debug, Deserialize)]
pub struct Size {
    side: Option<u32>,
}

/// Sends a photo: whole, in part, or "not modified". Only names of the shape that the catalogue gives lead to a file.
pub async fn photo(
    State(state): State<AppState>,
    Path(name): Path<String>,
    Query(Size { side }): Query<Size>,
    request: Request,
) -> Result<Response, Problem> {
    let no_photo = || Problem::not_found("There is no such photo.");
    let path = match side {
        None => state.catalogue().media(&name),
        Some(side) => state.catalogue().thumbnail(&name, side).await.map_err(Problem::internal)?,
    }
    .ok_or_else(no_photo)?;
    // The type follows the extension, which is one of three and was chosen by what the bytes were found to be.
    let response = ServeFile::new(path).oneshot(request).await.map_err(Problem::internal)?;
    match response.status() {
        StatusCode::NOT_FOUND => Err(no_photo()),
        StatusCode::INTERNAL_SERVER_ERROR => Err(Problem::internal("a photo cannot be read")),
        _ => {
            let mut response = response.into_response();
            response.headers_mut().insert(header::CACHE_CONTROL, FOR_EVER);
            Ok(response)
        }
    }
}
