//! `/api/v1/listings/{id}`: read, put, delete; and what is like it.

use super::{Paging, Path, Query, admin::Administrator, listing_id, no_listing, search::essence, states};
use crate::{
    error::{Kind, Problem, too_many_bytes},
    routes::form::{self, Form},
    state::AppState,
};
use axum::{
    Json,
    body::to_bytes,
    extract::{FromRequest, Multipart, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use catalogue::Upload;
use domain::{Comparables, Listing, ListingId, SimilarPieces, limits};
use serde::Deserialize;
use serde_json::Value;

/// One listing.
pub async fn show(State(state): State<AppState>, Path(id): Path<String>) -> Result<Json<Listing>, Problem> {
    let listing = state.catalogue().listing(&listing_id(&id)?).await?;
    listing.map(Json).ok_or_else(no_listing)
}

/// The pieces most like a listing.
pub async fn similar(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(paging): Query<Paging>,
) -> Result<Json<SimilarPieces>, Problem> {
    let pieces = state.service().similar(&listing_id(&id)?, paging.page()?).await?;
    pieces.map(Json).ok_or_else(no_listing)
}

/// What comparables are asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compared {
    #[serde(default)]
    status: String,
    #[serde(default = "most_comparables")]
    limit: usize,
}

fn most_comparables() -> usize {
    12
}

/// The closest pieces of other dealers, and what they cost.
pub async fn comparables(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(Compared { status, limit }): Query<Compared>,
) -> Result<Json<Comparables>, Problem> {
    if limit > limits::COMPARED {
        return Err(Problem::field(format!("limit must be 1 to {}", limits::COMPARED)));
    }
    let found = state.service().comparables(&listing_id(&id)?, &states(&status)?, limit).await?;
    found.map(Json).ok_or_else(no_listing)
}

/// Stores a listing in the place of whatever had its id. On the disk, and to be found, when it answers.
pub async fn put(
    _: Administrator,
    State(state): State<AppState>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let id = ListingId::new(id)?;
    let (listing, uploads) = read(request, &state).await?;
    if listing.id != id {
        return Err(Problem::new(
            Kind::Conflict,
            format!("The address says {id} and the listing says {}. They must be the same.", listing.id),
        ));
    }
    if !listing.photos.is_empty()
        && let Some(stray) = uploads.iter().find(|upload| !listing.photos.contains(&upload.name))
    {
        let name: String = stray.name.chars().filter(|c| !c.is_control()).take(80).collect();
        return Err(Problem::field(format!("the file \"{name}\" is not among the listing's photos")));
    }
    let is_new = state.catalogue().listing(&id).await?.is_none();
    let stored = state.ingest().put(listing, uploads).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, [(header::LOCATION, format!("/api/v1/listings/{id}"))], Json(stored)).into_response())
}

/// Takes a listing out of the catalogue, for good, when it answers.
pub async fn delete(
    _: Administrator,
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    if state.catalogue().delete(&listing_id(&id)?).await? { Ok(StatusCode::NO_CONTENT) } else { Err(no_listing()) }
}

/// The listing and the photos sent with it: a form with a part `listing` (JSON) and the files as parts `photo`; or the JSON alone, where
/// all its photos are addresses under /media/ already.
async fn read(request: Request, state: &AppState) -> Result<(Listing, Vec<Upload>), Problem> {
    match essence(request.headers()).as_deref() {
        Some("application/json") => {
            let bytes = to_bytes(request.into_body(), limits::JSON_BYTES)
                .await
                .map_err(|_| too_many_bytes(limits::JSON_BYTES))?;
            Ok((parse(&bytes)?, Vec::new()))
        }
        Some("multipart/form-data") => {
            let form = form::read_form(Multipart::from_request(request, state).await?, limits::LISTING_PHOTOS).await?;
            let Form { photos, texts } = form;
            let [(key, json)] = texts.as_slice() else {
                return Err(Problem::field(
                    "the form must have one part \"listing\" and any number of parts \"photo\"",
                ));
            };
            if key != "listing" {
                return Err(Problem::field("the form has a part of another name; use listing and photo"));
            }
            Ok((parse(json.as_bytes())?, photos))
        }
        _ => Err(Problem::new(
            Kind::WrongContent,
            "Send multipart/form-data with the listing and its photos, or application/json where the photos are stored already.",
        )),
    }
}

/// The photos may be left out where they are sent along: then all of them count, in the order sent.
fn parse(json: &[u8]) -> Result<Listing, Problem> {
    let mut value: Value = serde_json::from_slice(json)
        .map_err(|error| Problem::new(Kind::BadRequest, format!("The listing is not JSON: {error}.")))?;
    if let Some(object) = value.as_object_mut() {
        object.entry("photos").or_insert_with(|| Value::Array(Vec::new()));
    }
    serde_json::from_value(value).map_err(|error| Problem::field(format!("the listing cannot be used: {error}")))
}
