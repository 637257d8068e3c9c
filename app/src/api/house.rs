//! What the home page shows: how much there is, of what, and what came in last.

use super::{Card, json::Json};
use crate::Problem;
use domain::Facets;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The home page's data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Home {
    /// Listings in the catalogue.
    pub pieces: usize,
    /// Dealers who list them.
    pub dealers: usize,
    /// The words they use.
    pub facets: Facets,
    /// The newest of them.
    pub newest: Vec<Card>,
}

/// Reads the home page's data.
#[server(prefix = "/fn", endpoint = "home", input = Json, output = Json)]
pub async fn read_home() -> Result<Home, Problem> {
    use super::ssr;
    let service = ssr::service()?;
    let catalogue = service.catalogue();
    let newest = service.search(ssr::query(&crate::Search::default(), HOME_PIECES)?).await.map_err(ssr::refused)?;
    Ok(Home {
        pieces: catalogue.count().await.map_err(ssr::failed)?.for_sale,
        dealers: catalogue.dealers().await.map_err(ssr::failed)?.len(),
        facets: catalogue.facets().await.map_err(ssr::failed)?,
        newest: ssr::blurred(catalogue, newest.hits.into_iter().map(Card::of_hit)).await,
    })
}

/// Pieces on the home page: fills whole rows of 2, 3, 4 and 6.
#[cfg(feature = "ssr")]
const HOME_PIECES: usize = 12;
