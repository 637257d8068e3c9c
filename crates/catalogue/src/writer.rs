//! The one task that writes to the table.
//!
//! Everything else sends it work through a channel and waits for the answer, which comes once the write is on the disk. Upserts
//! that wait together are written as one version of the table.

use crate::{
    CatalogueError, EncodedListing, MaintainOptions, MaintainReport,
    lock::WriterLock,
    maintain,
    media::MediaFolder,
    narrow,
    schema::{self, column},
    thumbnails::Thumbnails,
};
use arrow_array::RecordBatchIterator;
use arrow_schema::SchemaRef;
use domain::ListingId;
use lancedb::{Table, expr::DfExpr};
use std::{collections::HashSet, sync::Arc};
use tokio::sync::{mpsc, oneshot};

/// Upserts waiting together are written together up to this many listings.
const TOGETHER: usize = 512;
/// Requests that may wait; more wait to be let in.
const WAITING: usize = 64;
/// Every write adds files; after this many, small ones are merged so that reading stays quick without anyone's care.
const WRITES_BEFORE_MERGING: usize = 100;

type Answer<T> = oneshot::Sender<Result<T, CatalogueError>>;

/// Work for the writer.
#[derive(Debug)]
pub(crate) enum Task {
    Upsert(Vec<EncodedListing>, Answer<()>),
    Delete(ListingId, Answer<bool>),
    Maintain(MaintainOptions, Answer<MaintainReport>),
}

/// Tasks as they are done.
enum Work {
    Upserts(Vec<(Vec<EncodedListing>, Answer<()>)>),
    Delete(ListingId, Answer<bool>),
    Maintain(MaintainOptions, Answer<MaintainReport>),
    MergeFiles,
}

impl From<Task> for Work {
    fn from(task: Task) -> Self {
        match task {
            Task::Upsert(listings, answer) => Self::Upserts(vec![(listings, answer)]),
            Task::Delete(id, answer) => Self::Delete(id, answer),
            Task::Maintain(options, answer) => Self::Maintain(options, answer),
        }
    }
}

/// What the writer works with; its table is of the durable connection.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) table: Table,
    pub(crate) schema: SchemaRef,
    pub(crate) media: MediaFolder,
    pub(crate) thumbnails: Thumbnails,
    pub(crate) lock: WriterLock,
}

impl Writer {
    /// Starts the task; it ends when every sender is gone and its work is done.
    pub(crate) fn start(self) -> mpsc::Sender<Task> {
        let (sender, tasks) = mpsc::channel(WAITING);
        tokio::spawn(Arc::new(self).run(tasks));
        sender
    }

    async fn run(self: Arc<Self>, mut tasks: mpsc::Receiver<Task>) {
        let mut writes = 0;
        let mut next = None;
        loop {
            let task = match next.take() {
                Some(task) => task,
                None => match tasks.recv().await {
                    Some(task) => task,
                    None => return,
                },
            };
            let mut work = Work::from(task);
            if let Work::Upserts(together) = &mut work {
                next = gather(&mut tasks, together);
            }
            writes = if matches!(work, Work::Maintain(..)) { 0 } else { writes + 1 };
            if writes >= WRITES_BEFORE_MERGING {
                writes = 0;
                self.alone(work).await;
                self.alone(Work::MergeFiles).await;
            } else {
                self.alone(work).await;
            }
        }
    }

    /// Does the work in a task of its own and waits for it: should it panic, whoever waits for it is told, and the next is done.
    async fn alone(self: &Arc<Self>, work: Work) {
        let writer = self.clone();
        if let Err(error) = tokio::spawn(async move { writer.perform(work).await }).await {
            tracing::error!(%error, "a write to the catalogue broke off");
        }
    }

    /// An answer that nobody waits for any more is dropped: the write stands all the same.
    async fn perform(&self, work: Work) {
        match work {
            Work::Upserts(together) => self.upsert_together(together).await,
            Work::Delete(id, answer) => drop(answer.send(self.delete(&id).await)),
            Work::Maintain(options, answer) => drop(answer.send(self.maintain(options).await)),
            Work::MergeFiles => {
                if let Err(error) = self.merge_files().await {
                    // Nothing is lost by it, and the next time may do better.
                    tracing::warn!(%error, "small files of the table could not be merged");
                }
            }
        }
    }

    async fn upsert_together(&self, together: Vec<(Vec<EncodedListing>, Answer<()>)>) {
        let _held = match self.lock.take().await {
            Ok(held) => held,
            Err(error) => {
                for (_, answer) in together {
                    drop(answer.send(Err(same(&error))));
                }
                return;
            }
        };
        let mut ready = Vec::with_capacity(together.len());
        for (listings, answer) in together {
            match self.photos_are_stored(&listings) {
                Ok(()) => ready.push((listings, answer)),
                Err(error) => drop(answer.send(Err(error))),
            }
        }
        if ready.len() > 1 {
            let all = last_of_each(ready.iter().flat_map(|(listings, _)| listings));
            if self.replace(&all).await.is_ok() {
                ready.into_iter().for_each(|(_, answer)| drop(answer.send(Ok(()))));
                return;
            }
            // One of them may be at fault: each for itself, then.
        }
        for (listings, answer) in ready {
            drop(answer.send(self.replace(&last_of_each(listings.iter())).await));
        }
    }

    /// Puts the rows of these listings in the place of all rows they had: one commit, so that a reader sees the listing as it
    /// was or as it is. lance's merge: update rows with the same key, insert new ones, delete the listing's others.
    async fn replace(&self, listings: &[EncodedListing]) -> Result<(), CatalogueError> {
        if listings.is_empty() {
            return Ok(());
        }
        self.table.checkout_latest().await?;
        let batch = schema::batch(&self.schema, listings)?;
        let mut merge = self.table.merge_insert(&[column::LISTING, column::PHOTO]);
        merge
            .when_matched_update_all(None)
            .when_not_matched_insert_all()
            .when_not_matched_by_source_delete_expr(narrow::listings(listings.iter().map(|each| &each.listing.id)));
        merge.execute(Box::new(RecordBatchIterator::new([Ok(batch)], self.schema.clone()))).await?;
        Ok(())
    }

    /// A row must never name a photo that is not there.
    fn photos_are_stored(&self, listings: &[EncodedListing]) -> Result<(), CatalogueError> {
        for each in listings {
            if let Some(photo) = each.photos.iter().find(|photo| !self.media.path(&photo.media).is_file()) {
                let reason = format!("its photo {} is not in the media folder", photo.media);
                return Err(CatalogueError::Unfit { id: each.listing.id.clone(), reason });
            }
        }
        Ok(())
    }

    async fn delete(&self, id: &ListingId) -> Result<bool, CatalogueError> {
        let _held = self.lock.take().await?;
        self.table.checkout_latest().await?;
        let predicate: DfExpr = narrow::listings(std::iter::once(id));
        let result = self.table.delete(&predicate).await?;
        Ok(result.num_deleted_rows > 0)
    }

    async fn maintain(&self, options: MaintainOptions) -> Result<MaintainReport, CatalogueError> {
        let _held = self.lock.take().await?;
        self.table.checkout_latest().await?;
        maintain::maintain(&self.table, &self.media, &self.thumbnails, options).await
    }

    async fn merge_files(&self) -> Result<(), CatalogueError> {
        let _held = self.lock.take().await?;
        self.table.checkout_latest().await?;
        maintain::merge_files(&self.table).await?;
        maintain::prune(&self.table).await?;
        Ok(())
    }
}

/// Takes the upserts that wait right now; gives back the first task that is not one.
fn gather(tasks: &mut mpsc::Receiver<Task>, together: &mut Vec<(Vec<EncodedListing>, Answer<()>)>) -> Option<Task> {
    let mut count: usize = together.iter().map(|(listings, _)| listings.len()).sum();
    while count < TOGETHER {
        match tasks.try_recv() {
            Ok(Task::Upsert(listings, answer)) => {
                count += listings.len();
                together.push((listings, answer));
            }
            Ok(other) => return Some(other),
            Err(_) => return None,
        }
    }
    None
}

/// Where a listing comes more than once, the last one counts.
fn last_of_each<'a>(listings: impl DoubleEndedIterator<Item = &'a EncodedListing>) -> Vec<EncodedListing> {
    let mut seen = HashSet::new();
    let mut kept: Vec<_> = listings.rev().filter(|each| seen.insert(&each.listing.id)).cloned().collect();
    kept.reverse();
    kept
}

/// The same error for another who waited for the same lock.
fn same(error: &CatalogueError) -> CatalogueError {
    match error {
        CatalogueError::Busy { waited } => CatalogueError::Busy { waited: *waited },
        other => CatalogueError::Table(other.to_string().into()),
    }
}
