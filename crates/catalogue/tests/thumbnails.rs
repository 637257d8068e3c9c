//! Photos in the sizes that pages show.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that cannot go on should say where

mod common;

use catalogue::{
    Catalogue, MediaName,
    ThumbnailFormat::{Jpeg, WebP},
};
use common::stamp;
use domain::limits;
use imaging::{Format, Picture};
use std::fs;

/// Noise, which no encoder makes small.
fn noise(width: u32, height: u32) -> Vec<u8> {
    let pixel = |n: u32| (n.wrapping_mul(2_654_435_761) >> 24) as u8;
    Picture::new(width, height, (0..width * height * 3).map(pixel).collect()).unwrap().to_jpeg(90).unwrap()
}

async fn stored(catalogue: &Catalogue, bytes: Vec<u8>) -> MediaName {
    catalogue.store_photo(bytes, Format::Jpeg).await.unwrap()
}

#[tokio::test]
async fn a_large_photo_is_made_smaller_once() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    let name = stored(&catalogue, noise(400, 1000)).await;
    let path = catalogue.thumbnail(name.as_str(), 320, Jpeg).await.unwrap().unwrap();
    let picture = imaging::decode(&fs::read(&path).unwrap()).unwrap();
    assert_eq!((picture.width(), picture.height()), (128, 320));
    let made = fs::metadata(&path).unwrap().modified().unwrap();
    let (again, beside) =
        tokio::join!(catalogue.thumbnail(name.as_str(), 320, Jpeg), catalogue.thumbnail(name.as_str(), 640, Jpeg));
    assert_eq!(again.unwrap().unwrap(), path);
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), made);
    assert_ne!(beside.unwrap().unwrap(), path);
    // A cache: without it, it is made again.
    fs::remove_dir_all(folder.path().join("thumbnails")).unwrap();
    assert!(catalogue.thumbnail(name.as_str(), 320, Jpeg).await.unwrap().unwrap().is_file());
}

#[tokio::test]
async fn whoever_can_show_webp_gets_a_smaller_file_of_the_same_picture() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    let shade = |n: u32| (n / 3 % 800 / 4 + n / 2_400 / 8) as u8;
    let photo = Picture::new(800, 600, (0..800 * 600 * 3).map(shade).collect()).unwrap().to_jpeg(95).unwrap();
    let name = stored(&catalogue, photo).await;
    let [webp, jpeg] = [WebP, Jpeg].map(|format| catalogue.thumbnail(name.as_str(), 320, format));
    let (webp, jpeg) =
        (fs::read(webp.await.unwrap().unwrap()).unwrap(), fs::read(jpeg.await.unwrap().unwrap()).unwrap());
    assert_eq!(imaging::probe(&webp).unwrap().format, Format::WebP);
    assert_eq!(imaging::probe(&jpeg).unwrap().format, Format::Jpeg);
    assert!(webp.len() < jpeg.len(), "{} and {} bytes", webp.len(), jpeg.len());
    let (one, other) = (imaging::decode(&webp).unwrap(), imaging::decode(&jpeg).unwrap());
    assert_eq!((one.width(), one.height()), (other.width(), other.height()));
    let apart: u32 = one.pixels().iter().zip(other.pixels()).map(|(one, other)| u32::from(one.abs_diff(*other))).sum();
    assert!(apart < 3 * one.pixels().len() as u32, "{apart} levels in all");
}

#[tokio::test]
async fn a_photo_is_there_in_a_few_pixels_once_it_was_shown() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    let (large, small) = (stored(&catalogue, noise(400, 1000)).await, stored(&catalogue, noise(300, 320)).await);
    let names = || vec![large.as_str().to_owned(), small.as_str().to_owned(), "../large".to_owned()];
    assert_eq!(catalogue.blurs(names()).await, [None, None, None]);
    for name in [&large, &small] {
        catalogue.thumbnail(name.as_str(), 320, WebP).await.unwrap().unwrap();
    }
    let blurs = catalogue.blurs(names()).await;
    assert_eq!(blurs[2], None);
    for (blur, size) in blurs.iter().zip([(6, 16), (15, 16)]) {
        let blur = blur.as_ref().unwrap();
        assert!(blur.len() < 400, "{} bytes", blur.len());
        let picture = imaging::decode(blur).unwrap();
        assert_eq!((picture.width(), picture.height()), size);
    }
}

#[tokio::test]
async fn a_photo_that_is_no_larger_is_sent_itself() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    let name = stored(&catalogue, noise(300, 320)).await;
    for side in limits::PHOTO_SIDES {
        for _ in 0..2 {
            assert_eq!(catalogue.thumbnail(name.as_str(), side, Jpeg).await.unwrap(), catalogue.media(name.as_str()));
        }
    }
    // Damaged, or no picture at all: what there is, rather than nothing.
    let damaged = stored(&catalogue, noise(400, 1000)[..2_000].to_vec()).await;
    let words = stored(&catalogue, b"words".to_vec()).await;
    for name in [damaged, words] {
        assert_eq!(catalogue.thumbnail(name.as_str(), 320, Jpeg).await.unwrap(), catalogue.media(name.as_str()));
    }
}

#[tokio::test]
async fn only_photos_have_thumbnails_and_only_of_the_sides_offered() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    let name = stored(&catalogue, noise(400, 1000)).await;
    for side in [0, 1, 319, 5_000, u32::MAX] {
        assert_eq!(catalogue.thumbnail(name.as_str(), side, Jpeg).await.unwrap(), None);
    }
    for stranger in ["", "../photos.lance", &format!("{}.jpg", "0".repeat(64))] {
        assert_eq!(catalogue.thumbnail(stranger, 320, Jpeg).await.unwrap(), None);
    }
    assert!(!folder.path().join("thumbnails").exists());
}

#[tokio::test]
async fn what_belongs_to_no_photo_goes_with_the_next_upkeep() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    let (kept, gone) = (noise(400, 1000), noise(1000, 400));
    let piece = common::listing("kept", |_| {});
    let media = stored(&catalogue, kept).await;
    let photo = catalogue::EncodedPhoto { media: media.clone(), vector: common::at(0.0) };
    catalogue.upsert(vec![catalogue::EncodedListing { listing: piece, photos: vec![photo] }]).await.unwrap();
    let stray = stored(&catalogue, gone).await;
    let kept = catalogue.thumbnail(media.as_str(), 320, Jpeg).await.unwrap().unwrap();
    let gone = catalogue.thumbnail(stray.as_str(), 320, Jpeg).await.unwrap().unwrap();
    let report = catalogue.maintain().await.unwrap();
    assert_eq!(report.thumbnails_removed, 2, "and what stands in for it");
    assert!(kept.is_file() && !gone.exists());
}
