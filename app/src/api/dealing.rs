//! What dealers ask: what an unlabelled piece is, and what others have like their own. The answers are parts of pages, rendered here
//! (see `crate::fragments`), with what the browser needs to work on them beside.

use super::json::Json;
use crate::Problem;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What is known about an unlabelled piece.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Identified {
    /// The closest listings, what such pieces cost and the sheet, as fields of a form.
    pub html: String,
    /// The lines of the sheet: what each is about (a filter's name), and the guess, or nothing.
    pub guesses: Vec<(String, String)>,
    /// A title to begin with; may be empty.
    pub title: String,
}

/// A page of a dealer's listings beside those of others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Market {
    /// The dealer's name.
    pub dealer: String,
    /// The page.
    pub html: String,
}

/// Identifies a piece by one to four photos of it. Nothing of them is kept.
#[server(prefix = "/fn", endpoint = "identify-pictures", input = super::photos::Photos, output = Json)]
pub async fn identify(pictures: Vec<Vec<u8>>) -> Result<Identified, Problem> {
    use super::ssr;
    use crate::fragments;
    if pictures.iter().any(|picture| picture.len() > domain::limits::PICTURE_BYTES) {
        return Err(ssr::said(Problem::TooManyBytes));
    }
    let count = pictures.len();
    let found = ssr::service()?.identify(pictures, domain::Filters::default(), NEAR).await.map_err(ssr::refused)?;
    let (guesses, title) = (fragments::guesses(&found), fragments::title(&found.sheet));
    Ok(Identified { html: fragments::piece(count, found), guesses, title })
}

/// Reads a page of a dealer's market; `status` is "sold" or "available" to compare with such pieces alone. [`Problem::NotFound`] where there is
/// no dealer of that id.
#[server(prefix = "/fn", endpoint = "market", input = Json, output = Json)]
pub async fn read_market(id: String, status: String, offset: usize) -> Result<Market, Problem> {
    use super::ssr;
    use crate::fragments::{MARKET_PAGE, market};
    use catalogue::Page;
    use domain::Status;
    let service = ssr::service()?;
    let states: &[Status] = match status.as_str() {
        "sold" => &[Status::Sold],
        "available" => &[Status::Available, Status::Reserved],
        _ => &[],
    };
    let dealers = service.catalogue().dealers().await.map_err(ssr::failed)?;
    let Some(found) = dealers.into_iter().find(|summary| summary.dealer.id == id) else {
        return Err(ssr::said(Problem::NotFound));
    };
    let page = Page::new(offset, MARKET_PAGE).map_err(|_| ssr::said(Problem::TooFar))?;
    let found_beside = service.market(&id, page, states, BESIDE).await.map_err(ssr::refused)?;
    let dealer = found.dealer.name.clone();
    Ok(Market { dealer, html: market(found.dealer, found_beside, &status, offset) })
}

/// Closest listings asked for: as many as vote, so that what else they say is known.
#[cfg(feature = "ssr")]
const NEAR: usize = 12;
/// Pieces of other dealers shown beside one's own.
#[cfg(feature = "ssr")]
const BESIDE: usize = 4;
