//! The table's rows in memory, vectors and all that the ranking needs: a search compares its query with every row that it is narrowed to,
//! exactly, without asking the table.
//!
//! A block is a fragment of the table: rows in files that never change, of which some may have been deleted. A new version of the table shares
//! most fragments with the one before, so what is read for it is what was written since.

mod best;
mod block;
mod row;
#[cfg(test)]
mod tests;
mod vectors;

pub(crate) use row::Row;

use crate::{CatalogueError, narrow::Narrowing};
use best::Best;
use block::{Block, places, rows_of};
use domain::{ListingId, Vector, limits};
use lance::dataset::{Dataset, fragment::FileFragment};
use lancedb::Table;
use roaring::RoaringBitmap;
use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};
use vectors::Coded;

/// Rows that a search waits for while they are read, where they are new. While more than these are read, searches ask the table.
const AT_ONCE: usize = 4_096;
/// Candidates by the codes for every row asked for, and some more: the exact numbers rank them.
const REFINE: usize = 2;
const REFINE_MORE: usize = 64;
/// What a row takes beside its vector, in bytes, where descriptions are a few sentences long.
const ROW_BYTES: usize = 1_024;

/// A block in a version of the table.
#[derive(Debug, Clone)]
struct Placed {
    /// What its fragment is made of, and what of it is deleted, in lance's words: equal words, equal rows.
    made_of: String,
    deleted: String,
    block: Arc<Block>,
    /// The rows that are still there; none where all are.
    left: Option<RoaringBitmap>,
}

impl Placed {
    fn kept(&self, narrowing: &Narrowing) -> RoaringBitmap {
        let kept = self.block.kept(narrowing);
        match &self.left {
            Some(left) => kept & left,
            None => kept,
        }
    }
}

/// All rows of one version of the table.
#[derive(Debug)]
pub(crate) struct Resident {
    version: u64,
    blocks: BTreeMap<u64, Placed>,
}

impl Resident {
    /// The `count` rows nearest to `vector`, nearest first, each with its cosine distance; fewer only where a search is narrowed to
    /// fewer.
    pub(crate) fn nearest(&self, vector: &Vector, narrowing: &Narrowing, count: usize) -> Vec<(Arc<Row>, f32)> {
        let left_out: HashSet<&ListingId> = narrowing.but_not.iter().collect();
        let candidates = REFINE * count + REFINE_MORE + left_out.len() * limits::LISTING_PHOTOS;
        let query = Coded::new(vector);
        let mut best = Best::new(candidates);
        for (id, placed) in &self.blocks {
            let block = &*placed.block;
            let rows = placed.kept(narrowing);
            for row in rows.into_iter().filter(|row| narrowing.holds_price(block.prices[*row as usize])) {
                best.offer(block.vectors.about(row as usize, &query), *id, row);
            }
        }
        let mut found: Vec<(Arc<Row>, f32)> = best
            .into_iter()
            .map(|(_, block, row)| {
                let block = &self.blocks[&block].block;
                let cosine = block.vectors.exactly(row as usize, vector);
                (block.rows[row as usize].clone(), 1.0 - cosine)
            })
            .filter(|(row, _)| !left_out.contains(&row.id))
            .collect();
        found.sort_by(|(a, near), (b, far)| near.total_cmp(far).then_with(|| a.place.cmp(&b.place)));
        found.truncate(count);
        found
    }
}

/// The rows of the version asked for last, where they fit into memory.
#[derive(Debug)]
pub(crate) struct Residents {
    /// Most memory to use, in bytes.
    most: usize,
    dimension: usize,
    kept: Mutex<Option<Arc<Resident>>>,
    /// Held while rows are read, once at a time.
    reading: Arc<tokio::sync::Mutex<()>>,
}

impl Residents {
    pub(crate) fn new(most: usize, dimension: usize) -> Self {
        Self { most, dimension, kept: Mutex::default(), reading: Arc::default() }
    }

    fn kept(&self) -> Option<Arc<Resident>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The rows of this snapshot. `None` while there is much to be read, which then is read beside, and where there are more than may be
    /// held in memory: then the table is to be asked.
    pub(crate) async fn of(self: &Arc<Self>, snapshot: &Table) -> Result<Option<Arc<Resident>>, CatalogueError> {
        let version = snapshot.version().await?;
        if let Some(kept) = self.kept().filter(|kept| kept.version == version) {
            return Ok(Some(kept));
        }
        let Some(dataset) = self.fitting(snapshot).await? else { return Ok(None) };
        let kept = self.kept();
        let new = |fragment: &&FileFragment| {
            kept.as_ref().is_none_or(|kept| !kept.blocks.contains_key(&(fragment.id() as u64)))
        };
        let unread: usize = dataset.get_fragments().iter().filter(new).map(rows_of).sum();
        if unread <= AT_ONCE {
            let _held = self.reading.lock().await;
            return self.read(version, &dataset).await.map(Some);
        }
        // Whoever reads already may be reading this version; if it is another one, the next search sees to it.
        if let Ok(held) = self.reading.clone().try_lock_owned() {
            let this = self.clone();
            tokio::spawn(async move {
                if let Err(error) = this.read(version, &dataset).await {
                    tracing::warn!(%error, "the table could not be read into memory; searches ask the table instead");
                }
                drop(held);
            });
        }
        Ok(None)
    }

    /// The rows of this snapshot, however long reading them takes. `None` only where they are too many.
    pub(crate) async fn wait_for(&self, snapshot: &Table) -> Result<Option<Arc<Resident>>, CatalogueError> {
        let Some(dataset) = self.fitting(snapshot).await? else { return Ok(None) };
        let _held = self.reading.lock().await;
        self.read(snapshot.version().await?, &dataset).await.map(Some)
    }

    /// The snapshot as lance has it, unless it has more rows than may be held in memory.
    async fn fitting(&self, snapshot: &Table) -> Result<Option<Arc<Dataset>>, CatalogueError> {
        let Some(native) = snapshot.dataset() else { return Ok(None) };
        let dataset = native.get().await?;
        let rows: usize = dataset.get_fragments().iter().map(rows_of).sum();
        let bytes = rows.saturating_mul(self.dimension * 5 + ROW_BYTES);
        Ok((bytes <= self.most).then_some(dataset))
    }

    /// Reads what is not there yet, and keeps it unless a newer version is kept. To be called with `reading` held.
    async fn read(&self, version: u64, dataset: &Dataset) -> Result<Arc<Resident>, CatalogueError> {
        let kept = self.kept();
        if let Some(kept) = kept.clone().filter(|kept| kept.version == version) {
            return Ok(kept);
        }
        let mut blocks = BTreeMap::new();
        for fragment in dataset.get_fragments() {
            let id = fragment.id() as u64;
            let known = kept.as_ref().and_then(|kept| kept.blocks.get(&id));
            blocks.insert(id, self.placed(dataset, &fragment, known).await?);
        }
        let resident = Arc::new(Resident { version, blocks });
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_none_or(|kept| kept.version < version) {
            *kept = Some(resident.clone());
        }
        Ok(resident)
    }

    async fn placed(
        &self,
        dataset: &Dataset,
        fragment: &FileFragment,
        known: Option<&Placed>,
    ) -> Result<Placed, CatalogueError> {
        let metadata = fragment.metadata();
        let made_of = format!("{:?} {:?}", metadata.files, metadata.overlays);
        let deleted = format!("{:?}", metadata.deletion_file);
        if let Some(known) = known.filter(|known| known.made_of == made_of) {
            if known.deleted == deleted {
                return Ok(known.clone());
            }
            let there = places(dataset, fragment).await?;
            let left = known.block.rows.iter().enumerate().filter(|(_, row)| there.contains(&row.place));
            let left: RoaringBitmap = left.map(|(number, _)| number as u32).collect();
            if left.len() == there.len() as u64 {
                return Ok(Placed { made_of, deleted, block: known.block.clone(), left: Some(left) });
            }
            // Rows are back that were deleted when it was read: it has to be read again.
        }
        let block = Arc::new(Block::read(dataset, fragment, self.dimension).await?);
        Ok(Placed { made_of, deleted, block, left: None })
    }
}
