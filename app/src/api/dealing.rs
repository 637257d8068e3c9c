//! What dealers ask: what an unlabelled piece is, and what others have like their own.

use super::{Card, json::Json};
use crate::Problem;
use domain::Dealer;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use server_fn::codec::Cbor;

/// A line of an identification sheet: a guess, or why there is none. In the words that the page shows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// What it is about: the filter's name.
    pub aspect: String,
    /// The word guessed; empty where there is no guess.
    pub guess: String,
    /// How much of the vote it has, or why there is no guess.
    pub words: String,
    /// Ids of the listings that say so, closest first.
    pub evidence: Vec<String>,
    /// What else the neighbours say, to correct by.
    pub others: Vec<String>,
}

/// What is known about an unlabelled piece.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Identified {
    /// The closest listings, sold ones too.
    pub near: Vec<Card>,
    /// The sheet, in its order.
    pub rows: Vec<Row>,
    /// What pieces like it cost, in sentences.
    pub prices: Vec<String>,
    /// A title to begin with.
    pub title: String,
}

/// A dealer's listing beside those of others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    /// The dealer's own.
    pub own: Card,
    /// The closest of other dealers.
    pub others: Vec<Card>,
    /// What pieces like it cost, in sentences.
    pub prices: Vec<String>,
}

/// A page of a dealer's listings beside those of others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Market {
    /// Who.
    pub dealer: Dealer,
    /// Their listings in all pages.
    pub total: usize,
    /// Newest first.
    pub rows: Vec<Beside>,
    /// How many come before the first.
    pub first: usize,
    /// Whether there are further ones.
    pub more: bool,
}

/// Identifies a piece by one to four photos of it. Nothing of them is kept.
#[server(prefix = "/fn", endpoint = "identify-pictures", input = Cbor, output = Json)]
pub async fn identify(pictures: Vec<ByteBuf>) -> Result<Identified, Problem> {
    use super::{sheet, ssr};
    if pictures.iter().any(|picture| picture.len() > domain::limits::PICTURE_BYTES) {
        return Err(ssr::said(Problem::TooManyBytes));
    }
    let photos = pictures.into_iter().map(ByteBuf::into_vec).collect();
    let found = ssr::service()?.identify(photos, domain::Filters::default(), NEAR).await.map_err(ssr::refused)?;
    let prices = sheet::prices(&found.prices);
    let (rows, title) = (sheet::rows(&found), sheet::title(&found.sheet));
    Ok(Identified { near: found.hits.into_iter().take(SHOWN).map(Card::of_hit).collect(), rows, prices, title })
}

/// Reads a page of a dealer's market; `status` is "sold" or "available" to compare with such pieces alone. [`Problem::NotFound`] where there is
/// no dealer of that id.
#[server(prefix = "/fn", endpoint = "market", input = Json, output = Json)]
pub async fn read_market(id: String, status: String, offset: usize) -> Result<Market, Problem> {
    use super::{sheet, ssr};
    use catalogue::Page;
    use domain::{Status, limits};
    let service = ssr::service()?;
    let status: &[Status] = match status.as_str() {
        "sold" => &[Status::Sold],
        "available" => &[Status::Available, Status::Reserved],
        _ => &[],
    };
    let dealers = service.catalogue().dealers().await.map_err(ssr::failed)?;
    let Some(found) = dealers.into_iter().find(|summary| summary.dealer.id == id) else {
        return Err(ssr::said(Problem::NotFound));
    };
    let page = Page::new(offset, limits::PAGE_DEFAULT).map_err(|_| ssr::said(Problem::TooFar))?;
    let market = service.market(&id, page, status, BESIDE).await.map_err(ssr::refused)?;
    let beside = |entry: domain::MarketEntry| Beside {
        own: Card::of(entry.listing),
        others: entry.comparables.hits.into_iter().map(Card::of_hit).collect(),
        prices: sheet::prices(&entry.comparables.prices),
    };
    let rows = market.entries.into_iter().map(beside).collect();
    Ok(Market { dealer: found.dealer, total: market.total, rows, first: offset, more: market.more })
}

/// Closest listings asked for: as many as vote, so that what else they say is known.
#[cfg(feature = "ssr")]
const NEAR: usize = 12;
/// Closest listings shown on the bench.
#[cfg(feature = "ssr")]
const SHOWN: usize = 6;
/// Pieces of other dealers shown beside one's own.
#[cfg(feature = "ssr")]
const BESIDE: usize = 4;
