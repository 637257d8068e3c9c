//! One listing with the pieces most like it; one dealer with what they list.

use super::{Card, json::Json};
use crate::Problem;
use domain::{Dealer, Listing};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A listing and what is like it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListingPage {
    /// The listing.
    pub listing: Listing,
    /// The pieces most like it, closest first.
    pub similar: Vec<Card>,
    /// What to match on, rendered; empty where there is nothing.
    pub matching: String,
}

/// A dealer and one page of their listings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DealerPage {
    /// Who.
    pub dealer: Dealer,
    /// Their listings in all pages.
    pub total: usize,
    /// Newest first.
    pub cards: Vec<Card>,
    /// How many come before the first card.
    pub first: usize,
    /// Whether there are further ones.
    pub more: bool,
}

/// Reads a listing and the pieces most like it. [`Problem::NotFound`] where there is none of that id.
#[server(prefix = "/fn", endpoint = "listing", input = Json, output = Json)]
pub async fn read_listing(id: String) -> Result<ListingPage, Problem> {
    use super::ssr;
    use catalogue::Page;
    let service = ssr::service()?;
    let id = domain::ListingId::new(id).map_err(|_| ssr::said(Problem::NotFound))?;
    let listing = service.catalogue().listing(&id).await.map_err(ssr::failed)?;
    let listing = listing.ok_or_else(|| ssr::said(Problem::NotFound))?;
    // The piece itself matters more than what is like it: if the comparison fails, the page still stands.
    let similar = match service.similar(&id, Page::first(SIMILAR_PIECES)).await {
        Ok(similar) => similar.map(|similar| similar.hits).unwrap_or_default(),
        Err(error) => {
            tracing::error!(%error, listing = %id, "no similar pieces");
            Vec::new()
        }
    };
    let matching = crate::fragments::matching(&listing);
    let similar = ssr::blurred(service.catalogue(), similar.into_iter().map(Card::of_hit)).await;
    Ok(ListingPage { listing, similar, matching })
}

/// Reads a dealer and a page of their listings. [`Problem::NotFound`] where there is none of that id.
#[server(prefix = "/fn", endpoint = "dealer", input = Json, output = Json)]
pub async fn read_dealer(id: String, offset: usize) -> Result<DealerPage, Problem> {
    use super::ssr;
    use catalogue::Page;
    use domain::{Filters, limits};
    let service = ssr::service()?;
    let dealers = service.catalogue().dealers().await.map_err(ssr::failed)?;
    let Some(found) = dealers.into_iter().find(|summary| summary.dealer.id == id) else {
        return Err(ssr::said(Problem::NotFound));
    };
    let page = Page::new(offset, limits::PAGE_DEFAULT).map_err(|_| ssr::said(Problem::TooFar))?;
    let filters = Filters { dealer: vec![id], ..Filters::default() };
    let page = service.catalogue().browse(&filters, page).await.map_err(ssr::failed)?;
    Ok(DealerPage {
        dealer: found.dealer,
        total: page.total,
        cards: ssr::blurred(service.catalogue(), page.listings.into_iter().map(Card::of)).await,
        first: offset,
        more: page.more,
    })
}

/// Pieces shown beside a listing: fills whole rows of 2, 3, 4 and 6.
#[cfg(feature = "ssr")]
const SIMILAR_PIECES: usize = 12;
