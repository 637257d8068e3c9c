//! Ranking by similarity: one hit a listing, pages that fit together.
//!
//! The table ranks photos; a page is of listings, and two pages must neither repeat nor miss one. So rows are fetched in steps
//! of fixed size, whatever page is asked for, and the ranking is defined as: the listings of the first step, then those that the
//! second step adds, and so on. Within a step they are ordered by distance, equals by id. A listing only counts once its distance
//! is less than that of the last row fetched: of rows at exactly that distance, others may have been left out. This holds with an
//! approximate index, too, where a larger step may find what a smaller one missed. Words have steps of their own before these: the
//! listings of which is true what they mean (meaning.rs), and those that hold every one of them (words.rs). Where results end: relevance.rs.

use crate::{
    Catalogue, CatalogueError, Found, FoundListing, MediaName, Page,
    catalogue::{Predicate, collect, count, take_listings},
    facets::{self, Said},
    maintain,
    meaning::Meaning,
    narrow, relevance,
    rows::Rows,
    schema::column,
    words,
};
use domain::{Facets, Filters, ListingId, Sort, Vector, limits};
use lancedb::{
    DistanceType, Table,
    query::{QueryBase, Select, VectorQuery},
};
use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet, hash_map::Entry},
};

/// Rows of the first step; each further step fetches four times as many.
const FIRST_STEP: usize = 256;
/// The index's compressed vectors give this many times the rows asked for, and the exact ones rank them.
const REFINE: u32 = 2;
/// Partitions always searched; more where a filter leaves too few rows in them. Measured at 150,000 rows: recall@20 of 1.00.
const PROBES: usize = 32;
/// Where filters leave no more rows than this, all of them are compared: exact, and no slower than the index.
const COMPARED: usize = 4_096;
/// Listings that come first because what was said beside a picture is true of them; a shopper who shows a piece wants its like as well.
const BESIDE: usize = 48;

/// A row that was found.
pub(crate) struct Ranked {
    id: ListingId,
    media: MediaName,
    /// Its row id.
    place: u64,
    /// Cosine distance, from 0 to 2.
    distance: f32,
    /// Whether it was found by the words, all of which it holds.
    says_so: bool,
    said: Said,
    price: Option<f64>,
    listed: Option<String>,
}

impl Ranked {
    /// The columns it is read from, and some more.
    pub(crate) fn columns(more: &[&'static str]) -> Vec<&'static str> {
        let own = [column::LISTING, column::MEDIA, column::PRICE, column::LISTED];
        own.into_iter().chain(Said::COLUMNS).chain(more.iter().copied()).collect()
    }

    pub(crate) fn read(rows: &Rows<'_>, row: usize, distance: f32, says_so: bool) -> Result<Self, CatalogueError> {
        Ok(Self {
            id: rows.id(row)?,
            media: rows.media(row)?,
            place: rows.row_id(row)?,
            distance,
            says_so,
            said: Said::read(rows, row)?,
            price: rows.amount(column::PRICE, row)?,
            listed: rows.maybe(column::LISTED, row)?.map(str::to_owned),
        })
    }

    fn score(&self) -> f32 {
        (1.0 - self.distance).clamp(-1.0, 1.0)
    }
}

/// What is asked of the table.
pub(crate) struct Ask<'a> {
    pub(crate) vector: &'a Vector,
    /// The words that the vector was made of, to be looked up and understood as well.
    pub(crate) words: Option<&'a str>,
    /// Words that were said beside a picture, to be understood.
    pub(crate) beside: Option<&'a str>,
    pub(crate) filters: &'a Filters,
    pub(crate) but_not: &'a [ListingId],
    pub(crate) sort: Sort,
    /// Whether to go on past where relevance ends.
    pub(crate) beyond: bool,
    pub(crate) page: Page,
}

/// A page of the answer, and what is said of the whole.
pub(crate) struct Answered {
    pub(crate) found: Found,
    /// Whether there are listings beyond the end.
    pub(crate) ended: bool,
    /// Whether something of the words was understood that is true of listings found; [`FoundListing::says_so`] tells which.
    pub(crate) understood: bool,
    pub(crate) facets: Facets,
}

impl Catalogue {
    /// The listings whose photos are most like `vector`, of those that the filters let through, but none of `but_not`; however
    /// unlike it they are.
    pub async fn search(
        &self,
        vector: &Vector,
        filters: &Filters,
        page: Page,
        but_not: &[ListingId],
    ) -> Result<Found, CatalogueError> {
        let (words, beside) = (None, None);
        let ask = Ask { vector, words, beside, filters, but_not, sort: Sort::Closest, beyond: true, page };
        Ok(self.answer(ask).await?.found)
    }

    /// [`Catalogue::search`] with the words that `vector` was made of: the listings of which is true what they mean come first, then
    /// those that hold every one of them. Words are compared without case, accents and English endings; very common ones ("the") do not
    /// count, nor do words that no listing says.
    pub async fn search_words(
        &self,
        words: &str,
        vector: &Vector,
        filters: &Filters,
        page: Page,
        but_not: &[ListingId],
    ) -> Result<Found, CatalogueError> {
        let (words, beside) = (Some(words), None);
        let ask = Ask { vector, words, beside, filters, but_not, sort: Sort::Closest, beyond: true, page };
        Ok(self.answer(ask).await?.found)
    }

    /// A search with everything that can be asked.
    pub(crate) async fn answer(&self, ask: Ask<'_>) -> Result<Answered, CatalogueError> {
        if ask.vector.dimension() != self.model().dimension {
            return Err(CatalogueError::Dimension { table: self.model().dimension, given: ask.vector.dimension() });
        }
        let snapshot = self.snapshot().await?;
        let floor = match ask.beyond {
            true => f32::NEG_INFINITY,
            false => relevance::floor(ask.vector, &self.recent_summary(&snapshot).await?.sample),
        };
        let meaning = match ask.words.or(ask.beside) {
            Some(words) => {
                let summary = self.recent_summary(&snapshot).await?;
                Meaning::of(words, &summary.facets, &summary.dealers)
            }
            None => None,
        };
        let mut ranking = rank(&snapshot, &ask, meaning.as_ref(), floor).await?;
        sort(&mut ranking.listings, ask.sort);
        let page = ask.page;
        let more = ranking.listings.len() > page.end();
        let chosen: Vec<Ranked> =
            std::mem::take(&mut ranking.listings).into_iter().skip(page.offset()).take(page.limit()).collect();
        let places: Vec<u64> = chosen.iter().map(|hit| hit.place).collect();
        let listings = take_listings(&snapshot, &places).await?;
        let hit = |(hit, listing): (Ranked, domain::Listing)| FoundListing {
            listing,
            photo: hit.media.address(),
            score: hit.score(),
            says_so: hit.says_so,
        };
        let hits = chosen.into_iter().zip(listings).map(hit).collect();
        let Ranking { ended, understood, facets, .. } = ranking;
        Ok(Answered { found: Found { hits, more }, ended, understood, facets })
    }
}

/// Listings in order, one row each.
struct Ranking {
    listings: Vec<Ranked>,
    /// Whether it was cut where relevance ends.
    ended: bool,
    /// Whether it begins with listings of which is true what was said.
    understood: bool,
    /// The words of its first part.
    facets: Facets,
}

/// The first listings of the ranking, or all there are: enough for the page and one more, which says whether there are more.
async fn rank(
    snapshot: &Table,
    ask: &Ask<'_>,
    meaning: Option<&Meaning>,
    floor: f32,
) -> Result<Ranking, CatalogueError> {
    let predicate = narrow::predicate(ask.filters);
    let predicate = match narrow::but_not(ask.but_not) {
        Some(others) => predicate.and(others),
        None => predicate,
    };
    // Another order than closeness is only known once all that is to be ordered is.
    let wanted = if ask.sort == Sort::Closest { ask.page.end() + 1 } else { limits::SORTED };
    let reach = Reach::of(snapshot, &predicate, ask.filters).await?;
    let (mut listings, mut seen) = (Vec::new(), HashSet::new());
    let mut step = FIRST_STEP;
    let mut rows = nearest(snapshot, ask.vector, &predicate, reach, step).await?;
    let mut told = 0;
    let mut partly = Vec::new();
    if let Some(meaning) = meaning {
        let near = rows.iter().map(|row| &row.id);
        let Meant { fully, partly: others } = meant(snapshot, ask, meaning, &predicate, near).await?;
        partly = others;
        add(&mut listings, &mut seen, fully);
        if ask.words.is_none() && listings.len() > BESIDE {
            for hit in listings.drain(BESIDE..) {
                seen.remove(&hit.id);
            }
        }
        told = listings.len();
    }
    let understood = told > 0;
    if let Some(words) = ask.words {
        let near = rows.iter().map(|row| &row.id);
        let held = words::holding(snapshot, words, ask.vector, &predicate, near).await?;
        add(&mut listings, &mut seen, held);
        told = listings.len();
    }
    partly.retain(|row| row.score() >= floor);
    add(&mut listings, &mut seen, partly);
    let mut end;
    let mut facets = None;
    loop {
        let exhausted = rows.len() < step;
        let last = rows.iter().map(|row| row.distance).max_by(f32::total_cmp).unwrap_or_default();
        rows.retain(|row| exhausted || row.distance < last);
        let before = listings.len();
        add(&mut listings, &mut seen, rows);
        let scores: Vec<f32> = listings.iter().map(Ranked::score).collect();
        if facets.is_none() {
            // Of the first step alone, so that every page tells the same.
            end = if ask.beyond { None } else { relevance::end(&scores, told, floor) };
            let counted = end.unwrap_or(listings.len());
            facets = Some(facets::of(listings.iter().take(counted).map(|hit| &hit.said)));
        } else {
            end = relevance::below(&scores, before, floor);
        }
        if exhausted || end.is_some() || listings.len() >= wanted {
            break;
        }
        step *= 4;
        rows = nearest(snapshot, ask.vector, &predicate, reach, step).await?;
    }
    if let Some(end) = end {
        listings.truncate(end);
    }
    if ask.sort != Sort::Closest {
        listings.truncate(limits::SORTED);
    }
    Ok(Ranking { listings, ended: end.is_some(), understood, facets: facets.unwrap_or_default() })
}

/// Rows of listings of which is true what was said.
struct Meant {
    /// All of it: what no field knows is said by the dealer, or there is nothing of the kind.
    fully: Vec<Ranked>,
    /// Only what fields know of it.
    partly: Vec<Ranked>,
}

/// The listings of which is true what was said, the nearest of them.
async fn meant<'a>(
    snapshot: &Table,
    ask: &Ask<'_>,
    meaning: &Meaning,
    predicate: &Predicate,
    near: impl Iterator<Item = &'a ListingId>,
) -> Result<Meant, CatalogueError> {
    let predicate = predicate.clone().and(meaning.predicate());
    let reach = Reach::within(snapshot, &predicate).await?;
    // By picture and words together, although the words are true of all of these: a picture holds what was to be changed, too, and by it
    // alone the right piece was in the first ten in 0.75 of the benchmark's queries instead of 0.84.
    let mut by_fields = nearest(snapshot, ask.vector, &predicate, reach, FIRST_STEP).await?;
    by_fields.retain(|row| meaning.holds(&row.said));
    // Beside a picture, what no field knows ("smaller") is left to the model.
    let (mut fully, partly) = if ask.words.is_some() && !meaning.rest.is_empty() {
        let mut said = words::holding(snapshot, &meaning.rest, ask.vector, &predicate, near).await?;
        said.retain(|row| meaning.holds(&row.said));
        (said, by_fields)
    } else {
        (by_fields, Vec::new())
    };
    fully.iter_mut().for_each(|row| row.says_so = true);
    Ok(Meant { fully, partly })
}

/// Puts listings in another order than closeness; equals stay as close as they were.
fn sort(listings: &mut [Ranked], sort: Sort) {
    // What has no price or date comes last, whichever way round.
    let last = |none: bool, order: Ordering| if none { Ordering::Equal } else { order };
    listings.sort_by(|a, b| match sort {
        Sort::Closest => Ordering::Equal,
        Sort::Newest => b.listed.cmp(&a.listed),
        Sort::PriceUp | Sort::PriceDown => {
            let (none, other) = (a.price.is_none(), b.price.is_none());
            let amounts = a.price.unwrap_or_default().total_cmp(&b.price.unwrap_or_default());
            let amounts = if sort == Sort::PriceUp { amounts } else { amounts.reverse() };
            none.cmp(&other).then(last(none, amounts))
        }
    });
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

/// How rows are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// All that the predicate lets through are compared.
    All,
    /// By the vector index, where there is one; at least so many of its partitions.
    Index(usize),
}

impl Reach {
    /// The fewer rows a filter leaves, the further apart the nearest of them lie: more partitions hold some, by the inverse root of
    /// the share that is left.
    pub(crate) async fn of(snapshot: &Table, predicate: &Predicate, filters: &Filters) -> Result<Self, CatalogueError> {
        if filters.is_empty() {
            let partitions = maintain::partitions(snapshot.count_rows(None).await?);
            return Ok(Self::Index(PROBES.max(partitions / 8)));
        }
        Self::within(snapshot, predicate).await
    }

    /// [`Reach::of`] where the predicate is known to narrow.
    async fn within(snapshot: &Table, predicate: &Predicate) -> Result<Self, CatalogueError> {
        let rows = snapshot.count_rows(None).await?;
        let partitions = maintain::partitions(rows);
        let probes = PROBES.max(partitions / 8);
        let left = count(snapshot, predicate).await?;
        if left <= COMPARED {
            return Ok(Self::All);
        }
        let wider = probes as f64 * (rows as f64 / left as f64).sqrt();
        Ok(Self::Index((wider.ceil() as usize).min(partitions.max(probes))))
    }
}

/// The `count` rows nearest to `vector`; fewer only where the predicate lets no more through.
async fn nearest(
    snapshot: &Table,
    vector: &Vector,
    predicate: &Predicate,
    reach: Reach,
    count: usize,
) -> Result<Vec<Ranked>, CatalogueError> {
    let mut found = Vec::new();
    for batch in collect(&query(snapshot, vector, predicate, reach, count)?).await? {
        let rows = Rows(&batch);
        for row in 0..batch.num_rows() {
            let distance = rows.number("_distance", row)?;
            found.push(Ranked::read(&rows, row, distance, false)?);
        }
    }
    Ok(found)
}

/// The query for the `count` rows nearest to `vector`, with the columns of [`Ranked`].
pub(crate) fn query(
    snapshot: &Table,
    vector: &Vector,
    predicate: &Predicate,
    reach: Reach,
    count: usize,
) -> Result<VectorQuery, CatalogueError> {
    let query = snapshot
        .query()
        .nearest_to(vector.as_slice())?
        .column(column::VECTOR)
        .distance_type(DistanceType::Cosine)
        .only_if_expr(predicate.clone())
        .limit(count)
        .select(Select::columns(&Ranked::columns(&["_distance"])))
        .with_row_id();
    Ok(match reach {
        Reach::All => query.bypass_vector_index(),
        Reach::Index(probes) => query.minimum_nprobes(probes)?.maximum_nprobes(None)?.refine_factor(REFINE),
    })
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
            let query = query(&snapshot, &vector, &narrow::predicate(&filters), Reach::Index(1), 10).unwrap();
            let plan = query.explain_plan(true).await.unwrap();
            assert!(plan.contains("ANNSubIndex") && plan.contains("ScalarIndexQuery"), "{key}: {plan}");
            // The one filter left in the plan is the ranking's own; no column that a filter names is read row by row.
            assert_eq!(plan.matches("FilterExec").count(), 1, "{key}: {plan}");
            assert!(plan.contains("FilterExec: _distance"), "{key}: {plan}");
        }
    }
}
