//! The encoder gives what the reference implementations give: the same pixels, the same tokens, the same vectors.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

mod common;

use common::{BUNDLES, altered, bundle, encoder, expected, fixture, json, pictures, tensors, texts};
use encoder::{Bundle, Preprocessor, Tokeniser};
use std::collections::BTreeMap;

const SIZE: usize = 32;

/// Compares prepared pictures with the reference's tensors, in levels of 255.
fn assert_same_pixels(what: &str, bundle: &Bundle, file: &str, skip: &[&str]) {
    let preprocessor = Preprocessor::new(&bundle.manifest().image);
    let wanted = tensors(&fixture(file), 3 * SIZE * SIZE);
    let pictures: Vec<_> = pictures().into_iter().filter(|(name, _)| !skip.contains(&name.as_str())).collect();
    assert_eq!(wanted.len(), pictures.len());
    for ((name, picture), wanted) in pictures.iter().zip(&wanted) {
        let found = preprocessor.tensor(picture).unwrap();
        assert_eq!(found.len(), wanted.len());
        let levels: Vec<f32> = (found.iter().zip(wanted).enumerate())
            .map(|(at, (found, wanted))| {
                (found - wanted).abs() * 255.0 * bundle.manifest().image.std[at / (SIZE * SIZE)]
            })
            .collect();
        let most = levels.iter().copied().fold(0.0, f32::max);
        let off = levels.iter().filter(|level| **level > 0.01).count();
        println!(
            "{what}, {name}: at most {most:.4} levels off, {off} of {} values off by more than 0.01",
            levels.len()
        );
        assert!(most < 1.01, "{what}, {name}: {most} levels off");
        assert!(off * 50 <= levels.len(), "{what}, {name}: {off} values of {} are off", levels.len());
    }
}

#[test]
fn pictures_are_prepared_as_the_reference_prepares_them() {
    for name in BUNDLES {
        assert_same_pixels(name, &bundle(name), &format!("{name}/pixels.f32"), &[]);
    }
}

#[test]
fn every_way_of_resizing_is_open_clips() {
    let squash = altered("tiny-open-clip", |manifest| {
        manifest.replace("resize = \"shortest\"", "resize = \"squash\"").replace("bicubic", "bilinear")
    });
    let squash = Bundle::open(squash.path()).unwrap();
    assert_same_pixels("squash, bilinear", &squash, "tiny-open-clip/pixels-squash-bilinear.f32", &[]);

    let longest = altered("tiny-open-clip", |manifest| {
        manifest.replace("resize = \"shortest\"", "resize = \"longest\"\nfill = [250, 120, 7]")
    });
    let longest = Bundle::open(longest.path()).unwrap();
    // OpenCLIP fails on the ribbon: its short side is rounded to nothing.
    assert_same_pixels("longest", &longest, "tiny-open-clip/pixels-longest.f32", &["ribbon"]);
}

fn assert_same_tokens(what: &str, bundle: &Bundle, wanted: &BTreeMap<String, Vec<i64>>) {
    let tokeniser = Tokeniser::open(bundle).unwrap();
    let texts = texts();
    assert_eq!(texts.len(), wanted.len());
    let wrong: Vec<String> = (texts.iter())
        .filter_map(|(name, text)| {
            let found = tokeniser.tokens(text).unwrap().ids;
            (found != wanted[name]).then(|| format!("{what}, {name}:\n  found  {found:?}\n  wanted {:?}", wanted[name]))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn texts_are_tokenised_as_the_reference_tokenises_them() {
    for name in BUNDLES {
        assert_same_tokens(name, &bundle(name), &expected(name).tokens);
    }
}

#[test]
fn canonicalize_is_open_clips() {
    let copy = altered("tiny-open-clip", |manifest| manifest.replace("\"whitespace\"", "\"canonicalize\""));
    let wanted = json(&fixture("tiny-open-clip/canonicalize.json"));
    assert_same_tokens("canonicalize", &Bundle::open(copy.path()).unwrap(), &wanted);
}

fn cosine(found: &[f32], wanted: &[f32]) -> f64 {
    assert_eq!(found.len(), wanted.len());
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    dot(found, wanted) / (dot(found, found) * dot(wanted, wanted)).sqrt()
}

#[test]
fn vectors_are_the_references() {
    for name in BUNDLES {
        let (encoder, expected) = (encoder(name), expected(name));
        let (mut least, mut closest_other) = (1.0_f64, -1.0_f64);
        let (names, pictures): (Vec<_>, Vec<_>) = pictures().into_iter().unzip();
        let found = encoder.pictures(&pictures).unwrap();
        for (picture, vector) in names.iter().zip(&found) {
            for (other, wanted) in &expected.pictures {
                let cosine = cosine(vector.as_slice(), wanted);
                if other == picture { least = least.min(cosine) } else { closest_other = closest_other.max(cosine) }
            }
        }
        let (names, texts): (Vec<_>, Vec<_>) = texts().into_iter().unzip();
        let found = encoder.texts(&texts.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
        for (text, vector) in names.iter().zip(&found) {
            least = least.min(cosine(vector.as_slice(), &expected.texts[text]));
        }
        println!("{name}: least cosine {least:.8}; the closest picture of another name {closest_other:.4}");
        assert!(least >= 0.9999, "{name}: {least}");
        assert!(closest_other < 0.999, "{name}: to this model all pictures look the same, the comparison says nothing");
    }
}
