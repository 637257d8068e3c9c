//! What an unlabelled piece is likely to be, by the word of the listings that look most like it.

use crate::{Hit, Listing, ListingId, Prices, QueryEcho, Timings};
use serde::{Deserialize, Serialize};

/// What about a piece is guessed. A piece has one category and one period, and any number of metals, stones and motifs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// What kind of piece.
    Category,
    /// Its period.
    Period,
    /// A metal.
    Metal,
    /// A stone.
    Stone,
    /// A motif.
    Motif,
}

impl Aspect {
    /// Every aspect, in the order of a sheet.
    pub const ALL: [Self; 5] = [Self::Category, Self::Period, Self::Metal, Self::Stone, Self::Motif];

    /// The word for it in data: the filter that asks for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Period => "period",
            Self::Metal => "metal",
            Self::Stone => "stone",
            Self::Motif => "motif",
        }
    }

    /// What a listing says of it; nothing where it does not.
    pub fn said_of(self, listing: &Listing) -> Vec<String> {
        match self {
            Self::Category => vec![listing.category.to_string()],
            Self::Period => listing.period.iter().map(ToString::to_string).collect(),
            Self::Metal => listing.metals.clone(),
            Self::Stone => listing.stones.clone(),
            Self::Motif => listing.motifs.clone(),
        }
    }
}

/// How much of the vote a guess has, in words: a dozen neighbours are no ground for a percentage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    /// All of it.
    All,
    /// Nearly all: from 85 in a hundred.
    NearlyAll,
    /// Most: from 65 in a hundred.
    Most,
    /// More than half. With less there is no guess.
    OverHalf,
}

/// One guess, with its evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guess {
    /// What is guessed.
    pub aspect: Aspect,
    /// The word that listings use.
    pub value: String,
    /// Its share of the vote.
    pub share: Share,
    /// The listings that say so, closest first.
    pub evidence: Vec<ListingId>,
}

/// Why there is no guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nothing listed is near enough to go by.
    NothingNear,
    /// The neighbours say different things, and none of them has more than half of the vote.
    Disagree,
    /// Most of the neighbours do not say.
    Unsaid,
}

/// An aspect without a guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// Of what.
    pub aspect: Aspect,
    /// Why.
    pub reason: Reason,
}

/// An identification sheet: for every aspect at least one guess, or the reason why there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The listings that voted, closest first; none where nothing is near.
    pub neighbours: Vec<ListingId>,
    /// The guesses, by aspect, of several words of one aspect the one with the larger share first.
    pub guesses: Vec<Guess>,
    /// The aspects without a guess.
    pub silent: Vec<Silence>,
}

/// What is known about an unlabelled piece.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Identification {
    /// The query to search with again.
    pub query: QueryEcho,
    /// The closest listings, best first, sold ones too.
    pub hits: Vec<Hit>,
    /// What they say it is.
    pub sheet: Sheet,
    /// What pieces like it cost.
    pub prices: Prices,
    /// What it took.
    pub took_ms: Timings,
}
