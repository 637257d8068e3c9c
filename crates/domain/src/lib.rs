//! Plain data of the marketplace, shared by the server and the browser: listings, filters, queries, hits, verdicts, limits.
//!
//! Nothing here reads a file, opens a socket or decodes a picture; it builds for `wasm32-unknown-unknown`.

mod answer;
mod comparables;
mod filters;
mod identify;
pub mod limits;
mod listing;
mod price;
mod token;
mod vector;
mod verdict;
mod vocabulary;

pub use answer::{Answer, Facets, Hit, ListingPage, QueryEcho, SimilarPieces, Timings};
pub use comparables::{Comparables, MarketEntry, MarketPage, PriceRange, Prices};
pub use filters::{FilterError, Filters};
pub use identify::{Aspect, Guess, Identification, Reason, Share, Sheet, Silence};
pub use listing::{Dealer, DealerSummary, Listing, ListingError, ListingId};
pub use price::{Currency, Price, PriceError};
pub use token::{QueryKind, QueryToken, TokenError};
pub use vector::{Vector, VectorError};
pub use verdict::{Calibration, PhotoThresholds, TextThresholds, Verdict};
pub use vocabulary::{Category, Period, Sort, Status, UnknownWord};
