//! A photo's row of the table without its vector: all that the ranking needs, and what it answers with.

use crate::{CatalogueError, MediaName, facets::Said, rows::Rows, schema::column};
use domain::{Listing, ListingId};
use std::sync::Arc;

/// A photo's row without its vector.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) id: ListingId,
    pub(crate) media: MediaName,
    /// Its row id.
    pub(crate) place: u64,
    /// Shared by the photos of a listing.
    pub(crate) said: Arc<Said>,
    pub(crate) price: Option<f64>,
    pub(crate) listed: Option<String>,
    /// All of the listing as JSON, shared by its photos; none where the row was read for the ranking alone. In one piece it takes half the
    /// memory of its many strings.
    listing: Option<Arc<str>>,
}

impl Row {
    /// The columns it is read from, and some more.
    pub(crate) fn columns(more: &[&'static str]) -> Vec<&'static str> {
        let own = [column::LISTING, column::MEDIA, column::PRICE, column::LISTED];
        own.into_iter().chain(Said::COLUMNS).chain(more.iter().copied()).collect()
    }

    pub(crate) fn read(rows: &Rows<'_>, row: usize) -> Result<Self, CatalogueError> {
        Ok(Self {
            id: rows.id(row)?,
            media: rows.media(row)?,
            place: rows.row_id(row)?,
            said: Arc::new(Said::read(rows, row)?),
            price: rows.amount(column::PRICE, row)?,
            listed: rows.maybe(column::LISTED, row)?.map(str::to_owned),
            listing: None,
        })
    }

    /// The same with all of the listing. `before` is the row before it, if any: what two photos of one listing share is kept once.
    pub(super) fn read_whole(rows: &Rows<'_>, row: usize, before: Option<&Self>) -> Result<Self, CatalogueError> {
        let read = Self::read(rows, row)?;
        let (said, listing) = match before {
            Some(before) if before.id == read.id => (before.said.clone(), before.listing.clone()),
            _ => (read.said, Some(json(&rows.listing(row)?)?)),
        };
        Ok(Self { said, listing, ..read })
    }

    /// The listing, where it is here.
    pub(crate) fn listing(&self) -> Result<Option<Listing>, CatalogueError> {
        let damaged = |error: serde_json::Error| CatalogueError::Row(error.to_string());
        self.listing.as_deref().map(|json| serde_json::from_str(json).map_err(damaged)).transpose()
    }
}

fn json(listing: &Listing) -> Result<Arc<str>, CatalogueError> {
    serde_json::to_string(listing).map(Arc::from).map_err(|error| CatalogueError::Row(error.to_string()))
}
