//! The built binary from the command line: what it prints, what it leaves behind, how it ends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

mod support;

use serde_json::json;
use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::Stdio,
};
use support::{
    bench::{Bench, code, complaints, line, parsed, printed},
    listing, photo, root, tiny_clip, tiny_open_clip,
};

#[test]
fn ingest_takes_everything_in_and_says_so() {
    let bench = Bench::new();
    bench.write_listings(&[line("A"), line("B"), line("C")]);
    let output = bench.vitrine(&["ingest", "listings.jsonl", "--json"]);
    assert_eq!(code(&output), 0, "{}", complaints(&output));
    let report = parsed(&output);
    assert_eq!(
        (&report["listings"], &report["photos"]["encoded"], &report["skipped_count"]),
        (&json!(3), &json!(3), &json!(0))
    );
    let again = parsed(&bench.vitrine(&["ingest", "listings.jsonl", "--json"]));
    assert_eq!((&again["unchanged"], &again["photos"]["encoded"]), (&json!(3), &json!(0)), "nothing is encoded twice");
}

#[test]
fn a_large_ingest_ends_with_upkeep_and_a_small_one_when_told() {
    let bench = Bench::new();
    bench.write_listings(&[line("A"), line("B")]);
    assert_eq!(parsed(&bench.vitrine(&["ingest", "listings.jsonl", "--json"]))["upkeep"], false);
    let output = bench.vitrine(&["ingest", "listings.jsonl", "--json", "--upkeep", "always"]);
    assert_eq!(parsed(&output)["upkeep"], true, "{}", complaints(&output));
    let many: Vec<String> = (0..500)
        .map(|number| {
            let mut listing = listing(&format!("L-{number}"));
            listing["photos"] = json!(["A.jpg"]);
            listing.to_string()
        })
        .collect();
    bench.write_listings(&[vec![line("A")], many].concat());
    let output = bench.vitrine(&["ingest", "listings.jsonl", "--json"]);
    assert_eq!(parsed(&output)["upkeep"], true, "{}", complaints(&output));
}

#[test]
fn a_line_that_cannot_be_used_is_told_and_the_rest_goes_in() {
    let bench = Bench::new();
    fs::write(bench.path("secret.jpg"), photo(9)).unwrap();
    fs::write(bench.path("photos/text.jpg"), "not a picture").unwrap();
    let with_photo = |id: &str, path: &str| {
        let mut listing = listing(id);
        listing["photos"] = json!([path]);
        listing.to_string()
    };
    bench.write_listings(&[
        line("A"),
        "{\"id\":\"broken\",".into(),
        with_photo("climbs", "../secret.jpg"),
        with_photo("text", "text.jpg"),
        with_photo("gone", "gone.jpg"),
        line("B"),
    ]);
    let output = bench.vitrine(&["ingest", "listings.jsonl", "--json"]);
    assert_eq!(code(&output), 2, "{}", complaints(&output));
    let report = parsed(&output);
    assert_eq!(report["listings"], 2);
    let lines: Vec<u64> = report["skipped"].as_array().unwrap().iter().map(|s| s["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [2, 3, 4, 5]);
    for (line, reason) in
        [(2, "line 2"), (3, "out of the photos folder"), (4, "JPEG, PNG or WebP"), (5, "no such file")]
    {
        assert!(complaints(&output).contains(reason), "line {line}: {}", complaints(&output));
    }
}

#[test]
fn ingest_fails_with_a_sentence_where_there_is_nothing_to_read() {
    let bench = Bench::new();
    let output = bench.vitrine(&["ingest", "nowhere.jsonl"]);
    assert_eq!(code(&output), 1);
    assert!(
        complaints(&output).starts_with("vitrine: cannot read the listings in nowhere.jsonl"),
        "{}",
        complaints(&output)
    );
    bench.write_listings(&[line("A")]);
    let output = bench.vitrine(&["ingest", "listings.jsonl", "--photos", "elsewhere"]);
    assert_eq!(code(&output), 1);
    assert!(complaints(&output).contains("elsewhere"), "{}", complaints(&output));
}

#[test]
fn search_finds_a_piece_by_its_photo_and_by_words() {
    let bench = Bench::stocked();
    let answer = parsed(&bench.vitrine(&["search", "--photo", "photos/B.jpg", "--json"]));
    assert_eq!(answer["hits"][0]["listing"]["id"], "B");
    let table = bench.vitrine(&["search", "--text", "emerald ring", "--filter", "category=ring", "--limit", "2"]);
    assert_eq!(code(&table), 0, "{}", complaints(&table));
    assert_eq!(printed(&table).lines().count(), 3, "{}", printed(&table));
    assert!(printed(&table).contains("£4,250"), "{}", printed(&table));
    let none = bench.vitrine(&["search", "--text", "ring", "--filter", "category=brooch"]);
    assert!(printed(&none).contains("Nothing matches"), "{}", printed(&none));
}

#[test]
fn search_says_what_cannot_be_used() {
    let bench = Bench::stocked();
    fs::write(bench.path("text.jpg"), "not a picture").unwrap();
    for (arguments, reason) in [
        (vec!["search", "--photo", "text.jpg"], "not a JPEG, PNG or WebP"),
        (vec!["search", "--photo", "gone.jpg"], "gone.jpg"),
        (vec!["search", "--text", "ring", "--filter", "colour=red"], "colour"),
        (vec!["search", "--text", "ring", "--limit", "0"], "limit"),
        (vec!["search", "--text", "ring", "--data", "mistyped"], "mistyped"),
        (vec!["search", "--text", "ring", "--model", "mistyped"], "mistyped"),
    ] {
        let output = bench.vitrine(&arguments);
        assert_eq!(code(&output), 1, "{arguments:?}");
        let said = complaints(&output);
        assert!(said.starts_with("vitrine: cannot") && said.contains(reason), "{arguments:?}: {said}");
        assert!(!bench.path("mistyped").exists());
    }
}

#[test]
fn evaluate_prints_the_figures_of_the_design() {
    let bench = Bench::stocked();
    let queries = [
        json!({"kind": "photo", "photos": ["photos/A.jpg"], "text": null, "filters": {}, "relevant": ["A"]}),
        json!({"kind": "photo", "photos": ["photos/B.jpg"], "relevant": ["B"]}),
        json!({"kind": "wrong", "photos": ["photos/C.jpg"], "relevant": ["nowhere"]}),
    ];
    fs::write(bench.path("queries.jsonl"), queries.map(|query| query.to_string()).join("\n")).unwrap();
    let output = bench.vitrine(&["evaluate", "queries.jsonl", "--json", "--report", "report.html"]);
    assert_eq!(code(&output), 0, "{}", complaints(&output));
    let figures = parsed(&output);
    assert_eq!(figures["queries"], 3);
    assert_eq!(figures["kinds"]["photo"]["recall"], json!({"1": 1.0, "5": 1.0, "10": 1.0}));
    assert_eq!(figures["kinds"]["wrong"]["mrr"], 0.0);
    assert_eq!(figures["recall"]["1"], 0.6667);
    assert!(figures["latency_ms"]["p95"].as_f64().unwrap() > 0.0);
    assert!(complaints(&output).contains("nowhere (line 3)"), "{}", complaints(&output));
    assert_eq!(figures["kinds"]["photo"]["precision"]["1"], 1.0);
    let report = fs::read_to_string(bench.path("report.html")).unwrap();
    assert!(report.contains("data:image/jpeg;base64,") && report.contains("Line 3"));
    assert!(report.contains("<svg") && report.contains("same piece"));
    let table = printed(&bench.vitrine(&["evaluate", "queries.jsonl"]));
    assert!(table.contains("recall@10") && table.lines().count() == 4, "{table}");
}

#[test]
fn evaluate_tells_how_well_pieces_are_located() {
    let bench = Bench::new();
    let model = bench.locating();
    bench.write_listings(&[line("A")]);
    // Red from the middle to the lower right corner; and nothing red.
    for (name, red) in [("red.jpg", true), ("grey.jpg", false)] {
        let pixel = |x: u32, y: u32| if red && x >= 160 && y >= 160 { [220, 20, 20] } else { [120, 130, 130] };
        let pixels = (0..320).flat_map(|y| (0..320).flat_map(move |x| pixel(x, y))).collect();
        fs::write(bench.path(name), imaging::Picture::new(320, 320, pixels).unwrap().to_jpeg(90).unwrap()).unwrap();
    }
    let queries = [
        json!({"kind": "found", "photos": ["red.jpg"], "boxes": [[0.5, 0.5, 1.0, 1.0]], "relevant": ["A"]}),
        json!({"kind": "not found", "photos": ["grey.jpg"], "boxes": [[0.5, 0.5, 1.0, 1.0]], "relevant": ["A"]}),
        json!({"kind": "unknown", "photos": ["red.jpg"], "relevant": ["A"]}),
    ];
    fs::write(bench.path("queries.jsonl"), queries.map(|query| query.to_string()).join("\n")).unwrap();
    let vitrine = |arguments: &[&str]| {
        let output = bench.vitrine(&[&["--model", &model], arguments].concat());
        assert_eq!(code(&output), 0, "{}", complaints(&output));
        output
    };
    vitrine(&["ingest", "listings.jsonl"]);
    let figures = parsed(&vitrine(&["evaluate", "queries.jsonl", "--json", "--report", "report.html"]));
    let found = &figures["kinds"]["found"]["locator"];
    assert!(found["iou"].as_f64().unwrap() > 0.8 && found["unsure"] == 0.0, "{figures}");
    assert_eq!(figures["kinds"]["not found"]["locator"], json!({"pictures": 1, "iou": 0.25, "unsure": 1.0}));
    assert!(figures["kinds"]["unknown"].get("locator").is_none());
    assert_eq!(figures["locator"]["pictures"], 2);
    assert!(printed(&vitrine(&["evaluate", "queries.jsonl"])).contains("box IoU"));
    assert!(fs::read_to_string(bench.path("report.html")).unwrap().contains("0.250"));
}

#[test]
fn evaluate_leaves_a_query_s_own_listing_out_and_looks_as_deep_as_told() {
    let bench = Bench::stocked();
    let own = json!({"kind": "photo", "photos": ["photos/A.jpg"], "relevant": ["B"], "except": ["A"]});
    fs::write(bench.path("queries.jsonl"), own.to_string()).unwrap();
    let found = parsed(&bench.vitrine(&["evaluate", "queries.jsonl", "--json"]));
    // B is found, whatever its place: only A itself is left out.
    assert!(found["mrr"].as_f64().unwrap() > 0.0, "{found}");
    let shallow = json!({"kind": "photo", "photos": ["photos/A.jpg"], "relevant": ["A", "B"]});
    fs::write(bench.path("queries.jsonl"), shallow.to_string()).unwrap();
    let found = parsed(&bench.vitrine(&["evaluate", "queries.jsonl", "--json", "--depth", "1"]));
    assert_eq!((&found["map"], &found["recall"]["10"]), (&json!(0.5), &json!(0.5)));
    let refused = bench.vitrine(&["evaluate", "queries.jsonl", "--depth", "0"]);
    assert!(code(&refused) != 0 && complaints(&refused).contains("1 to 1000"), "{}", complaints(&refused));
}

#[test]
fn a_query_without_its_photo_is_an_error_with_its_line() {
    let bench = Bench::stocked();
    fs::write(
        bench.path("queries.jsonl"),
        "{\"kind\":\"photo\",\"photos\":[\"photos/A.jpg\"],\"relevant\":[\"A\"]}\n{\"kind\":\"photo\",\"photos\":[\"gone.jpg\"],\"relevant\":[\"A\"]}\n",
    )
    .unwrap();
    let output = bench.vitrine(&["evaluate", "queries.jsonl", "--json"]);
    assert_eq!(code(&output), 1);
    assert!(
        complaints(&output).contains("line 2") && complaints(&output).contains("gone.jpg"),
        "{}",
        complaints(&output)
    );
    assert_eq!(printed(&output), "");
}

#[test]
fn check_says_whole_until_something_is_not() {
    let bench = Bench::stocked();
    let output = bench.vitrine(&["check"]);
    assert_eq!(code(&output), 0, "{}", complaints(&output));
    assert!(printed(&output).contains("Everything is whole."));
    let report = parsed(&bench.vitrine(&["check", "--json"]));
    assert_eq!((&report["whole"], &report["photos"]), (&json!(true), &json!(3)));
    let damaged = first_file(&bench.path("data/media"));
    fs::write(&damaged, b"rotten").unwrap();
    let output = bench.vitrine(&["check"]);
    assert_eq!(code(&output), 1);
    assert!(
        printed(&output).contains("PROBLEM") && !printed(&output).contains("Everything is whole"),
        "{}",
        printed(&output)
    );
}

fn first_file(folder: &Path) -> PathBuf {
    let entry = fs::read_dir(folder).unwrap().next().expect("not empty").unwrap().path();
    if entry.is_dir() { first_file(&entry) } else { entry }
}

#[test]
fn maintain_leaves_everything_to_be_found() {
    let bench = Bench::stocked();
    let output = bench.vitrine(&["maintain", "--json"]);
    assert_eq!(code(&output), 0, "{}", complaints(&output));
    assert!(parsed(&output)["files_merged"].is_number());
    assert_eq!(
        parsed(&bench.vitrine(&["search", "--photo", "photos/C.jpg", "--json"]))["hits"][0]["listing"]["id"],
        "C"
    );
}

#[test]
fn model_lists_shows_and_verifies_bundles() {
    let bench = Bench::new();
    let models = root().join("crates/encoder/tests/fixtures");
    let models = models.to_str().unwrap();
    let list = bench.vitrine(&["model", "list", "--models", models]);
    assert!(printed(&list).contains("tiny-clip") && printed(&list).contains("tiny-open-clip"), "{}", printed(&list));
    let shown = parsed(&bench.vitrine(&["model", "show", "tiny-clip", "--models", models, "--json"]));
    assert!(shown["dimension"].is_number());
    let verified = bench.vitrine(&["model", "verify", "tiny-clip", "--models", models]);
    assert_eq!(code(&verified), 0, "{}", complaints(&verified));
}

#[test]
fn a_bundle_with_a_changed_file_is_refused() {
    let bench = Bench::new();
    let copy = bench.path("models/changed");
    fs::create_dir_all(&copy).unwrap();
    for entry in fs::read_dir(tiny_clip()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
    }
    let mut graph = fs::OpenOptions::new().append(true).open(copy.join("image.onnx")).unwrap();
    graph.write_all(b"one byte more").unwrap();
    bench.write_listings(&[line("A")]);
    for arguments in [vec!["model", "verify", "changed"], vec!["ingest", "listings.jsonl", "--model", "changed"]] {
        let output = bench.vitrine(&arguments);
        assert_eq!(code(&output), 1, "{arguments:?}");
        assert!(complaints(&output).contains("SHA-256"), "{}", complaints(&output));
    }
    assert!(!bench.path("data").exists(), "nothing is begun with a bundle that is not whole");
}

#[test]
fn a_table_of_another_model_is_refused_and_left_alone() {
    let bench = Bench::stocked();
    let other = tiny_open_clip();
    let other = other.to_str().unwrap();
    for arguments in [
        vec!["serve", "--address", "127.0.0.1:0", "--model", other],
        vec!["search", "--text", "ring", "--model", other],
        vec!["ingest", "listings.jsonl", "--model", other],
    ] {
        let output = bench.vitrine(&arguments);
        assert_eq!(code(&output), 1, "{arguments:?}");
        assert!(complaints(&output).contains("was made with the model"), "{}", complaints(&output));
    }
    assert_eq!(code(&bench.vitrine(&["check"])), 0, "nothing is lost");
}

#[test]
fn a_command_line_that_is_not_understood_ends_with_64() {
    let bench = Bench::new();
    for arguments in [vec!["sell"], vec!["search", "--weight", "7"], vec!["ingest"], vec!["serve", "--address", "here"]]
    {
        assert_eq!(code(&bench.vitrine(&arguments)), 64, "{arguments:?}");
    }
    let help = bench.vitrine(&["--help"]);
    assert_eq!(code(&help), 0);
    for command in ["serve", "ingest", "search", "evaluate", "model", "maintain", "check"] {
        assert!(printed(&help).contains(command), "{command}");
    }
}

#[test]
fn a_mistyped_setting_is_an_error_that_names_it() {
    let bench = Bench::new();
    fs::write(bench.path("vitrine.toml"), "[site]\nadress = \"127.0.0.1:3000\"\n").unwrap();
    let output = bench.vitrine(&["model", "list"]);
    assert_eq!(code(&output), 1);
    assert!(complaints(&output).contains("adress"), "{}", complaints(&output));
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let bench = Bench::stocked();
    let mut child = bench
        .command(&["search", "--text", "ring", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success(), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}
