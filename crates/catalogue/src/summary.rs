//! Counts over the whole table: dealers, words, totals. Worked out once for a version of the table and kept until it changes.

use crate::{
    CatalogueError, Counts,
    catalogue::collect,
    facets::{Counter, Said},
    rows::Rows,
    schema::column,
};
use domain::{Dealer, DealerSummary, Facets, Status, Vector};
use futures::TryStreamExt;
use lancedb::{
    Table,
    query::{ExecutableQuery, QueryBase, Select},
};
use std::{collections::BTreeMap, sync::Arc};
use tokio::sync::Mutex;

/// What is known about one version.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    pub(crate) dealers: Vec<DealerSummary>,
    pub(crate) facets: Facets,
    pub(crate) counts: Counts,
    /// Vectors of some listings, evenly spread over the table: pieces picked blindly.
    pub(crate) sample: Vec<Vector>,
}

/// Most vectors of the sample.
const SAMPLED: usize = 256;

/// The summary of the version asked for last.
#[derive(Debug, Default)]
pub(crate) struct Summaries(Mutex<Option<(u64, Arc<Summary>)>>);

impl Summaries {
    /// Of this snapshot. Whoever asks while it is worked out waits for it rather than doing the same work.
    pub(crate) async fn of(&self, snapshot: &Table) -> Result<Arc<Summary>, CatalogueError> {
        let version = snapshot.version().await?;
        let mut kept = self.0.lock().await;
        match &*kept {
            // A newer one than asked for serves as well: the asker only came late.
            Some((known, summary)) if *known >= version => Ok(summary.clone()),
            _ => {
                let summary = Arc::new(summarise(snapshot).await?);
                *kept = Some((version, summary.clone()));
                Ok(summary)
            }
        }
    }

    /// The latest there is, be it of an older version; of this snapshot where there is none. For what a few pieces more or less do
    /// not change.
    pub(crate) async fn recent(&self, snapshot: &Table) -> Result<Arc<Summary>, CatalogueError> {
        if let Ok(kept) = self.0.try_lock()
            && let Some((_, summary)) = &*kept
            && summary.counts.for_sale > 0
        {
            return Ok(summary.clone());
        }
        self.of(snapshot).await
    }
}

async fn summarise(snapshot: &Table) -> Result<Summary, CatalogueError> {
    let columns = [column::PHOTO, column::DEALER_ID, column::DEALER_NAME, column::STATUS];
    let columns: Vec<&str> = columns.into_iter().chain(Said::COLUMNS).collect();
    let mut counts = Counts::default();
    let mut words = Counter::default();
    let mut places = Vec::new();
    let mut dealers: BTreeMap<String, (String, usize)> = BTreeMap::new();
    let mut batches = snapshot.query().select(Select::columns(&columns)).with_row_id().execute().await?;
    while let Some(batch) = batches.try_next().await? {
        let rows = Rows(&batch);
        counts.photos += batch.num_rows();
        for row in 0..batch.num_rows() {
            if rows.photo(row)? != 1 {
                continue;
            }
            counts.listings += 1;
            let dealer = dealers.entry(rows.text(column::DEALER_ID, row)?.to_owned()).or_default();
            dealer.0 = rows.text(column::DEALER_NAME, row)?.to_owned();
            if rows.text(column::STATUS, row)? == Status::Sold.as_str() {
                continue;
            }
            counts.for_sale += 1;
            dealer.1 += 1;
            words.add(&Said::read(&rows, row)?);
            places.push(rows.row_id(row)?);
        }
    }
    let summary = |(id, (name, listings))| DealerSummary { dealer: Dealer { id, name }, listings };
    let mut dealers: Vec<DealerSummary> = dealers.into_iter().map(summary).collect();
    dealers.sort_by_cached_key(|each| (each.dealer.name.to_lowercase(), each.dealer.id.clone()));
    let sample = sample(snapshot, &places).await?;
    Ok(Summary { dealers, facets: words.facets(), counts, sample })
}

/// The vectors of some of these rows, evenly spread.
async fn sample(snapshot: &Table, places: &[u64]) -> Result<Vec<Vector>, CatalogueError> {
    let step = places.len().div_ceil(SAMPLED).max(1);
    let chosen: Vec<u64> = places.iter().copied().step_by(step).collect();
    if chosen.is_empty() {
        return Ok(Vec::new());
    }
    let query = snapshot.take_row_ids(chosen).select(Select::columns(&[column::VECTOR]));
    let mut vectors = Vec::new();
    for batch in collect(&query).await? {
        for row in 0..batch.num_rows() {
            vectors.push(Rows(&batch).vector(row)?);
        }
    }
    Ok(vectors)
}
