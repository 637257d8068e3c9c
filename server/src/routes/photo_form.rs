//! `POST /search/photo`: the page's photo form, for browsers without scripts.
//!
//! The photo becomes a token, and the answer is the address of its results: reloading shows them again and sends nothing twice.

use super::form;
use crate::{error::Problem, state::AppState};
use app::Search;
use axum::{
    extract::{FromRequest, Multipart, Request, State},
    response::Redirect,
};

/// Encodes the photo and sends the browser to its results.
pub async fn search(State(state): State<AppState>, request: Request) -> Result<Redirect, Problem> {
    let mut fields = form::read(Multipart::from_request(request, &state).await?).await?;
    let (text, filters) = (fields.text.clone().unwrap_or_default(), fields.filters.clone());
    if fields.photos.is_empty() {
        // Nothing chosen: the words alone, if any, are searched for as if they had been typed.
        return Ok(Redirect::to(&Search { filters, ..Search::words(&text) }.href()));
    }
    fields.limit = Some(1);
    fields.offset = 0;
    let answer = state.service().search(fields.into_query()?).await?;
    state.metrics().searched(&answer.took_ms);
    Ok(Redirect::to(&Search { text, filters, ..Search::token(&answer.query.token) }.href()))
}
