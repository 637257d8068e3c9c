//! The REST API, version 1. `openapi.json` beside this file describes it; a test holds the two together.

mod admin;
mod dealers;
mod identify;
mod listings;
mod search;

use crate::{error::Problem, state::AppState};
use axum::{
    Router,
    extract::FromRequestParts,
    http::{HeaderValue, header},
    response::IntoResponse,
    routing::{MethodRouter, get, post},
};
use catalogue::Page;
use domain::{Filters, ListingId, Status, limits};
use serde::Deserialize;

/// The description of the API, kept by hand: the data types live in a crate that also builds for the browser and knows nothing of
/// HTTP, and the document is what others program against, so a change to it should be a change somebody reads.
pub const OPENAPI: &str = include_str!("openapi.json");

/// One address: its path, its methods in capitals, and what answers.
type Address = (&'static str, &'static [&'static str], MethodRouter<AppState>);

fn addresses() -> Vec<Address> {
    vec![
        ("/api/v1/search", &["GET", "POST"], get(search::by_link).post(search::by_body)),
        (
            "/api/v1/listings/{id}",
            &["GET", "PUT", "DELETE"],
            get(listings::show).put(listings::put).delete(listings::delete),
        ),
        ("/api/v1/listings/{id}/similar", &["GET"], get(listings::similar)),
        ("/api/v1/listings/{id}/comparables", &["GET"], get(listings::comparables)),
        ("/api/v1/dealers", &["GET"], get(dealers::list)),
        ("/api/v1/dealers/{id}/listings", &["GET"], get(dealers::listings)),
        ("/api/v1/dealers/{id}/market", &["GET"], get(dealers::market)),
        ("/api/v1/identify", &["POST"], post(identify::identify)),
    ]
}

/// The router of everything that needs the model or the table.
pub fn routes() -> Router<AppState> {
    addresses().into_iter().fold(Router::new(), |router, (path, _, methods)| router.route(path, methods))
}

/// Every path and method that the API answers, for the test that compares them with the description.
pub fn documented() -> Vec<(&'static str, &'static str)> {
    let mut all = vec![("/api/v1/openapi.json", "GET"), ("/health", "GET"), ("/ready", "GET"), ("/metrics", "GET")];
    for (path, methods, _) in addresses() {
        all.extend(methods.iter().map(|method| (path, *method)));
    }
    all
}

/// `GET /api/v1/openapi.json`
pub async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], OPENAPI)
}

/// `limit` and `offset` of an address that has nothing else.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Paging {
    #[serde(default)]
    offset: usize,
    #[serde(default = "page_default")]
    limit: usize,
}

fn page_default() -> usize {
    limits::PAGE_DEFAULT
}

impl Paging {
    fn page(&self) -> Result<Page, Problem> {
        Ok(Page::new(self.offset, self.limit)?)
    }
}

/// The states of pieces to compare with, separated by commas; none is all of them.
fn states(status: &str) -> Result<Vec<Status>, Problem> {
    let mut filters = Filters::default();
    filters.add("status", status)?;
    filters.validate()?;
    Ok(filters.status)
}

/// axum's query extractor, its rejection put into our words.
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Problem))]
struct Query<T>(T);

/// axum's path extractor, likewise.
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Problem))]
struct Path<T>(T);

/// The id in an address; one that no listing can have is an address where nothing is.
fn listing_id(id: &str) -> Result<ListingId, Problem> {
    ListingId::new(id).map_err(|_| no_listing())
}

fn no_listing() -> Problem {
    Problem::not_found("There is no such listing. It may have been sold and taken down.")
}
