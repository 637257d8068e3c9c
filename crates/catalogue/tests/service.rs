//! What searching promises to whoever asks, with a real model: the piece itself first, links that ask again, verdicts that the
//! bundle stands behind, and clear answers to what cannot be used.
#![allow(clippy::type_complexity, clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

mod common;

use catalogue::{Catalogue, Ingest, ModelStamp, Page, Query, QueryError, SearchError, SearchService};
use common::{jpeg, listing, tiny, write_lines};
use domain::{Answer, ListingId, Verdict, limits};
use encoder::{Encoder, EncoderQueue, QueueOptions};
use std::sync::Arc;
use tempfile::TempDir;

struct Shop {
    _folder: TempDir,
    encoder: Arc<Encoder>,
    service: SearchService,
    capacity_one: SearchService,
}

impl Shop {
    /// Ten listings, "l-0" to "l-9", of one photo each: the JPEG of that seed. "l-9" is sold.
    async fn open() -> Option<Self> {
        let (bundle, encoder) = tiny()?;
        let folder = tempfile::tempdir().unwrap();
        let catalogue = Catalogue::open(&folder.path().join("data"), &ModelStamp::of(&bundle)).await.unwrap();
        let mut lines = Vec::new();
        for seed in 0..10 {
            std::fs::write(folder.path().join(format!("{seed}.jpg")), jpeg(seed)).unwrap();
            let listing = listing(&format!("l-{seed}"), |json| {
                json["photos"] = serde_json::json!([format!("{seed}.jpg")]);
                json["listed"] = format!("2026-01-{:02}", seed + 1).into();
                json["status"] = if seed == 9 { "sold" } else { "available" }.into();
                json["category"] = if seed % 2 == 0 { "ring" } else { "brooch" }.into();
            });
            lines.push(serde_json::to_string(&listing).unwrap());
        }
        let file = write_lines(folder.path(), "listings.jsonl", &lines);
        let ingest = Ingest::new(catalogue.clone(), encoder.clone());
        assert_eq!(ingest.run(&file, folder.path(), &mut |_| {}).await.unwrap().listings, 10);
        let queue = EncoderQueue::start(encoder.clone(), QueueOptions::default());
        let narrow = EncoderQueue::start(encoder.clone(), QueueOptions { capacity: 1, batch: 1 });
        let service = SearchService::new(catalogue.clone(), queue, &bundle);
        let capacity_one = SearchService::new(catalogue, narrow, &bundle);
        Some(Self { _folder: folder, encoder, service, capacity_one })
    }

    async fn search(&self, query: Query) -> Answer {
        self.service.search(query).await.unwrap()
    }
}

fn by_photo(seed: u32) -> Query {
    Query { photos: vec![jpeg(seed)], ..Query::default() }
}

fn ids(answer: &Answer) -> Vec<&str> {
    answer.hits.iter().map(|hit| hit.listing.id.as_str()).collect()
}

#[tokio::test]
async fn a_photo_finds_its_piece_first_and_says_so() {
    let Some(shop) = Shop::open().await else { return };
    for seed in 0..9 {
        let answer = shop.search(by_photo(seed)).await;
        let best = &answer.hits[0];
        assert_eq!(best.listing.id.as_str(), format!("l-{seed}"));
        assert!(best.score.unwrap() > 0.999, "{:?}", best.score);
        assert_eq!(best.verdict, Some(Verdict::SamePiece));
        assert_eq!(best.photo, best.listing.photos[0]);
        assert_eq!(answer.hits.len(), 9, "all but the sold one");
        assert!(answer.hits.is_sorted_by(|a, b| a.score >= b.score));
        assert!(answer.took_ms.encode > 0.0 && answer.took_ms.search > 0.0 && answer.took_ms.decode > 0.0);
    }
    // The sold piece is found by whoever asks for sold ones.
    let mut query = by_photo(9);
    assert!(!ids(&shop.search(query.clone()).await).contains(&"l-9"));
    query.filters.add("status", "sold,available").unwrap();
    assert_eq!(ids(&shop.search(query).await)[0], "l-9");
}

#[tokio::test]
async fn words_find_by_words_and_claim_no_more_than_words_can() {
    let Some(shop) = Shop::open().await else { return };
    let query = Query { text: Some("  gold bracelet with a leaf pattern ".into()), ..Query::default() };
    let answer = shop.search(query).await;
    let vector = &shop.encoder.texts(&["gold bracelet with a leaf pattern"]).unwrap()[0];
    let expected = shop.service.catalogue().search(vector, &Default::default(), Page::default(), &[]).await.unwrap();
    assert_eq!(ids(&answer), expected.hits.iter().map(|hit| hit.listing.id.as_str()).collect::<Vec<_>>());
    assert!(answer.hits.iter().all(|hit| matches!(hit.verdict, Some(Verdict::Similar | Verdict::Weak))));
}

#[tokio::test]
async fn a_search_is_led_away_from_what_it_is_told_not_to_look_like() {
    let Some(shop) = Shop::open().await else { return };
    let plain = shop.search(by_photo(3)).await;
    let unwanted = plain.hits[1].listing.id.clone();
    let away = shop.search(Query { unlike: vec![unwanted.clone()], ..by_photo(3) }).await;
    assert_eq!(away.query.token, plain.query.token, "the link stays the same: undone by leaving the listing out");
    assert_eq!(away.hits.len(), plain.hits.len() - 1);
    assert!(!ids(&away).contains(&unwanted.as_str()));
    assert_eq!(away.hits[0].listing.id.as_str(), "l-3");
    // What looks like the unwanted piece is further down than it was, on the whole: its likeness to what comes first sinks.
    let like = shop.service.catalogue().photo_vectors(&unwanted).await.unwrap().remove(0);
    let mut likeness = Vec::new();
    for answer in [&plain, &away] {
        let second = answer.hits.iter().map(|hit| &hit.listing.id).filter(|id| **id != unwanted).nth(1).unwrap();
        likeness.push(shop.service.catalogue().photo_vectors(second).await.unwrap()[0].cosine(&like));
    }
    assert!(likeness[1] <= likeness[0], "{likeness:?}");
    // Ids that are gone lead nowhere; with nothing looked for there is nothing to lead.
    let gone = ListingId::new("gone").unwrap();
    assert_eq!(ids(&shop.search(Query { unlike: vec![gone.clone()], ..by_photo(3) }).await), ids(&plain));
    let browsed = shop.search(Query { unlike: vec![unwanted], ..Query::default() }).await;
    assert_eq!(browsed.hits.len(), 9);
    let many = Query { unlike: vec![gone; limits::QUERY_UNLIKE + 1], ..by_photo(3) };
    assert!(matches!(shop.service.search(many).await, Err(SearchError::Query(QueryError::Unlike(_)))));
}

#[tokio::test]
async fn the_like_of_a_listing_is_found_by_its_photos_and_it_is_left_out_itself() {
    let Some(shop) = Shop::open().await else { return };
    let id = ListingId::new("l-3").unwrap();
    let like = Query { like: Some(id.clone()), beyond: true, ..Query::default() };
    let answer = shop.search(like.clone()).await;
    let similar = shop.service.similar(&id, Page::default()).await.unwrap().unwrap();
    assert_eq!(answer.hits[0].listing.id, similar.hits[0].listing.id);
    assert_eq!(answer.hits.len(), similar.hits.len());
    assert!(!ids(&answer).contains(&"l-3"));
    assert!(answer.hits.iter().all(|hit| hit.verdict.is_some()));
    // What it looks like is in the link that comes with the answer; by that link it is a piece like any other.
    let linked = shop.search(Query { token: Some(answer.query.token), ..Query::default() }).await;
    assert_eq!(linked.hits[0].listing.id, id);
    // Beside words it counts as a photo does: the words weigh what they are told to.
    let alone = Query { text: Some("gold brooch".into()), weight: 1.0, ..like.clone() };
    let words = Query { text: Some("gold brooch".into()), beyond: true, ..Query::default() };
    let without: Vec<String> =
        ids(&shop.search(words).await).iter().filter(|id| **id != "l-3").map(|id| (*id).to_owned()).collect();
    assert_eq!(ids(&shop.search(alone).await), without);
    let gone = Query { like: Some(ListingId::new("gone").unwrap()), ..Query::default() };
    let refused = shop.service.search(gone).await;
    assert!(matches!(&refused, Err(SearchError::Query(QueryError::Like(id))) if id.as_str() == "gone"));
}

#[tokio::test]
async fn a_reference_number_finds_its_listing_by_words_alone() {
    let Some(shop) = Shop::open().await else { return };
    for seed in 0..9 {
        let answer = shop.search(Query { text: Some(format!(" L-{seed} ")), ..Query::default() }).await;
        assert_eq!(answer.hits[0].listing.id.as_str(), format!("l-{seed}"));
        assert_eq!(answer.hits[0].verdict, Some(Verdict::Similar));
        assert_eq!(answer.hits.len(), 9, "the rest follows");
    }
    // Beside a photo words change what is looked for; they are not looked up.
    let both = shop.search(Query { text: Some("l-7".into()), weight: 0.0, ..by_photo(3) }).await;
    assert_eq!(both.hits[0].listing.id.as_str(), "l-3");
}

#[tokio::test]
async fn a_link_asks_again_pages_on_and_blends_with_words() {
    let Some(shop) = Shop::open().await else { return };
    let first = shop.search(Query { limit: 4, ..by_photo(3) }).await;
    assert!(first.more);
    let token = Some(first.query.token.clone());
    let again = shop.search(Query { token: token.clone(), ..Query::default() }).await;
    assert_eq!(ids(&again)[..4], ids(&first));
    assert_eq!(again.hits[0].verdict, Some(Verdict::SamePiece), "a photo's link is judged as a photo");
    assert_eq!(again.query.token, first.query.token, "the link stays the same");

    let mut paged = Vec::new();
    for offset in [0, 4, 8] {
        let page = shop.search(Query { token: token.clone(), offset, limit: 4, ..Query::default() }).await;
        assert_eq!(page.more, offset < 8);
        paged.extend(ids(&page).into_iter().map(str::to_owned));
    }
    assert_eq!(paged, ids(&again));

    let words = |weight| Query { token: token.clone(), text: Some("brooch".into()), weight, ..Query::default() };
    let beside = Query { photos: vec![jpeg(3)], text: Some("brooch".into()), ..Query::default() };
    let beside = shop.search(beside).await;
    assert_eq!(beside.query.token, first.query.token, "the link holds the picture, not what was said beside it");
    assert_eq!(ids(&shop.search(words(0.5)).await), ids(&beside), "with the same words, the same answer");
    assert_eq!(ids(&shop.search(words(0.0)).await), ids(&again), "words of no weight change nothing");
    let only_words = shop.search(Query { text: Some("brooch".into()), ..Query::default() }).await;
    let all_words = shop.search(words(1.0)).await;
    assert_eq!(ids(&all_words), ids(&only_words));
    assert_eq!(all_words.hits[0].verdict, only_words.hits[0].verdict);
}

#[tokio::test]
async fn several_photos_are_one_query() {
    let Some(shop) = Shop::open().await else { return };
    let both = shop.search(Query { photos: vec![jpeg(1), jpeg(4)], ..Query::default() }).await;
    let pictures = [jpeg(1), jpeg(4)].map(|bytes| imaging::decode(&bytes).unwrap());
    let vectors = shop.encoder.pictures(&pictures).unwrap();
    let mean = domain::Vector::blend(&[(&vectors[0], 1.0), (&vectors[1], 1.0)]).unwrap();
    let expected = shop.service.catalogue().search(&mean, &Default::default(), Page::default(), &[]).await.unwrap();
    // The two that were pictured are equally near to their mean: rounding says which is first.
    let mut found: Vec<String> = ids(&both).iter().map(ToString::to_string).collect();
    let mut expected: Vec<String> = expected.hits.iter().map(|hit| hit.listing.id.to_string()).collect();
    found[..2].sort();
    expected[..2].sort();
    assert_eq!(found, expected);
    assert_eq!(found[..2], ["l-1", "l-4"]);
}

#[tokio::test]
async fn nothing_asked_is_the_newest_without_scores() {
    let Some(shop) = Shop::open().await else { return };
    let blank = Query { text: Some(" \n".into()), token: Some(String::new()), limit: 3, ..Query::default() };
    let answer = shop.search(blank).await;
    assert_eq!(ids(&answer), ["l-8", "l-7", "l-6"]);
    assert!(answer.more && answer.query.token.is_empty());
    assert!(
        answer
            .hits
            .iter()
            .all(|hit| hit.score.is_none() && hit.verdict.is_none() && hit.photo == hit.listing.photos[0])
    );
    let mut narrowed = Query::default();
    narrowed.filters.add("category", "brooch").unwrap();
    assert_eq!(ids(&shop.search(narrowed).await), ["l-7", "l-5", "l-3", "l-1"]);
}

#[tokio::test]
async fn similar_pieces_leave_the_piece_itself_out() {
    let Some(shop) = Shop::open().await else { return };
    let id = ListingId::new("l-2").unwrap();
    let similar = shop.service.similar(&id, Page::first(5)).await.unwrap().unwrap();
    assert_eq!(similar.hits.len(), 5);
    assert!(similar.hits.iter().all(|hit| hit.listing.id != id && hit.verdict.is_some()));
    assert_eq!(shop.service.similar(&ListingId::new("none").unwrap(), Page::default()).await.unwrap(), None);
}

#[tokio::test]
async fn what_cannot_be_used_is_the_askers_to_change() {
    let Some(shop) = Shop::open().await else { return };
    let mut backwards = Query::default();
    (backwards.filters.price_min, backwards.filters.price_max) = (Some(10.0), Some(5.0));
    let cases: Vec<(Query, fn(&QueryError) -> bool)> = vec![
        (Query { photos: vec![jpeg(0); 5], ..Query::default() }, |e| matches!(e, QueryError::Photos(5))),
        (Query { text: Some("x".repeat(limits::QUERY_TEXT_BYTES + 1)), ..Query::default() }, |e| {
            matches!(e, QueryError::Text)
        }),
        (Query { weight: f32::NAN, ..by_photo(0) }, |e| matches!(e, QueryError::Weight)),
        (Query { weight: 1.5, ..by_photo(0) }, |e| matches!(e, QueryError::Weight)),
        (Query { limit: 0, ..by_photo(0) }, |e| matches!(e, QueryError::Page(_))),
        (Query { limit: 101, ..by_photo(0) }, |e| matches!(e, QueryError::Page(_))),
        (Query { offset: usize::MAX, ..by_photo(0) }, |e| matches!(e, QueryError::Page(_))),
        (Query { token: Some("damaged".into()), ..Query::default() }, |e| matches!(e, QueryError::Token(_))),
        (backwards, |e| matches!(e, QueryError::Filters(_))),
    ];
    for (query, expected) in cases {
        match shop.service.search(query.clone()).await.unwrap_err() {
            SearchError::Query(error) => assert!(expected(&error), "{error}"),
            other => panic!("{other} for {query:?}"),
        }
    }
    for photo in [b"not a picture".to_vec(), vec![], jpeg(0)[..150].to_vec(), vec![0; limits::PICTURE_BYTES + 1]] {
        let error = shop.service.search(Query { photos: vec![photo], ..Query::default() }).await.unwrap_err();
        assert!(matches!(error, SearchError::Picture(_)), "{error}");
    }
}

#[tokio::test]
async fn too_many_at_once_are_turned_away_rather_than_kept_waiting() {
    let Some(shop) = Shop::open().await else { return };
    let searches = (0..40).map(|n| {
        let service = shop.capacity_one.clone();
        tokio::spawn(async move { service.search(by_photo(n)).await })
    });
    let mut answers = Vec::new();
    for search in searches.collect::<Vec<_>>() {
        answers.push(search.await.unwrap());
    }
    assert!(answers.iter().any(Result::is_ok));
    assert!(answers.iter().all(|answer| matches!(answer, Ok(_) | Err(SearchError::Overloaded))));
    // And the next one, alone, is answered.
    assert!(shop.capacity_one.search(by_photo(0)).await.is_ok());
}
