//! Bytes that are no picture, half a picture, or a picture made to hurt: each ends in an error that says what is wrong, or in a
//! picture, and never in a panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

use imaging::{ImagingError, decode, probe};
use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = std::env::current_dir().unwrap().join("tests/fixtures/decode");
    let mut files: Vec<_> = (fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension != "json"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

fn fixture(name: &str) -> Vec<u8> {
    fixtures().into_iter().find(|(file, _)| file == name).unwrap().1
}

/// A PNG that announces a size and holds nothing else.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut ihdr = b"IHDR".to_vec();
    ihdr.extend(width.to_be_bytes());
    ihdr.extend(height.to_be_bytes());
    ihdr.extend([8, 2, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    png.extend(&ihdr);
    png.extend(crc(&ihdr).to_be_bytes());
    png
}

/// CRC-32 as in PNG, annex D.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { 0xEDB8_8320 ^ (crc >> 1) } else { crc >> 1 })
    })
}

/// A JPEG that announces a size and holds nothing else.
fn jpeg_header(width: u16, height: u16) -> Vec<u8> {
    let mut jpeg = vec![0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8];
    jpeg.extend(height.to_be_bytes());
    jpeg.extend(width.to_be_bytes());
    jpeg.extend([3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
    jpeg
}

#[test]
fn nothing_at_all_is_an_empty_file() {
    assert_eq!(decode(b""), Err(ImagingError::Empty));
    assert_eq!(probe(b""), Err(ImagingError::Empty));
}

#[test]
fn a_text_file_named_jpg_is_not_a_picture() {
    let error = decode(b"Dear dealer, please find my ring attached.").unwrap_err();
    assert_eq!(error, ImagingError::NotAPicture);
    assert_eq!(error.to_string(), "This file is not a JPEG, PNG or WebP picture.");
    assert!(error.is_senders_fault());
}

#[test]
fn pictures_of_other_kinds_are_named() {
    for (bytes, name) in [
        (&b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"[..], "GIF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1", "AVIF"),
        (b"II*\0\x08\0\0\0", "TIFF"),
        (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x02\0\0\0\x02\0\0\0", "BMP"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
    ] {
        assert_eq!(decode(bytes), Err(ImagingError::Unsupported(name)));
        assert!(decode(bytes).unwrap_err().to_string().contains("JPEG, PNG or WebP"));
    }
}

#[test]
fn more_than_10_mib_is_refused_whatever_it_is() {
    let mut bytes = fixture("baseline.jpg");
    bytes.resize(domain::limits::PICTURE_BYTES, 0);
    assert!(decode(&bytes).is_ok(), "10 MiB are allowed, and bytes after the end are no fault");
    bytes.push(0);
    assert_eq!(decode(&bytes), Err(ImagingError::TooManyBytes));
    assert_eq!(probe(&bytes), Err(ImagingError::TooManyBytes));
}

#[test]
fn a_picture_too_large_is_refused_from_its_header() {
    for (width, height) in [(30_000, 30_000), (12_001, 1), (1, 12_001), (10_000, 5_001), (u32::MAX, u32::MAX)] {
        let wanted = Err(ImagingError::TooLarge { width, height });
        assert_eq!(
            decode(&png_header(width, height)),
            wanted,
            "there is nothing to decode: only the header can have said so"
        );
    }
    for (width, height) in [(12_001, 1), (65_535, 65_535)] {
        let wanted = Err(ImagingError::TooLarge { width: width.into(), height: height.into() });
        assert_eq!(decode(&jpeg_header(width, height)), wanted);
    }
    let message = decode(&png_header(30_000, 30_000)).unwrap_err().to_string();
    assert!(message.contains("30000 by 30000") && message.contains("50 megapixels"), "{message}");
    // Within the limits, but without pixels.
    assert_eq!(decode(&png_header(12_000, 4_000)), Err(ImagingError::Broken));
    assert_eq!(decode(&png_header(0, 5)), Err(ImagingError::Broken));
}

#[test]
fn half_a_picture_is_broken_not_grey() {
    for name in [
        "baseline.jpg",
        "progressive.jpg",
        "subsampled.jpg",
        "restarts.jpg",
        "cmyk.jpg",
        "alpha.png",
        "16-bit.png",
        "lossy.webp",
        "lossless.webp",
    ] {
        let bytes = fixture(name);
        assert!(decode(&bytes).is_ok());
        let half = &bytes[..bytes.len() - (bytes.len() / 5).max(20)];
        assert_eq!(decode(half), Err(ImagingError::Broken), "{name}");
    }
}

#[test]
fn a_jpeg_with_a_preview_inside_is_not_whole_by_the_previews_end() {
    let preview = fixture("baseline.jpg");
    let mut bytes = fixture("subsampled.jpg");
    let mut segment = vec![0xFF, 0xE1];
    segment.extend(u16::try_from(preview.len() + 2).unwrap().to_be_bytes());
    segment.extend(&preview);
    bytes.splice(2..2, segment);
    assert!(decode(&bytes).is_ok());
    bytes.truncate(bytes.len() - 30);
    assert_eq!(decode(&bytes), Err(ImagingError::Broken));
}

#[test]
fn any_beginning_of_a_picture_ends_in_an_error_or_a_picture() {
    for (name, bytes) in fixtures() {
        for length in (0..bytes.len()).step_by(1 + bytes.len() / 200) {
            if let Ok(picture) = decode(&bytes[..length]) {
                assert!(picture.width() <= 40 && picture.height() <= 40, "{name} cut at {length}");
            }
        }
    }
}

/// A small generator of noise, so that every run tries the same damage (Marsaglia's xorshift).
fn noise(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[test]
fn damaged_pictures_end_in_an_error_or_a_picture() {
    let mut state = 0x5EED;
    for (_, bytes) in fixtures() {
        for _ in 0..150 {
            let mut damaged = bytes.clone();
            for _ in 0..1 + noise(&mut state) % 6 {
                let at = noise(&mut state) as usize % damaged.len();
                damaged[at] = noise(&mut state) as u8;
            }
            // Either is fine; a panic or an allocation without bound is not.
            let _ = decode(&damaged);
            let _ = probe(&damaged);
        }
    }
}

/// A folder of files that others have collected; it lies beside the checkout where this project is worked on.
fn shared(name: &str) -> Option<PathBuf> {
    let here = std::env::current_dir().unwrap();
    let folder = here.ancestors().map(|folder| folder.join("../shared").join(name)).find(|folder| folder.is_dir());
    if folder.is_none() {
        println!("skipped: no ../shared/{name} beside the checkout");
    }
    folder
}

fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files_below(&path, files) } else { files.push(path) }
    }
}

#[test]
fn every_file_of_the_corpora_ends_in_an_error_or_a_picture_soon() {
    let Some(folder) = shared("corpora") else { return };
    let mut files = Vec::new();
    files_below(&folder, &mut files);
    assert!(!files.is_empty());
    for path in files {
        let bytes = fs::read(&path).unwrap();
        let start = Instant::now();
        let end = match decode(&bytes) {
            Ok(picture) => format!("{picture:?}"),
            Err(error) => {
                assert!(error.is_senders_fault(), "{}: {error:?}", path.display());
                error.to_string()
            }
        };
        println!("{}: {end}", path.file_name().unwrap().display());
        assert!(start.elapsed() < Duration::from_secs(20), "{} took {:?}", path.display(), start.elapsed());
    }
}

#[test]
fn photographs_as_phones_and_shops_make_them_are_not_refused() {
    let Some(folder) = shared("real-photos") else { return };
    let mut files = Vec::new();
    files_below(&folder, &mut files);
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jpg"));
    files.sort();
    for path in files.iter().step_by(25) {
        assert!(decode(&fs::read(path).unwrap()).is_ok(), "{}", path.display());
    }
    println!("{} decoded", files.iter().step_by(25).len());
}
