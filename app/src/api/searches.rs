//! The search itself, by words, by a query token or by a picture.

use super::{Card, json::Json};
use crate::{Problem, Search};
use domain::Facets;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use server_fn::codec::Cbor;

/// What a page of results shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// Closest first; newest first where nothing was compared.
    pub cards: Vec<Card>,
    /// How many pieces come before the first card.
    pub first: usize,
    /// Whether there are further ones.
    pub more: bool,
    /// Whether they end where the likeness does, and there are pieces further off.
    pub ended: bool,
    /// The query to ask again with; empty where nothing was compared.
    pub token: String,
    /// What the search is led away from: ids and titles.
    pub unlike: Vec<(String, String)>,
    /// Listings in the catalogue: what was looked through.
    pub pieces: usize,
    /// The words of what was found, with their numbers of pieces: what it can be narrowed to.
    pub facets: Facets,
}

impl Results {
    /// How many pieces come before the first one not shown.
    pub fn end(&self) -> usize {
        self.first + self.cards.len()
    }
}

/// Searches by words, by a token, or for everything there is.
#[server(prefix = "/fn", endpoint = "find", input = Json, output = Json)]
pub async fn find(search: Search) -> Result<Results, Problem> {
    use super::ssr;
    ssr::results(ssr::query(&search, domain::limits::PAGE_DEFAULT)).await
}

/// Searches by a picture: its bytes as they are in the file, at most [`domain::limits::PICTURE_BYTES`].
#[server(prefix = "/fn", endpoint = "find-by-picture", input = Cbor, output = Json)]
pub async fn find_by_picture(picture: ByteBuf) -> Result<Results, Problem> {
    use super::ssr;
    if picture.len() > domain::limits::PICTURE_BYTES {
        return Err(ssr::said(Problem::TooManyBytes));
    }
    let mut query = ssr::query(&Search::default(), domain::limits::PAGE_DEFAULT);
    query.photos = vec![picture.into_vec()];
    ssr::results(query).await
}
