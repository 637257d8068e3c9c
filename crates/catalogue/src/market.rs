//! A dealer's listings beside what others have like them: the closest pieces of other dealers, and what those cost.
//!
//! Every photo of a listing asks by itself, and a listing of another dealer counts by the best match of any two photos: so a photo that was
//! used twice is found as such, whatever the other photos of the two listings show, and the verdicts mean what they were measured to mean.

use crate::{
    CatalogueError, FoundListing, MediaName, Page, QueryError, SearchError, SearchService,
    catalogue::{collect, take_listings},
    narrow,
    prices::prices,
    rows::Rows,
    schema::column,
    search::{self, Reach},
};
use domain::{
    Comparables, Filters, Hit, Listing, ListingId, MarketEntry, MarketPage, QueryKind, Status, Vector, Verdict, limits,
};
use futures::future::try_join_all;
use lancedb::{
    Table,
    query::{QueryBase, Select},
};
use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    slice,
};

/// Listings of a page compared at once.
const AT_ONCE: usize = 4;
/// Rows looked at around a photo: photos, so more of them than of listings.
const ROWS: usize = 2 * limits::COMPARED;

/// A listing of another dealer, by its best match.
struct Near {
    id: ListingId,
    media: MediaName,
    /// The row of that match.
    place: u64,
    score: f32,
}

/// What listings are compared with: the table as it is now, and the states asked for.
struct Ground {
    snapshot: Table,
    filters: Filters,
    reach: Reach,
}

impl SearchService {
    /// The closest pieces of other dealers to a listing, of these states (none is all of them): the first `limit`, and the
    /// prices of the first [`limits::COMPARED`]. `None` where there is no such listing.
    pub async fn comparables(
        &self,
        id: &ListingId,
        status: &[Status],
        limit: usize,
    ) -> Result<Option<Comparables>, SearchError> {
        let limit = Page::new(0, limit).map_err(QueryError::Page)?.limit();
        let Some(stored) = self.catalogue().stored(slice::from_ref(id)).await?.remove(id) else { return Ok(None) };
        let vectors: Vec<Vector> = stored.photos.into_iter().map(|photo| photo.vector).collect();
        let ground = self.ground(status).await?;
        let near = self.near(&ground, &stored.listing, &vectors).await?;
        Ok(self.comparables_of(&ground, vec![near], limit).await?.pop())
    }

    /// A page of a dealer's listings that are not sold, newest first, each beside the `limit` closest pieces of other dealers, of
    /// these states (none is all of them).
    pub async fn market(
        &self,
        dealer: &str,
        page: Page,
        status: &[Status],
        limit: usize,
    ) -> Result<MarketPage, SearchError> {
        let limit = Page::new(0, limit).map_err(QueryError::Page)?.limit();
        let filters = Filters { dealer: vec![dealer.to_owned()], ..Filters::default() };
        let browsed = self.catalogue().browse(&filters, page).await?;
        let ids: Vec<ListingId> = browsed.listings.iter().map(|listing| listing.id.clone()).collect();
        let mut vectors: HashMap<ListingId, Vec<Vector>> = HashMap::new();
        for (id, stored) in self.catalogue().stored(&ids).await? {
            vectors.insert(id, stored.photos.into_iter().map(|photo| photo.vector).collect());
        }
        let ground = self.ground(status).await?;
        let mut near = Vec::with_capacity(browsed.listings.len());
        for some in browsed.listings.chunks(AT_ONCE) {
            let asked = some.iter().map(|listing| {
                // A listing taken down between the two readings has nothing to compare with.
                let photos = vectors.get(&listing.id).map(Vec::as_slice).unwrap_or_default();
                self.near(&ground, listing, photos)
            });
            near.extend(try_join_all(asked).await?);
        }
        let compared = self.comparables_of(&ground, near, limit).await?;
        let entry = |(listing, comparables)| MarketEntry { listing, comparables };
        let entries = browsed.listings.into_iter().zip(compared).map(entry).collect();
        Ok(MarketPage { entries, total: browsed.total, more: browsed.more })
    }

    async fn ground(&self, status: &[Status]) -> Result<Ground, CatalogueError> {
        let status = if status.is_empty() { Status::ALL.to_vec() } else { status.to_vec() };
        let filters = Filters { status, ..Filters::default() };
        let snapshot = self.catalogue().snapshot().await?;
        let reach = Reach::of(&snapshot, &narrow::predicate(&filters), &filters).await?;
        Ok(Ground { snapshot, filters, reach })
    }

    /// The listings of other dealers that are at least similar to one, closest first, [`limits::COMPARED`] at most.
    async fn near(&self, ground: &Ground, listing: &Listing, photos: &[Vector]) -> Result<Vec<Near>, CatalogueError> {
        let predicate = narrow::predicate(&ground.filters).and(narrow::but_not_of(&listing.dealer.id));
        let mut best: HashMap<ListingId, Near> = HashMap::new();
        for photo in photos.iter().take(limits::QUERY_PHOTOS) {
            let columns = [column::LISTING, column::MEDIA, "_distance"];
            let query = search::query(&ground.snapshot, photo, &predicate, ground.reach, ROWS)?;
            for batch in collect(&query.select(Select::columns(&columns))).await? {
                let rows = Rows(&batch);
                for row in 0..batch.num_rows() {
                    let score = (1.0 - rows.number("_distance", row)?).clamp(-1.0, 1.0);
                    if self.calibration.photo(score) == Verdict::Weak {
                        continue;
                    }
                    let near = Near { id: rows.id(row)?, media: rows.media(row)?, place: rows.row_id(row)?, score };
                    match best.entry(near.id.clone()) {
                        Entry::Vacant(entry) => drop(entry.insert(near)),
                        Entry::Occupied(mut entry) if near.score > entry.get().score => drop(entry.insert(near)),
                        Entry::Occupied(_) => {}
                    }
                }
            }
        }
        let mut near: Vec<Near> = best.into_values().collect();
        near.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
        near.truncate(limits::COMPARED);
        Ok(near)
    }

    /// Comparables of what is near each of several listings, all of it read at once.
    async fn comparables_of(
        &self,
        ground: &Ground,
        near: Vec<Vec<Near>>,
        limit: usize,
    ) -> Result<Vec<Comparables>, CatalogueError> {
        let places: HashSet<u64> = near.iter().flatten().map(|near| near.place).collect();
        let places: Vec<u64> = places.into_iter().collect();
        let listings: HashMap<u64, Listing> =
            places.iter().copied().zip(take_listings(&ground.snapshot, &places).await?).collect();
        let hit = |near: Near| {
            let listing = listings.get(&near.place)?.clone();
            let photo = near.media.address();
            Some(self.judge(QueryKind::Photo, FoundListing { listing, photo, score: near.score, says_so: false }))
        };
        let comparables = |near: Vec<Near>| {
            let mut hits: Vec<Hit> = near.into_iter().filter_map(&hit).collect();
            let prices = prices(&hits);
            hits.truncate(limit);
            Comparables { hits, prices }
        };
        Ok(near.into_iter().map(comparables).collect())
    }
}
