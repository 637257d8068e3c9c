//! Bundles that `python -m atelier export --expected` wrote give, through this encoder, what the reference implementations give.
//! They are large and lie outside the repository: VITRINE_EXPORTED names the folder that holds them; without it nothing is tested.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

mod common;

use common::{json, tensors, texts};
use encoder::{Bundle, Device, Encoder, EncoderOptions, Preprocessor, Tokeniser};
use imaging::Picture;
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

/// What the reference made of the inputs, and how near to it the bundle must come.
#[derive(Deserialize)]
struct Expected {
    tokens: BTreeMap<String, Vec<i64>>,
    pictures: BTreeMap<String, Vec<f32>>,
    texts: BTreeMap<String, Vec<f32>>,
    /// Least cosine: less is asked of float16.
    least: f64,
}

/// The pictures that the reference was given: the fixtures', and larger ones that lie with the bundle.
fn pictures(folder: &Path, expected: &Expected) -> Vec<(String, Picture)> {
    (expected.pictures.keys())
        .map(|name| {
            let own = folder.join("pictures").join(name).with_extension("png");
            let picture =
                if own.exists() { imaging::decode(&fs::read(own).unwrap()).unwrap() } else { common::picture(name) };
            (name.clone(), picture)
        })
        .collect()
}

/// Compares prepared pictures with the reference's, in levels of 255; says how far they are apart.
fn assert_same_pixels(what: &str, folder: &Path, bundle: &Bundle, pictures: &[(String, Picture)]) -> String {
    let (image, side) = (&bundle.manifest().image, bundle.manifest().image.size as usize);
    let preprocessor = Preprocessor::new(image);
    let wanted = tensors(&folder.join("pixels.f32"), 3 * side * side);
    assert_eq!(wanted.len(), pictures.len());
    let (mut most, mut off, mut beyond, mut all) = (0.0_f32, 0, 0, 0);
    for ((name, picture), wanted) in pictures.iter().zip(&wanted) {
        let found = preprocessor.tensor(picture).unwrap();
        assert_eq!(found.len(), wanted.len());
        let levels = (found.iter().zip(wanted).enumerate())
            .map(|(at, (found, wanted))| (found - wanted).abs() * 255.0 * image.std[at / (side * side)]);
        let (mut here, mut further) = (0, 0);
        for level in levels {
            most = most.max(level);
            here += usize::from(level > 0.01);
            further += usize::from(level > 1.01);
        }
        assert!(here * 50 <= wanted.len(), "{what}, {name}: {here} values of {} are off", wanted.len());
        assert!(further * 10_000 <= wanted.len(), "{what}, {name}: {further} values are more than one level off");
        (off, beyond, all) = (off + here, beyond + further, all + wanted.len());
    }
    assert!(most < 2.01, "{what}: {most} levels off");
    format!("{off} of {all} pixel values off, {beyond} of them by more than one level, at most {most:.0}")
}

fn assert_same_tokens(what: &str, bundle: &Bundle, wanted: &BTreeMap<String, Vec<i64>>) {
    let tokeniser = Tokeniser::open(bundle).unwrap();
    let wrong: Vec<String> = (texts().iter())
        .filter_map(|(name, text)| {
            let found = tokeniser.tokens(text).unwrap().ids;
            (found != wanted[name]).then(|| format!("{what}, {name}:\n  found  {found:?}\n  wanted {:?}", wanted[name]))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn cosine(found: &[f32], wanted: &[f32]) -> f64 {
    assert_eq!(found.len(), wanted.len());
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    dot(found, wanted) / (dot(found, found) * dot(wanted, wanted)).sqrt()
}

fn check(folder: &Path) {
    let what = folder.file_name().unwrap().to_string_lossy().into_owned();
    let expected: Expected = json(&folder.join("expected.json"));
    let bundle = Bundle::open(folder).unwrap_or_else(|error| panic!("{what}: {error}"));
    let pictures = pictures(folder, &expected);
    let pixels = assert_same_pixels(&what, folder, &bundle, &pictures);
    assert_same_tokens(&what, &bundle, &expected.tokens);

    let options = EncoderOptions { device: Device::Cpu, threads: 1, ..EncoderOptions::default() };
    let encoder = Encoder::load(&bundle, &options).unwrap_or_else(|error| panic!("{what}: {error}"));
    let (mut seen, mut read, mut closest_other) = (1.0_f64, 1.0_f64, -1.0_f64);
    for part in pictures.chunks(3) {
        let (names, part): (Vec<_>, Vec<_>) = part.iter().cloned().unzip();
        for (name, vector) in names.iter().zip(&encoder.pictures(&part).unwrap()) {
            for (other, wanted) in &expected.pictures {
                let cosine = cosine(vector.as_slice(), wanted);
                if other == name { seen = seen.min(cosine) } else { closest_other = closest_other.max(cosine) }
            }
        }
    }
    for part in texts().chunks(9) {
        let (names, part): (Vec<_>, Vec<&str>) = part.iter().map(|(name, text)| (name, text.as_str())).unzip();
        for (name, vector) in names.iter().zip(&encoder.texts(&part).unwrap()) {
            read = read.min(cosine(vector.as_slice(), &expected.texts[*name]));
        }
    }
    println!(
        "{what}: least cosine of {} pictures {seen:.8}, of {} texts {read:.8}; the closest picture of another name \
         {closest_other:.4}; token ids equal on all texts; {pixels}",
        pictures.len(),
        expected.texts.len()
    );
    assert!(seen >= expected.least && read >= expected.least, "{what}: {seen}, {read}");
    assert!(closest_other < 0.999, "{what}: to this model all pictures look the same, the comparison says nothing");
}

#[test]
fn exported_bundles_give_the_references_vectors() {
    let Some(root) = env::var_os("VITRINE_EXPORTED").filter(|root| !root.is_empty()).map(PathBuf::from) else {
        println!("skipped: VITRINE_EXPORTED names no folder of exported bundles (docs/MODELS.md)");
        return;
    };
    let mut folders: Vec<PathBuf> = fs::read_dir(&root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        // Hidden ones are exports that have not been finished.
        .filter(|path| path.join("expected.json").exists())
        .filter(|path| !path.file_name().unwrap().to_string_lossy().starts_with('.'))
        .collect();
    folders.sort();
    assert!(!folders.is_empty(), "{} holds no bundle with an expected.json", root.display());
    for folder in folders {
        check(&folder);
    }
}
