//! What words mean is read off listings' own fields: those of which it is true come first, nearest first, and nothing else is left out.
#![allow(clippy::type_complexity, clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

mod common;

use catalogue::{Catalogue, Ingest, MaintainOptions, ModelStamp, Page, Query, SearchService};
use common::{Dice, at, by_words, fill, fill_many, jpeg, listing, stamp, tiny, write_lines};
use domain::{Answer, Filters, Listing, Status, Verdict};
use encoder::{EncoderQueue, QueueOptions};
use serde_json::json;
use std::collections::HashSet;
use tempfile::TempDir;

/// A listing that says nothing in its texts of what its fields hold.
fn piece(id: &str, category: &str, period: &str, metal: &str, stones: &[&str], motif: &str) -> Listing {
    listing(id, |json| {
        json["title"] = json!(format!("Lot {id}"));
        json["description"] = json!("With its case.");
        json["category"] = json!(category);
        json["period"] = json!(period);
        json["metals"] = json!([metal]);
        json["stones"] = json!(stones);
        json["motifs"] = if motif.is_empty() { json!([]) } else { json!([motif]) };
    })
}

/// Six pieces, the later the further from what is looked for (0 degrees).
async fn stocked(folder: &std::path::Path) -> Catalogue {
    let catalogue = Catalogue::open(folder, &stamp()).await.unwrap();
    let pieces = [
        (piece("a", "brooch", "Edwardian", "platinum", &["diamond"], "bow"), vec![5.0]),
        (piece("b", "ring", "Victorian", "18ct yellow gold", &["emerald"], ""), vec![20.0]),
        (piece("c", "ring", "Art Deco", "white gold", &["old-cut diamond", "emerald"], "geometric"), vec![30.0]),
        (piece("d", "ring", "Art Deco", "platinum", &["jade"], "fan"), vec![40.0, 80.0]),
        (piece("e", "brooch", "Art Deco", "silver", &[], "snake"), vec![50.0]),
        (piece("f", "pendant", "Art Deco", "platinum", &["jade"], "fan"), vec![60.0]),
    ];
    fill(&catalogue, pieces).await;
    catalogue
}

#[tokio::test]
async fn pieces_of_which_it_is_true_come_first_and_the_rest_by_looks() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = stocked(folder.path()).await;
    for indexed in [false, true] {
        if indexed {
            catalogue.maintain_with(MaintainOptions { scalar_index_from: 1, vector_index_from: 1 }).await.unwrap();
        }
        for (words, order) in [
            ("1920s ring, green stone", "cdabef"),
            ("twenties ring with a green stone", "cdabef"),
            ("gold ring", "bcadef"), // white gold says "gold", too
            ("white metal brooch without stones", "eabcdf"),
            ("snake pin", "eabcdf"),
            ("necklace, fan", "fdabce"), // the other fan says so
            ("diamonds", "acbdef"),
            ("art deco, not a ring", "efabcd"),
            ("Lot d, a ring", "dbcaef"),
        ] {
            assert_eq!(by_words(&catalogue, words).await.concat(), order, "{words}, indexed: {indexed}");
        }
    }
}

#[tokio::test]
async fn what_is_true_of_a_piece_says_so_and_filters_still_hold() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = stocked(folder.path()).await;
    let found = catalogue.search_words("jade", &at(0.0), &Filters::default(), Page::default(), &[]).await.unwrap();
    let says: Vec<bool> = found.hits.iter().map(|hit| hit.says_so).collect();
    assert_eq!(says, [true, true, false, false, false, false]);
    let rings = Filters { category: vec![domain::Category::Ring], ..Filters::default() };
    let found = catalogue.search_words("jade", &at(0.0), &rings, Page::default(), &[]).await.unwrap();
    let ids: String = found.hits.iter().map(|hit| hit.listing.id.as_str()).collect();
    assert_eq!(ids, "dbc");
}

#[tokio::test]
async fn pages_of_what_was_understood_fit_together() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    let mut dice = Dice::new(7);
    let pieces = (0..700).map(|n| {
        let metal = if n % 2 == 0 { "silver" } else { "copper" };
        (piece(&format!("l-{n}"), "ring", "Retro", metal, &[], ""), dice.vector())
    });
    fill_many(&catalogue, pieces.collect::<Vec<_>>()).await;
    let (mut seen, mut silver) = (HashSet::new(), Vec::new());
    for page in 0..10 {
        let page = Page::new(page * 70, 70).unwrap();
        let found = catalogue.search_words("silver", &at(0.0), &Filters::default(), page, &[]).await.unwrap();
        assert_eq!(found.hits.len(), 70);
        for hit in found.hits {
            silver.push(hit.listing.metals[0] == "silver");
            assert!(seen.insert(hit.listing.id));
        }
    }
    assert!(silver[..256].iter().all(|is| *is), "as many as a step brings");
}

/// A service over six pieces, in gold and in silver by turns, each with a picture of its own.
async fn shop() -> Option<(TempDir, SearchService)> {
    let (bundle, encoder) = tiny()?;
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(&folder.path().join("data"), &ModelStamp::of(&bundle)).await.unwrap();
    let mut lines = Vec::new();
    for number in 0..6_u32 {
        let metal = if number % 2 == 0 { "yellow gold" } else { "silver" };
        let mut listing = piece(&format!("l-{number}"), "ring", "Retro", metal, &["ruby"], "");
        listing.photos = vec![format!("{number}.jpg")];
        std::fs::write(folder.path().join(&listing.photos[0]), jpeg(number)).unwrap();
        lines.push(serde_json::to_string(&listing).unwrap());
    }
    let file = write_lines(folder.path(), "listings.jsonl", &lines);
    Ingest::new(catalogue.clone(), encoder.clone()).run(&file, folder.path(), &mut |_| {}).await.unwrap();
    let service = SearchService::new(catalogue, EncoderQueue::start(encoder, QueueOptions::default()), &bundle);
    Some((folder, service))
}

async fn beside(service: &SearchService, text: &str, weight: f32) -> Answer {
    let query = Query { photos: vec![jpeg(2)], text: Some(text.into()), weight, beyond: true, ..Query::default() };
    service.search(query).await.unwrap()
}

fn metals(answer: &Answer) -> Vec<&str> {
    answer.hits.iter().map(|hit| hit.listing.metals[0].as_str()).collect()
}

const SILVER_FIRST: [&str; 6] = ["silver", "silver", "silver", "yellow gold", "yellow gold", "yellow gold"];

#[tokio::test]
async fn words_beside_a_picture_bring_the_pieces_that_they_are_true_of_to_the_front() {
    let Some((_folder, service)) = shop().await else { return };
    let plain = service.search(Query { photos: vec![jpeg(2)], beyond: true, ..Query::default() }).await.unwrap();
    assert_eq!((plain.hits[0].listing.id.as_str(), plain.hits[0].verdict), ("l-2", Some(Verdict::SamePiece)));

    for (text, read_as) in [
        ("like this but in silver", vec!["silver"]),
        ("silver instead of yellow gold", vec!["silver", "not yellow gold"]),
        ("not in gold please", vec!["not yellow gold"]),
    ] {
        let told = beside(&service, text, 0.5).await;
        assert_eq!(metals(&told), SILVER_FIRST, "{text}");
        assert_eq!(told.read_as, read_as, "{text}");
        let words = Query { photos: vec![jpeg(2)], text: Some(text.into()), weight: 0.5, ..Query::default() };
        let literal = service.search(Query { literal: true, beyond: true, ..words }).await.unwrap();
        assert!(literal.read_as.is_empty() && literal.hits.iter().map(|hit| hit.score).is_sorted_by(|a, b| a >= b));
        let scores: Vec<f32> = told.hits[..3].iter().map(|hit| hit.score.unwrap()).collect();
        assert!(scores.is_sorted_by(|a, b| a >= b), "{text}: the nearest first, {scores:?}");
        assert!(told.hits[..3].iter().all(|hit| hit.verdict <= Some(Verdict::Similar)), "{text}");
        assert!(
            told.hits[3..].iter().all(|hit| hit.verdict >= Some(Verdict::Similar)),
            "{text}: not what was asked for"
        );
        let link = Query { token: Some(plain.query.token.clone()), text: Some(text.into()), ..Query::default() };
        let again = service.search(Query { beyond: true, ..link }).await.unwrap();
        assert_eq!(metals(&again), SILVER_FIRST, "{text}, by a link");
    }
    // Hardly any weight on the words, or nothing that a field could answer.
    for (text, weight) in [("in silver", 0.1), ("smaller", 0.5)] {
        assert_eq!(beside(&service, text, weight).await.hits[0].listing.id.as_str(), "l-2", "{text}");
    }
}

#[tokio::test]
async fn sold_pieces_stay_left_out_however_true_the_words_are() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = stocked(folder.path()).await;
    let mut sold = piece("g", "ring", "Art Deco", "platinum", &["emerald"], "");
    sold.status = Status::Sold;
    fill(&catalogue, [(sold, vec![0.0])]).await;
    assert_eq!(by_words(&catalogue, "1920s ring, green stone").await.concat(), "cdabef");
}
