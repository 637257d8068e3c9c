//! `GET /api/v1/dealers` and `/api/v1/dealers/{id}/listings`.

use super::{Paging, Path, Query};
use crate::{error::Problem, state::AppState};
use axum::{Json, extract::State};
use domain::{DealerSummary, Filters, ListingPage};
use serde::Serialize;

/// All dealers.
#[derive(Debug, Serialize)]
pub struct Dealers {
    dealers: Vec<DealerSummary>,
}

/// Every dealer, with how many pieces they list.
pub async fn list(State(state): State<AppState>) -> Result<Json<Dealers>, Problem> {
    Ok(Json(Dealers { dealers: state.catalogue().dealers().await? }))
}

/// One dealer's pieces, newest first.
pub async fn listings(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(paging): Query<Paging>,
) -> Result<Json<ListingPage>, Problem> {
    let page = paging.page()?;
    let mut filters = Filters::default();
    filters.dealer.push(id.clone());
    if filters.validate().is_err() || !state.catalogue().dealers().await?.iter().any(|known| known.dealer.id == id) {
        return Err(Problem::not_found("There is no such dealer."));
    }
    Ok(Json(state.catalogue().browse(&filters, page).await?))
}
