//! A dealer's listings beside what others have like them: the closest pieces of other dealers, and what those cost.
//!
//! Every photo of a listing asks by itself, and a listing of another dealer counts by the best match of any two photos: so a photo that was
//! used twice is found as such, whatever the other photos of the two listings show, and the verdicts mean what they were measured to mean.

use crate::{
    CatalogueError, FoundListing, Page, QueryError, SearchError, SearchService,
    narrow::Narrowing,
    prices::prices,
    resident::Row,
    search::{Ground, Reach},
};
use domain::{
    Comparables, Filters, Hit, Listing, ListingId, MarketEntry, MarketPage, QueryKind, Status, Vector, Verdict, limits,
};
use futures::future::try_join_all;
use std::{
    collections::{HashMap, hash_map::Entry},
    slice,
    sync::Arc,
};

/// Listings of a page compared at once.
const AT_ONCE: usize = 4;
/// Rows looked at around a photo: photos, so more of them than of listings.
const ROWS: usize = 2 * limits::COMPARED;

/// A listing of another dealer, by its best match.
struct Near {
    /// The row of that match.
    row: Arc<Row>,
    score: f32,
}

/// What listings are compared with: those there are now, of the states asked for.
struct Others {
    ground: Ground,
    narrowing: Narrowing,
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
        let others = self.others(status).await?;
        let near = self.near(&others, &stored.listing, &vectors).await?;
        Ok(self.comparables_of(&others.ground, vec![near], limit).await?.pop())
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
        let others = self.others(status).await?;
        let mut near = Vec::with_capacity(browsed.listings.len());
        for some in browsed.listings.chunks(AT_ONCE) {
            let asked = some.iter().map(|listing| {
                // A listing taken down between the two readings has nothing to compare with.
                let photos = vectors.get(&listing.id).map(Vec::as_slice).unwrap_or_default();
                self.near(&others, listing, photos)
            });
            near.extend(try_join_all(asked).await?);
        }
        let compared = self.comparables_of(&others.ground, near, limit).await?;
        let entry = |(listing, comparables)| MarketEntry { listing, comparables };
        let entries = browsed.listings.into_iter().zip(compared).map(entry).collect();
        Ok(MarketPage { entries, total: browsed.total, more: browsed.more })
    }

    async fn others(&self, status: &[Status]) -> Result<Others, CatalogueError> {
        let status = if status.is_empty() { Status::ALL.to_vec() } else { status.to_vec() };
        let narrowing = Narrowing::of(&Filters { status, ..Filters::default() });
        let ground = self.catalogue().ground().await?;
        let reach = ground.reach(&narrowing).await?;
        Ok(Others { ground, narrowing, reach })
    }

    /// The listings of other dealers that are at least similar to one, closest first, [`limits::COMPARED`] at most.
    async fn near(&self, others: &Others, listing: &Listing, photos: &[Vector]) -> Result<Vec<Near>, CatalogueError> {
        let narrowing = Narrowing { but_not_of: Some(listing.dealer.id.clone()), ..others.narrowing.clone() };
        let mut best: HashMap<ListingId, Near> = HashMap::new();
        for photo in photos.iter().take(limits::QUERY_PHOTOS) {
            for found in others.ground.nearest(photo, &narrowing, others.reach, ROWS).await? {
                let score = found.score();
                if self.calibration.photo(score) == Verdict::Weak {
                    continue;
                }
                let near = Near { row: found.row, score };
                match best.entry(near.row.id.clone()) {
                    Entry::Vacant(entry) => drop(entry.insert(near)),
                    Entry::Occupied(mut entry) if near.score > entry.get().score => drop(entry.insert(near)),
                    Entry::Occupied(_) => {}
                }
            }
        }
        let mut near: Vec<Near> = best.into_values().collect();
        near.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.row.id.cmp(&b.row.id)));
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
        let rows: HashMap<u64, &Row> = near.iter().flatten().map(|near| (near.row.place, &*near.row)).collect();
        let rows: Vec<&Row> = rows.into_values().collect();
        let listings: HashMap<u64, Listing> =
            rows.iter().map(|row| row.place).zip(ground.listings(&rows).await?).collect();
        let hit = |near: Near| {
            let listing = listings.get(&near.row.place)?.clone();
            let photo = near.row.media.address();
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
