//! What pieces like one cost: price comparables, and a dealer's listings beside those of others.

use crate::{Hit, Listing, Price};
use serde::{Deserialize, Serialize};

/// Prices of one currency: the three are of the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRange {
    /// How many pieces have a price in this currency.
    pub pieces: usize,
    /// How many of them are sold.
    pub sold: usize,
    /// The lowest.
    pub least: Price,
    /// The one in the middle; of an even number, halfway between the two in the middle.
    pub median: Price,
    /// The highest.
    pub most: Price,
}

/// Prices of the pieces near one, a range a currency: currencies are never mixed. The currency of the most pieces comes first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prices {
    /// Of pieces of the same design, the same piece among them.
    pub same_design: Vec<PriceRange>,
    /// Of pieces that are similar, and no more than that.
    pub similar: Vec<PriceRange>,
}

/// The pieces of other dealers that are near a listing. Weak hits are no comparables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparables {
    /// Closest first, one a listing. A hit of the same piece is that piece at another dealer's, or a reused photo.
    pub hits: Vec<Hit>,
    /// Their prices, and those of the ones next to them that were not asked for.
    pub prices: Prices,
}

/// A listing beside what other dealers have like it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MarketEntry {
    /// The dealer's own.
    pub listing: Listing,
    /// What others have like it.
    pub comparables: Comparables,
}

/// A page of a dealer's listings beside those of other dealers, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MarketPage {
    /// The listings.
    pub entries: Vec<MarketEntry>,
    /// How many listings there are in all pages.
    pub total: usize,
    /// Whether a further page has some.
    pub more: bool,
}
