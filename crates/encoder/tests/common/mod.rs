//! What the integration tests share: the fixtures, and ONNX Runtime.
//!
//! The fixtures are small models with random weights, built by scripts/encoder-fixtures/make.py with the reference
//! implementations, and beside each what the reference made of the same pictures and texts.
#![allow(dead_code, clippy::unwrap_used)] // Each test binary uses a part of this; tests may unwrap.

use encoder::{Bundle, Device, Encoder, EncoderOptions};
use imaging::Picture;
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The bundles: Hugging Face's CLIP, OpenCLIP, Hugging Face's SigLIP.
pub const BUNDLES: [&str; 3] = ["tiny-clip", "tiny-open-clip", "tiny-siglip"];

/// A path under tests/fixtures.
pub fn fixture(name: &str) -> PathBuf {
    std::env::current_dir().unwrap().join("tests/fixtures").join(name)
}

/// A checked bundle.
pub fn bundle(name: &str) -> Bundle {
    Bundle::open(&fixture(name)).unwrap()
}

/// A loaded bundle, on the CPU. Fails, and says what to do, where ONNX Runtime is not installed.
pub fn encoder(name: &str) -> Arc<Encoder> {
    let options = EncoderOptions { device: Device::Cpu, threads: 1, ..EncoderOptions::default() };
    match Encoder::load(&bundle(name), &options) {
        Ok(encoder) => Arc::new(encoder),
        Err(error) => panic!("{error}\n(source scripts/env.sh before `cargo test`, or run ./test)"),
    }
}

/// The pictures that the reference was given, by name.
pub fn pictures() -> Vec<(String, Picture)> {
    inputs().pictures.into_iter().map(|name| (name.clone(), picture(&name))).collect()
}

/// One of them.
pub fn picture(name: &str) -> Picture {
    imaging::decode(&fs::read(fixture("pictures").join(name).with_extension("png")).unwrap()).unwrap()
}

/// The texts that the reference was given, by name.
pub fn texts() -> Vec<(String, String)> {
    inputs().texts.into_iter().map(|text| (text.name, text.text.repeat(text.times))).collect()
}

/// What the reference made of them.
#[derive(Deserialize)]
pub struct Expected {
    /// Token ids, by text.
    pub tokens: BTreeMap<String, Vec<i64>>,
    /// Vectors of pictures, of length 1.
    pub pictures: BTreeMap<String, Vec<f32>>,
    /// Vectors of texts, of length 1.
    pub texts: BTreeMap<String, Vec<f32>>,
}

pub fn expected(bundle: &str) -> Expected {
    json(&fixture(bundle).join("expected.json"))
}

pub fn json<T: for<'a> Deserialize<'a>>(path: &Path) -> T {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// Little-endian float32s, one tensor after the other.
pub fn tensors(path: &Path, length: usize) -> Vec<Vec<f32>> {
    let bytes = fs::read(path).unwrap();
    let (numbers, rest) = bytes.as_chunks::<4>();
    assert!(rest.is_empty() && numbers.len() % length == 0, "{} is cut off", path.display());
    let numbers: Vec<f32> = numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    numbers.chunks_exact(length).map(<[f32]>::to_vec).collect()
}

/// A copy of a bundle whose manifest has been changed; digests are left alone.
pub fn altered(name: &str, change: impl Fn(String) -> String) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(fixture(name)).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    let manifest = copy.path().join("model.toml");
    let before = fs::read_to_string(&manifest).unwrap();
    let after = change(before.clone());
    assert_ne!(before, after, "the change changes nothing");
    fs::write(&manifest, after).unwrap();
    copy
}

#[derive(Deserialize)]
struct Inputs {
    pictures: Vec<String>,
    texts: Vec<Text>,
}

#[derive(Deserialize)]
struct Text {
    name: String,
    text: String,
    #[serde(default = "once")]
    times: usize,
}

fn once() -> usize {
    1
}

fn inputs() -> Inputs {
    json(&fixture("inputs.json"))
}
