//! The page's own search by photos: what its browser sends, and what becomes of a body that no browser of ours would send.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that cannot go on should say where

mod support;

use app::Search;
use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::Value;
use support::{Answer, House, photo};

/// The search as JSON and the photos, each behind its length.
fn body(search: &Search, photos: &[Vec<u8>]) -> Vec<u8> {
    let search = serde_json::to_vec(search).unwrap();
    let mut body = Vec::new();
    for part in std::iter::once(&search).chain(photos) {
        body.extend(u32::try_from(part.len()).unwrap().to_be_bytes());
        body.extend(part);
    }
    body
}

async fn ask(house: &House, body: Vec<u8>) -> Answer {
    let request = Request::post("/fn/find-by-picture")
        .header(header::CONTENT_TYPE, "application/octet-stream")
        .header(header::CONTENT_LENGTH, body.len());
    house.send(request.body(Body::from(body)).unwrap()).await
}

fn ids(answer: &Answer) -> Vec<String> {
    let cards = answer.json()["cards"].as_array().unwrap().clone();
    cards.iter().map(|card| card["id"].as_str().unwrap().to_owned()).collect()
}

fn token(answer: &Answer) -> String {
    answer.json()["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_photo_finds_its_piece_and_several_are_one_query() {
    let house = House::stocked().await;
    let all = Search::default().going(true);
    let one = ask(&house, body(&all, &[photo(2)])).await;
    assert_eq!(one.status, 200, "{}", one.text());
    assert_eq!(ids(&one)[0], "B");
    let two = ask(&house, body(&all, &[photo(2), photo(3)])).await;
    assert_eq!(ids(&two).len(), 3);
    assert_eq!(ids(&two)[2], "A", "the one that neither shows comes last");
    assert_ne!(token(&one), token(&two));
    // The link goes on with what was found.
    let search = serde_json::to_value(Search::token(&token(&two)).going(true)).unwrap();
    let again = house.post_json("/fn/find", &serde_json::json!({ "search": search })).await;
    assert_eq!(ids(&again), ids(&two));
}

#[tokio::test]
async fn words_beside_photos_narrow_what_is_found_and_stay_out_of_the_token() {
    let house = House::stocked().await;
    let alone = ask(&house, body(&Search::default(), &[photo(1)])).await;
    let with_words = ask(&house, body(&Search::words("a platinum ring"), &[photo(1)])).await;
    assert_eq!(with_words.status, 200, "{}", with_words.text());
    assert_eq!(token(&with_words), token(&alone));
    // As the link does, in which the words stand beside the token.
    let link = Search { token: token(&alone), ..Search::words("a platinum ring") };
    let search = serde_json::to_value(link).unwrap();
    let by_link = house.post_json("/fn/find", &serde_json::json!({ "search": search })).await;
    assert_eq!(by_link.json()["cards"], with_words.json()["cards"]);
}

#[tokio::test]
async fn filters_hold_for_photos_too() {
    let house = House::stocked().await;
    let search = Search::within("category", "brooch");
    assert!(ids(&ask(&house, body(&search, &[photo(1)])).await).is_empty());
}

#[tokio::test]
async fn what_is_no_search_by_photos_is_refused() {
    let house = House::stocked().await;
    let search = Search::default();
    assert_eq!(ask(&house, body(&search, &[])).await.status, 400);
    assert_eq!(ask(&house, body(&search, &vec![photo(1); 5])).await.status, 413);
    assert_eq!(ask(&house, body(&search, &[vec![7; 10 * 1024 * 1024 + 1]])).await.status, 413);
    assert_eq!(ask(&house, body(&search, &[b"not a picture".to_vec()])).await.status, 415);
    let mut cut = body(&search, &[photo(1)]);
    cut.truncate(cut.len() - 10);
    for broken in [cut, Vec::new(), vec![255; 64]] {
        let answer = ask(&house, broken).await;
        assert!(answer.status >= 400, "{}", answer.text());
    }
    let still: Value = ask(&house, body(&search, &[photo(1)])).await.json();
    assert_eq!(still["cards"][0]["id"], "A");
}

#[tokio::test]
async fn the_cameras_page_is_a_plain_form_before_it_is_anything_else() {
    let house = House::new().await;
    let page = house.browse("/camera").await;
    assert_eq!(page.status, 200, "{}", page.text());
    let text = page.text();
    assert!(text.contains("action=\"/search/photo\"") && text.contains("capture=\"environment\""));
    assert!(page.header("permissions-policy").contains("camera=(self)"));
}
