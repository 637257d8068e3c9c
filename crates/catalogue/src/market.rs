//! A dealer's listings beside what others have like them: the closest pieces of other dealers, and what those cost.
//!
//! Every photo of a listing asks by itself, and a listing of another dealer counts by the best match of any two photos: so a photo that was
//! used twice is found as such, whatever the other photos of the two listings show, and the verdicts mean what they were measured to mean.

use crate::{Found, Page, QueryError, SearchError, SearchService, prices::prices, service::mean};
use domain::{
    Comparables, Filters, Hit, Listing, ListingId, MarketEntry, MarketPage, QueryKind, QueryToken, Status, Vector,
    Verdict, limits,
};
use futures::future::try_join_all;
use std::{
    collections::{HashMap, hash_map::Entry},
    slice,
};

/// Listings of a page compared at once.
const AT_ONCE: usize = 4;

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
        self.compare(&stored.listing, &vectors, status, limit).await.map(Some)
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
        let mut compared = Vec::with_capacity(browsed.listings.len());
        for some in browsed.listings.chunks(AT_ONCE) {
            let asked = some.iter().map(|listing| {
                // A listing taken down between the two readings has nothing to compare with.
                let photos = vectors.get(&listing.id).map(Vec::as_slice).unwrap_or_default();
                self.compare(listing, photos, status, limit)
            });
            compared.extend(try_join_all(asked).await?);
        }
        let entry = |(listing, comparables)| MarketEntry { listing, comparables };
        let entries = browsed.listings.into_iter().zip(compared).map(entry).collect();
        Ok(MarketPage { entries, total: browsed.total, more: browsed.more })
    }

    /// A token that searches for what a listing looks like. `None` where there is no such listing.
    pub async fn token_of(&self, id: &ListingId) -> Result<Option<String>, SearchError> {
        let vectors = self.catalogue().photo_vectors(id).await?;
        // Photos that cancel each other out leave the first to go by.
        let vector = mean(&vectors).or_else(|| vectors.first().cloned());
        Ok(vector.map(|vector| QueryToken { kind: QueryKind::Photo, model: self.model, vector }.to_string()))
    }

    async fn compare(
        &self,
        listing: &Listing,
        photos: &[Vector],
        status: &[Status],
        limit: usize,
    ) -> Result<Comparables, SearchError> {
        let status = if status.is_empty() { Status::ALL.to_vec() } else { status.to_vec() };
        let filters = Filters { status, ..Filters::default() };
        let mut best: HashMap<ListingId, Hit> = HashMap::new();
        for vector in photos.iter().take(limits::QUERY_PHOTOS) {
            for hit in self.of_others(listing, vector, &filters).await? {
                match best.entry(hit.listing.id.clone()) {
                    Entry::Vacant(entry) => drop(entry.insert(hit)),
                    Entry::Occupied(mut entry) if hit.score > entry.get().score => drop(entry.insert(hit)),
                    Entry::Occupied(_) => {}
                }
            }
        }
        let mut hits: Vec<Hit> = best.into_values().collect();
        let score = |hit: &Hit| hit.score.unwrap_or(-1.0);
        hits.sort_by(|a, b| score(b).total_cmp(&score(a)).then_with(|| a.listing.id.cmp(&b.listing.id)));
        hits.truncate(limits::COMPARED);
        let prices = prices(&hits);
        hits.truncate(limit);
        Ok(Comparables { hits, prices })
    }

    /// The pieces of other dealers that are at least similar to a photo of a listing, closest first; enough to compare with. Looks on
    /// past the dealer's own, however many there are, as far as paging goes.
    async fn of_others(&self, listing: &Listing, photo: &Vector, filters: &Filters) -> Result<Vec<Hit>, SearchError> {
        let mut others = Vec::new();
        let mut offset = 0;
        while let Ok(page) = Page::new(offset, limits::COMPARED) {
            let Found { hits, more, .. } =
                self.catalogue().search(photo, filters, page, slice::from_ref(&listing.id)).await?;
            let mut near: Vec<Hit> = hits.into_iter().map(|hit| self.judge(QueryKind::Photo, hit)).collect();
            let asked = near.len();
            near.retain(|hit| hit.verdict.is_some_and(|verdict| verdict < Verdict::Weak));
            let all_near = near.len() == asked;
            others.extend(near.into_iter().filter(|hit| hit.listing.dealer.id != listing.dealer.id));
            if !(more && all_near) || others.len() >= limits::COMPARED {
                break;
            }
            offset = page.end();
        }
        Ok(others)
    }
}
