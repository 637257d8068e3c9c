//! `GET` and `POST /api/v1/search`.

use super::Query;
use crate::{
    error::{Kind, Problem, too_many_bytes},
    routes::{fields::Fields, form},
    state::AppState,
};
use axum::{
    Json,
    body::to_bytes,
    extract::{FromRequest, Multipart, Request, State},
    http::{HeaderMap, header},
};
use domain::{Answer, Filters, ListingId, Sort, limits};
use serde::Deserialize;

/// A search without photos, as JSON.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    text: Option<String>,
    token: Option<String>,
    like: Option<ListingId>,
    weight: Option<f32>,
    #[serde(default)]
    unlike: Vec<ListingId>,
    #[serde(default)]
    filters: Filters,
    #[serde(default)]
    sort: Sort,
    #[serde(default)]
    beyond: bool,
    #[serde(default)]
    literal: bool,
    limit: Option<usize>,
    #[serde(default)]
    offset: usize,
}

/// A search that stands in the address: words, a token, filters.
pub async fn by_link(
    State(state): State<AppState>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Json<Answer>, Problem> {
    let mut fields = Fields::default();
    for (key, value) in pairs {
        fields.set(&key, value)?;
    }
    run(&state, fields).await
}

/// A search with photos (a form), or without (JSON).
pub async fn by_body(State(state): State<AppState>, request: Request) -> Result<Json<Answer>, Problem> {
    let fields = match essence(request.headers()).as_deref() {
        Some("multipart/form-data") => form::read(Multipart::from_request(request, &state).await?).await?,
        Some("application/json") => {
            // Much less than a photo search may have, so the stack lets more through than we take.
            let bytes = to_bytes(request.into_body(), limits::JSON_BYTES)
                .await
                .map_err(|_| too_many_bytes(limits::JSON_BYTES))?;
            let Json(body) = Json::<Body>::from_bytes(&bytes)?;
            let Body { text, token, like, weight, unlike, filters, sort, beyond, literal, limit, offset } = body;
            Fields {
                text,
                token,
                like,
                weight,
                unlike,
                filters,
                sort,
                beyond,
                literal,
                limit,
                offset,
                ..Fields::default()
            }
        }
        _ => {
            return Err(Problem::new(
                Kind::WrongContent,
                "Send multipart/form-data for a search with photos, or application/json for one without.",
            ));
        }
    };
    run(&state, fields).await
}

async fn run(state: &AppState, fields: Fields) -> Result<Json<Answer>, Problem> {
    let answer = state.service().search(fields.into_query()?).await?;
    state.metrics().searched(&answer.took_ms);
    Ok(Json(answer))
}

/// The media type of a body, without its parameters.
pub fn essence(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next()?.trim().to_ascii_lowercase())
}
