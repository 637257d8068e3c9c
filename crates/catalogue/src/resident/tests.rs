//! What is found in memory is what the table finds.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::{Catalogue, EncodedListing, EncodedPhoto, MediaName, ModelStamp, OpenOptions, search::Reach};
use domain::Filters;
use imaging::Format;

pub(super) const DIMENSION: usize = 24;
const METALS: [&str; 3] = ["yellow gold", "silver", "platinum"];
const STONES: [&str; 4] = ["ruby", "emerald", "diamond", "pearl"];

pub(super) fn vector(seed: usize) -> Vector {
    let number = |at: usize| {
        let mixed = ((seed * DIMENSION + at) as u64).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        ((mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    Vector::normalise((0..DIMENSION).map(number).collect()).unwrap()
}

fn listing(number: usize, price: Option<usize>, photos: usize, media: &MediaName) -> EncodedListing {
    let price = price.map(|price| format!(r#""price":{{"amount":{price}}},"#)).unwrap_or_default();
    let json = format!(
        r#"{{"id":"l-{number:05}","dealer":{{"id":"d{}","name":"D"}},"title":"t {number}","category":"{}",{price}
        "period":"{}","metals":["{}"],"stones":["{}","{}"],"status":"{}","photos":["p"]}}"#,
        number % 5,
        ["ring", "brooch"][number % 2],
        ["Art Deco", "Victorian", "Retro"][number % 3],
        METALS[number % 3],
        STONES[number % 4],
        STONES[number / 4 % 4],
        ["available", "reserved", "sold"][number % 7 % 3],
    );
    let photo = |each| EncodedPhoto { media: media.clone(), vector: vector(number * 10 + each) };
    EncodedListing { listing: serde_json::from_str(&json).unwrap(), photos: (0..photos).map(photo).collect() }
}

async fn catalogue(folder: &std::path::Path, in_memory: usize, listings: usize) -> (Catalogue, MediaName) {
    let model = ModelStamp { id: "m".into(), digest: "d".into(), dimension: DIMENSION };
    let options = OpenOptions { in_memory, ..OpenOptions::default() };
    let catalogue = Catalogue::open_with(folder, &model, options).await.unwrap();
    let media = catalogue.store_photo(b"p".to_vec(), Format::Jpeg).await.unwrap();
    let encoded = |number| listing(number, (number % 6 > 0).then_some(number), 1 + number % 3, &media);
    catalogue.upsert((0..listings).map(encoded).collect()).await.unwrap();
    (catalogue, media)
}

fn narrowings() -> Vec<Narrowing> {
    let filters = [
        &[][..],
        &[("status", "sold")],
        &[("status", "sold,available,reserved"), ("category", "ring")],
        &[("metal", "Silver, platinum"), ("stone", "ruby")],
        &[("period", "Retro,Victorian"), ("dealer", "d1,d2,nobody")],
        &[("price_min", "20"), ("price_max", "60")],
        &[("price_max", "100000")],
        &[("motif", "snake")],
    ];
    let of = |pairs: &[(&str, &str)]| {
        let mut filters = Filters::default();
        pairs.iter().for_each(|(key, value)| filters.add(key, value).unwrap());
        Narrowing::of(&filters)
    };
    let mut all: Vec<Narrowing> = filters.into_iter().map(of).collect();
    all.push(Narrowing::default());
    all.push(Narrowing { but_not: vec![ListingId::new("l-00001").unwrap()], ..all[0].clone() });
    all.push(Narrowing { but_not_of: Some("d3".into()), ..all[2].clone() });
    all
}

/// What is found in memory is what the table finds when it compares all rows.
async fn same_as_the_table(catalogue: &Catalogue) {
    let snapshot = catalogue.snapshot().await.unwrap();
    let resident = catalogue.resident(&snapshot).await.unwrap().unwrap();
    for (number, narrowing) in narrowings().iter().enumerate() {
        for count in [7, 1_000] {
            let vector = vector(number * 10 + 5_003);
            let here = resident.nearest(&vector, narrowing, count);
            let there = crate::search::Ground::of_table(snapshot.clone());
            let there = there.nearest(&vector, narrowing, Reach::All, count).await.unwrap();
            assert_eq!(here.len(), there.len(), "{narrowing:?}");
            for ((row, distance), ranked) in here.iter().zip(&there) {
                assert!((1.0 - distance - ranked.score()).abs() < 1e-3, "{narrowing:?}");
                assert!(row.listing().unwrap().is_some());
            }
            if let (7, Some((row, _))) = (count, here.first()) {
                assert_eq!(row.listing().unwrap(), catalogue.listing(&row.id).await.unwrap());
            }
            let here: HashSet<u64> = here.iter().map(|(row, _)| row.place).collect();
            let there: HashSet<u64> = there.iter().map(|found| found.row.place).collect();
            assert!(here.intersection(&there).count() + 1 >= there.len(), "{narrowing:?}");
        }
    }
}

#[tokio::test]
async fn memory_finds_what_the_table_finds_whatever_was_written_since() {
    let folder = tempfile::tempdir().unwrap();
    let (catalogue, media) = catalogue(folder.path(), 1 << 30, 60).await;
    same_as_the_table(&catalogue).await;
    let before = catalogue.resident(&catalogue.snapshot().await.unwrap()).await.unwrap().unwrap();
    // Some are replaced, with fewer photos and other words; some are new; one is gone.
    catalogue.upsert((50..75).map(|number| listing(number, Some(5), 1, &media)).collect()).await.unwrap();
    catalogue.delete(&ListingId::new("l-00003").unwrap()).await.unwrap();
    same_as_the_table(&catalogue).await;
    let after = catalogue.resident(&catalogue.snapshot().await.unwrap()).await.unwrap().unwrap();
    let kept = |id: &u64| before.blocks.get(id).map(|placed| Arc::as_ptr(&placed.block));
    let shared = after.blocks.iter().filter(|(id, placed)| kept(id) == Some(Arc::as_ptr(&placed.block))).count();
    assert!(shared >= 1 && after.blocks.len() > shared, "what was there is not read again, what is new is");
    catalogue.maintain().await.unwrap();
    same_as_the_table(&catalogue).await;
}

#[tokio::test]
async fn what_memory_may_not_hold_is_asked_of_the_table() {
    let folder = tempfile::tempdir().unwrap();
    let (catalogue, _) = catalogue(folder.path(), 60 * 5 * DIMENSION, 60).await;
    assert!(!catalogue.warm().await.unwrap());
    assert!(catalogue.resident(&catalogue.snapshot().await.unwrap()).await.unwrap().is_none());
    let found = catalogue.search(&vector(10), &Filters::default(), crate::Page::first(3), &[]).await.unwrap();
    assert_eq!(found.hits[0].listing.id.as_str(), "l-00001");
}

#[tokio::test]
async fn searches_do_not_wait_while_much_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let (catalogue, _) = catalogue(folder.path(), 1 << 30, AT_ONCE / 2 + 10).await;
    let snapshot = catalogue.snapshot().await.unwrap();
    assert!(catalogue.resident(&snapshot).await.unwrap().is_none());
    let (vector, filters) = (vector(100), Filters::default());
    let mut found = Vec::new();
    for warm in [false, true] {
        if warm {
            assert!(catalogue.warm().await.unwrap());
        }
        let hits = catalogue.search(&vector, &filters, crate::Page::first(5), &[]).await.unwrap().hits;
        found.push(hits.into_iter().map(|hit| hit.listing.id).collect::<Vec<_>>());
    }
    assert!(catalogue.resident(&snapshot).await.unwrap().is_some());
    assert_eq!(found[0], found[1]);
}
