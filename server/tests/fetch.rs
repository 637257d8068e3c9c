//! `vitrine model fetch`, from a web server of one's own: whole or not at all, and never another bundle than was meant.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that cannot go on should say where

mod support;

use axum::{Router, extract::Request, middleware};
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex},
};
use support::{
    bench::{Bench, code, complaints, printed},
    tiny_clip,
};
use tower_http::services::ServeDir;

/// Serves a folder, and remembers what was asked for.
struct Shelf {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
    _runtime: tokio::runtime::Runtime,
}

impl Shelf {
    fn open(folder: &Path) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = asked.clone();
        let remember = middleware::from_fn(move |request: Request, next: middleware::Next| {
            seen.lock().unwrap().push(request.uri().path().to_owned());
            next.run(request)
        });
        let router = Router::new().fallback_service(ServeDir::new(folder)).layer(remember);
        runtime.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, asked, _runtime: runtime }
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

/// A copy of the tiny bundle on the shelf, in `tiny/`, and the digest of its manifest.
fn shelve(bench: &Bench) -> String {
    let copy = bench.path("shelf/tiny");
    fs::create_dir_all(&copy).unwrap();
    for entry in fs::read_dir(tiny_clip()).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_file() {
            fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
        }
    }
    hex::encode(Sha256::digest(fs::read(copy.join("model.toml")).unwrap()))
}

#[test]
fn a_bundle_is_fetched_by_its_address_or_by_its_name() {
    let bench = Bench::new();
    let digest = shelve(&bench);
    let shelf = Shelf::open(&bench.path("shelf"));
    let from = format!("{}/tiny", shelf.url);
    let fetched = bench.vitrine(&["model", "fetch", "mine", "--from", &from]);
    assert_eq!(code(&fetched), 0, "{}", complaints(&fetched));
    assert!(complaints(&fetched).contains(&digest), "{}", complaints(&fetched));
    // Nobody watches a bar here: a line for each file says what is under way.
    assert!(complaints(&fetched).contains("Fetching image.onnx, "), "{}", complaints(&fetched));
    let verified = bench.vitrine(&["model", "verify", "mine"]);
    assert_eq!(code(&verified), 0, "{}", complaints(&verified));
    let left: Vec<_> = fs::read_dir(bench.path("models")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["mine"]);
    // Once is enough.
    shelf.asked();
    assert!(printed(&bench.vitrine(&["model", "fetch", "mine", "--from", &from])).contains("here already"));
    assert!(shelf.asked().is_empty());

    let sources = format!("[shop]\nurl = \"{from}/\"\ndigest = \"{}\"\n", digest.to_uppercase());
    fs::write(bench.path("models/sources.toml"), sources).unwrap();
    let fetched = bench.vitrine(&["model", "fetch", "shop"]);
    assert_eq!(code(&fetched), 0, "{}", complaints(&fetched));
    assert!(bench.path("models/shop/image.onnx").exists());
}

#[test]
fn another_bundle_than_was_meant_is_not_taken() {
    let bench = Bench::new();
    let digest = shelve(&bench);
    let shelf = Shelf::open(&bench.path("shelf"));
    let from = format!("{}/tiny/", shelf.url);
    let other = bench.vitrine(&["model", "fetch", "mine", "--from", &from, "--digest", &"0".repeat(64)]);
    assert_eq!(code(&other), 1);
    assert!(complaints(&other).contains(&digest), "{}", complaints(&other));

    let words = bench.path("shelf/tiny/tokenizer.json");
    let whole = fs::read(&words).unwrap();
    fs::write(&words, &whole[..whole.len() - 1]).unwrap();
    let fetch = ["model", "fetch", "mine", "--from", &from, "--digest", &digest];
    let damaged = bench.vitrine(&fetch);
    assert_eq!(code(&damaged), 1);
    let said = complaints(&damaged);
    assert!(said.contains("tokenizer.json") && said.contains("SHA-256"), "{said}");
    assert!(!bench.path("models/mine").exists());

    // Put right, the same command goes on: what had arrived is not fetched again.
    fs::write(&words, whole).unwrap();
    shelf.asked();
    let fetched = bench.vitrine(&fetch);
    assert_eq!(code(&fetched), 0, "{}", complaints(&fetched));
    let asked = shelf.asked();
    assert!(asked.contains(&"/tiny/tokenizer.json".to_owned()), "{asked:?}");
    assert!(!asked.contains(&"/tiny/image.onnx".to_owned()), "{asked:?}");
    assert_eq!(code(&bench.vitrine(&["model", "verify", "mine"])), 0);
}

#[test]
fn what_cannot_be_fetched_is_said_with_a_way_on() {
    let bench = Bench::new();
    shelve(&bench);
    let shelf = Shelf::open(&bench.path("shelf"));
    let nowhere = format!("{}/nowhere", shelf.url);
    for (arguments, said) in [
        (vec!["model", "fetch", "siglip-base"], "--from https://"),
        (vec!["model", "fetch", "mine", "--from", nowhere.as_str()], "there is no"),
        (vec!["model", "fetch", "mine", "--from", "file:///tmp"], "use http or https"),
        (vec!["model", "fetch", "mine", "--from", "http://127.0.0.1:1/"], "cannot fetch http://127.0.0.1:1/model.toml"),
        (vec!["model", "fetch", "../mine", "--from", nowhere.as_str()], "a bundle's name"),
    ] {
        let output = bench.vitrine(&arguments);
        assert_eq!(code(&output), 1, "{arguments:?}");
        assert!(complaints(&output).contains(said), "{arguments:?}: {}", complaints(&output));
    }
    assert!(!bench.path("models/mine").exists());
}
