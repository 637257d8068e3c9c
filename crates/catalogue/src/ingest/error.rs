//! Why listings could not be taken in, and whose fault it was.

use crate::CatalogueError;
use domain::{ListingError, limits};
use encoder::EncoderError;
use imaging::ImagingError;
use std::{
    io,
    path::{Path, PathBuf},
};

/// Why a photo cannot be used: the fault of whoever wrote the listing, but for [`PhotoError::Unreadable`].
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// The path is absolute, has "..", or leads out of the photos folder through a link.
    #[error("it leads out of the photos folder; only paths under it are read")]
    Climbs,
    /// There is no such file.
    #[error("there is no such file in the photos folder")]
    Missing,
    /// Something else than a file.
    #[error("it is not a file")]
    NotAFile,
    /// The file is there and cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(io::Error),
    /// The bytes are not a picture that can be used.
    #[error(transparent)]
    Picture(#[from] ImagingError),
    /// Neither sent along nor in the media folder.
    #[error("it was not sent along, and is not the /media/ address of a photo that is already here")]
    Unknown,
}

/// Why nothing more could be taken in.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The file of listings, or the photos folder, cannot be read.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file's name does not say what it holds, or it is a kind that is not read.
    #[error("{}: listings are read from .jsonl, .csv and .parquet files", path.display())]
    Format {
        /// The file.
        path: PathBuf,
    },
    /// A CSV file whose first line is not the names of its columns, or a Parquet file that is none or lacks some.
    #[error("{}: {reason}", path.display())]
    Header {
        /// The file.
        path: PathBuf,
        /// What is missing.
        reason: String,
    },
    /// A listing handed in one by one cannot be used: the sender's fault.
    #[error(transparent)]
    Listing(#[from] ListingError),
    /// A photo of a listing handed in one by one cannot be used: the sender's fault.
    #[error("photo \"{name}\": {source}")]
    Photo {
        /// As the listing has it.
        name: String,
        /// Why not.
        source: PhotoError,
    },
    /// More photos than a listing may have were sent: the sender's fault.
    #[error("at most {} photos may be sent with a listing, not {given}", limits::LISTING_PHOTOS, given = .0)]
    Photos(usize),
    /// The catalogue failed.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The model failed.
    #[error(transparent)]
    Encoder(#[from] EncoderError),
    /// This program failed.
    #[error("taking listings in failed: {0}")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl IngestError {
    /// Whether whoever handed the listing in can do something about it.
    pub fn is_callers_fault(&self) -> bool {
        match self {
            Self::Format { .. } | Self::Header { .. } | Self::Listing(_) | Self::Photos(_) => true,
            Self::Photo { source, .. } => match source {
                PhotoError::Unreadable(_) => false,
                PhotoError::Picture(error) => error.is_senders_fault(),
                _ => true,
            },
            Self::Catalogue(error) => error.is_callers_fault(),
            Self::File { .. } | Self::Encoder(_) | Self::Internal(_) => false,
        }
    }

    pub(super) fn file(path: &Path, source: io::Error) -> Self {
        Self::File { path: path.to_owned(), source }
    }
}
