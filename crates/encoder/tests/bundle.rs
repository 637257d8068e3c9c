//! A folder that is not a sound bundle is refused, and the message says what is wrong with it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

mod common;

use common::{BUNDLES, altered, bundle, fixture};
use encoder::{Bundle, BundleError};
use sha2::{Digest, Sha256};
use std::fs;

/// Opens a copy of a bundle in whose manifest `from` reads `to`.
fn with(from: &str, to: &str) -> Result<Bundle, BundleError> {
    Bundle::open(altered("tiny-clip", |manifest| manifest.replace(from, to)).path())
}

/// The same, and asserts that it is refused with a message that holds `words`.
fn refused(from: &str, to: &str, words: &str) -> BundleError {
    let error = with(from, to).expect_err(to);
    assert!(error.to_string().contains(words), "{to}: {error}");
    assert!(error.to_string().contains("model.toml"), "the message does not say where to look: {error}");
    error
}

#[test]
fn a_sound_bundle_says_what_it_is() {
    for name in BUNDLES {
        let bundle = bundle(name);
        assert_eq!(bundle.id(), name);
        assert_eq!(bundle.dimension(), 24);
        let manifest = fs::read(fixture(name).join("model.toml")).unwrap();
        assert_eq!(bundle.digest(), hex::encode(Sha256::digest(manifest)));
        assert_eq!(bundle.calibration().photo.same_piece, 0.98);
        assert!(fixture(name).join("MODEL_CARD.md").exists());
    }
}

#[test]
fn the_manifest_can_be_read_without_the_files() {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(fixture("tiny-siglip/model.toml"), folder.path().join("model.toml")).unwrap();
    assert_eq!(Bundle::read_manifest(folder.path()).unwrap().id, "tiny-siglip");
    let error = Bundle::open(folder.path()).unwrap_err();
    assert!(matches!(&error, BundleError::Unreadable { path, .. } if path.ends_with("image.onnx")), "{error}");
}

#[test]
fn a_folder_without_a_manifest_is_no_bundle() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(Bundle::open(folder.path()), Err(BundleError::Unreadable { .. })));
    assert!(matches!(Bundle::open(&folder.path().join("nowhere")), Err(BundleError::Unreadable { .. })));
    fs::create_dir(folder.path().join("model.toml")).unwrap();
    assert!(matches!(Bundle::open(folder.path()), Err(BundleError::Unreadable { .. })));
}

#[test]
fn a_manifest_that_is_not_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.toml");
    for bytes in [&b""[..], b"not toml at all [", b"format = \"one\"", b"\xff\xfe\x00"] {
        fs::write(&path, bytes).unwrap();
        assert!(matches!(Bundle::open(folder.path()), Err(BundleError::Manifest { .. })), "{bytes:?}");
    }
    fs::write(&path, "# filler\n".repeat(10_000)).unwrap();
    assert!(matches!(Bundle::open(folder.path()), Err(BundleError::TooLarge { .. })));
}

#[test]
fn another_format_is_told_apart_from_a_broken_one() {
    // A later format will have other keys, too: its number is what counts.
    let error = refused("format = 1", "format = 2\nnew_key = true", "format 2");
    assert!(matches!(error, BundleError::Format { found: 2, .. }));
}

#[test]
fn keys_that_are_missing_or_unknown_are_named() {
    refused("dimension = 24", "", "dimension");
    refused("dimension = 24", "dimension = 24\ndimensions = 24", "dimensions");
    refused("resize = \"shortest\"", "resize = \"stretch\"", "stretch");
    refused("clean = \"none\"", "clean = \"lower\"", "lower");
    refused("size = 32", "size = \"32\"", "size");
    refused("mean = [0.48145466, ", "mean = [", "mean");
}

#[test]
fn values_that_no_model_can_have_are_refused() {
    for (from, to, words) in [
        ("id = \"tiny-clip\"", "id = \"../tiny clip\"", "id"),
        ("dimension = 24", "dimension = 0", "dimension"),
        ("dimension = 24", "dimension = 1000000", "dimension"),
        ("size = 32", "size = 0", "image.size"),
        ("size = 32", "size = 100000", "image.size"),
        ("size = 32", "size = -1", "-1"),
        ("crop = \"centre-floor\"", "crop = \"none\"", "image.crop"),
        ("std = [0.26862954", "std = [0.0", "image.std"),
        ("std = [0.26862954", "std = [nan", "image.std"),
        ("mean = [0.48145466", "mean = [inf", "image.mean"),
        ("context_length = 24", "context_length = 1", "text.context_length"),
        ("context_length = 24", "context_length = 1000000000", "text.context_length"),
        ("pad_id = 7", "pad_id = -7", "text.pad_id"),
        ("input = \"input_ids\"", "input = \"\"", "text.input"),
        ("same_piece = 0.98", "same_piece = 1.5", "calibration"),
        ("same_piece = 0.98", "same_piece = 0.1", "calibration.photo"),
        ("sha256 = \"", "sha256 = \"zz", "64 hex digits"),
    ] {
        let error = refused(from, to, words);
        assert!(matches!(error, BundleError::Value { .. } | BundleError::Manifest { .. }), "{error:?}");
    }
}

#[test]
fn a_file_name_that_climbs_out_of_the_folder_is_refused() {
    for name in [
        "../image.onnx",
        "/etc/passwd",
        "a/b.onnx",
        "..",
        ".",
        "",
        "..\\\\image.onnx",
        "C:image.onnx",
        "image.onnx\\u0000",
        ".hidden",
    ] {
        refused("name = \"image.onnx\"", &format!("name = \"{name}\""), "files.image");
    }
}

#[test]
fn a_file_that_was_changed_is_refused() {
    for file in ["image.onnx", "text.onnx", "tokenizer.json"] {
        let copy = altered("tiny-clip", |manifest| manifest + "\n# a comment changes nothing but the digest\n");
        assert!(Bundle::open(copy.path()).is_ok());
        let path = copy.path().join(file);
        let mut bytes = fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&path, bytes).unwrap();
        let error = Bundle::open(copy.path()).unwrap_err();
        assert!(matches!(&error, BundleError::Digest { path, .. } if path.ends_with(file)), "{error}");
        assert!(error.to_string().contains("fetch or copy the bundle again"), "{error}");
    }
}
