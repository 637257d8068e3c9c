//! Server functions: how the page asks the catalogue. Thin: each checks its input, calls the search service, and maps the error to a
//! [`Problem`](crate::Problem). What they answer is cut down to what a page shows, since it travels twice: as HTML, and as the data
//! the browser takes over with.
//!
//! All live under `/fn`. Photos travel as they are, see `photos`.

mod dealing;
mod house;
mod json;
mod listings;
mod photos;
mod searches;
#[cfg(feature = "ssr")]
mod ssr;
mod vocabulary;

pub use dealing::{Identified, Market, identify, read_market};
pub use house::{Home, read_home};
pub use listings::{DealerPage, ListingPage, read_dealer, read_listing};
pub use searches::{Results, find, find_by_pictures};
#[cfg(feature = "ssr")]
pub(crate) use ssr::say_status;
pub use vocabulary::{Vocabulary, read_vocabulary};

use domain::{Category, Listing, Period, Price, Status, Verdict};
use serde::{Deserialize, Serialize};

/// A piece as a grid shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// The listing's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its category.
    pub category: Category,
    /// Who sells it: the dealer's id and name.
    pub dealer: (String, String),
    /// Its period, where known.
    pub period: Option<Period>,
    /// What it costs; none is on request.
    pub price: Option<Price>,
    /// Whether it can be bought.
    pub status: Status,
    /// The address of the photo to show: the one that matched, else the first.
    pub photo: String,
    /// That photo in a few pixels, to show until it comes: WebP in base64. None where it has not been made yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blur: Option<String>,
    /// How close it is; none where nothing was compared.
    pub verdict: Option<Verdict>,
}

impl Card {
    /// A card of a listing with its first photo, compared with nothing.
    pub fn of(listing: Listing) -> Self {
        Self {
            id: listing.id.as_str().to_owned(),
            title: listing.title,
            category: listing.category,
            dealer: (listing.dealer.id, listing.dealer.name),
            period: listing.period,
            price: listing.price,
            status: listing.status,
            photo: listing.photos.into_iter().next().unwrap_or_default(),
            blur: None,
            verdict: None,
        }
    }

    /// A card of a hit.
    pub fn of_hit(hit: domain::Hit) -> Self {
        Self { photo: hit.photo, verdict: hit.verdict, ..Self::of(hit.listing) }
    }
}
