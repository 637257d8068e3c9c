//! Refining a search: other orders, words counted over what was found, and results that end where relevance ends.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that cannot go on should say where

mod common;

use catalogue::{Catalogue, ModelStamp, Query, SearchService};
use common::{fill_many, listing, tiny};
use domain::{Answer, Filters, Listing, QueryKind, QueryToken, Sort, Vector};
use encoder::{EncoderQueue, QueueOptions};
use serde_json::json;
use tempfile::TempDir;

struct Shop {
    _folder: TempDir,
    service: SearchService,
    /// A link that asks for the piece at 0 degrees.
    token: String,
}

/// The unit vector at an angle (in degrees) in the first two dimensions.
fn at(degrees: f32, dimension: usize) -> Vector {
    let mut values = vec![0.0; dimension];
    (values[0], values[1]) = (degrees.to_radians().cos(), degrees.to_radians().sin());
    Vector::normalise(values).unwrap()
}

/// Twenty pieces like what is looked for, 0 to 9.5 degrees from it, and sixty that are not, 80 to 109.5 degrees from it. Of every four,
/// one has no price and one no date.
fn pieces() -> impl Iterator<Item = (Listing, f32)> {
    (0..80_u32).map(|n| {
        let near = n < 20;
        let piece = listing(&format!("l-{n:02}"), |json| {
            json["stones"] = json!([if near { "ruby" } else { "emerald" }]);
            json["metals"] = json!([if n % 2 == 0 { "gold" } else { "silver" }]);
            json["motifs"] = json!([]);
            json["category"] = json!(if n % 5 == 0 { "brooch" } else { "ring" });
            json["price"] = if n % 4 == 1 { json!(null) } else { json!({"amount": (n * 37) % 100 + 1}) };
            json["listed"] = if n % 4 == 2 { json!(null) } else { json!(format!("2026-01-{:02}", (n * 7) % 28 + 1)) };
        });
        let degrees = if near { n as f32 / 2.0 } else { 80.0 + (n - 20) as f32 / 2.0 };
        (piece, degrees)
    })
}

impl Shop {
    async fn open() -> Option<Self> {
        let (bundle, encoder) = tiny()?;
        let folder = tempfile::tempdir().unwrap();
        let catalogue = Catalogue::open(folder.path(), &ModelStamp::of(&bundle)).await.unwrap();
        let dimension = bundle.dimension();
        fill_many(&catalogue, pieces().map(|(listing, degrees)| (listing, at(degrees, dimension)))).await;
        let mut model = [0; 4];
        for (place, byte) in model.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&bundle.digest()[2 * place..2 * place + 2], 16).unwrap();
        }
        let token = QueryToken { kind: QueryKind::Photo, model, vector: at(0.0, dimension) }.to_string();
        let queue = EncoderQueue::start(encoder, QueueOptions::default());
        Some(Self { _folder: folder, service: SearchService::new(catalogue, queue, &bundle), token })
    }

    fn query(&self) -> Query {
        Query { token: Some(self.token.clone()), limit: 100, ..Query::default() }
    }

    async fn search(&self, query: Query) -> Answer {
        self.service.search(query).await.unwrap()
    }
}

fn ids(answer: &Answer) -> Vec<String> {
    answer.hits.iter().map(|hit| hit.listing.id.to_string()).collect()
}

fn counts(words: &[(String, usize)]) -> Vec<(&str, usize)> {
    words.iter().map(|(word, count)| (word.as_str(), *count)).collect()
}

#[tokio::test]
async fn results_end_where_relevance_ends_and_go_on_when_asked() {
    let Some(shop) = Shop::open().await else { return };
    let answer = shop.search(shop.query()).await;
    let near: Vec<String> = (0..20).map(|n| format!("l-{n:02}")).collect();
    assert_eq!(ids(&answer), near);
    assert!(answer.ended && !answer.more);
    // The pages before the end say so, too, and the last is not followed by another.
    let first = shop.search(Query { limit: 15, ..shop.query() }).await;
    assert!(first.ended && first.more);
    let last = shop.search(Query { offset: 15, limit: 15, ..shop.query() }).await;
    assert_eq!(ids(&last), near[15..]);
    assert!(last.ended && !last.more);
    assert_eq!((&first.facets, &last.facets), (&answer.facets, &answer.facets));

    let all = shop.search(Query { beyond: true, ..shop.query() }).await;
    assert_eq!(all.hits.len(), 80);
    assert!(!all.ended);
    // Where a filter leaves only what is like it, nothing was left out.
    let rubies = Filters { stone: vec!["ruby".into()], ..Filters::default() };
    let answer = shop.search(Query { filters: rubies, ..shop.query() }).await;
    assert_eq!(ids(&answer), near);
    assert!(!answer.ended);
}

#[tokio::test]
async fn words_are_counted_over_what_was_found() {
    let Some(shop) = Shop::open().await else { return };
    let found = shop.search(shop.query()).await.facets;
    assert_eq!(counts(&found.stone), [("ruby", 20)]);
    assert_eq!(counts(&found.metal), [("gold", 10), ("silver", 10)]);
    assert_eq!(counts(&found.category), [("ring", 16), ("brooch", 4)]);
    assert_eq!(counts(&found.period), [("Art Deco", 20)]);
    assert!(found.motif.is_empty());
    let all = shop.search(Query { beyond: true, ..shop.query() }).await.facets;
    assert_eq!(counts(&all.stone), [("emerald", 60), ("ruby", 20)]);
    // Browsing, over everything that the filters let through.
    let browse = |filters: Filters| shop.search(Query { filters, ..Query::default() });
    assert_eq!(counts(&browse(Filters::default()).await.facets.stone), [("emerald", 60), ("ruby", 20)]);
    let silver = Filters { metal: vec!["silver".into()], ..Filters::default() };
    assert_eq!(counts(&browse(silver).await.facets.stone), [("emerald", 30), ("ruby", 10)]);
}

#[tokio::test]
async fn what_was_found_is_put_in_another_order() {
    let Some(shop) = Shop::open().await else { return };
    for token in [Some(shop.token.clone()), None] {
        let count = if token.is_some() { 20 } else { 80 };
        for sort in [Sort::PriceUp, Sort::PriceDown, Sort::Newest] {
            let query = |offset, limit| Query { token: token.clone(), sort, offset, limit, ..Query::default() };
            let answer = shop.search(query(0, 100)).await;
            assert_eq!(answer.hits.len(), count, "{sort}");
            let prices: Vec<Option<f64>> =
                answer.hits.iter().map(|hit| hit.listing.price.map(|price| price.amount())).collect();
            let dates: Vec<Option<&str>> = answer.hits.iter().map(|hit| hit.listing.listed.as_deref()).collect();
            // Pieces without a price or a date come last, whichever way round.
            let with = count - count / 4;
            match sort {
                Sort::PriceUp => assert!(prices[..with].is_sorted() && prices[0].is_some(), "{prices:?}"),
                Sort::PriceDown => assert!(prices[..with].is_sorted_by(|a, b| a >= b) && prices[0].is_some()),
                _ => assert!(dates[..with].is_sorted_by(|a, b| a >= b) && dates[0].is_some(), "{dates:?}"),
            }
            let last = if sort == Sort::Newest {
                dates[with..].iter().all(Option::is_none)
            } else {
                prices[with..].iter().all(Option::is_none)
            };
            assert!(last, "{sort}");
            let mut paged = Vec::new();
            while paged.len() < count {
                paged.extend(ids(&shop.search(query(paged.len(), 7)).await));
            }
            assert_eq!(paged, ids(&answer), "{sort}");
        }
    }
}
