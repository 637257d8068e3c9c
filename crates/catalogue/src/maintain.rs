//! Upkeep: small files merged, indexes built and brought up to date, old versions pruned, photos that nothing names removed.

use crate::{CatalogueError, media::MediaFolder, rows::Rows, schema::column, thumbnails::Thumbnails};
use futures::TryStreamExt;
use lancedb::{
    DistanceType, Table,
    index::{
        Index,
        scalar::{BTreeIndexBuilder, BitmapIndexBuilder, FtsIndexBuilder, LabelListIndexBuilder},
        vector::IvfRqIndexBuilder,
    },
    query::{ExecutableQuery, QueryBase, Select},
    table::{CompactionOptions, Duration, OptimizeAction},
};
use std::collections::HashSet;

/// Old versions are kept this long, for readers in the middle of a query.
const KEEP_VERSIONS_MINUTES: i64 = 60;
/// Rows of one partition of the vector index: 150,000 rows make about 256 partitions, where it was measured.
const ROWS_A_PARTITION: usize = 586;

/// Files with fewer rows are merged. lance's own default, a million, would write a whole catalogue anew for every handful of
/// additions.
const ROWS_A_FILE: usize = 32_768;

/// From how many rows on indexes pay off. Below, a scan is as quick and always exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaintainOptions {
    /// Photos from which columns that filters use are indexed.
    pub scalar_index_from: usize,
    /// Photos from which vectors are indexed.
    pub vector_index_from: usize,
}

impl Default for MaintainOptions {
    fn default() -> Self {
        Self { scalar_index_from: 2_000, vector_index_from: 10_000 }
    }
}

/// What maintaining did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MaintainReport {
    /// Small files that were merged into larger ones.
    pub files_merged: usize,
    /// Columns that got an index.
    pub indexes_built: Vec<String>,
    /// Columns whose index took in the rows added since.
    pub indexes_updated: Vec<String>,
    /// Old versions of the table removed.
    pub versions_pruned: u64,
    /// Photos and left-overs removed from the media folder, since no listing names them and they are an hour old.
    pub media_removed: usize,
    /// Smaller copies removed, of photos that no listing names.
    pub thumbnails_removed: usize,
    /// Disk space given back, in bytes, by all three.
    pub bytes_freed: u64,
}

/// Partitions of a vector index over this many rows.
pub(crate) fn partitions(rows: usize) -> usize {
    (rows / ROWS_A_PARTITION).clamp(1, 4096)
}

fn scalar_indexes() -> [(&'static str, Index); 11] {
    let bitmap = || Index::Bitmap(BitmapIndexBuilder::default());
    let tree = || Index::BTree(BTreeIndexBuilder::default());
    let labels = || Index::LabelList(LabelListIndexBuilder::default());
    [
        (column::LISTING, tree()),
        (column::PHOTO, bitmap()),
        (column::CATEGORY, bitmap()),
        (column::PERIOD, bitmap()),
        (column::STATUS, bitmap()),
        (column::DEALER_ID, bitmap()),
        (column::METALS, labels()),
        (column::STONES, labels()),
        (column::MOTIFS, labels()),
        (column::PRICE, tree()),
        (column::LISTED, tree()),
    ]
}

/// Full text: without case, accents, English endings and very common words.
pub(crate) async fn index_words(table: &Table) -> Result<(), CatalogueError> {
    Ok(table.create_index(&[column::WORDS], Index::FTS(FtsIndexBuilder::default())).execute().await?)
}

/// The writer's lock must be held, and the table be at its latest version.
pub(crate) async fn maintain(
    table: &Table,
    media: &MediaFolder,
    thumbnails: &Thumbnails,
    options: MaintainOptions,
) -> Result<MaintainReport, CatalogueError> {
    let mut report = MaintainReport { files_merged: merge_files(table).await?, ..MaintainReport::default() };

    index(table, options, &mut report).await?;

    let pruned = prune(table).await?;
    report.versions_pruned = pruned.0;
    report.bytes_freed = pruned.1;

    let named = named_media(table).await?;
    let (folder, thumbnails) = (media.clone(), thumbnails.clone());
    let sweep = move || Ok::<_, CatalogueError>((folder.sweep(&named)?, thumbnails.sweep(&named)?));
    let (photos, small) = tokio::task::spawn_blocking(sweep).await.map_err(|_| CatalogueError::Closing)??;
    report.media_removed = photos.removed;
    report.thumbnails_removed = small.0;
    report.bytes_freed += photos.bytes + small.1;
    Ok(report)
}

/// Merges small files into larger ones; gives how many. The writer's lock must be held.
pub(crate) async fn merge_files(table: &Table) -> Result<usize, CatalogueError> {
    let options = CompactionOptions { target_rows_per_fragment: ROWS_A_FILE, ..CompactionOptions::default() };
    let done = table.optimize(OptimizeAction::Compact { options, remap_options: None }).await?.compaction;
    Ok(done.map_or(0, |done| done.fragments_removed))
}

async fn index(table: &Table, options: MaintainOptions, report: &mut MaintainReport) -> Result<(), CatalogueError> {
    let rows = table.count_rows(None).await?;
    let there: HashSet<String> = table.list_indices().await?.into_iter().flat_map(|index| index.columns).collect();
    if !there.is_empty() {
        table.optimize(OptimizeAction::Index(Default::default())).await?;
        report.indexes_updated = there.iter().cloned().collect();
        report.indexes_updated.sort();
    }
    // Made with the table, unless that was interrupted.
    if !there.contains(column::WORDS) {
        index_words(table).await?;
        report.indexes_built.push(column::WORDS.to_owned());
    }
    let mut wanted = Vec::new();
    if rows >= options.scalar_index_from {
        wanted.extend(scalar_indexes());
    }
    if rows >= options.vector_index_from {
        let index =
            IvfRqIndexBuilder::default().distance_type(DistanceType::Cosine).num_partitions(partitions(rows) as u32);
        wanted.push((column::VECTOR, Index::IvfRq(index)));
    }
    for (name, index) in wanted {
        if !there.contains(name) {
            tracing::info!(column = name, rows, "building an index");
            table.create_index(&[name], index).execute().await?;
            report.indexes_built.push(name.to_owned());
        }
    }
    Ok(())
}

/// Removes versions that no reader can still be in; gives their number and bytes. The writer's lock must be held: it says that
/// no half-written version of another process is about, so that what a crash left behind can go as well.
pub(crate) async fn prune(table: &Table) -> Result<(u64, u64), CatalogueError> {
    let pruned = table
        .optimize(OptimizeAction::Prune {
            older_than: Some(Duration::minutes(KEEP_VERSIONS_MINUTES)),
            delete_unverified: Some(true),
            error_if_tagged_old_versions: None,
        })
        .await?
        .prune;
    Ok(pruned.map_or((0, 0), |done| (done.old_versions, done.bytes_removed)))
}

async fn named_media(table: &Table) -> Result<HashSet<crate::MediaName>, CatalogueError> {
    let mut named = HashSet::new();
    let mut batches = table.query().select(Select::columns(&[column::MEDIA])).execute().await?;
    while let Some(batch) = batches.try_next().await? {
        for row in 0..batch.num_rows() {
            named.insert(Rows(&batch).media(row)?);
        }
    }
    Ok(named)
}
