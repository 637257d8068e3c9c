//! Ranking by similarity: one hit a listing, pages that fit together.
//!
//! The table ranks photos; a page is of listings, and two pages must neither repeat nor miss one. So rows are fetched in steps
//! of fixed size, whatever page is asked for, and the ranking is defined as: the listings of the first step, then those that the
//! second step adds, and so on. Within a step they are ordered by distance, equals by id. A listing only counts once its distance
//! is less than that of the last row fetched: of rows at exactly that distance, others may have been left out. This holds with an
//! approximate index, too, where a larger step may find what a smaller one missed. Words have steps of their own before these: the
//! listings of which is true what they mean (meaning.rs), and those that hold every one of them (words.rs). Where results end: relevance.rs.

use crate::{
    Catalogue, CatalogueError, Found, FoundListing, Page,
    catalogue::{collect, count, take_listings},
    facets, maintain,
    meaning::Meaning,
    narrow::Narrowing,
    relevance,
    resident::{Resident, Row},
    rows::Rows,
    schema::column,
    words,
};
use domain::{Facets, Filters, Listing, ListingId, Sort, Vector, limits};
use lancedb::{
    DistanceType, Table,
    query::{QueryBase, Select, VectorQuery},
};
use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet, hash_map::Entry},
    sync::Arc,
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
    pub(crate) row: Arc<Row>,
    /// Cosine distance, from 0 to 2.
    distance: f32,
    /// Whether it was found by the words, all of which it holds.
    says_so: bool,
}

impl Ranked {
    pub(crate) fn read(rows: &Rows<'_>, row: usize, distance: f32, says_so: bool) -> Result<Self, CatalogueError> {
        Ok(Self { row: Arc::new(Row::read(rows, row)?), distance, says_so })
    }

    pub(crate) fn score(&self) -> f32 {
        (1.0 - self.distance).clamp(-1.0, 1.0)
    }
}

/// What is searched: the table as it is now, and its rows where they are in memory.
pub(crate) struct Ground {
    pub(crate) snapshot: Table,
    resident: Option<Arc<Resident>>,
}

/// What is asked of the table.
pub(crate) struct Ask<'a> {
    pub(crate) vector: &'a Vector,
    /// The words that the vector was made of, to be looked up and understood as well.
    pub(crate) words: Option<&'a str>,
    /// Words that were said beside a picture, to be understood.
    pub(crate) beside: Option<&'a str>,
    /// Whether words are not to be understood, only looked up.
    pub(crate) literal: bool,
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
    /// What of the words was understood, where that is true of listings found; [`FoundListing::says_so`] tells which.
    pub(crate) understood: Vec<String>,
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
        let sort = Sort::Closest;
        let ask = Ask { vector, words, beside, literal: false, filters, but_not, sort, beyond: true, page };
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
        let sort = Sort::Closest;
        let ask = Ask { vector, words, beside, literal: false, filters, but_not, sort, beyond: true, page };
        Ok(self.answer(ask).await?.found)
    }

    /// A search with everything that can be asked.
    pub(crate) async fn answer(&self, ask: Ask<'_>) -> Result<Answered, CatalogueError> {
        if ask.vector.dimension() != self.model().dimension {
            return Err(CatalogueError::Dimension { table: self.model().dimension, given: ask.vector.dimension() });
        }
        let ground = self.ground().await?;
        let to_understand = ask.words.or(ask.beside).filter(|_| !ask.literal);
        let (mut floor, mut meaning, mut labels) = (f32::NEG_INFINITY, None, Vec::new());
        if !ask.beyond || to_understand.is_some() {
            let summary = self.recent_summary(&ground.snapshot).await?;
            if !ask.beyond {
                floor = relevance::floor(ask.vector, &summary.sample);
            }
            meaning = to_understand.and_then(|words| Meaning::of(words, &summary.facets, &summary.dealers));
            labels.extend(meaning.iter().flat_map(|meaning| meaning.labels(&summary.dealers)));
        }
        let mut ranking = rank(&ground, &ask, meaning.as_ref(), floor).await?;
        sort(&mut ranking.listings, ask.sort);
        let page = ask.page;
        let more = ranking.listings.len() > page.end();
        let chosen: Vec<Ranked> =
            std::mem::take(&mut ranking.listings).into_iter().skip(page.offset()).take(page.limit()).collect();
        let rows: Vec<&Row> = chosen.iter().map(|hit| &*hit.row).collect();
        let listings = ground.listings(&rows).await?;
        let hit = |(hit, listing): (Ranked, Listing)| FoundListing {
            listing,
            photo: hit.row.media.address(),
            score: hit.score(),
            says_so: hit.says_so,
        };
        let hits = chosen.into_iter().zip(listings).map(hit).collect();
        let Ranking { ended, understood, facets, .. } = ranking;
        let understood = if understood { labels } else { Vec::new() };
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
    ground: &Ground,
    ask: &Ask<'_>,
    meaning: Option<&Meaning>,
    floor: f32,
) -> Result<Ranking, CatalogueError> {
    let narrowing = Narrowing { but_not: ask.but_not.to_vec(), ..Narrowing::of(ask.filters) };
    // Another order than closeness is only known once all that is to be ordered is.
    let wanted = if ask.sort == Sort::Closest { ask.page.end() + 1 } else { limits::SORTED };
    let reach = ground.reach(&narrowing).await?;
    let (mut listings, mut seen) = (Vec::new(), HashSet::new());
    let mut step = FIRST_STEP;
    let mut rows = ground.nearest(ask.vector, &narrowing, reach, step).await?;
    let mut told = 0;
    let mut partly = Vec::new();
    if let Some(meaning) = meaning {
        let near = rows.iter().map(|row| &row.row.id);
        let Meant { fully, partly: others } = meant(ground, ask, meaning, &narrowing, near).await?;
        partly = others;
        add(&mut listings, &mut seen, fully);
        if ask.words.is_none() && listings.len() > BESIDE {
            for hit in listings.drain(BESIDE..) {
                seen.remove(&hit.row.id);
            }
        }
        told = listings.len();
    }
    let understood = told > 0;
    if let Some(words) = ask.words {
        let near = rows.iter().map(|row| &row.row.id);
        let held = words::holding(&ground.snapshot, words, ask.vector, &narrowing, near).await?;
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
            facets = Some(facets::of(listings.iter().take(counted).map(|hit| &*hit.row.said)));
        } else {
            end = relevance::below(&scores, before, floor);
        }
        if exhausted || end.is_some() || listings.len() >= wanted {
            break;
        }
        step *= 4;
        rows = ground.nearest(ask.vector, &narrowing, reach, step).await?;
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
    ground: &Ground,
    ask: &Ask<'_>,
    meaning: &Meaning,
    narrowing: &Narrowing,
    near: impl Iterator<Item = &'a ListingId>,
) -> Result<Meant, CatalogueError> {
    let mut narrowing = narrowing.clone();
    narrowing.any_of.extend(meaning.narrowing());
    let reach = ground.reach(&narrowing).await?;
    // By picture and words together, although the words are true of all of these: a picture holds what was to be changed, too, and by it
    // alone the right piece was in the first ten in 0.75 of the benchmark's queries instead of 0.84.
    let mut by_fields = ground.nearest(ask.vector, &narrowing, reach, FIRST_STEP).await?;
    by_fields.retain(|row| meaning.holds(&row.row.said));
    // Beside a picture, what no field knows ("smaller") is left to the model.
    let (mut fully, partly) = if ask.words.is_some() && !meaning.rest.is_empty() {
        let mut said = words::holding(&ground.snapshot, &meaning.rest, ask.vector, &narrowing, near).await?;
        said.retain(|row| meaning.holds(&row.row.said));
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
        Sort::Newest => b.row.listed.cmp(&a.row.listed),
        Sort::PriceUp | Sort::PriceDown => {
            let (none, other) = (a.row.price.is_none(), b.row.price.is_none());
            let amounts = a.row.price.unwrap_or_default().total_cmp(&b.row.price.unwrap_or_default());
            let amounts = if sort == Sort::PriceUp { amounts } else { amounts.reverse() };
            none.cmp(&other).then(last(none, amounts))
        }
    });
}

/// Adds the listings of these rows that were not seen before, each by its best row, best first.
fn add(ranked: &mut Vec<Ranked>, seen: &mut HashSet<ListingId>, rows: Vec<Ranked>) {
    let mut best: HashMap<ListingId, Ranked> = HashMap::new();
    for row in rows.into_iter().filter(|row| !seen.contains(&row.row.id)) {
        match best.entry(row.row.id.clone()) {
            Entry::Vacant(entry) => drop(entry.insert(row)),
            Entry::Occupied(mut entry) => {
                if (row.distance, row.row.place) < (entry.get().distance, entry.get().row.place) {
                    entry.insert(row);
                }
            }
        }
    }
    let mut added: Vec<Ranked> = best.into_values().collect();
    added.sort_by(|a, b| a.distance.total_cmp(&b.distance).then_with(|| a.row.id.cmp(&b.row.id)));
    seen.extend(added.iter().map(|hit| hit.row.id.clone()));
    ranked.append(&mut added);
}

/// How rows are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// All that a search is narrowed to are compared: in memory, where they are there, or read from the table.
    All,
    /// By the vector index, where there is one; at least so many of its partitions.
    Index(usize),
}

impl Catalogue {
    /// What is searched now.
    pub(crate) async fn ground(&self) -> Result<Ground, CatalogueError> {
        let snapshot = self.snapshot().await?;
        let resident = self.resident(&snapshot).await?;
        Ok(Ground { snapshot, resident })
    }
}

impl Ground {
    /// The table alone.
    #[cfg(test)]
    pub(crate) fn of_table(snapshot: Table) -> Self {
        Self { snapshot, resident: None }
    }

    /// How rows are best found. By the index, the fewer rows are left, the further apart the nearest of them lie: more partitions hold
    /// some, by the inverse root of the share that is left.
    pub(crate) async fn reach(&self, narrowing: &Narrowing) -> Result<Reach, CatalogueError> {
        if self.resident.is_some() {
            return Ok(Reach::All);
        }
        let rows = self.snapshot.count_rows(None).await?;
        let partitions = maintain::partitions(rows);
        let probes = PROBES.max(partitions / 8);
        if narrowing.leaves_most() {
            return Ok(Reach::Index(probes));
        }
        let left = count(&self.snapshot, &narrowing.predicate()).await?;
        if left <= COMPARED {
            return Ok(Reach::All);
        }
        let wider = probes as f64 * (rows as f64 / left as f64).sqrt();
        Ok(Reach::Index((wider.ceil() as usize).min(partitions.max(probes))))
    }

    /// The listings of these rows, in this order.
    pub(crate) async fn listings(&self, rows: &[&Row]) -> Result<Vec<Listing>, CatalogueError> {
        let here: Option<Vec<Listing>> = rows.iter().map(|row| row.listing()).collect::<Result<_, _>>()?;
        match here {
            Some(listings) => Ok(listings),
            None => take_listings(&self.snapshot, &rows.iter().map(|row| row.place).collect::<Vec<_>>()).await,
        }
    }

    /// The `count` rows nearest to `vector`; fewer only where no more are left.
    pub(crate) async fn nearest(
        &self,
        vector: &Vector,
        narrowing: &Narrowing,
        reach: Reach,
        count: usize,
    ) -> Result<Vec<Ranked>, CatalogueError> {
        if let Some(resident) = self.resident.clone() {
            let (vector, narrowing) = (vector.clone(), narrowing.clone());
            let compare = move || resident.nearest(&vector, &narrowing, count);
            let found = tokio::task::spawn_blocking(compare).await.map_err(|_| CatalogueError::Closing)?;
            return Ok(found.into_iter().map(|(row, distance)| Ranked { row, distance, says_so: false }).collect());
        }
        let mut found = Vec::new();
        for batch in collect(&query(&self.snapshot, vector, narrowing, reach, count)?).await? {
            let rows = Rows(&batch);
            for row in 0..batch.num_rows() {
                let distance = rows.number("_distance", row)?;
                found.push(Ranked::read(&rows, row, distance, false)?);
            }
        }
        Ok(found)
    }
}

/// The query for the `count` rows nearest to `vector`, with the columns of [`Row`].
fn query(
    snapshot: &Table,
    vector: &Vector,
    narrowing: &Narrowing,
    reach: Reach,
    count: usize,
) -> Result<VectorQuery, CatalogueError> {
    let query = snapshot
        .query()
        .nearest_to(vector.as_slice())?
        .column(column::VECTOR)
        .distance_type(DistanceType::Cosine)
        .only_if_expr(narrowing.predicate())
        .limit(count)
        .select(Select::columns(&Row::columns(&["_distance"])))
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
            let query = query(&snapshot, &vector, &Narrowing::of(&filters), Reach::Index(1), 10).unwrap();
            let plan = query.explain_plan(true).await.unwrap();
            assert!(plan.contains("ANNSubIndex") && plan.contains("ScalarIndexQuery"), "{key}: {plan}");
            // The one filter left in the plan is the ranking's own; no column that a filter names is read row by row.
            assert_eq!(plan.matches("FilterExec").count(), 1, "{key}: {plan}");
            assert!(plan.contains("FilterExec: _distance"), "{key}: {plan}");
        }
    }
}
