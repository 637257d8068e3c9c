//! `GET /api/v1/dealers`, `/api/v1/dealers/{id}/listings` and `/api/v1/dealers/{id}/market`.

use super::{Paging, Path, Query, page_default, states};
use crate::{error::Problem, state::AppState};
use axum::{Json, extract::State};
use domain::{DealerSummary, Filters, ListingPage, MarketPage};
use serde::{Deserialize, Serialize};

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
    let filters = only(&state, id).await?;
    Ok(Json(state.catalogue().browse(&filters, page).await?))
}

/// Which part of the market is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    #[serde(default)]
    status: String,
    #[serde(default)]
    offset: usize,
    #[serde(default = "page_default")]
    limit: usize,
}

/// Pieces of other dealers beside each listing.
const BESIDE: usize = 4;

/// One dealer's pieces, newest first, each beside the closest of other dealers.
pub async fn market(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(Asked { status, offset, limit }): Query<Asked>,
) -> Result<Json<MarketPage>, Problem> {
    let page = Paging { offset, limit }.page()?;
    let status = states(&status)?;
    only(&state, id.clone()).await?;
    Ok(Json(state.service().market(&id, page, &status, BESIDE).await?))
}

/// The filters that leave one dealer's pieces, where there is such a dealer.
async fn only(state: &AppState, id: String) -> Result<Filters, Problem> {
    let filters = Filters { dealer: vec![id], ..Filters::default() };
    let known = state.catalogue().dealers().await?;
    if filters.validate().is_err() || !known.iter().any(|known| filters.dealer.contains(&known.dealer.id)) {
        return Err(Problem::not_found("There is no such dealer."));
    }
    Ok(filters)
}
