//! What a search answers: hits with their verdicts, and what it took.

use crate::{Listing, Verdict};
use serde::{Deserialize, Serialize};

/// One listing found, by its best photo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// The listing; its photos are addresses under /media/.
    pub listing: Listing,
    /// The address of the photo that matched.
    pub photo: String,
    /// Cosine similarity to the query, from -1 to 1. None where there was no query (newest first): nothing was compared.
    pub score: Option<f32>,
    /// What the score means, by the bundle's calibration. None exactly where there is no score.
    pub verdict: Option<Verdict>,
}

/// The query, as far as it is needed to ask again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryEcho {
    /// The query vector for a link, see [`crate::QueryToken`]. Empty where there was no vector (browsing).
    pub token: String,
}

/// How long the steps took, in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Timings {
    /// Bytes to pixels.
    pub decode: f64,
    /// Pixels or words to a vector, waiting included.
    pub encode: f64,
    /// The vector to listings.
    pub search: f64,
}

/// The answer to a search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The query to ask again with.
    pub query: QueryEcho,
    /// Best first, one a listing.
    pub hits: Vec<Hit>,
    /// Whether a further page has hits.
    pub more: bool,
    /// Whether the results end where relevance does, with listings beyond that were left out: asking with `beyond` shows them too.
    #[serde(default)]
    pub ended: bool,
    /// Whether the query's pictures hold no piece that the model is sure of; then nothing further off than the same design is called
    /// similar. Never so where the model has no locator.
    #[serde(default)]
    pub unclear: bool,
    /// What the words were read as, in the listings' own terms: "Art Deco", "ring", "emerald or jade". The listings of which all of it is
    /// true come first. Empty where nothing was understood, or nothing has it.
    #[serde(default)]
    pub read_as: Vec<String>,
    /// The words of what was found, whatever the page: of the closest listings, some two hundred or where relevance ends; of
    /// everything that the filters let through where there was no query.
    #[serde(default)]
    pub facets: Facets,
    /// What it took.
    pub took_ms: Timings,
}

/// Listings in order of listing (newest first), without a query.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListingPage {
    /// The listings; their photos are addresses under /media/.
    pub listings: Vec<Listing>,
    /// How many there are in all pages.
    pub total: usize,
    /// Whether a further page has some.
    pub more: bool,
}

/// A listing and the pieces most like it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SimilarPieces {
    /// Best first, one a listing, the listing itself left out.
    pub hits: Vec<Hit>,
}

/// The words that listings use, each with its number of listings, the most used first. Of a catalogue: sold pieces left out, as a
/// search leaves them out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facets {
    /// Categories.
    pub category: Vec<(String, usize)>,
    /// Periods.
    pub period: Vec<(String, usize)>,
    /// Metals.
    pub metal: Vec<(String, usize)>,
    /// Stones.
    pub stone: Vec<(String, usize)>,
    /// Motifs.
    #[serde(default)]
    pub motif: Vec<(String, usize)>,
}

impl Facets {
    /// The names that filters have for the facets.
    pub const NAMES: [&str; 5] = ["category", "period", "stone", "metal", "motif"];

    /// The facets by their [`NAMES`](Self::NAMES), in that order.
    pub fn named(&self) -> [(&'static str, &[(String, usize)]); 5] {
        let words: [&[_]; 5] = [&self.category, &self.period, &self.stone, &self.metal, &self.motif];
        std::array::from_fn(|i| (Self::NAMES[i], words[i]))
    }
}
