//! Taking listings in: from a file of them (JSON lines, CSV or Parquet) with a folder of photos, or one by one.
//!
//! A line that cannot be used is told with its number and reason and passed over; the rest goes in. Work goes batch by batch, each
//! durable before the next begins, so that a run cut short is simply started again: listings that have not changed are not
//! written, and photos that have not changed are not encoded, a second time.

mod batch;
mod csv;
mod encode;
mod error;
mod jsonl;
mod parquet;
mod photos;
mod put;
mod report;
mod source;
mod together;

pub use error::{IngestError, PhotoError};
pub use put::Upload;
pub use report::{IngestReport, Progress, Repeated, Skipped};

use crate::Catalogue;
use batch::Batch;
use encoder::Encoder;
use source::{Entry, Source};
use std::{collections::VecDeque, path::Path, sync::Arc};

/// Listings encoded and written together.
const BATCH: usize = 32;

/// Takes listings into a catalogue, encoding their photos. Clones share both.
#[derive(Clone)]
pub struct Ingest {
    catalogue: Catalogue,
    encoder: Arc<Encoder>,
}

impl Ingest {
    /// Into a catalogue that was opened with the stamp of this encoder's bundle.
    pub fn new(catalogue: Catalogue, encoder: Arc<Encoder>) -> Self {
        Self { catalogue, encoder }
    }

    /// The catalogue that listings are taken into.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Takes in the listings of `file` (.jsonl, .ndjson, .csv or .parquet), whose photos are paths under the folder `photos`. `progress` is called
    /// after every batch. Dropping the future stops between two batches; what was reported is in.
    pub async fn run(
        &self,
        file: &Path,
        photos: &Path,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<IngestReport, IngestError> {
        let mut source = Source::open(file)?;
        let photos = photos::root(photos)?;
        let mut report = IngestReport::default();
        report.ignored_columns = source.ignored_columns();
        let mut waiting: VecDeque<Entry> = VecDeque::new();
        let mut ended = false;
        loop {
            if !ended && waiting.len() < BATCH {
                let wanted = BATCH - waiting.len();
                let read;
                (source, read) = blocking(move || {
                    let read = source.read(wanted);
                    (source, read)
                })
                .await?;
                let read = read.map_err(|error| IngestError::file(file, error))?;
                ended = read.len() < wanted;
                waiting.extend(read);
            }
            if waiting.is_empty() {
                break;
            }
            let batch = Batch::take(&mut waiting, &mut report);
            self.take_in(batch, &photos, &mut waiting, &mut report).await?;
            progress(report.progress(&source));
        }
        Ok(report)
    }
}

/// Runs work that blocks off the async threads.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, IngestError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| IngestError::Internal(Box::new(error)))
}
