//! Pictures in which the model's locator sees no piece: they have a vector like any other, and what merely comes near it is not called
//! similar, now or by the link.
#![allow(clippy::type_complexity, clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

mod common;

use catalogue::{Catalogue, Ingest, ModelStamp, Query, SearchService};
use common::{finds_red, listing, write_lines};
use domain::{Answer, Verdict};
use encoder::{EncoderQueue, QueueOptions};
use imaging::Picture;
use tempfile::TempDir;

/// A grey ground with a rectangle of some colour in it, as a JPEG.
fn jpeg(colour: [u8; 3], left: u32) -> Vec<u8> {
    let pixel = |x: u32, y: u32| {
        let inside = (left..left + 24).contains(&x) && (12..36).contains(&y);
        if inside { colour } else { [120, (x % 30) as u8 + 120, (y % 30) as u8 + 100] }
    };
    let pixels = (0..48).flat_map(|y| (0..64).flat_map(move |x| pixel(x, y))).collect();
    Picture::new(64, 48, pixels).unwrap().to_jpeg(95).unwrap()
}

const RED: [u8; 3] = [230, 20, 20];
const GREEN: [u8; 3] = [20, 200, 20];

/// Six listings of red and green pieces, and a service whose model sees red ones alone.
async fn shop() -> Option<(TempDir, SearchService)> {
    let (bundle, encoder) = finds_red()?;
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(&folder.path().join("data"), &ModelStamp::of(&bundle)).await.unwrap();
    let mut lines = Vec::new();
    for number in 0..6 {
        let colour = if number % 2 == 0 { RED } else { GREEN };
        std::fs::write(folder.path().join(format!("{number}.jpg")), jpeg(colour, 4 * number)).unwrap();
        let listing =
            listing(&format!("l-{number}"), |json| json["photos"] = serde_json::json!([format!("{number}.jpg")]));
        lines.push(serde_json::to_string(&listing).unwrap());
    }
    let file = write_lines(folder.path(), "listings.jsonl", &lines);
    Ingest::new(catalogue.clone(), encoder.clone()).run(&file, folder.path(), &mut |_| {}).await.unwrap();
    let service = SearchService::new(catalogue, EncoderQueue::start(encoder, QueueOptions::default()), &bundle);
    Some((folder, service))
}

async fn ask(service: &SearchService, query: Query) -> Answer {
    service.search(Query { beyond: true, ..query }).await.unwrap()
}

fn photos(photos: &[Vec<u8>]) -> Query {
    Query { photos: photos.to_vec(), ..Query::default() }
}

fn says_similar(answer: &Answer) -> bool {
    answer.hits.iter().any(|hit| hit.verdict == Some(Verdict::Similar))
}

#[tokio::test]
async fn what_comes_near_a_picture_of_nothing_is_not_called_similar() {
    let Some((_folder, service)) = shop().await else { return };
    let clear = ask(&service, photos(&[jpeg(RED, 30)])).await;
    assert!(!clear.unclear && says_similar(&clear), "{:?}", clear.hits);

    let unclear = ask(&service, photos(&[jpeg([10, 10, 220], 30)])).await;
    assert!(unclear.unclear && !says_similar(&unclear), "{:?}", unclear.hits);
    assert_eq!(unclear.hits.len(), 6, "the nearest are still there");

    let link = Query { token: Some(unclear.query.token.clone()), ..Query::default() };
    let again = ask(&service, link.clone()).await;
    assert!(again.unclear && again.hits == unclear.hits, "a link is judged as its picture was");
    let narrowed = ask(&service, Query { text: Some("a ring".into()), weight: 0.2, ..link.clone() }).await;
    assert!(narrowed.unclear && !says_similar(&narrowed), "words beside the picture do not make it clearer");
    let words = ask(&service, Query { text: Some("a ring".into()), weight: 1.0, ..link.clone() }).await;
    assert!(!words.unclear, "words alone");

    let both = ask(&service, photos(&[jpeg([10, 10, 220], 30), jpeg(RED, 30)])).await;
    assert!(!both.unclear, "a piece in one of the pictures is enough");
    let beside = ask(&service, Query { photos: vec![jpeg(RED, 30)], ..link }).await;
    assert!(!beside.unclear, "as beside an earlier one");
}

#[tokio::test]
async fn the_very_piece_is_still_told() {
    let Some((_folder, service)) = shop().await else { return };
    let same = ask(&service, photos(&[jpeg(GREEN, 4)])).await;
    assert!(same.unclear);
    assert_eq!((same.hits[0].listing.id.as_str(), same.hits[0].verdict), ("l-1", Some(Verdict::SamePiece)));
}
