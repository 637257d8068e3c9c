//! Searching over HTTP: by picture, by words, by link; and every input that cannot be used.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

mod support;

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use domain::limits;
use serde_json::json;
use support::{Form, House, huge_png_header, photo};

#[tokio::test]
async fn a_picture_finds_its_piece() {
    let house = House::stocked().await;
    let answer = house.post_form("/api/v1/search", &Form::new().file("photo", "query.jpg", &photo(2))).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let answer = answer.json();
    assert_eq!(answer["hits"][0]["listing"]["id"], "B");
    assert!(answer["hits"][0]["score"].as_f64().unwrap() > 0.99);
    assert_eq!(answer["hits"].as_array().unwrap().len(), 3);
    assert_eq!(answer["more"], false);
    assert!(answer["took_ms"]["encode"].as_f64().unwrap() > 0.0);
}

#[tokio::test]
async fn a_link_finds_the_same_again_and_keeps_no_picture() {
    let house = House::stocked().await;
    let first = house.post_form("/api/v1/search", &Form::new().file("photo", "query.jpg", &photo(3))).await.json();
    let token = first["query"]["token"].as_str().unwrap();
    let again = house.get(&format!("/api/v1/search?token={token}&limit=1")).await.json();
    assert_eq!(again["hits"][0]["listing"]["id"], "C");
    assert_eq!(again["more"], true);
    let second = house.get(&format!("/api/v1/search?token={token}&limit=1&offset=1")).await.json();
    assert_ne!(second["hits"][0]["listing"]["id"], "C");
}

#[tokio::test]
async fn words_search_alike_in_an_address_in_json_and_in_a_form() {
    let house = House::stocked().await;
    let by_link = house.get("/api/v1/search?text=emerald%20ring").await.json();
    let by_json = house.post_json("/api/v1/search", &json!({"text": "emerald ring"})).await.json();
    let by_form = house.post_form("/api/v1/search", &Form::new().text("text", "emerald ring")).await.json();
    assert_eq!(by_link["hits"], by_json["hits"]);
    assert_eq!(by_link["hits"], by_form["hits"]);
    assert_eq!(by_link["hits"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_search_for_nothing_shows_the_newest_without_a_score() {
    let house = House::stocked().await;
    let answer = house.get("/api/v1/search").await.json();
    assert_eq!(answer["hits"].as_array().unwrap().len(), 3);
    assert!(answer["hits"][0]["score"].is_null() && answer["hits"][0]["verdict"].is_null());
    assert_eq!(answer["query"]["token"], "");
}

#[tokio::test]
async fn filters_narrow() {
    let house = House::stocked().await;
    for (filter, hits) in [
        ("category=ring", 3),
        ("category=brooch", 0),
        ("price_max=100", 0),
        ("dealer=hartley-bow", 3),
        ("metal=platinum,gold", 3),
    ] {
        let answer = house.get(&format!("/api/v1/search?text=ring&{filter}")).await.json();
        assert_eq!(answer["hits"].as_array().unwrap().len(), hits, "{filter}");
    }
    let form = Form::new().file("photo", "q.jpg", &photo(1)).text("filters", r#"{"category":["brooch"]}"#);
    assert_eq!(house.post_form("/api/v1/search", &form).await.json()["hits"], json!([]));
}

#[tokio::test]
async fn an_answer_counts_the_words_of_what_was_found_and_takes_an_order() {
    let house = House::stocked().await;
    let by_link = house.get("/api/v1/search?text=ring&sort=price_up&beyond=1").await.json();
    let by_json = house.post_json("/api/v1/search", &json!({"text": "ring", "sort": "price_up", "beyond": true})).await;
    assert_eq!(by_link["hits"], by_json.json()["hits"]);
    assert_eq!(by_link["facets"]["category"], json!([["ring", 3]]));
    assert_eq!(by_link["ended"], false);
    for wrong in ["sort=cheapest", "beyond=far"] {
        assert_eq!(house.get(&format!("/api/v1/search?text=ring&{wrong}")).await.status, 422, "{wrong}");
    }
}

#[tokio::test]
async fn a_picture_that_cannot_be_used_is_refused_with_its_reason() {
    let house = House::stocked().await;
    let whole = photo(1);
    for (what, bytes, status, kind) in [
        ("a text file named .jpg", b"I am not a picture, whatever my name says.".to_vec(), 415, "not-a-picture"),
        ("a truncated JPEG", whole[..whole.len() / 2].to_vec(), 400, "broken-picture"),
        ("a PNG header of 30,000 x 30,000", huge_png_header(), 422, "picture-too-large"),
        ("an empty upload", Vec::new(), 400, "broken-picture"),
        ("20 MB", vec![0xFF; 20_000_000], 413, "too-many-bytes"),
    ] {
        let form = Form::new().file("photo", "ring.jpg", &bytes);
        let answer = house.post_form("/api/v1/search", &form).await;
        assert_eq!(answer.status, status, "{what}: {}", answer.text());
        answer.assert_problem(status, kind);
    }
    assert_eq!(house.get("/api/v1/search").await.json()["hits"].as_array().unwrap().len(), 3, "nothing is lost");
}

#[tokio::test]
async fn a_form_that_cannot_be_read_is_refused() {
    let house = House::new().await;
    for content_type in
        ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\u{7f}\u{7f}"]
    {
        let Ok(request) = Request::post("/api/v1/search")
            .header(header::CONTENT_TYPE, content_type)
            .body(Body::from("--x\r\n\r\n--x--"))
        else {
            continue;
        };
        let answer = house.send(request).await;
        assert_eq!(answer.status, 400, "{content_type}: {}", answer.text());
        answer.assert_problem(400, "bad-request");
    }
    let cut = Form::new().file("photo", "q.jpg", &photo(1)).bytes();
    let request = Request::post("/api/v1/search").header(header::CONTENT_TYPE, Form::content_type());
    let answer = house.send(request.body(Body::from(cut[..cut.len() / 2].to_vec())).unwrap()).await;
    answer.assert_problem(400, "bad-request");
    let request = Request::post("/api/v1/search").header(header::CONTENT_TYPE, "text/plain");
    house.send(request.body(Body::from("a ring")).unwrap()).await.assert_problem(415, "wrong-content-type");
    let request = Request::post("/api/v1/search").header(header::CONTENT_TYPE, "application/json");
    house.send(request.body(Body::from("{\"text\":")).unwrap()).await.assert_problem(400, "bad-request");
}

#[tokio::test]
async fn a_field_that_cannot_be_used_is_refused_by_name() {
    let house = House::new().await;
    for (query, names) in [
        ("colour=red", "colour"),
        ("category=tiara", "tiara"),
        ("price_min=-1", "price_min"),
        ("price_min=9&price_max=1", "price_min"),
        ("limit=0", "limit"),
        ("limit=1000", "limit"),
        ("offset=999999", "paged"),
        ("weight=7", "weight"),
    ] {
        let answer = house.get(&format!("/api/v1/search?{query}")).await;
        assert_eq!(answer.status, 422, "{query}: {}", answer.text());
        answer.assert_problem(422, "bad-field");
        assert!(answer.json()["detail"].as_str().unwrap().to_lowercase().contains(names), "{}", answer.text());
    }
    house.post_json("/api/v1/search", &json!({"text": "ring", "colour": "red"})).await.assert_problem(422, "bad-field");
    let five = (0..5).fold(Form::new(), |form, n| form.file("photo", "q.jpg", &photo(n)));
    house.post_form("/api/v1/search", &five).await.assert_problem(422, "bad-field");
}

#[tokio::test]
async fn too_many_words_are_refused_before_they_are_read() {
    let house = House::new().await;
    let long = "ring ".repeat(limits::QUERY_TEXT_BYTES / 5 + 1);
    house.post_json("/api/v1/search", &json!({ "text": long })).await.assert_problem(422, "bad-field");
    let ten_megabytes = "ring ".repeat(2_000_000);
    house.post_json("/api/v1/search", &json!({ "text": ten_megabytes })).await.assert_problem(413, "too-many-bytes");
    house
        .post_form("/api/v1/search", &Form::new().text("text", &ten_megabytes))
        .await
        .assert_problem(413, "too-many-bytes");
}

#[tokio::test]
async fn a_damaged_link_is_refused() {
    let house = House::stocked().await;
    for token in ["x", "AAAA", "%F0%9F%92%8D", &"A".repeat(7_000)] {
        house.get(&format!("/api/v1/search?token={token}")).await.assert_problem(422, "bad-token");
    }
}

#[tokio::test]
async fn without_scripts_a_photo_leads_to_the_address_of_its_results() {
    let house = House::stocked().await;
    let form = Form::new().file("photo", "q.jpg", &photo(2)).text("category", "ring").text("price_max", "");
    let answer = house.post_form("/search/photo", &form).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let address = answer.header("location").to_owned();
    assert!(address.starts_with("/search?category=ring&token="), "{address}");
    let page = house.browse(&address).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Ring B"), "{}", page.text());
    let nothing = Form::new().file("photo", "", b"").text("text", "leaf brooch");
    assert_eq!(house.post_form("/search/photo", &nothing).await.header("location"), "/search?text=leaf+brooch");
}

#[tokio::test]
async fn without_scripts_a_bad_photo_gets_a_page_that_says_why() {
    let house = House::new().await;
    for (bytes, status, reason) in [
        (b"not a picture".to_vec(), 415, "JPEG, PNG or WebP"),
        (vec![0xFF; 20_000_000], 413, "10 MB"),
        (vec![0xFF; 60_000_000], 413, "10 MB"),
    ] {
        let form = Form::new().file("photo", "ring.jpg", &bytes);
        let request = form.request(Method::POST, "/search/photo").header(header::ACCEPT, "text/html,*/*;q=0.8");
        let answer = house.send(request.body(form.body()).unwrap()).await;
        assert_eq!(answer.status, status, "{}", answer.text());
        assert!(answer.header("content-type").starts_with("text/html"));
        assert!(answer.text().contains(reason), "{}", answer.text());
    }
}
