//! What the catalogue's tests share: listings, vectors, pictures, and the tiny model of the encoder's tests.
#![allow(dead_code, reason = "each test file uses its own part of it")]

use catalogue::{Catalogue, EncodedListing, EncodedPhoto, MediaName, ModelStamp, Page};
use domain::{Filters, Listing, Vector};
use encoder::{Bundle, Encoder, EncoderOptions};
use imaging::{Format, Picture};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

pub const DIMENSION: usize = 8;

pub fn stamp() -> ModelStamp {
    ModelStamp { id: "hand-made".into(), digest: "ab".repeat(32), dimension: DIMENSION }
}

/// A listing as a dealer would send it; `change` makes it this test's own.
pub fn listing(id: &str, change: impl FnOnce(&mut serde_json::Value)) -> Listing {
    let mut json = serde_json::json!({
        "id": id, "dealer": {"id": "hartley-bow", "name": "Hartley & Bow"}, "title": format!("Ring {id}"),
        "description": "An emerald ring.", "category": "ring", "period": "Art Deco", "metals": ["platinum"],
        "stones": ["emerald", "diamond"], "motifs": ["geometric"], "price": {"amount": 4250, "currency": "GBP"},
        "status": "available", "listed": "2026-05-01", "url": null, "photos": ["a.jpg"]
    });
    change(&mut json);
    serde_json::from_value::<Listing>(json).unwrap().validate().unwrap()
}

/// The unit vector at an angle (in degrees) in the first two dimensions.
pub fn at(degrees: f32) -> Vector {
    let mut values = vec![0.0; DIMENSION];
    (values[0], values[1]) = (degrees.to_radians().cos(), degrees.to_radians().sin());
    Vector::normalise(values).unwrap()
}

/// A photo of its own for a listing; the bytes need not be a picture, as the table never looks at them.
pub async fn photo(catalogue: &Catalogue, of: &str, vector: Vector) -> EncodedPhoto {
    let media = catalogue.store_photo(of.as_bytes().to_vec(), Format::Jpeg).await.unwrap();
    EncodedPhoto { media, vector }
}

/// Stores listings with the angles of their photos.
pub async fn fill(catalogue: &Catalogue, listings: impl IntoIterator<Item = (Listing, Vec<f32>)>) {
    let mut encoded = Vec::new();
    for (listing, angles) in listings {
        let mut photos = Vec::new();
        for (number, angle) in angles.into_iter().enumerate() {
            photos.push(photo(catalogue, &format!("{}-{number}", listing.id), at(angle)).await);
        }
        encoded.push(EncodedListing { listing, photos });
    }
    catalogue.upsert(encoded).await.unwrap();
}

/// Stores many listings that share one photo's bytes: quick to write.
pub async fn fill_many(catalogue: &Catalogue, listings: impl IntoIterator<Item = (Listing, Vector)>) {
    let shared: MediaName = catalogue.store_photo(b"shared".to_vec(), Format::Jpeg).await.unwrap();
    let encode =
        |(listing, vector)| EncodedListing { listing, photos: vec![EncodedPhoto { media: shared.clone(), vector }] };
    catalogue.upsert(listings.into_iter().map(encode).collect()).await.unwrap();
}

/// The ids of what words find, looked for at 0 degrees.
pub async fn by_words(catalogue: &Catalogue, words: &str) -> Vec<String> {
    let found = catalogue.search_words(words, &at(0.0), &Filters::default(), Page::default(), &[]).await.unwrap();
    found.hits.into_iter().map(|hit| hit.listing.id.to_string()).collect()
}

/// Numbers that look random and are always the same (xorshift).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// From -1 to 1.
    pub fn roll(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % 20_001) as f32 / 10_000.0 - 1.0
    }

    pub fn vector(&mut self) -> Vector {
        Vector::normalise((0..DIMENSION).map(|_| self.roll()).collect()).unwrap()
    }
}

/// A JPEG that looks unlike that of any other seed.
pub fn jpeg(seed: u32) -> Vec<u8> {
    let (width, height) = (48, 40);
    let value =
        |x: u32, y: u32, c: u32| ((x * (seed % 7 + 1) * 5 + y * (seed % 5 + 1) * 7 + c * seed * 31) % 256) as u8;
    let pixels = (0..height).flat_map(|y| (0..width).flat_map(move |x| (0..3).map(move |c| value(x, y, c)))).collect();
    Picture::new(width, height, pixels).unwrap().to_jpeg(90).unwrap()
}

/// The tiny bundle of the encoder's tests, and its encoder; `None`, and a word why, where there is no ONNX Runtime.
pub fn tiny() -> Option<(Bundle, Arc<Encoder>)> {
    loaded(&fixture("tiny-clip"))
}

/// As [`tiny`], with the locator that finds what is red. Similar begins at a cosine of 0, the same design at 0.9999: what is not the very
/// picture is similar at best.
pub fn finds_red() -> Option<(Bundle, Arc<Encoder>)> {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(fixture("tiny-clip")).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    std::fs::copy(fixture("finds-red.onnx"), folder.path().join("locator.onnx")).unwrap();
    let section = std::fs::read_to_string(fixture("finds-red.toml")).unwrap();
    let manifest = folder.path().join("model.toml");
    let before = std::fs::read_to_string(&manifest).unwrap();
    let finer = before
        .replace("same_piece = 0.98", "same_piece = 0.9999")
        .replace("same_design = 0.9", "same_design = 0.9999")
        .replace("similar = 0.5", "similar = 0.0");
    std::fs::write(&manifest, finer + &section).unwrap();
    loaded(folder.path())
}

fn fixture(name: &str) -> PathBuf {
    std::env::current_dir().unwrap().join("../encoder/tests/fixtures").join(name)
}

fn loaded(folder: &Path) -> Option<(Bundle, Arc<Encoder>)> {
    let bundle = Bundle::open(folder).unwrap();
    if std::env::var_os("ORT_DYLIB_PATH").is_none() {
        eprintln!("skipped: set ORT_DYLIB_PATH (scripts/env.sh does)");
        assert!(std::env::var_os("CI").is_none(), "no ONNX Runtime: these tests must not be skipped here");
        return None;
    }
    let encoder = Encoder::load(&bundle, &EncoderOptions { threads: 1, ..EncoderOptions::default() }).unwrap();
    Some((bundle, Arc::new(encoder)))
}

/// Writes the lines of a file of listings.
pub fn write_lines(folder: &Path, name: &str, lines: &[String]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, lines.join("\n")).unwrap();
    path
}
