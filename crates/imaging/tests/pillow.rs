//! Resizing and decoding give what Pillow gives, within rounding. The fixtures are written by
//! scripts/encoder-fixtures/make_imaging.py.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

use imaging::{Interpolation, Picture, decode, probe};
use serde::Deserialize;
use std::{
    fs,
    path::{Path, PathBuf},
};

fn folder(name: &str) -> PathBuf {
    std::env::current_dir().unwrap().join("tests/fixtures").join(name)
}

fn cases<T: for<'a> Deserialize<'a>>(folder: &Path) -> Vec<T> {
    serde_json::from_slice(&fs::read(folder.join("cases.json")).unwrap()).unwrap()
}

fn read(path: &Path) -> Picture {
    decode(&fs::read(path).unwrap()).unwrap()
}

/// How far apart two pictures of the same size are: the numbers of values that differ by 0, 1, 2, ... levels.
fn apart(found: &Picture, wanted: &Picture) -> Vec<usize> {
    assert_eq!((found.width(), found.height()), (wanted.width(), wanted.height()));
    let mut counts = vec![0; 256];
    for (found, wanted) in found.pixels().iter().zip(wanted.pixels()) {
        counts[usize::from(found.abs_diff(*wanted))] += 1;
    }
    counts.truncate(counts.iter().rposition(|count| *count > 0).unwrap_or(0) + 1);
    counts
}

#[derive(Deserialize)]
struct Resized {
    source: String,
    width: u32,
    height: u32,
    filter: String,
    wanted: String,
}

#[test]
fn resizing_is_pillows_within_one_level_on_99_9_percent_of_pixels() {
    let folder = folder("resize");
    let (mut all, mut equal, mut within) = (0, 0, 0);
    for case in cases::<Resized>(&folder) {
        let how = if case.filter == "bicubic" { Interpolation::Bicubic } else { Interpolation::Bilinear };
        let found = read(&folder.join(&case.source)).resize(case.width, case.height, how).unwrap();
        let counts = apart(&found, &read(&folder.join(&case.wanted)));
        assert!(counts.len() <= 3, "{}: values differ by up to {} levels", case.wanted, counts.len() - 1);
        all += counts.iter().sum::<usize>();
        equal += counts[0];
        within += counts.iter().take(2).sum::<usize>();
    }
    println!("{all} values: {equal} equal, {} one level off, {} more", within - equal, all - within);
    assert!(all > 100_000, "the comparison compares little");
    assert!((all - within) * 1_000 <= all, "{} of {all} values are more than one level off", all - within);
}

#[derive(Deserialize)]
struct Decoded {
    file: String,
    wanted: String,
    most: usize,
}

#[test]
fn every_kind_of_file_is_decoded_upright_and_rgb() {
    let folder = folder("decode");
    let cases = cases::<Decoded>(&folder);
    assert!(cases.len() > 25);
    let wrong: Vec<String> = (cases.iter())
        .filter_map(|case| {
            let found = read(&folder.join(&case.file));
            let counts = apart(&found, &read(&folder.join(&case.wanted)));
            (counts.len() > case.most + 1)
                .then(|| format!("{}: {} levels off: {counts:?}", case.file, counts.len() - 1))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_header_says_what_decoding_gives() {
    let folder = folder("decode");
    for case in cases::<Decoded>(&folder) {
        let bytes = fs::read(folder.join(&case.file)).unwrap();
        let (header, picture) = (probe(&bytes).unwrap(), decode(&bytes).unwrap());
        assert_eq!((header.width, header.height), (picture.width(), picture.height()), "{}", case.file);
        assert_eq!(header.format.extension(), case.file.rsplit('.').next().unwrap());
    }
    let turned = probe(&fs::read(folder.join("orientation-6.webp")).unwrap()).unwrap();
    assert_eq!((turned.width, turned.height, turned.orientation), (16, 24, 6));
}

#[test]
fn a_jpeg_of_ours_is_read_again_nearly_as_it_was() {
    let picture = read(&folder("decode").join("wanted-baseline-jpg.png"));
    let bytes = picture.to_jpeg(95).unwrap();
    assert_eq!(probe(&bytes).unwrap().format.media_type(), "image/jpeg");
    let counts = apart(&decode(&bytes).unwrap(), &picture);
    assert!(counts.len() <= 12, "{counts:?}");
    assert!(picture.to_jpeg(0).unwrap().len() < bytes.len());
}
