//! Counts over the whole table: dealers, words, totals. Worked out once for a version of the table and kept until it changes.

use crate::{CatalogueError, Counts, rows::Rows, schema::column};
use domain::{Dealer, DealerSummary, Facets, Status};
use futures::TryStreamExt;
use lancedb::{
    Table,
    query::{ExecutableQuery, QueryBase, Select},
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use tokio::sync::Mutex;

/// What is known about one version.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    pub(crate) dealers: Vec<DealerSummary>,
    pub(crate) facets: Facets,
    pub(crate) counts: Counts,
}

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
}

#[derive(Default)]
struct Tally(HashMap<String, usize>);

impl Tally {
    fn add(&mut self, word: &str) {
        match self.0.get_mut(word) {
            Some(count) => *count += 1,
            None => drop(self.0.insert(word.to_owned(), 1)),
        }
    }

    /// The most used first, equals by the alphabet.
    fn sorted(self) -> Vec<(String, usize)> {
        let mut words: Vec<_> = self.0.into_iter().collect();
        words.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
        words
    }
}

async fn summarise(snapshot: &Table) -> Result<Summary, CatalogueError> {
    let columns = [
        column::PHOTO,
        column::DEALER_ID,
        column::DEALER_NAME,
        column::CATEGORY,
        column::PERIOD,
        column::METALS,
        column::STONES,
        column::STATUS,
    ];
    let mut counts = Counts::default();
    let (mut category, mut period, mut metal, mut stone) = <(Tally, Tally, Tally, Tally)>::default();
    let mut dealers: BTreeMap<String, (String, usize)> = BTreeMap::new();
    let mut batches = snapshot.query().select(Select::columns(&columns)).execute().await?;
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
            category.add(rows.text(column::CATEGORY, row)?);
            if let Some(word) = rows.maybe(column::PERIOD, row)? {
                period.add(word);
            }
            rows.words(column::METALS, row)?.iter().for_each(|word| metal.add(word));
            rows.words(column::STONES, row)?.iter().for_each(|word| stone.add(word));
        }
    }
    let summary = |(id, (name, listings))| DealerSummary { dealer: Dealer { id, name }, listings };
    let mut dealers: Vec<DealerSummary> = dealers.into_iter().map(summary).collect();
    dealers.sort_by_cached_key(|each| (each.dealer.name.to_lowercase(), each.dealer.id.clone()));
    let facets =
        Facets { category: category.sorted(), period: period.sorted(), metal: metal.sorted(), stone: stone.sorted() };
    Ok(Summary { dealers, facets, counts })
}
