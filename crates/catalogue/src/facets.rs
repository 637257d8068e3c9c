//! Counting the words of listings: what can be filtered by, and how many pieces that leaves.

use crate::{
    CatalogueError,
    catalogue::{Predicate, collect},
    rows::Rows,
    schema::column,
};
use domain::Facets;
use lancedb::{
    Table,
    query::{QueryBase, Select},
};
use std::collections::HashMap;

/// What is said of a listing in words that can be filtered by.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Said {
    pub(crate) category: String,
    pub(crate) period: Option<String>,
    pub(crate) metals: Vec<String>,
    pub(crate) stones: Vec<String>,
    pub(crate) motifs: Vec<String>,
}

impl Said {
    /// The columns it is read from.
    pub(crate) const COLUMNS: [&str; 5] =
        [column::CATEGORY, column::PERIOD, column::METALS, column::STONES, column::MOTIFS];

    pub(crate) fn read(rows: &Rows<'_>, row: usize) -> Result<Self, CatalogueError> {
        Ok(Self {
            category: rows.text(column::CATEGORY, row)?.to_owned(),
            period: rows.maybe(column::PERIOD, row)?.map(str::to_owned),
            metals: rows.words(column::METALS, row)?,
            stones: rows.words(column::STONES, row)?,
            motifs: rows.words(column::MOTIFS, row)?,
        })
    }
}

/// How often each word is said.
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

/// The words of the listings added so far.
#[derive(Default)]
pub(crate) struct Counter {
    category: Tally,
    period: Tally,
    metal: Tally,
    stone: Tally,
    motif: Tally,
}

impl Counter {
    pub(crate) fn add(&mut self, said: &Said) {
        self.category.add(&said.category);
        said.period.iter().for_each(|word| self.period.add(word));
        said.metals.iter().for_each(|word| self.metal.add(word));
        said.stones.iter().for_each(|word| self.stone.add(word));
        said.motifs.iter().for_each(|word| self.motif.add(word));
    }

    pub(crate) fn facets(self) -> Facets {
        Facets {
            category: self.category.sorted(),
            period: self.period.sorted(),
            metal: self.metal.sorted(),
            stone: self.stone.sorted(),
            motif: self.motif.sorted(),
        }
    }
}

/// The words of these listings.
pub(crate) fn of<'a>(listings: impl Iterator<Item = &'a Said>) -> Facets {
    let mut counter = Counter::default();
    listings.for_each(|said| counter.add(said));
    counter.facets()
}

/// The words of all listings that a predicate lets through; it must let through one row a listing.
pub(crate) async fn within(snapshot: &Table, predicate: Predicate) -> Result<Facets, CatalogueError> {
    let mut counter = Counter::default();
    let query = snapshot.query().only_if_expr(predicate).select(Select::columns(&Said::COLUMNS));
    for batch in collect(&query).await? {
        let rows = Rows(&batch);
        for row in 0..batch.num_rows() {
            counter.add(&Said::read(&rows, row)?);
        }
    }
    Ok(counter.facets())
}
