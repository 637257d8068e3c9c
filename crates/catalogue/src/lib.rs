//! The catalogue of a marketplace's photos, and searching it.
//!
//! [`Catalogue`] is the data folder: a LanceDB table with a row a photo, the photos themselves, and the writer's lock. [`Ingest`]
//! fills it, [`SearchService`] searches it. The only crate that names lancedb. docs/CATALOGUE.md says how the table is laid out,
//! what makes a write durable, and why it is done so.

mod catalogue;
mod check;
mod durable;
mod error;
mod facets;
mod identify;
mod ingest;
mod lexicon;
mod lock;
mod maintain;
mod market;
mod meaning;
mod media;
mod narrow;
mod prices;
mod relevance;
mod resident;
mod rows;
mod schema;
mod search;
mod service;
mod summary;
mod thumbnails;
mod types;
mod words;
mod writer;

pub use catalogue::{Catalogue, OpenOptions};
pub use check::{CheckReport, Problem};
pub use error::CatalogueError;
pub use ingest::{Ingest, IngestError, IngestReport, PhotoError, Progress, Repeated, Skipped, Upload};
pub use maintain::{MaintainOptions, MaintainReport};
pub use media::MediaName;
pub use service::{Query, QueryError, SearchError, SearchService};
pub use thumbnails::ThumbnailFormat;
pub use types::{Counts, EncodedListing, EncodedPhoto, Found, FoundListing, ModelStamp, Page, PageError};
