//! Comparables and the market: the pieces of other dealers, however many of one's own are nearer, sold ones as well.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

mod common;

use catalogue::{Catalogue, Ingest, ModelStamp, Page, SearchService};
use common::{jpeg, listing, tiny, write_lines};
use domain::{ListingId, Status, Verdict};
use encoder::{EncoderQueue, QueueOptions};
use std::collections::HashSet;
use tempfile::TempDir;

/// Id, dealer, price, status, seeds of the photos.
type Piece<'a> = (&'a str, &'a str, f64, &'a str, &'a [u32]);

struct Shop {
    _folder: TempDir,
    service: SearchService,
}

impl Shop {
    async fn open(pieces: &[Piece<'_>]) -> Option<Self> {
        let (bundle, encoder) = tiny()?;
        let folder = tempfile::tempdir().unwrap();
        let catalogue = Catalogue::open(&folder.path().join("data"), &ModelStamp::of(&bundle)).await.unwrap();
        let mut lines = Vec::new();
        for (n, (id, dealer, price, status, seeds)) in pieces.iter().enumerate() {
            for seed in *seeds {
                std::fs::write(folder.path().join(format!("{seed}.jpg")), jpeg(*seed)).unwrap();
            }
            let listing = listing(id, |json| {
                json["dealer"] = serde_json::json!({"id": dealer, "name": dealer});
                json["price"]["amount"] = (*price).into();
                json["status"] = (*status).into();
                json["listed"] = format!("2026-01-{:02}", n % 28 + 1).into();
                json["photos"] = seeds.iter().map(|seed| format!("{seed}.jpg")).collect();
            });
            lines.push(serde_json::to_string(&listing).unwrap());
        }
        let file = write_lines(folder.path(), "listings.jsonl", &lines);
        let report = Ingest::new(catalogue.clone(), encoder.clone()).run(&file, folder.path(), &mut |_| {}).await;
        assert_eq!(report.unwrap().listings, pieces.len() as u64);
        let queue = EncoderQueue::start(encoder, QueueOptions::default());
        Some(Self { _folder: folder, service: SearchService::new(catalogue, queue, &bundle) })
    }
}

fn id(text: &str) -> ListingId {
    ListingId::new(text).unwrap()
}

#[tokio::test]
async fn comparables_are_of_other_dealers_and_a_reused_photo_is_found_among_different_ones() {
    let shop = Shop::open(&[
        ("mine", "ours", 100.0, "available", &[1, 2]),
        ("also-mine", "ours", 100.0, "available", &[1]),
        ("theirs", "other", 300.0, "sold", &[5, 2]),
        ("far", "other", 500.0, "available", &[6]),
    ])
    .await;
    let Some(shop) = shop else { return };
    let found = shop.service.comparables(&id("mine"), &[], 10).await.unwrap().unwrap();
    assert!(found.hits.iter().all(|hit| hit.listing.dealer.id == "other"));
    let first = &found.hits[0];
    assert_eq!((first.listing.id.as_str(), first.verdict), ("theirs", Some(Verdict::SamePiece)), "by its second photo");
    assert_eq!(first.photo, first.listing.photos[1]);
    assert_eq!(found.prices.same_design[0].sold, 1);
    // Narrowed to what can be had, the sold one is gone; asked for a sold one only, it is alone.
    let available = shop.service.comparables(&id("mine"), &[Status::Available], 10).await.unwrap().unwrap();
    assert!(available.hits.iter().all(|hit| hit.listing.id.as_str() != "theirs"));
    let sold = shop.service.comparables(&id("mine"), &[Status::Sold], 10).await.unwrap().unwrap();
    assert_eq!(sold.hits.len(), 1);
    assert_eq!(shop.service.comparables(&id("none"), &[], 10).await.unwrap(), None);
    assert!(shop.service.comparables(&id("mine"), &[], 0).await.is_err());
}

#[tokio::test]
async fn however_many_of_their_own_are_nearer_another_dealers_piece_is_found() {
    let own: Vec<String> = (0..120).map(|n| format!("own-{n:03}")).collect();
    let mut pieces: Vec<Piece<'_>> =
        own.iter().map(|id| (id.as_str(), "ours", 1.0, "available", &[3_u32][..])).collect();
    pieces.push(("theirs", "other", 9.0, "available", &[3]));
    let Some(shop) = Shop::open(&pieces).await else { return };
    // All are equally near, and "theirs" comes last by its id.
    let found = shop.service.comparables(&id("own-000"), &[], 4).await.unwrap().unwrap();
    let ids: Vec<&str> = found.hits.iter().map(|hit| hit.listing.id.as_str()).collect();
    assert_eq!(ids, ["theirs"]);
}

#[tokio::test]
async fn a_market_page_holds_the_dealers_listings_each_beside_those_of_others() {
    let shop = Shop::open(&[
        ("a", "ours", 100.0, "available", &[1]),
        ("b", "ours", 200.0, "available", &[2]),
        ("c", "ours", 300.0, "sold", &[3]),
        ("x", "other", 110.0, "available", &[1]),
        ("y", "third", 210.0, "reserved", &[2]),
    ])
    .await;
    let Some(shop) = shop else { return };
    let market = shop.service.market("ours", Page::default(), &[], 4).await.unwrap();
    let ids: Vec<&str> = market.entries.iter().map(|entry| entry.listing.id.as_str()).collect();
    assert_eq!(ids, ["b", "a"], "newest first, sold ones left out");
    assert_eq!((market.total, market.more), (2, false));
    for (entry, twin) in market.entries.iter().zip(["y", "x"]) {
        let hits = &entry.comparables.hits;
        assert_eq!((hits[0].listing.id.as_str(), hits[0].verdict), (twin, Some(Verdict::SamePiece)));
        assert!(hits.iter().all(|hit| hit.listing.dealer.id != "ours"));
        // One by one, the same.
        let alone = shop.service.comparables(&entry.listing.id, &[], 4).await.unwrap();
        assert_eq!(alone.as_ref(), Some(&entry.comparables));
    }
    let (first, second) = (Page::new(0, 1).unwrap(), Page::new(1, 1).unwrap());
    let mut paged = HashSet::new();
    for page in [first, second] {
        let market = shop.service.market("ours", page, &[], 4).await.unwrap();
        assert_eq!(market.more, page == first);
        paged.extend(market.entries.into_iter().map(|entry| entry.listing.id.to_string()));
    }
    assert_eq!(paged, HashSet::from(["a".to_owned(), "b".to_owned()]));
}
