//! A bundle with a locator: the image tower sees the piece, or the whole picture where there is none to be found.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that cannot go on should say where

mod common;

use common::{altered, fixture, picture};
use encoder::{Bundle, BundleError, Device, Encoder, EncoderError, EncoderOptions, EncoderQueue, QueueOptions};
use imaging::Picture;
use std::{fs, sync::Arc};
use tempfile::TempDir;

/// `tiny-clip` with the locator that finds what is red; `change` alters what its manifest says of it.
fn bundle(change: impl Fn(String) -> String) -> TempDir {
    let section = fs::read_to_string(fixture("finds-red.toml")).unwrap();
    let folder = altered("tiny-clip", |manifest| manifest + &change(section.clone()));
    fs::copy(fixture("finds-red.onnx"), folder.path().join("locator.onnx")).unwrap();
    folder
}

fn load(folder: &TempDir, locate: bool) -> Encoder {
    let options = EncoderOptions { device: Device::Cpu, threads: 1, locate, ..EncoderOptions::default() };
    Encoder::load(&Bundle::open(folder.path()).unwrap(), &options).unwrap()
}

/// A grey picture with a red rectangle, whose pixels differ a little from place to place.
fn red(width: u32, height: u32, [left, top, right, bottom]: [u32; 4]) -> Picture {
    let pixel = |x: u32, y: u32| {
        let inside = (left..right).contains(&x) && (top..bottom).contains(&y);
        if inside { [200 + (x % 50) as u8, (y % 40) as u8, 20] } else { [120, (x % 100) as u8 + 120, (y % 100) as u8] }
    };
    let pixels = (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(x, y))).collect();
    Picture::new(width, height, pixels).unwrap()
}

#[test]
fn the_piece_is_found_wherever_it_is() {
    let encoder = load(&bundle(|section| section), true);
    for (width, height, area) in [
        (640, 640, [100, 200, 300, 360]),
        (640, 320, [400, 20, 620, 180]),
        (300, 900, [40, 700, 200, 880]),
        (33, 31, [10, 10, 20, 20]),
    ] {
        let found = encoder.locate(&red(width, height, area)).unwrap().unwrap();
        // One of the locator's 32 pixels, which its edges are rounded to.
        let pixel = width.max(height) as f32 / 32.0;
        for (found, wanted, length) in [
            (found.left, area[0], width),
            (found.top, area[1], height),
            (found.right, area[2], width),
            (found.bottom, area[3], height),
        ] {
            let off = (found * length as f32 - wanted as f32).abs();
            assert!(off <= 1.1 * pixel, "{width} x {height}, {area:?}: {found} is {off} off");
        }
    }
}

#[test]
fn a_small_piece_is_looked_at_again_from_close_by() {
    let folder = bundle(|section| section + "\n[locator.closer]\nbelow = 0.6\nmargin = 0.3\n");
    let (twice, once) = (load(&folder, true), load(&bundle(|section| section), true));
    // The locator's pixel takes 20 of the picture's, and from close by a tenth of that. The edges lie between those of its grid.
    let (side, edges) = (640, [109, 251, 147, 271]);
    let picture = red(side, side, edges);
    let off = |encoder: &Encoder| {
        let found = encoder.locate(&picture).unwrap().unwrap();
        let found = [found.left, found.top, found.right, found.bottom].map(|edge| edge * side as f32);
        found.iter().zip(edges).map(|(found, wanted)| (found - wanted as f32).abs()).fold(0.0, f32::max)
    };
    assert!(off(&twice) < 3.0 && off(&once) > 6.0, "{} and {} pixels off", off(&twice), off(&once));
    // A large one is not, and nor is what is not there.
    let large = red(640, 320, [5, 7, 633, 310]);
    assert_eq!(twice.locate(&large).unwrap(), once.locate(&large).unwrap());
    assert_eq!(twice.locate(&red(300, 200, [0, 0, 0, 0])).unwrap(), None);
    // Larger than what a square is cut out of.
    let vast = red(4_800, 2_400, [3_000, 600, 3_500, 1_150]);
    let found = twice.locate(&vast).unwrap().unwrap();
    assert!(
        (found.left * 4_800.0 - 3_000.0).abs() < 60.0 && (found.bottom * 2_400.0 - 1_150.0).abs() < 60.0,
        "{found:?}"
    );
}

#[test]
fn the_tower_sees_the_piece_and_not_what_is_around_it() {
    let folder = bundle(|section| section);
    let (with, without) = (load(&folder, true), load(&folder, false));
    // On the locator's own grid (20 of the picture's pixels), so that the square is known to the pixel.
    let picture = red(640, 640, [100, 200, 300, 360]);
    let square = picture.window(80, 160, 240).unwrap();
    let seen = &with.pictures(std::slice::from_ref(&picture)).unwrap()[0];
    let cut = &without.pictures(&[square]).unwrap()[0];
    assert!(seen.cosine(cut) > 0.999_99, "{}", seen.cosine(cut));
    let whole = &without.pictures(&[picture]).unwrap()[0];
    assert!(seen.cosine(whole) < 0.999, "the square makes a difference: {}", seen.cosine(whole));
}

#[test]
fn where_nothing_is_found_the_whole_picture_is_seen() {
    let folder = bundle(|section| section);
    let (with, without) = (load(&folder, true), load(&folder, false));
    let plain = red(300, 200, [0, 0, 0, 0]);
    assert_eq!(with.locate(&plain).unwrap(), None);
    assert_eq!(with.pictures(std::slice::from_ref(&plain)).unwrap(), without.pictures(&[plain]).unwrap());
    assert_eq!(without.locate(&red(640, 640, [100, 200, 300, 360])).unwrap(), None, "told not to look");
    // Whatever a locator says: bundles without one see the whole picture.
    assert_eq!(common::encoder("tiny-clip").locate(&picture("odd-landscape")).unwrap(), None);
}

#[tokio::test]
async fn a_doubtful_box_is_cut_out_and_no_piece_is_claimed_by_it() {
    let folder = bundle(|section| section.replace("margin = 0.1", "piece_confidence = 0.9\nmargin = 0.1"));
    let encoder = Arc::new(load(&folder, true));
    let queue = EncoderQueue::start(Arc::clone(&encoder), QueueOptions::default());
    // The fixture is as sure as red is bright: 0.98, and 0.82 where there is less of it.
    for (width, sure) in [(100, true), (20, false)] {
        let picture = red(640, 320, [400, 20, 400 + width, 180]);
        let seen = queue.picture(picture.clone()).await.unwrap();
        assert_eq!(seen.piece, sure, "{width} pixels of red");
        assert!(encoder.locate(&picture).unwrap().is_some());
        let whole = load(&folder, false).pictures(&[picture]).unwrap().remove(0);
        assert!(seen.vector.cosine(&whole) < 0.999, "cut out either way: {}", seen.vector.cosine(&whole));
    }
}

#[tokio::test]
async fn the_queue_sees_what_the_encoder_sees() {
    let encoder = Arc::new(load(&bundle(|section| section), true));
    let queue = EncoderQueue::start(Arc::clone(&encoder), QueueOptions::default());
    let picture = red(640, 320, [400, 20, 620, 180]);
    let direct = encoder.pictures(std::slice::from_ref(&picture)).unwrap().remove(0);
    let seen = queue.picture(picture).await.unwrap();
    assert!(seen.vector.cosine(&direct) > 0.999_99);
    assert!(seen.piece, "there is something red");
    let plain = red(300, 200, [0, 0, 0, 0]);
    assert!(!queue.picture(plain.clone()).await.unwrap().piece, "there is nothing red");
    let unasked = Arc::new(load(&bundle(|section| section), false));
    let queue = EncoderQueue::start(unasked, QueueOptions::default());
    assert!(queue.picture(plain).await.unwrap().piece, "nobody looked");
}

#[test]
fn a_locator_that_does_not_fit_is_refused() {
    for (from, to, words) in [
        ("least_confidence = 0.5", "least_confidence = 2.0", "locator.least_confidence"),
        ("margin = 0.1", "piece_confidence = 0.4\nmargin = 0.1", "locator.piece_confidence"),
        ("margin = 0.1", "piece_confidence = 1.1\nmargin = 0.1", "locator.piece_confidence"),
        ("margin = 0.1", "margin = -0.1", "locator.margin"),
        ("margin = 0.1", "margin = 0.1\ncloser = { below = 1.5, margin = 0.3 }", "locator.closer"),
        ("margin = 0.1", "margin = 0.1\ncloser = { below = 0.5, margin = -1.0 }", "locator.closer"),
        ("margin = 0.1", "margin = 0.1\ncloser = { below = 0.5 }", "margin"),
        ("size = 32", "size = 0", "locator.size"),
        ("std = [1.0", "std = [0.0", "locator"),
        ("[locator]", "[another]", "another"),
    ] {
        let error = Bundle::open(bundle(|section| section.replace(from, to)).path()).expect_err(to).to_string();
        assert!(error.contains(words), "{to}: {error}");
    }
    let only_the_file = bundle(|section| section.split("\n[locator]").next().unwrap().to_owned());
    assert!(Bundle::open(only_the_file.path()).unwrap_err().to_string().contains("must both be there"));
    let other = bundle(|section| section);
    fs::write(other.path().join("locator.onnx"), b"another").unwrap();
    assert!(matches!(Bundle::open(other.path()), Err(BundleError::Digest { .. })));
    for (from, to, words) in [
        ("size = 32", "size = 64", "pixel_values"),
        ("box = \"box\"", "box = \"boxes\"", "no output \"boxes\""),
        ("confidence = \"confidence\"", "confidence = \"box\"", "[batch, 1]"),
    ] {
        let folder = bundle(|section| section.replace(from, to));
        let error = Encoder::load(&Bundle::open(folder.path()).unwrap(), &EncoderOptions::default()).expect_err(to);
        assert!(matches!(error, EncoderError::Model(_)), "{to}: {error:?}");
        assert!(error.to_string().contains(words), "{to}: {error}");
    }
}
