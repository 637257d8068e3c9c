//! Full text beside looks: the listings whose own words hold every word of a description.
//!
//! A model sees what a piece looks like; it cannot see a reference number, a dealer's name or "hallmarked Chester". So a search for
//! words puts the listings that say every one of them first, and looks decide among those, and among the rest. A pure description
//! that no listing spells out word for word is therefore ranked by looks alone.

use crate::{
    CatalogueError,
    catalogue::{Predicate, collect},
    narrow,
    rows::Rows,
    schema::column,
    search::Ranked,
};
use domain::{Listing, ListingId, Vector};
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
    predicate: &Predicate,
    near: impl Iterator<Item = &'a ListingId>,
) -> Result<Vec<Ranked>, CatalogueError> {
    let count = words.split_whitespace().count();
    // Without a letter or a digit there is no word.
    if count > MOST_WORDS || !words.contains(char::is_alphanumeric) {
        return Ok(Vec::new());
    }
    let mut rows = lookup(snapshot, words, vector, predicate.clone()).await?;
    if rows.len() >= ROWS {
        rows.extend(lookup(snapshot, words, vector, predicate.clone().and(narrow::listings(near))).await?);
    }
    Ok(rows)
}

async fn lookup(
    snapshot: &Table,
    words: &str,
    vector: &Vector,
    predicate: Predicate,
) -> Result<Vec<Ranked>, CatalogueError> {
    let every = MatchQuery::new(words.to_owned())
        .with_column(Some(column::WORDS.into()))
        .with_fuzziness(Some(0))
        .with_operator(Operator::And);
    let query = snapshot
        .query()
        .full_text_search(FullTextSearchQuery::new_query(FtsQuery::Match(every)))
        .only_if_expr(predicate)
        .limit(ROWS)
        .select(Select::columns(&[column::LISTING, column::MEDIA, column::VECTOR, SCORE]))
        .with_row_id();
    let mut found = Vec::new();
    for batch in collect(&query).await? {
        let rows = Rows(&batch);
        for row in 0..batch.num_rows() {
            found.push(Ranked {
                id: rows.id(row)?,
                media: rows.media(row)?,
                place: rows.row_id(row)?,
                distance: 1.0 - rows.vector(row)?.cosine(vector),
                says_so: true,
            });
        }
    }
    Ok(found)
}
