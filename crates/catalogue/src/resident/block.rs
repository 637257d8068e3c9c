//! A fragment of the table in memory: its rows, their vectors, and which rows hold which word.

use super::{row::Row, vectors::Vectors};
use crate::{
    CatalogueError,
    narrow::{AnyOf, Narrowing},
    rows::Rows,
    schema::column,
};
use futures::TryStreamExt;
use lance::dataset::{Dataset, fragment::FileFragment};
use roaring::RoaringBitmap;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// The rows of a fragment, deleted ones left out when it was read.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) rows: Vec<Arc<Row>>,
    pub(super) vectors: Vectors,
    /// NaN where there is none.
    pub(super) prices: Vec<f64>,
    /// The rows that hold a word, by column.
    words: HashMap<&'static str, HashMap<String, RoaringBitmap>>,
}

impl Block {
    pub(super) async fn read(
        dataset: &Dataset,
        fragment: &FileFragment,
        dimension: usize,
    ) -> Result<Self, CatalogueError> {
        let rows = rows_of(fragment);
        let mut block = Self {
            rows: Vec::with_capacity(rows),
            vectors: Vectors::new(dimension, rows),
            prices: Vec::with_capacity(rows),
            words: HashMap::new(),
        };
        let mut scan = dataset.scan();
        let columns: Vec<&str> = column::LISTING_COLUMNS.into_iter().chain([column::VECTOR]).collect();
        scan.with_fragments(vec![fragment.metadata().clone()]).scan_in_order(true).with_row_id();
        scan.project(&columns).map_err(lance)?;
        let mut batches = scan.try_into_stream().await.map_err(lance)?;
        while let Some(batch) = batches.try_next().await.map_err(lance)? {
            let rows = Rows(&batch);
            for row in 0..batch.num_rows() {
                block.push(&rows, row)?;
            }
        }
        Ok(block)
    }

    fn push(&mut self, rows: &Rows<'_>, row: usize) -> Result<(), CatalogueError> {
        let read = Row::read_whole(rows, row, self.rows.last().map(Arc::as_ref))?;
        // A fragment's rows fit the 32 bits of a row's address in it.
        let number = self.rows.len() as u32;
        let said = &read.said;
        let single = [
            (column::STATUS, rows.text(column::STATUS, row)?),
            (column::DEALER_ID, rows.text(column::DEALER_ID, row)?),
            (column::CATEGORY, said.category.as_str()),
        ];
        let several = [(column::METALS, &said.metals), (column::STONES, &said.stones), (column::MOTIFS, &said.motifs)];
        let several =
            several.into_iter().flat_map(|(column, words)| words.iter().map(move |word| (column, word.as_str())));
        let period = said.period.as_deref().map(|word| (column::PERIOD, word));
        for (column, word) in single.into_iter().chain(period).chain(several) {
            let words = self.words.entry(column).or_default();
            match words.get_mut(word) {
                Some(bitmap) => drop(bitmap.insert(number)),
                None => drop(words.insert(word.to_owned(), RoaringBitmap::from_iter([number]))),
            }
        }
        self.vectors.push(&rows.vector(row)?);
        self.prices.push(read.price.unwrap_or(f64::NAN));
        self.rows.push(Arc::new(read));
        Ok(())
    }

    fn holding(&self, any: &AnyOf) -> RoaringBitmap {
        let mut rows = RoaringBitmap::new();
        if let Some(words) = self.words.get(any.column) {
            any.words.iter().filter_map(|word| words.get(word)).for_each(|some| rows |= some);
        }
        rows
    }

    /// The rows that a search is narrowed to by words.
    pub(super) fn kept(&self, narrowing: &Narrowing) -> RoaringBitmap {
        let all = || RoaringBitmap::from_sorted_iter(0..self.rows.len() as u32).unwrap_or_default();
        let kept = narrowing.any_of.iter().map(|any| self.holding(any)).reduce(|kept, some| kept & some);
        let mut kept = kept.unwrap_or_else(all);
        if let Some(dealer) = &narrowing.but_not_of {
            kept -= self.holding(&AnyOf { column: column::DEALER_ID, words: vec![dealer.clone()] });
        }
        kept
    }
}

/// How many rows a fragment was written with.
pub(super) fn rows_of(fragment: &FileFragment) -> usize {
    fragment.metadata().physical_rows.unwrap_or_default()
}

/// The row ids of a fragment that are not deleted.
pub(super) async fn places(dataset: &Dataset, fragment: &FileFragment) -> Result<HashSet<u64>, CatalogueError> {
    let mut scan = dataset.scan();
    scan.with_fragments(vec![fragment.metadata().clone()]).with_row_id();
    scan.project::<&str>(&[]).map_err(lance)?;
    let mut batches = scan.try_into_stream().await.map_err(lance)?;
    let mut found = HashSet::new();
    while let Some(batch) = batches.try_next().await.map_err(lance)? {
        for row in 0..batch.num_rows() {
            found.insert(Rows(&batch).row_id(row)?);
        }
    }
    Ok(found)
}

fn lance(error: lance::Error) -> CatalogueError {
    CatalogueError::Table(Box::new(error))
}
