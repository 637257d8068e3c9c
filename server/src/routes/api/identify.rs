//! `POST /api/v1/identify`: what an unlabelled piece is, from its photos.

use super::search::essence;
use crate::{
    error::{Kind, Problem},
    routes::{fields::Fields, form},
    state::AppState,
};
use axum::{
    Json,
    extract::{FromRequest, Multipart, Request, State},
};
use domain::Identification;

/// Closest listings answered, when no limit is asked for.
const CLOSEST: usize = 12;

/// Photos of one piece (a form, as in a search), to the closest listings and a sheet of guesses.
pub async fn identify(State(state): State<AppState>, request: Request) -> Result<Json<Identification>, Problem> {
    if essence(request.headers()).as_deref() != Some("multipart/form-data") {
        return Err(Problem::new(
            Kind::WrongContent,
            "Send multipart/form-data with one to four photos of the piece, as parts called photo.",
        ));
    }
    let fields = form::read(Multipart::from_request(request, &state).await?).await?;
    if fields.photos.is_empty() {
        return Err(Problem::field("there is no photo; send one to four of the piece, as parts called photo"));
    }
    let Fields { text, token, like, weight, unlike, offset, .. } = &fields;
    let looks_elsewhere = token.is_some() || like.is_some();
    if text.is_some() || looks_elsewhere || weight.is_some() || !unlike.is_empty() || *offset > 0 {
        return Err(Problem::field("a piece is identified by its photos alone; send photo, limit and filters"));
    }
    fields.filters.validate()?;
    let limit = fields.limit.unwrap_or(CLOSEST);
    let found = state.service().identify(fields.photos, fields.filters, limit).await?;
    state.metrics().searched(&found.took_ms);
    Ok(Json(found))
}
