//! What the dealer's bench saves is what the command line takes: listings by `ingest`, confirmations by `evaluate`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

mod support;

use app::bench::{House, Record, csv, jsonl, queries};
use std::fs;
use support::{
    bench::{Bench, code, complaints, parsed},
    photo,
};

/// Pieces as a dealer may have left them, with everything in their words that could break a file.
fn pieces() -> Vec<Record> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    vec![
        Record {
            id: "HB-1042".into(),
            title: "\"Art Deco\" emerald ring, 5½\" long".into(),
            price: "4250.50".into(),
            category: "ring".into(),
            period: "Art Deco".into(),
            metals: words(&["platinum", "yellow gold"]),
            stones: words(&["emerald"]),
            motifs: words(&[]),
            photos: words(&["tray 1/HB-1042-1.jpg", "tray 1/HB-1042-2.jpg"]),
        },
        Record {
            id: "HB-1043".into(),
            title: "Broche \\ d’été".into(),
            price: String::new(),
            category: "brooch".into(),
            period: String::new(),
            metals: words(&[]),
            stones: words(&[]),
            motifs: words(&["leaf"]),
            photos: words(&["HB-1043.jpg"]),
        },
    ]
}

fn folder() -> Bench {
    let bench = Bench::new();
    fs::create_dir(bench.path("photos/tray 1")).unwrap();
    for (n, name) in ["tray 1/HB-1042-1.jpg", "tray 1/HB-1042-2.jpg", "HB-1043.jpg"].into_iter().enumerate() {
        fs::write(bench.path("photos").join(name), photo(n as u8 + 20)).unwrap();
    }
    bench
}

#[test]
fn csv_and_jsonl_are_taken_in_whole_and_say_the_same() {
    let house = House { id: "hartley-bow".into(), name: "Hartley, \"Bow\" & Co".into(), currency: "EUR".into() };
    let bench = folder();
    for (name, text) in [("pieces.csv", csv(&house, &pieces())), ("pieces.jsonl", jsonl(&house, &pieces()))] {
        fs::write(bench.path(name), text).unwrap();
        let output = bench.vitrine(&["ingest", name, "--photos", "photos", "--json"]);
        assert_eq!(code(&output), 0, "{name}: {}", complaints(&output));
        let report = parsed(&output);
        assert_eq!(report["skipped_count"], 0, "{report}");
        assert!(report["ignored_columns"].as_array().is_none_or(|ignored| ignored.is_empty()), "{report}");
        // The second file says word for word what the first did.
        let (taken, unchanged) = if name == "pieces.csv" { (2, 0) } else { (0, 2) };
        assert_eq!((&report["listings"], &report["unchanged"]), (&taken.into(), &unchanged.into()), "{name}: {report}");
    }
    let found = parsed(&bench.vitrine(&["search", "--text", "HB-1042", "--json"]));
    let listing = &found["hits"][0]["listing"];
    assert_eq!(listing["title"], "\"Art Deco\" emerald ring, 5½\" long");
    assert_eq!((&listing["price"]["amount"], &listing["price"]["currency"]), (&4250.5.into(), &"EUR".into()));
    assert_eq!(listing["dealer"]["name"], "Hartley, \"Bow\" & Co");
    assert_eq!((listing["metals"].as_array().unwrap().len(), listing["photos"].as_array().unwrap().len()), (2, 2));
}

#[test]
fn confirmations_are_queries_that_measure_the_shop() {
    let bench = Bench::stocked();
    let confirmed =
        [(vec!["A.jpg".to_owned()], "A".to_owned()), (vec!["B.jpg".to_owned(), "B.jpg".to_owned()], "B".to_owned())];
    // Kept beside the photos, as the page says.
    fs::write(bench.path("photos/queries.jsonl"), queries(&confirmed)).unwrap();
    let output = bench.vitrine(&["evaluate", "photos/queries.jsonl", "--json"]);
    assert_eq!(code(&output), 0, "{}", complaints(&output));
    let figures = parsed(&output);
    assert_eq!(figures["queries"], 2);
    assert_eq!(figures["kinds"]["bench"]["recall"]["1"], 1.0, "{figures}");
}
