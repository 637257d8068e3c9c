//! The plain types that go in and out of the catalogue.

use crate::MediaName;
use domain::{Listing, Vector, limits};
use encoder::Bundle;
use std::fmt;

/// Which model made the vectors: the bundle's id and the digest of its `model.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelStamp {
    /// The bundle's id.
    pub id: String,
    /// SHA-256 of the bundle's `model.toml`, in hex; it covers the digests of every file of the bundle.
    pub digest: String,
    /// Numbers in a vector.
    pub dimension: usize,
}

impl ModelStamp {
    /// The stamp of a bundle.
    pub fn of(bundle: &Bundle) -> Self {
        Self { id: bundle.id().to_owned(), digest: bundle.digest().to_owned(), dimension: bundle.dimension() }
    }
}

impl fmt::Display for ModelStamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digest: String = self.digest.chars().take(12).collect();
        write!(f, "\"{}\" (digest {digest}, {} dimensions)", self.id, self.dimension)
    }
}

/// Which part of a ranking: `limit` entries from `offset` on. Within [`limits::PAGE_MOST`] and [`limits::PAGING_DEPTH`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    offset: usize,
    limit: usize,
}

/// A page that cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// No entries, or more than [`limits::PAGE_MOST`].
    #[error("limit must be 1 to {}, not {given}", limits::PAGE_MOST, given = .0)]
    Limit(usize),
    /// Further than [`limits::PAGING_DEPTH`].
    #[error("results can be paged to number {}, not beyond; narrow the search instead", limits::PAGING_DEPTH)]
    Depth,
}

impl Page {
    /// `limit` entries (1 to [`limits::PAGE_MOST`]) from number `offset` (from 0); both together at most [`limits::PAGING_DEPTH`].
    pub fn new(offset: usize, limit: usize) -> Result<Self, PageError> {
        if !(1..=limits::PAGE_MOST).contains(&limit) {
            return Err(PageError::Limit(limit));
        }
        match offset.checked_add(limit) {
            Some(end) if end <= limits::PAGING_DEPTH => Ok(Self { offset, limit }),
            _ => Err(PageError::Depth),
        }
    }

    /// The first `limit` entries; as many as allowed where that is too many, one where it is none.
    pub fn first(limit: usize) -> Self {
        Self { offset: 0, limit: limit.clamp(1, limits::PAGE_MOST) }
    }

    /// How many entries come before it.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// How many entries it has at most.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// The number just past its last entry.
    pub fn end(&self) -> usize {
        self.offset + self.limit
    }
}

impl Default for Page {
    fn default() -> Self {
        Self::first(limits::PAGE_DEFAULT)
    }
}

/// A photo, its bytes already in the media folder, and its vector.
#[derive(Debug, Clone, PartialEq)]
pub struct EncodedPhoto {
    /// The photo's name in the media folder, as [`crate::Catalogue::store_photo`] gave it.
    pub media: MediaName,
    /// Its vector, by the catalogue's model.
    pub vector: Vector,
}

/// A listing ready to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct EncodedListing {
    /// The listing, validated. Its own `photos` are ignored: `photos` below are what is stored.
    pub listing: Listing,
    /// Its photos, the best first; at least one.
    pub photos: Vec<EncodedPhoto>,
}

/// One listing found, by its best photo.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundListing {
    /// The listing; its photos are addresses under /media/.
    pub listing: Listing,
    /// The address of the photo that matched.
    pub photo: String,
    /// Cosine similarity to the query, from -1 to 1.
    pub score: f32,
    /// Whether it is what was asked for in words by its own dealer's word: it holds every one of them, or they are true of it.
    pub says_so: bool,
}

/// A page of what a vector search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Best first, one a listing; equals in order of their ids.
    pub hits: Vec<FoundListing>,
    /// Whether a further page has hits.
    pub more: bool,
}

/// How much there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Listings, sold ones included.
    pub listings: usize,
    /// Listings that are not sold: what a search goes through unless it asks for sold ones.
    pub for_sale: usize,
    /// Photos of all listings.
    pub photos: usize,
}
