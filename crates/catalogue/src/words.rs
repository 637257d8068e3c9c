//! Full text beside looks: the listings whose own words hold every word of a description.
//!
//! A model sees what a piece looks like; it cannot see a reference number, a dealer's name or "hallmarked Chester". So a search for
//! words puts the listings that say every one of them first, and looks decide among those, and among the rest. A pure description
//! that no listing spells out word for word is therefore ranked by looks alone. A word that no listing says at all ("motif") would
//! turn that off for the others: it is left out, as long as most of the words are said by somebody.

use crate::{
    CatalogueError,
    catalogue::{Predicate, collect},
    narrow::{self, Narrowing},
    resident::Row,
    rows::Rows,
    schema::column,
    search::Ranked,
};
use domain::{Listing, ListingId, Vector};
use futures::future::try_join_all;
use lancedb::{
    Table,
    index::scalar::{FtsQuery, FullTextSearchQuery, MatchQuery, Operator},
    query::{QueryBase, Select},
};

/// More words than this are a text to be understood, not words to be looked up.
const MOST_WORDS: usize = 24;
/// Rows looked up, those with the rarest words first (BM25). Beyond them only what is near by looks is looked up as well.
const ROWS: usize = 1_024;
/// The column of BM25 scores, which lance wants named. Not used: looks decide.
const SCORE: &str = "_score";

/// What is said of a listing, in one text: what the full-text index reads.
pub(crate) fn said(listing: &Listing) -> String {
    let period = listing.period.map(|period| period.to_string()).unwrap_or_default();
    let category = listing.category.to_string();
    let mut said: Vec<&str> = vec![listing.id.as_str(), &listing.title, &listing.dealer.name, &category, &period];
    for words in [&listing.metals, &listing.stones, &listing.motifs] {
        said.extend(words.iter().map(String::as_str));
    }
    said.push(&listing.description);
    // A line each, so that no word runs into the next.
    said.join("\n")
}

/// Rows of listings that hold every one of `words`: all of them where they are few, and always those of `near`.
pub(crate) async fn holding<'a>(
    snapshot: &Table,
    words: &str,
    vector: &Vector,
    narrowing: &Narrowing,
    near: impl Iterator<Item = &'a ListingId>,
) -> Result<Vec<Ranked>, CatalogueError> {
    let count = words.split_whitespace().count();
    // Without a letter or a digit there is no word.
    if count > MOST_WORDS || !words.contains(char::is_alphanumeric) {
        return Ok(Vec::new());
    }
    let predicate = narrowing.predicate();
    let mut rows = lookup(snapshot, words, vector, predicate.clone()).await?;
    let mut words = words.to_owned();
    if rows.is_empty() && count > 1 {
        match known(snapshot, &words).await? {
            Some(known) => words = known,
            None => return Ok(rows),
        }
        rows = lookup(snapshot, &words, vector, predicate.clone()).await?;
    }
    if rows.len() >= ROWS {
        rows.extend(lookup(snapshot, &words, vector, predicate.and(narrow::listings(near))).await?);
    }
    Ok(rows)
}

/// The words that some listing says; `None` where that leaves nothing out, or too little to go by.
async fn known(snapshot: &Table, words: &str) -> Result<Option<String>, CatalogueError> {
    let each: Vec<&str> = words.split_whitespace().collect();
    let said = try_join_all(each.iter().map(|word| is_said(snapshot, word))).await?;
    let known: Vec<&str> = each.iter().zip(&said).filter(|(_, said)| **said).map(|(word, _)| *word).collect();
    // Very short words are mostly those that do not count at all ("of", "the").
    let missed = each.iter().zip(&said).filter(|(word, said)| !**said && word.chars().count() > 3).count();
    Ok((missed > 0 && missed <= known.len()).then(|| known.join(" ")))
}

/// Whether any listing at all says this word.
async fn is_said(snapshot: &Table, word: &str) -> Result<bool, CatalogueError> {
    if !word.contains(char::is_alphanumeric) {
        return Ok(false);
    }
    let query = snapshot
        .query()
        .full_text_search(FullTextSearchQuery::new_query(FtsQuery::Match(every(word))))
        .limit(1)
        .select(Select::columns(&[SCORE]));
    Ok(collect(&query).await?.iter().any(|batch| batch.num_rows() > 0))
}

/// Every one of these words.
fn every(words: &str) -> MatchQuery {
    MatchQuery::new(words.to_owned())
        .with_column(Some(column::WORDS.into()))
        .with_fuzziness(Some(0))
        .with_operator(Operator::And)
}

async fn lookup(
    snapshot: &Table,
    words: &str,
    vector: &Vector,
    predicate: Predicate,
) -> Result<Vec<Ranked>, CatalogueError> {
    let query = snapshot
        .query()
        .full_text_search(FullTextSearchQuery::new_query(FtsQuery::Match(every(words))))
        .only_if_expr(predicate)
        .limit(ROWS)
        .select(Select::columns(&Row::columns(&[column::VECTOR, SCORE])))
        .with_row_id();
    let mut found = Vec::new();
    for batch in collect(&query).await? {
        let rows = Rows(&batch);
        for row in 0..batch.num_rows() {
            let distance = 1.0 - rows.vector(row)?.cosine(vector);
            found.push(Ranked::read(&rows, row, distance, true)?);
        }
    }
    Ok(found)
}
