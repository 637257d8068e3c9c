//! What the table promises: what is put in comes out, whole listings are replaced, another model is refused, other processes' writes
//! are seen, one writes at a time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

mod common;

use catalogue::{Catalogue, CatalogueError, EncodedListing, EncodedPhoto, MediaName, ModelStamp, OpenOptions, Page};
use common::{at, fill, fill_many, listing, photo, stamp};
use domain::{Filters, ListingId, Status};
use std::{collections::HashSet, fs, time::Duration};

fn id(id: &str) -> ListingId {
    ListingId::new(id).unwrap()
}

#[tokio::test]
async fn a_listing_comes_out_as_it_went_in() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    let full = listing("A-1", |json| {
        json["title"] = "Bague « Étoile » d'émeraude \"1925\" 💍 خاتم".into();
        json["description"] = "It's\n\"quoted\"; -- DROP TABLE photos".into();
        json["url"] = "https://example.com/a?b=c&d='e'".into();
    });
    let bare = listing("B_2.x", |json| {
        for key in ["period", "price", "listed", "url"] {
            json[key] = serde_json::Value::Null;
        }
        for key in ["metals", "stones", "motifs"] {
            json[key] = serde_json::json!([]);
        }
        json["description"] = "".into();
        json["status"] = "sold".into();
    });
    fill(&catalogue, [(full.clone(), vec![0.0, 10.0]), (bare.clone(), vec![90.0])]).await;
    for given in [full, bare] {
        let mut stored = catalogue.listing(&given.id).await.unwrap().unwrap();
        assert!(stored.photos.iter().all(|photo| MediaName::parse_address(photo).is_some()), "{:?}", stored.photos);
        stored.photos = given.photos.clone();
        assert_eq!(stored, given);
    }
    assert_eq!(catalogue.listing(&id("none")).await.unwrap(), None);
    let vectors = catalogue.photo_vectors(&id("A-1")).await.unwrap();
    assert_eq!(vectors.len(), 2);
    assert!(vectors[0].cosine(&at(0.0)) > 0.9999 && vectors[1].cosine(&at(10.0)) > 0.9999);
    let counts = catalogue.count().await.unwrap();
    assert_eq!((counts.listings, counts.photos), (2, 3));
    assert!(catalogue.check().await.unwrap().is_whole());
}

#[tokio::test]
async fn which_listings_there_are_is_told_of_any_number() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    let sold = listing("b", |json| json["status"] = "sold".into());
    fill(&catalogue, [(listing("a", |_| {}), vec![0.0, 10.0]), (sold, vec![30.0])]).await;
    // More than one question to the table names, and the two anywhere among them.
    let asked: HashSet<ListingId> = (0..2_500).map(|n| id(&format!("none-{n}"))).chain([id("a"), id("b")]).collect();
    assert_eq!(catalogue.known(&asked).await.unwrap(), HashSet::from([id("a"), id("b")]));
    assert_eq!(catalogue.known(&HashSet::new()).await.unwrap(), HashSet::new());
}

#[tokio::test]
async fn an_upsert_replaces_all_of_a_listing_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    fill(&catalogue, [(listing("a", |_| {}), vec![0.0, 10.0, 20.0]), (listing("b", |_| {}), vec![30.0, 40.0])]).await;
    fill(&catalogue, [(listing("a", |json| json["title"] = "Changed".into()), vec![50.0])]).await;
    assert_eq!(catalogue.photo_vectors(&id("a")).await.unwrap().len(), 1);
    assert_eq!(catalogue.photo_vectors(&id("b")).await.unwrap().len(), 2);
    let changed = catalogue.listing(&id("a")).await.unwrap().unwrap();
    assert_eq!((changed.title.as_str(), changed.photos.len()), ("Changed", 1));
    // More photos than before, and the same id twice in one call: the last counts.
    let twice = [
        (listing("a", |json| json["title"] = "First".into()), vec![1.0, 2.0]),
        (listing("a", |json| json["title"] = "Last".into()), vec![1.0, 2.0, 3.0]),
    ];
    fill(&catalogue, twice).await;
    assert_eq!(catalogue.listing(&id("a")).await.unwrap().unwrap().title, "Last");
    assert_eq!(catalogue.count().await.unwrap().photos, 5);
    assert!(catalogue.check().await.unwrap().is_whole());

    assert!(catalogue.delete(&id("a")).await.unwrap());
    assert!(!catalogue.delete(&id("a")).await.unwrap());
    assert_eq!(catalogue.listing(&id("a")).await.unwrap(), None);
    assert_eq!(catalogue.count().await.unwrap().listings, 1);
}

#[tokio::test]
async fn a_reader_sees_a_listing_as_it_was_or_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    fill(&catalogue, [(listing("a", |_| {}), vec![0.0, 1.0])]).await;
    let reader = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    let reading = tokio::spawn(async move {
        for _ in 0..60 {
            let listing =
                reader.listing(&id("a")).await.unwrap().expect("there before, while and after it is replaced");
            let photos = reader.photo_vectors(&id("a")).await.unwrap().len();
            assert!(listing.photos.len() == 2 || listing.photos.len() == 3);
            assert!(photos == 2 || photos == 3, "{photos}");
        }
    });
    let mut photos = 2;
    while !reading.is_finished() {
        photos = 5 - photos;
        fill(&catalogue, [(listing("a", |_| {}), (0..photos).map(|n| n as f32).collect())]).await;
    }
    reading.await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_stored_is_refused_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    let good = photo(&catalogue, "good", at(0.0)).await;
    let one = |photos| vec![EncodedListing { listing: listing("a", |_| {}), photos }];
    let short = domain::Vector::normalise(vec![1.0; 4]).unwrap();
    let absent = MediaName::parse(&format!("{}.jpg", "0".repeat(64))).unwrap();
    for (photos, says) in [
        (vec![], "0 photos"),
        (vec![good.clone(); 25], "25 photos"),
        (vec![EncodedPhoto { vector: short, ..good.clone() }], "4 dimensions"),
        (vec![good.clone(), EncodedPhoto { media: absent, ..good.clone() }], "not in the media folder"),
    ] {
        let error = catalogue.upsert(one(photos)).await.unwrap_err();
        assert!(error.is_callers_fault() && error.to_string().contains(says), "{error}");
    }
    assert_eq!(catalogue.count().await.unwrap().listings, 0);
    catalogue.upsert(one(vec![good])).await.unwrap();
    catalogue.upsert(vec![]).await.unwrap();
    assert_eq!(catalogue.count().await.unwrap().listings, 1);
}

#[tokio::test]
async fn another_model_is_refused_and_told_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    fill(&catalogue, [(listing("a", |_| {}), vec![0.0])]).await;
    for other in [
        ModelStamp { id: "other".into(), ..stamp() },
        ModelStamp { digest: "cd".repeat(32), ..stamp() },
        ModelStamp { dimension: 16, ..stamp() },
    ] {
        let error = Catalogue::open(folder.path(), &other).await.unwrap_err();
        assert!(matches!(&error, CatalogueError::OtherModel { table, given } if *table == stamp() && *given == other));
        let message = error.to_string();
        assert!(message.contains("hand-made") && message.contains("vitrine ingest"), "{message}");
    }
    // Nothing was lost by trying.
    assert_eq!(Catalogue::open(folder.path(), &stamp()).await.unwrap().count().await.unwrap().listings, 1);
}

#[tokio::test]
async fn a_folder_that_has_lost_its_table_is_not_taken_for_an_empty_one() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    fill(&catalogue, [(listing("a", |_| {}), vec![0.0])]).await;
    drop(catalogue);
    fs::remove_dir_all(folder.path().join("photos.lance")).unwrap();
    let error = Catalogue::open(folder.path(), &stamp()).await.unwrap_err();
    assert!(matches!(error, CatalogueError::Broken { .. }), "{error}");
    assert!(error.to_string().contains("backup"), "{error}");
}

#[tokio::test]
async fn a_damaged_table_is_told_and_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    fill(&catalogue, [(listing("a", |_| {}), vec![0.0])]).await;
    drop(catalogue);
    let versions = folder.path().join("photos.lance/_versions");
    let mut manifests: Vec<_> = fs::read_dir(&versions).unwrap().map(|entry| entry.unwrap().path()).collect();
    manifests.sort();
    for manifest in &manifests {
        fs::write(manifest, b"garbage").unwrap();
    }
    let error = Catalogue::open(folder.path(), &stamp()).await.unwrap_err();
    assert!(matches!(error, CatalogueError::Broken { .. }), "{error}");
    assert_eq!(fs::read(&manifests[0]).unwrap(), b"garbage");
}

#[tokio::test]
async fn a_creation_cut_short_is_begun_again() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("photos.lance/_versions")).unwrap();
    fs::create_dir_all(folder.path().join("media")).unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    assert_eq!(catalogue.count().await.unwrap().listings, 0);
}

#[tokio::test]
async fn a_path_with_odd_characters_works() {
    let folder = tempfile::tempdir().unwrap();
    let odd = folder.path().join("a b%20c#d?é'\"");
    let catalogue = Catalogue::open(&odd, &stamp()).await.unwrap();
    fill(&catalogue, [(listing("a", |_| {}), vec![0.0])]).await;
    drop(catalogue);
    assert_eq!(Catalogue::open(&odd, &stamp()).await.unwrap().count().await.unwrap().listings, 1);
    assert!(odd.join("photos.lance").is_dir());
}

#[tokio::test]
async fn a_write_waits_for_the_lock_and_then_says_busy() {
    let folder = tempfile::tempdir().unwrap();
    let options = OpenOptions { lock_wait: Duration::from_millis(100), ..OpenOptions::default() };
    let catalogue = Catalogue::open_with(folder.path(), &stamp(), options).await.unwrap();
    let other =
        fs::File::options().create(true).truncate(false).write(true).open(folder.path().join("writer.lock")).unwrap();
    other.lock().unwrap();
    let photos = vec![photo(&catalogue, "a", at(0.0)).await];
    let encoded = vec![EncodedListing { listing: listing("a", |_| {}), photos }];
    let error = catalogue.upsert(encoded.clone()).await.unwrap_err();
    assert!(matches!(error, CatalogueError::Busy { .. }), "{error}");
    // Reading goes on, and writing once the lock is free.
    assert_eq!(catalogue.count().await.unwrap().listings, 0);
    other.unlock().unwrap();
    catalogue.upsert(encoded).await.unwrap();
    assert_eq!(catalogue.count().await.unwrap().listings, 1);
}

#[tokio::test]
async fn many_writers_at_once_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let first = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    // A second opening stands for a second process: it has a writer of its own, and only the lock between them.
    let second = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    let mut writes = Vec::new();
    for number in 0..24 {
        let catalogue = if number % 2 == 0 { first.clone() } else { second.clone() };
        writes.push(tokio::spawn(async move {
            fill(&catalogue, [(listing(&format!("l-{number}"), |_| {}), vec![number as f32])]).await;
            // What was acknowledged is there for its writer at once.
            assert!(catalogue.listing(&id(&format!("l-{number}"))).await.unwrap().is_some());
        }));
    }
    for write in writes {
        write.await.unwrap();
    }
    for catalogue in [&first, &second] {
        assert_eq!(catalogue.count().await.unwrap().listings, 24);
    }
    assert!(first.check().await.unwrap().is_whole());
}

#[tokio::test]
async fn browsing_is_newest_first_with_undated_last_and_sold_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    let day = |id: &str, day: Option<&str>, status: &str| {
        let listing = listing(id, |json| {
            json["listed"] = day.into();
            json["status"] = status.into();
        });
        (listing, at(0.0))
    };
    let listings = [
        day("d", Some("2026-05-01"), "available"),
        day("undated", None, "available"),
        day("c", Some("2026-05-01"), "reserved"),
        day("gone", Some("2026-06-01"), "sold"),
        day("old", Some("1999-12-31"), "available"),
        day("new", Some("2026-05-02"), "available"),
    ];
    fill_many(&catalogue, listings).await;
    let order = ["new", "c", "d", "old", "undated"];
    let mut seen = Vec::new();
    for offset in 0.. {
        let page = catalogue.browse(&Filters::default(), Page::new(offset, 1).unwrap()).await.unwrap();
        assert_eq!(page.total, order.len());
        seen.extend(page.listings.into_iter().map(|listing| listing.id.to_string()));
        if !page.more {
            break;
        }
    }
    assert_eq!(seen, order);
    let sold = Filters { status: vec![Status::Sold], ..Filters::default() };
    let page = catalogue.browse(&sold, Page::default()).await.unwrap();
    assert_eq!(page.listings.iter().map(|listing| listing.id.as_str()).collect::<Vec<_>>(), ["gone"]);
}

#[tokio::test]
async fn dealers_and_words_are_counted_and_kept_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    assert!(catalogue.dealers().await.unwrap().is_empty());
    let of = |id: &str, dealer: &str, category: &str, status: &str| {
        listing(id, |json| {
            json["dealer"] = serde_json::json!({"id": dealer.to_lowercase(), "name": dealer});
            json["category"] = category.into();
            json["status"] = status.into();
        })
    };
    let first = [
        (of("1", "Zoe", "ring", "available"), vec![0.0, 1.0]),
        (of("2", "abel", "ring", "reserved"), vec![0.0]),
        (of("3", "Zoe", "brooch", "available"), vec![0.0]),
        (of("4", "Max", "ring", "sold"), vec![0.0]),
    ];
    fill(&catalogue, first).await;
    let dealers = catalogue.dealers().await.unwrap();
    let counted: Vec<(&str, usize)> = dealers.iter().map(|d| (d.dealer.name.as_str(), d.listings)).collect();
    assert_eq!(counted, [("abel", 1), ("Max", 0), ("Zoe", 2)]);
    let facets = catalogue.facets().await.unwrap();
    assert_eq!(facets.category, [("ring".to_owned(), 2), ("brooch".to_owned(), 1)]);
    assert_eq!(facets.stone, [("diamond".to_owned(), 3), ("emerald".to_owned(), 3)]);
    catalogue.delete(&id("3")).await.unwrap();
    assert_eq!(catalogue.facets().await.unwrap().category, [("ring".to_owned(), 2)]);
}

#[tokio::test]
async fn photos_are_served_by_name_and_nothing_else_is() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    let stored = photo(&catalogue, "bytes", at(0.0)).await;
    let path = catalogue.media(stored.media.as_str()).unwrap();
    assert_eq!(fs::read(path).unwrap(), b"bytes");
    for name in ["", "../writer.lock", "writer.lock", &format!("{}.jpg", "0".repeat(64)), &stored.media.as_str()[1..]] {
        assert_eq!(catalogue.media(name), None, "{name}");
    }
}

#[tokio::test]
async fn a_check_finds_what_is_missing_or_changed() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    fill(&catalogue, [(listing("a", |_| {}), vec![0.0, 1.0]), (listing("b", |_| {}), vec![2.0])]).await;
    photo(&catalogue, "named by nothing", at(0.0)).await;
    let whole = catalogue.check().await.unwrap();
    assert!(whole.is_whole(), "{:?}", whole.problems);
    assert_eq!((whole.orphans, whole.orphan_bytes), (1, 16));
    assert_eq!(whole.model, stamp());

    let photos = catalogue.listing(&id("a")).await.unwrap().unwrap().photos;
    let file = |address: &str| catalogue.media(address.strip_prefix("/media/").unwrap()).unwrap();
    fs::remove_file(file(&photos[0])).unwrap();
    fs::write(file(&photos[1]), b"x-1").unwrap();
    let report = catalogue.check().await.unwrap();
    assert_eq!((report.is_whole(), report.problem_count), (false, 2));
    let told = report.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(told.contains("not in the media folder") && told.contains("have changed"), "{told}");
}

#[tokio::test]
async fn a_check_finds_a_damaged_table() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    fill(&catalogue, [(listing("a", |_| {}), vec![0.0])]).await;
    drop(catalogue);
    for entry in fs::read_dir(folder.path().join("photos.lance/data")).unwrap() {
        fs::write(entry.unwrap().path(), b"").unwrap();
    }
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    let report = catalogue.check().await.unwrap();
    assert!(!report.is_whole());
    assert!(report.problems[0].to_string().contains("table cannot be read"), "{:?}", report.problems);
}
