//! Why the catalogue could not do what was asked, and whose fault it was.

use crate::{ModelStamp, PageError};
use domain::ListingId;
use std::{io, path::PathBuf, time::Duration};

/// What went wrong with the table, the media folder or a request to them.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The table holds vectors of another model. The operator's to settle.
    #[error(
        "this catalogue was made with the model {table}, not with {given}. Vectors of different models cannot be compared. \
         Either serve with the model it was made with (--model), or encode the listings again into a new data folder: \
         vitrine ingest LISTINGS --photos DIR --data NEW_FOLDER --model BUNDLE"
    )]
    OtherModel {
        /// The model whose vectors the table holds.
        table: ModelStamp,
        /// The model it was opened with.
        given: ModelStamp,
    },
    /// The data folder is there, but is not a whole catalogue. The operator's to settle.
    #[error("the catalogue in {} cannot be used: {reason}", folder.display())]
    Broken {
        /// The data folder.
        folder: PathBuf,
        /// What is wrong with it, and what to do.
        reason: String,
    },
    /// Another process kept the writer's lock. Nothing was written; trying again later may work.
    #[error("another process is writing to this catalogue; gave up after {} seconds, nothing was written", waited.as_secs())]
    Busy {
        /// How long was waited.
        waited: Duration,
    },
    /// A listing handed in to be stored cannot be. The caller's fault; nothing of the batch was written.
    #[error("listing {id} cannot be stored: {reason}")]
    Unfit {
        /// Which.
        id: ListingId,
        /// Why.
        reason: String,
    },
    /// A vector of another dimension than the table's. The caller's fault.
    #[error("a vector of {given} dimensions was given; this catalogue's have {table}")]
    Dimension {
        /// Dimensions of the table.
        table: usize,
        /// Dimensions given.
        given: usize,
    },
    /// A page outside the limits. The caller's fault.
    #[error(transparent)]
    Page(#[from] PageError),
    /// A file or folder of the catalogue could not be read or written: the disk, or its permissions.
    #[error("{}: {source}", path.display())]
    Folder {
        /// Which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The table could not be read or written.
    #[error("the table of photos failed: {0}")]
    Table(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A row of the table does not make sense; `check` tells more.
    #[error("a row of the table of photos is damaged ({0}); run: vitrine check")]
    Row(String),
    /// The writer has ended: the process is shutting down. Nothing was written.
    #[error("the catalogue is closing; nothing was written")]
    Closing,
}

impl CatalogueError {
    /// Whether the caller handed in something that cannot be used, as opposed to the disk, the operator or this program.
    pub fn is_callers_fault(&self) -> bool {
        matches!(self, Self::Unfit { .. } | Self::Dimension { .. } | Self::Page(_))
    }

    pub(crate) fn folder(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Folder { path, source }
    }
}

impl From<lancedb::Error> for CatalogueError {
    fn from(error: lancedb::Error) -> Self {
        Self::Table(Box::new(error))
    }
}

impl From<arrow_schema::ArrowError> for CatalogueError {
    fn from(error: arrow_schema::ArrowError) -> Self {
        Self::Table(Box::new(error))
    }
}
