//! Loading a bundle checks its graphs against its manifest; encoding takes whatever it is given.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

mod common;

use common::{altered, encoder, picture, pictures};
use domain::limits;
use encoder::{Bundle, Device, Encoder, EncoderError, EncoderOptions};
use imaging::Picture;
use sha2::{Digest, Sha256};
use std::fs;

fn options() -> EncoderOptions {
    EncoderOptions { device: Device::Cpu, threads: 1, ..EncoderOptions::default() }
}

/// Asserts that a bundle in whose manifest `from` reads `to` opens but does not load, with a message that holds `words`.
fn refused(name: &str, from: &str, to: &str, words: &str) {
    let copy = altered(name, |manifest| manifest.replace(from, to));
    let bundle = Bundle::open(copy.path()).unwrap();
    let error = Encoder::load(&bundle, &options()).expect_err(to);
    assert!(matches!(error, EncoderError::Model(_)), "{to}: {error:?}");
    assert!(error.to_string().contains(words), "{to}: {error}");
}

#[test]
fn a_graph_that_does_not_fit_its_manifest_is_refused() {
    refused("tiny-clip", "dimension = 24", "dimension = 25", "[batch, 25]");
    refused("tiny-clip", "size = 32", "size = 64", "pixel_values");
    refused("tiny-clip", "context_length = 24", "context_length = 32", "input_ids");
    refused(
        "tiny-clip",
        "input = \"pixel_values\"",
        "input = \"pixels\"",
        "no input \"pixels\"; it has \"pixel_values\"",
    );
    refused(
        "tiny-clip",
        "output = \"text_embeds\"",
        "output = \"vector\"",
        "no output \"vector\"; it has \"text_embeds\"",
    );
    refused(
        "tiny-clip",
        "attention_mask = \"attention_mask\"",
        "attention_mask = \"\"",
        "\"attention_mask\" that model.toml does not name",
    );
    refused("tiny-siglip", "attention_mask = \"\"", "attention_mask = \"mask\"", "no input \"mask\"");
}

/// A copy of a bundle with another file, whose digest is right.
fn replaced(file: &str, bytes: &[u8]) -> tempfile::TempDir {
    let old = hex::encode(Sha256::digest(fs::read(common::fixture("tiny-clip").join(file)).unwrap()));
    let copy = altered("tiny-clip", |manifest| manifest.replace(&old, &hex::encode(Sha256::digest(bytes))));
    fs::write(copy.path().join(file), bytes).unwrap();
    copy
}

#[test]
fn files_that_are_no_graph_and_no_tokeniser_are_refused() {
    for (file, bytes) in [
        ("image.onnx", &b"not a graph"[..]),
        ("text.onnx", b""),
        ("tokenizer.json", b"{}"),
        ("tokenizer.json", b"\xff"),
    ] {
        let copy = replaced(file, bytes);
        let error = Encoder::load(&Bundle::open(copy.path()).unwrap(), &options()).unwrap_err();
        assert!(matches!(error, EncoderError::Model(_)), "{file}: {error:?}");
        assert!(error.to_string().contains(file), "{error}");
    }
}

#[test]
fn batches_give_what_single_runs_give() {
    let bundle = common::bundle("tiny-clip");
    let pairs = Encoder::load(&bundle, &EncoderOptions { batch: 2, ..options() }).unwrap();
    let pictures: Vec<Picture> = pictures().into_iter().map(|(_, picture)| picture).collect();
    let together = pairs.pictures(&pictures).unwrap();
    assert_eq!(together.len(), pictures.len());
    for (picture, vector) in pictures.iter().zip(&together) {
        let alone = pairs.pictures(std::slice::from_ref(picture)).unwrap();
        assert!(alone[0].cosine(vector) > 0.99999);
    }
    assert_eq!(pairs.pictures(&[]).unwrap(), []);
    assert_eq!(pairs.texts(&[]).unwrap(), []);
}

#[test]
fn vectors_have_length_one_and_the_bundles_dimension() {
    let encoder = encoder("tiny-siglip");
    let vectors = encoder.texts(&["a gold ring", ""]).unwrap();
    for vector in vectors.iter().chain(&encoder.pictures(&[picture("wide")]).unwrap()) {
        assert_eq!(vector.dimension(), encoder.dimension());
        let length = vector.as_slice().iter().map(|v| v * v).sum::<f32>().sqrt();
        assert!((length - 1.0).abs() < 1e-5, "{length}");
    }
    assert!(vectors[0].cosine(&vectors[1]) < 0.99);
    assert_eq!(encoder.device(), Device::Cpu);
}

#[test]
fn a_ribbon_of_a_picture_is_encoded_all_the_same() {
    let encoder = encoder("tiny-clip");
    for (width, height) in [(limits::PICTURE_SIDE, 1), (1, limits::PICTURE_SIDE), (1, 1)] {
        let pixels = (0..3 * width * height).map(|n| n as u8).collect();
        let ribbon = Picture::new(width, height, pixels).unwrap();
        assert_eq!(encoder.pictures(&[ribbon]).unwrap().len(), 1, "{width} x {height}");
    }
}

#[test]
fn a_text_beyond_the_limit_is_the_senders_fault() {
    let encoder = encoder("tiny-clip");
    let longest = "gold ".repeat(limits::ENCODER_TEXT_BYTES / 5);
    assert!(encoder.texts(&[&longest]).is_ok());
    let error = encoder.texts(&[&(longest + "rings")]).unwrap_err();
    assert!(matches!(error, EncoderError::Input(_)), "{error:?}");
    assert!(error.to_string().contains("131072"), "{error}");
}

#[test]
fn a_gpu_that_is_not_there_is_an_error_only_when_it_was_asked_for() {
    let bundle = common::bundle("tiny-clip");
    let any = Encoder::load(&bundle, &EncoderOptions { device: Device::Auto, ..options() }).unwrap();
    if any.device() == Device::Cpu {
        let error = Encoder::load(&bundle, &EncoderOptions { device: Device::Cuda, ..options() }).unwrap_err();
        assert!(matches!(error, EncoderError::Model(_) | EncoderError::Runtime(_)), "{error:?}");
    }
}
