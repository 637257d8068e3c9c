//! `GET /media/{name}`: the photos of listings; with `?side=320` (or 640, 1280) no larger than that, as WebP for whoever says that they take it.

use crate::{error::Problem, state::AppState};
use axum::{
    extract::{Path, Query, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use catalogue::ThumbnailFormat;
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
        Some(side) => {
            let format = if takes_webp(request.headers()) { ThumbnailFormat::WebP } else { ThumbnailFormat::Jpeg };
            state.catalogue().thumbnail(&name, side, format).await.map_err(Problem::internal)?
        }
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
            if side.is_some() {
                response.headers_mut().append(header::VARY, HeaderValue::from_static("accept"));
            }
            Ok(response)
        }
    }
}

/// Whether WebP is among what an asker names; "anything" is no word that they can show it.
fn takes_webp(headers: &HeaderMap) -> bool {
    let named = |range: &str| {
        let mut parts = range.split(';').map(str::trim);
        let webp = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("image/webp"));
        let refused = parts.any(|part| {
            part.strip_prefix("q=").and_then(|share| share.parse::<f32>().ok()).is_some_and(|share| share == 0.0)
        });
        webp && !refused
    };
    let ranges = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    ranges.flat_map(|value| value.split(',')).any(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn webp_goes_to_whoever_names_it() {
        let asks = |accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            takes_webp(&headers)
        };
        assert!(asks("image/avif,image/webp,image/apng,*/*;q=0.8") && asks("IMAGE/WEBP;q=0.5"));
        assert!(
            !asks("*/*") && !asks("image/png, image/*") && !asks("image/webp;q=0") && !takes_webp(&HeaderMap::new())
        );
    }
}
