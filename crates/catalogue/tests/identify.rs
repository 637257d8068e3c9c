//! Identification with a real model: photos of one piece in, the closest listings and what they say it is out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

mod common;

use catalogue::{Catalogue, Ingest, ModelStamp, SearchError, SearchService};
use common::{jpeg, listing, tiny, write_lines};
use domain::{Aspect, Filters, Status, Verdict, limits};
use encoder::{EncoderQueue, QueueOptions};

/// Three listings of nearly the same picture, one of them sold, and others.
async fn open() -> Option<(tempfile::TempDir, SearchService)> {
    let (bundle, encoder) = tiny()?;
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(&folder.path().join("data"), &ModelStamp::of(&bundle)).await.unwrap();
    let mut lines = Vec::new();
    for (id, seed, status) in [("a", 1, "available"), ("b", 1, "sold"), ("c", 1, "reserved"), ("d", 4, "available")] {
        std::fs::write(folder.path().join(format!("{seed}.jpg")), jpeg(seed)).unwrap();
        let listing = listing(id, |json| {
            json["photos"] = serde_json::json!([format!("{seed}.jpg")]);
            json["status"] = status.into();
            json["stones"] = if seed == 1 { serde_json::json!(["opal"]) } else { serde_json::json!(["ruby"]) };
        });
        lines.push(serde_json::to_string(&listing).unwrap());
    }
    let file = write_lines(folder.path(), "listings.jsonl", &lines);
    Ingest::new(catalogue.clone(), encoder.clone()).run(&file, folder.path(), &mut |_| {}).await.unwrap();
    let queue = EncoderQueue::start(encoder, QueueOptions::default());
    let service = SearchService::new(catalogue, queue, &bundle);
    Some((folder, service))
}

#[tokio::test]
async fn an_unlabelled_piece_is_named_by_the_listings_that_look_like_it() {
    let Some((_folder, service)) = open().await else { return };
    let found = service.identify(vec![jpeg(1)], Filters::default(), 3).await.unwrap();
    let ids: Vec<&str> = found.hits.iter().map(|hit| hit.listing.id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "c"], "sold ones are witnesses too");
    assert!(found.hits.iter().all(|hit| hit.verdict == Some(Verdict::SamePiece)));
    assert_eq!(found.sheet.neighbours[..3].iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    let stones: Vec<_> = found.sheet.guesses.iter().filter(|guess| guess.aspect == Aspect::Stone).collect();
    assert_eq!(stones[0].value, "opal");
    assert_eq!(stones[0].evidence.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!((found.prices.same_design[0].pieces >= 3, found.prices.same_design[0].sold), (true, 1));
    assert!(!found.query.token.is_empty());
    // Several photos of the piece are one question; without the sold ones there are fewer witnesses.
    let available = Filters { status: vec![Status::Available], ..Filters::default() };
    let fewer = service.identify(vec![jpeg(1), jpeg(1)], available, 3).await.unwrap();
    assert!(fewer.hits.iter().all(|hit| hit.listing.status == Status::Available));
}

#[tokio::test]
async fn what_cannot_be_identified_is_refused_as_a_search_is() {
    let Some((_folder, service)) = open().await else { return };
    let none = service.identify(Vec::new(), Filters::default(), 3).await;
    assert!(matches!(none, Err(SearchError::Picture(_))));
    let broken = service.identify(vec![b"no picture".to_vec()], Filters::default(), 3).await;
    assert!(matches!(broken, Err(SearchError::Picture(_))));
    let many = service.identify(vec![jpeg(1); limits::QUERY_PHOTOS + 1], Filters::default(), 3).await;
    assert!(matches!(many, Err(SearchError::Query(_))));
    for limit in [0, limits::PAGE_MOST + 1] {
        assert!(matches!(service.identify(vec![jpeg(1)], Filters::default(), limit).await, Err(SearchError::Query(_))));
    }
}
