//! Ranking by similarity: one hit a listing, pages that fit together.
//!
//! The table ranks photos; a page is of listings, and two pages must neither repeat nor miss one. So rows are fetched in steps
//! of fixed size, whatever page is asked for, and the ranking is defined as: the listings of the first step, then those that the
//! second step adds, and so on. Within a step they are ordered by distance, equals by id. A listing only counts once its distance
//! is less than that of the last row fetched: of rows at exactly that distance, others may have been left out. This holds with an
//! approximate index, too, where a larger step may find what a smaller one missed. A search for words has one more step before
//! these: the listings that hold every word, see words.rs.

use crate::{
    Catalogue, CatalogueError, Found, FoundListing, MediaName, Page,
    catalogue::{Predicate, collect, take_listings},
    maintain, narrow,
    rows::Rows,
    schema::column,
    words,
};
use domain::{Filters, ListingId, Vector};
use lancedb::{
    DistanceType, Table,
    query::{QueryBase, Select, VectorQuery},
};
use std::collections::{HashMap, HashSet, hash_map::Entry};

/// Rows of the first step; each further step fetches four times as many.
const FIRST_STEP: usize = 128;
/// The index's compressed vectors give this many times the rows asked for, and the exact ones rank them.
const REFINE: u32 = 2;
/// Partitions always searched; more where a filter leaves too few rows in them. Measured at 150,000 rows: recall@20 of 1.00.
const PROBES: usize = 32;

/// A row that was found.
pub(crate) struct Ranked {
    pub(crate) id: ListingId,
    pub(crate) media: MediaName,
    /// Its row id.
    pub(crate) place: u64,
    /// Cosine distance, from 0 to 2.
    pub(crate) distance: f32,
    /// Whether it was found by the words, all of which it holds.
    pub(crate) says_so: bool,
}

impl Catalogue {
    /// The listings whose photos are most like `vector`, of those that the filters let through, but none of `but_not`.
    pub async fn search(
        &self,
        vector: &Vector,
        filters: &Filters,
        page: Page,
        but_not: &[ListingId],
    ) -> Result<Found, CatalogueError> {
        self.ranking(vector, None, narrowed(filters, but_not), page).await
    }

    /// [`Catalogue::search`] with the words that `vector` was made of: the listings that hold every one of them come first. Words
    /// are compared without case, accents and English endings; very common ones ("the") do not count.
    pub async fn search_words(
        &self,
        words: &str,
        vector: &Vector,
        filters: &Filters,
        page: Page,
        but_not: &[ListingId],
    ) -> Result<Found, CatalogueError> {
        self.ranking(vector, Some(words), narrowed(filters, but_not), page).await
    }

    async fn ranking(
        &self,
        vector: &Vector,
        words: Option<&str>,
        predicate: Predicate,
        page: Page,
    ) -> Result<Found, CatalogueError> {
        if vector.dimension() != self.model().dimension {
            return Err(CatalogueError::Dimension { table: self.model().dimension, given: vector.dimension() });
        }
        let snapshot = self.snapshot().await?;
        // One more than the page needs says whether there are more.
        let ranked = rank(&snapshot, vector, words, &predicate, page.end() + 1).await?;
        let more = ranked.len() > page.end();
        let chosen: Vec<Ranked> = ranked.into_iter().skip(page.offset()).take(page.limit()).collect();
        let places: Vec<u64> = chosen.iter().map(|hit| hit.place).collect();
        let listings = take_listings(&snapshot, &places).await?;
        let hit = |(hit, listing): (Ranked, domain::Listing)| FoundListing {
            listing,
            photo: hit.media.address(),
            score: (1.0 - hit.distance).clamp(-1.0, 1.0),
            says_so: hit.says_so,
        };
        Ok(Found { hits: chosen.into_iter().zip(listings).map(hit).collect(), more })
    }
}

fn narrowed(filters: &Filters, but_not: &[ListingId]) -> Predicate {
    let predicate = narrow::predicate(filters);
    match narrow::but_not(but_not) {
        Some(others) => predicate.and(others),
        None => predicate,
    }
}

/// The first `wanted` listings of the ranking, or all there are.
async fn rank(
    snapshot: &Table,
    vector: &Vector,
    words: Option<&str>,
    predicate: &Predicate,
    wanted: usize,
) -> Result<Vec<Ranked>, CatalogueError> {
    let (mut ranked, mut seen) = (Vec::new(), HashSet::new());
    let mut step = FIRST_STEP;
    let mut rows = nearest(snapshot, vector, predicate, step).await?;
    if let Some(words) = words {
        let near = rows.iter().map(|row| &row.id);
        let held = words::holding(snapshot, words, vector, predicate, near).await?;
        add(&mut ranked, &mut seen, held);
    }
    loop {
        let exhausted = rows.len() < step;
        let last = rows.iter().map(|row| row.distance).max_by(f32::total_cmp).unwrap_or_default();
        rows.retain(|row| exhausted || row.distance < last);
        add(&mut ranked, &mut seen, rows);
        if exhausted || ranked.len() >= wanted {
            return Ok(ranked);
        }
        step *= 4;
        rows = nearest(snapshot, vector, predicate, step).await?;
    }
}

/// Adds the listings of these rows that were not seen before, each by its best row, best first.
fn add(ranked: &mut Vec<Ranked>, seen: &mut HashSet<ListingId>, rows: Vec<Ranked>) {
    let mut best: HashMap<ListingId, Ranked> = HashMap::new();
    for row in rows.into_iter().filter(|row| !seen.contains(&row.id)) {
        match best.entry(row.id.clone()) {
            Entry::Vacant(entry) => drop(entry.insert(row)),
            Entry::Occupied(mut entry) => {
                if (row.distance, row.place) < (entry.get().distance, entry.get().place) {
                    entry.insert(row);
                }
            }
        }
    }
    let mut added: Vec<Ranked> = best.into_values().collect();
    added.sort_by(|a, b| a.distance.total_cmp(&b.distance).then_with(|| a.id.cmp(&b.id)));
    seen.extend(added.iter().map(|hit| hit.id.clone()));
    ranked.append(&mut added);
}

/// The `count` rows nearest to `vector`; fewer only where the predicate lets no more through.
async fn nearest(
    snapshot: &Table,
    vector: &Vector,
    predicate: &Predicate,
    count: usize,
) -> Result<Vec<Ranked>, CatalogueError> {
    let mut found = Vec::new();
    for batch in collect(&query(snapshot, vector, predicate, count).await?).await? {
        let rows = Rows(&batch);
        for row in 0..batch.num_rows() {
            found.push(Ranked {
                id: rows.id(row)?,
                media: rows.media(row)?,
                place: rows.row_id(row)?,
                distance: rows.number("_distance", row)?,
                says_so: false,
            });
        }
    }
    Ok(found)
}

async fn query(
    snapshot: &Table,
    vector: &Vector,
    predicate: &Predicate,
    count: usize,
) -> Result<VectorQuery, CatalogueError> {
    let probes = PROBES.max(maintain::partitions(snapshot.count_rows(None).await?) / 8);
    Ok(snapshot
        .query()
        .nearest_to(vector.as_slice())?
        .column(column::VECTOR)
        .distance_type(DistanceType::Cosine)
        .minimum_nprobes(probes)?
        .maximum_nprobes(None)?
        .refine_factor(REFINE)
        .only_if_expr(predicate.clone())
        .limit(count)
        .select(Select::columns(&[column::LISTING, column::MEDIA, "_distance"]))
        .with_row_id())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EncodedListing, EncodedPhoto, MaintainOptions, ModelStamp};
    use imaging::Format;
    use lancedb::query::ExecutableQuery;

    #[tokio::test]
    async fn every_filter_is_answered_by_an_index_before_the_ranking() {
        let folder = tempfile::tempdir().unwrap();
        let model = ModelStamp { id: "m".into(), digest: "d".into(), dimension: 8 };
        let catalogue = Catalogue::open(folder.path(), &model).await.unwrap();
        let media = catalogue.store_photo(b"p".to_vec(), Format::Jpeg).await.unwrap();
        let encoded = (0..400_u16).map(|n| {
            let json = format!(
                r#"{{"id":"l-{n}","dealer":{{"id":"d{}","name":"D"}},"title":"t","category":"ring","period":"Art Deco",
                "metals":["gold"],"stones":["ruby"],"motifs":["leaf"],"price":{{"amount":{n}}},"photos":["p"]}}"#,
                n % 7
            );
            let vector =
                Vector::normalise((0..8).map(|d| f32::from((n * 31 + d * 17) % 101) - 50.0).collect()).unwrap();
            let photos = vec![EncodedPhoto { media: media.clone(), vector }];
            EncodedListing { listing: serde_json::from_str(&json).unwrap(), photos }
        });
        catalogue.upsert(encoded.collect()).await.unwrap();
        catalogue.maintain_with(MaintainOptions { scalar_index_from: 1, vector_index_from: 1 }).await.unwrap();
        let vector = Vector::normalise(vec![1.0; 8]).unwrap();
        let snapshot = catalogue.snapshot().await.unwrap();
        for (key, value) in [
            ("status", "sold,available"),
            ("category", "ring,brooch"),
            ("period", "Art Deco"),
            ("metal", "gold,silver"),
            ("stone", "ruby"),
            ("motif", "leaf"),
            ("dealer", "d1,d2"),
            ("price_min", "10"),
            ("price_max", "10"),
        ] {
            let mut filters = Filters::default();
            filters.add(key, value).unwrap();
            let query = query(&snapshot, &vector, &narrow::predicate(&filters), 10).await.unwrap();
            let plan = query.explain_plan(true).await.unwrap();
            assert!(plan.contains("ANNSubIndex") && plan.contains("ScalarIndexQuery"), "{key}: {plan}");
            // The one filter left in the plan is the ranking's own; no column that a filter names is read row by row.
            assert_eq!(plan.matches("FilterExec").count(), 1, "{key}: {plan}");
            assert!(plan.contains("FilterExec: _distance"), "{key}: {plan}");
        }
    }
}
