//! What searching promises: one hit a listing, pages without repeats or gaps, filters before ranking, sold pieces left out, nothing
//! that a shopper types can be anything but a word.
#![allow(clippy::type_complexity, clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

mod common;

use catalogue::{Catalogue, CatalogueError, EncodedListing, EncodedPhoto, Found, MaintainOptions, Page};
use common::{DIMENSION, Dice, at, fill, fill_many, listing, photo, stamp};
use domain::{Filters, Listing, ListingId, Status, Vector};
use imaging::Format;
use std::collections::HashSet;

fn ids(found: &Found) -> Vec<&str> {
    found.hits.iter().map(|hit| hit.listing.id.as_str()).collect()
}

/// Every page of a search, one after the other.
async fn all_pages(catalogue: &Catalogue, vector: &Vector, filters: &Filters, limit: usize) -> Vec<String> {
    let mut seen = Vec::new();
    loop {
        // Paging ends at a thousand.
        let Ok(page) = Page::new(seen.len(), limit) else { return seen };
        let found = catalogue.search(vector, filters, page, &[]).await.unwrap();
        seen.extend(ids(&found).into_iter().map(str::to_owned));
        // `more` is exact: a page that says so is full and is followed by another with something on it.
        assert!(!found.more || found.hits.len() == limit);
        assert!(!found.hits.is_empty() || seen.is_empty());
        if !found.more {
            return seen;
        }
    }
}

#[tokio::test]
async fn a_listing_is_found_once_by_its_best_photo() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    let listings = [
        (listing("near", |_| {}), vec![80.0, 2.0, 40.0]),
        (listing("far", |_| {}), vec![60.0, 50.0]),
        (listing("exact", |_| {}), vec![0.0]),
    ];
    fill(&catalogue, listings).await;
    let found = catalogue.search(&at(0.0), &Filters::default(), Page::default(), &[]).await.unwrap();
    assert_eq!(ids(&found), ["exact", "near", "far"]);
    assert!(!found.more);
    let near = &found.hits[1];
    assert_eq!(near.photo, near.listing.photos[1]);
    for (hit, degrees) in found.hits.iter().zip([0.0_f32, 2.0, 50.0]) {
        assert!((hit.score - degrees.to_radians().cos()).abs() < 1e-4, "{} {}", hit.listing.id, hit.score);
    }
    let without = ListingId::new("exact").unwrap();
    let found =
        catalogue.search(&at(0.0), &Filters::default(), Page::default(), std::slice::from_ref(&without)).await.unwrap();
    assert_eq!(ids(&found), ["near", "far"]);
}

#[tokio::test]
async fn an_empty_catalogue_finds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    let found = catalogue.search(&at(0.0), &Filters::default(), Page::default(), &[]).await.unwrap();
    assert_eq!(found, Found { hits: vec![], more: false });
    let short = Vector::normalise(vec![1.0; DIMENSION - 1]).unwrap();
    let error = catalogue.search(&short, &Filters::default(), Page::default(), &[]).await.unwrap_err();
    assert!(matches!(error, CatalogueError::Dimension { table: 8, given: 7 }));
}

#[tokio::test]
async fn pages_neither_repeat_nor_miss_a_listing_even_when_all_are_equally_near() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    // 400 at exactly the same place, as a photo shared by a whole series would be; more than a step of the ranking fetches.
    let same = (0..400).map(|n| (listing(&format!("same-{n:03}"), |_| {}), at(30.0)));
    let near = (0..5).map(|n| (listing(&format!("near-{n}"), |_| {}), at(n as f32)));
    let far = (0..5).map(|n| (listing(&format!("far-{n}"), |_| {}), at(60.0 + n as f32)));
    fill_many(&catalogue, same.chain(near).chain(far)).await;
    let mut expected: Vec<String> = (0..5).map(|n| format!("near-{n}")).collect();
    expected.extend((0..400).map(|n| format!("same-{n:03}")));
    expected.extend((0..5).map(|n| format!("far-{n}")));
    for limit in [100, 41] {
        assert_eq!(all_pages(&catalogue, &at(0.0), &Filters::default(), limit).await, expected, "pages of {limit}");
    }
}

#[tokio::test]
async fn pages_are_the_same_ranking_whatever_their_size() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    let shared = catalogue.store_photo(b"shared".to_vec(), Format::Jpeg).await.unwrap();
    let mut dice = Dice::new(1);
    let encoded: Vec<EncodedListing> = (0..300)
        .map(|n| {
            let photos =
                (0..1 + n % 4).map(|_| EncodedPhoto { media: shared.clone(), vector: dice.vector() }).collect();
            EncodedListing { listing: listing(&format!("l-{n:03}"), |_| {}), photos }
        })
        .collect();
    catalogue.upsert(encoded.clone()).await.unwrap();
    let query = dice.vector();
    let mut expected: Vec<(f32, String)> = encoded
        .iter()
        .map(|each| {
            let best = each.photos.iter().map(|photo| query.cosine(&photo.vector)).max_by(f32::total_cmp).unwrap();
            (best, each.listing.id.to_string())
        })
        .collect();
    expected.sort_by(|a, b| b.0.total_cmp(&a.0));
    let expected: Vec<String> = expected.into_iter().map(|(_, id)| id).collect();
    for limit in [7, 100] {
        assert_eq!(all_pages(&catalogue, &query, &Filters::default(), limit).await, expected, "pages of {limit}");
    }
}

#[tokio::test]
async fn a_filter_narrows_before_the_ranking() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    // 10 brooches far from the query among 5,000 rings near to it.
    let rings = (0..5_000).map(|n| (listing(&format!("ring-{n}"), |_| {}), at(n as f32 / 100.0)));
    let brooches = (0..10)
        .map(|n| (listing(&format!("brooch-{n}"), |json| json["category"] = "brooch".into()), at(120.0 + n as f32)));
    fill_many(&catalogue, rings.chain(brooches)).await;
    let expected: Vec<String> = (0..10).map(|n| format!("brooch-{n}")).collect();
    let mut filters = Filters::default();
    filters.add("category", "brooch").unwrap();
    let query = at(-20.0);
    let search = async || all_pages(&catalogue, &query, &filters, 10).await;
    assert_eq!(search().await, expected);
    // And with indexes on columns and vectors just the same.
    let options = MaintainOptions { scalar_index_from: 1_000, vector_index_from: 1_000 };
    let report = catalogue.maintain_with(options).await.unwrap();
    assert!(report.indexes_built.iter().any(|column| column == "vector"), "{report:?}");
    assert_eq!(search().await, expected);
    assert!(catalogue.check().await.unwrap().indexes.contains(&"category".to_owned()));
    let first = catalogue.search(&query, &Filters::default(), Page::first(3), &[]).await.unwrap();
    assert_eq!(ids(&first), ["ring-0", "ring-1", "ring-2"]);
}

/// Listings that each differ from the others in what one filter looks at.
fn varied() -> Vec<Listing> {
    let words = |json: &mut serde_json::Value, key: &str, words: &[&str]| json[key] = serde_json::json!(words);
    vec![
        listing("plain", |json| words(json, "stones", &[])),
        listing("brooch", |json| json["category"] = "brooch".into()),
        listing("undated", |json| json["period"] = serde_json::Value::Null),
        listing("gold", |json| words(json, "metals", &["yellow gold", "white gold"])),
        listing("ruby", |json| words(json, "stones", &["ruby"])),
        listing("leaf", |json| words(json, "motifs", &["leaf"])),
        listing("dear", |json| json["price"]["amount"] = 90_000.into()),
        listing("on-request", |json| json["price"] = serde_json::Value::Null),
        listing("sold", |json| json["status"] = "sold".into()),
        listing("reserved", |json| json["status"] = "reserved".into()),
        listing("other-dealer", |json| json["dealer"]["id"] = "other".into()),
    ]
}

#[tokio::test]
async fn every_filter_does_what_it_says_with_and_without_indexes() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    fill_many(&catalogue, varied().into_iter().map(|listing| (listing, at(0.0)))).await;
    let counts = catalogue.count().await.unwrap();
    assert_eq!((counts.listings, counts.for_sale), (varied().len(), varied().len() - 1));
    assert_eq!(catalogue.check().await.unwrap().counts, counts);
    let all: HashSet<String> = varied().iter().map(|listing| listing.id.to_string()).collect();
    let but = |without: &[&str]| -> HashSet<String> {
        all.iter().filter(|id| !without.contains(&id.as_str())).cloned().collect()
    };
    let only = |ids: &[&str]| -> HashSet<String> { ids.iter().map(|id| (*id).to_owned()).collect() };
    let any_status = Filters { status: Status::ALL.to_vec(), ..Filters::default() };
    let cases: Vec<(Vec<(&str, &str)>, HashSet<String>)> = vec![
        (vec![], but(&["sold"])),
        (vec![("status", "sold")], only(&["sold"])),
        (vec![("status", "sold,available,reserved")], all.clone()),
        (vec![("category", "brooch")], only(&["brooch"])),
        (vec![("category", "brooch,ring")], but(&["sold"])),
        (vec![("period", "Art Deco")], but(&["sold", "undated"])),
        (vec![("period", "Georgian")], only(&[])),
        (vec![("metal", "yellow gold,silver")], only(&["gold"])),
        (vec![("stone", "ruby")], only(&["ruby"])),
        (vec![("stone", "ruby,emerald")], but(&["sold", "plain"])),
        (vec![("motif", "LEAF")], only(&["leaf"])),
        (vec![("dealer", "other")], only(&["other-dealer"])),
        (vec![("price_min", "4250.01")], only(&["dear"])),
        (vec![("price_max", "4250")], but(&["sold", "dear", "on-request"])),
        (vec![("price_min", "4250"), ("price_max", "4250"), ("category", "brooch")], only(&["brooch"])),
    ];
    for indexed in [false, true] {
        if indexed {
            let options = MaintainOptions { scalar_index_from: 1, vector_index_from: usize::MAX };
            let report = catalogue.maintain_with(options).await.unwrap();
            assert!(report.indexes_built.len() >= 10, "{report:?}");
        }
        for (pairs, expected) in &cases {
            let mut filters = Filters::default();
            for (key, value) in pairs {
                filters.add(key, value).unwrap();
            }
            let found = catalogue.search(&at(0.0), &filters, Page::default(), &[]).await.unwrap();
            let found: HashSet<String> = ids(&found).into_iter().map(str::to_owned).collect();
            assert_eq!(&found, expected, "{pairs:?}, indexed: {indexed}");
            let browsed = catalogue.browse(&filters, Page::default()).await.unwrap();
            assert_eq!(browsed.total, expected.len(), "{pairs:?}, indexed: {indexed}");
        }
    }
    assert_eq!(catalogue.browse(&any_status, Page::default()).await.unwrap().total, all.len());
}

#[tokio::test]
async fn what_is_typed_is_only_ever_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    let hostile = [
        "' OR 1=1 --",
        "'; DROP TABLE photos; --",
        "\\' OR ''='",
        "\" OR \"\"=\"",
        "`status`",
        "${jndi}",
        "%",
        "_",
        "émeraude 💍",
        "زمرد",
        "a\0b",
        "'",
        "''",
    ];
    let named = |n: usize| format!("w-{n}");
    let listings = hostile.iter().enumerate().map(|(n, word)| {
        let listing = listing(&named(n), |json| {
            json["stones"] = serde_json::json!([word]);
            json["metals"] = serde_json::json!([word]);
        });
        (listing, at(0.0))
    });
    fill_many(&catalogue, listings).await;
    for (n, word) in hostile.iter().enumerate() {
        for filters in [
            Filters { stone: vec![(*word).to_owned()], ..Filters::default() },
            Filters { metal: vec![(*word).to_owned(), "no such metal".into()], ..Filters::default() },
        ] {
            let found = catalogue.search(&at(0.0), &filters, Page::default(), &[]).await.unwrap();
            assert_eq!(ids(&found), [named(n)], "{word:?}");
            assert_eq!(catalogue.browse(&filters, Page::default()).await.unwrap().total, 1, "{word:?}");
        }
        let dealer = Filters { dealer: vec![(*word).to_owned()], ..Filters::default() };
        assert!(catalogue.search(&at(0.0), &dealer, Page::default(), &[]).await.unwrap().hits.is_empty(), "{word:?}");
    }
    assert_eq!(catalogue.count().await.unwrap().listings, hostile.len());
}

#[tokio::test]
async fn a_reader_sees_what_another_process_writes() {
    let folder = tempfile::tempdir().unwrap();
    let reader = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    // Opened anew, with connections, caches and a writer of its own, as another process would.
    let writer = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    for number in 1..=3_usize {
        fill(&writer, [(listing(&format!("l-{number}"), |_| {}), vec![number as f32])]).await;
        let found = reader.search(&at(0.0), &Filters::default(), Page::default(), &[]).await.unwrap();
        assert_eq!(found.hits.len(), number);
        assert_eq!(reader.count().await.unwrap().listings, number);
    }
    writer.delete(&ListingId::new("l-1").unwrap()).await.unwrap();
    let found = reader.search(&at(0.0), &Filters::default(), Page::default(), &[]).await.unwrap();
    assert_eq!(ids(&found), ["l-2", "l-3"]);
}

#[tokio::test]
async fn an_indexed_table_finds_what_a_scan_finds_and_rows_added_since() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    let mut dice = Dice::new(7);
    let vectors: Vec<Vector> = (0..3_000).map(|_| dice.vector()).collect();
    let named = |n: usize| listing(&format!("l-{n:04}"), |_| {});
    fill_many(&catalogue, vectors.iter().enumerate().map(|(n, vector)| (named(n), vector.clone()))).await;
    let queries: Vec<Vector> = (0..10).map(|_| dice.vector()).collect();
    let mut exact = Vec::new();
    for query in &queries {
        exact.push(catalogue.search(query, &Filters::default(), Page::first(20), &[]).await.unwrap());
    }
    let options = MaintainOptions { scalar_index_from: 1_000, vector_index_from: 1_000 };
    catalogue.maintain_with(options).await.unwrap();
    let mut kept = 0;
    for (query, exact) in queries.iter().zip(&exact) {
        let found = catalogue.search(query, &Filters::default(), Page::first(20), &[]).await.unwrap();
        let expected: HashSet<&str> = ids(exact).into_iter().collect();
        kept += ids(&found).into_iter().filter(|id| expected.contains(id)).count();
        // Scores are exact, compressed vectors or not.
        assert!((found.hits[0].score - exact.hits[0].score).abs() < 1e-4);
    }
    assert!(kept >= 190, "recall@20 is {}", kept as f32 / 200.0);

    let page = all_pages(&catalogue, &queries[0], &Filters::default(), 100).await;
    assert_eq!(page.iter().collect::<HashSet<_>>().len(), page.len(), "a listing came twice");
    fill(&catalogue, [(listing("added", |_| {}), vec![15.0])]).await;
    let found = catalogue.search(&at(15.0), &Filters::default(), Page::first(1), &[]).await.unwrap();
    assert_eq!(ids(&found), ["added"]);
    // The next upkeep takes it into the indexes, and a deleted one is gone at once.
    let report = catalogue.maintain_with(options).await.unwrap();
    assert!(report.indexes_built.is_empty() && report.indexes_updated.contains(&"vector".to_owned()), "{report:?}");
    assert_eq!(ids(&catalogue.search(&at(15.0), &Filters::default(), Page::first(1), &[]).await.unwrap()), ["added"]);
    catalogue.delete(&ListingId::new("added").unwrap()).await.unwrap();
    assert_ne!(ids(&catalogue.search(&at(15.0), &Filters::default(), Page::first(1), &[]).await.unwrap()), ["added"]);
    assert!(catalogue.check().await.unwrap().is_whole());
}

#[tokio::test]
async fn upkeep_keeps_what_is_named_and_is_safe_on_an_empty_table() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    catalogue.maintain().await.unwrap();
    for number in 0..12 {
        fill(&catalogue, [(listing(&format!("l-{number}"), |_| {}), vec![number as f32])]).await;
    }
    let stale = photo(&catalogue, "named by nothing", at(0.0)).await;
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(7_200);
    for path in std::iter::once(catalogue.media(stale.media.as_str()).unwrap()).chain((0..12).map(|n| {
        let media = catalogue::MediaName::of(format!("l-{n}-0").as_bytes(), Format::Jpeg);
        catalogue.media(media.as_str()).unwrap()
    })) {
        std::fs::File::options().append(true).open(path).unwrap().set_modified(old).unwrap();
    }
    let report = catalogue.maintain().await.unwrap();
    assert_eq!((report.media_removed, report.bytes_freed), (1, 16));
    assert!(report.files_merged >= 12, "{report:?}");
    assert_eq!(catalogue.media(stale.media.as_str()), None);
    assert!(catalogue.check().await.unwrap().is_whole());
    assert_eq!(catalogue.count().await.unwrap().listings, 12);
}

#[test]
fn pages_have_limits() {
    assert!(Page::new(0, 0).is_err() && Page::new(0, 101).is_err());
    assert!(Page::new(900, 100).is_ok() && Page::new(901, 100).is_err() && Page::new(usize::MAX, 1).is_err());
    assert_eq!((Page::default().offset(), Page::default().limit()), (0, 24));
}
