//! The search itself, by words, by a query token or by photos.

use super::{Card, json::Json};
use crate::{Problem, Search};
use domain::Facets;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

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
    /// Whether no piece is to be seen in the picture searched with.
    pub unclear: bool,
    /// What the words were read as, of which the first pieces are true.
    pub read_as: Vec<String>,
    /// The query to ask again with; empty where nothing was compared.
    pub token: String,
    /// The listing whose like was asked for: its id and title.
    pub like: Option<(String, String)>,
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
    ssr::results(ssr::query(&search, domain::limits::PAGE_DEFAULT)?).await
}

/// Searches by photos of one and the same piece, 1 to [`domain::limits::QUERY_PHOTOS`]: their bytes as they are in the files, each at
/// most [`domain::limits::PICTURE_BYTES`]. What else `search` says holds as ever, except that its token is not looked at: the answer's
/// is that of the photos alone, to go on with as [`find`] does.
#[server(prefix = "/fn", endpoint = "find-by-picture", input = super::photos::Photos, output = Json)]
pub async fn find_by_pictures(photos: Vec<Vec<u8>>, search: Search) -> Result<Results, Problem> {
    use super::ssr;
    use domain::limits;
    if photos.is_empty() {
        return Err(ssr::said(Problem::EmptyPicture));
    }
    if photos.len() > limits::QUERY_PHOTOS || photos.iter().any(|photo| photo.len() > limits::PICTURE_BYTES) {
        return Err(ssr::said(Problem::TooManyBytes));
    }
    let query = ssr::query(&Search { token: String::new(), ..search }, limits::PAGE_DEFAULT)?;
    ssr::results(catalogue::Query { photos, ..query }).await
}
