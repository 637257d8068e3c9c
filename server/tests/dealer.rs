//! What dealers ask over HTTP: what an unlabelled piece is, and what others have like a listing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

mod support;

use axum::http::{Method, header};
use serde_json::{Value, json};
use support::{Form, House, TOKEN, huge_png_header, listing, photo};

/// Puts a listing of a dealer with one photo.
async fn put(house: &House, id: &str, dealer: &str, price: Value, status: &str, picture: &[u8]) {
    let mut listing = listing(id);
    listing["dealer"] = json!({"id": dealer, "name": dealer});
    listing["price"] = price;
    listing["status"] = status.into();
    listing["stones"] = json!(["emerald"]);
    let form = Form::new().text("listing", &listing.to_string()).file("photo", "1.jpg", picture);
    let path = format!("/api/v1/listings/{id}");
    let request = form.request(Method::PUT, &path).header(header::AUTHORIZATION, format!("Bearer {TOKEN}"));
    let answer = house.send(request.body(form.body()).unwrap()).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
}

/// Two dealers with the same piece, one of them in euros and sold, and a third with another.
async fn street() -> House {
    let house = House::new().await;
    put(&house, "A", "ours", json!({"amount": 1000, "currency": "GBP"}), "available", &photo(1)).await;
    put(&house, "B", "theirs", json!({"amount": 1400, "currency": "EUR"}), "sold", &photo(1)).await;
    put(&house, "C", "third", json!({"amount": 1200, "currency": "GBP"}), "available", &photo(1)).await;
    put(&house, "D", "third", Value::Null, "available", &photo(2)).await;
    house
}

fn ids(hits: &Value) -> Vec<&str> {
    hits.as_array().unwrap().iter().map(|hit| hit["listing"]["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_unlabelled_piece_is_named_with_its_evidence() {
    let house = street().await;
    let form = Form::new().file("photo", "bench.jpg", &photo(1)).text("limit", "3");
    let answer = house.post_form("/api/v1/identify", &form).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let found = answer.json();
    assert_eq!(ids(&found["hits"]), ["A", "B", "C"], "sold ones too");
    assert_eq!(found["hits"][0]["verdict"], "same_piece");
    let stone = found["sheet"]["guesses"].as_array().unwrap().iter().find(|guess| guess["aspect"] == "stone").unwrap();
    assert_eq!((&stone["value"], &stone["share"]), (&json!("emerald"), &json!("all")));
    assert_eq!(stone["evidence"].as_array().unwrap()[..3], [json!("A"), json!("B"), json!("C")]);
    let silent: Vec<&Value> = found["sheet"]["silent"].as_array().unwrap().iter().collect();
    assert!(silent.contains(&&json!({"aspect": "motif", "reason": "unsaid"})), "{silent:?}");
    let prices = found["prices"]["same_design"].as_array().unwrap();
    let pounds = prices.iter().find(|range| range["median"]["currency"] == "GBP").unwrap();
    assert_eq!(pounds["least"]["amount"], 1000.0);
    let euros = prices.iter().find(|range| range["median"]["currency"] == "EUR").unwrap();
    assert_eq!((&euros["pieces"], &euros["sold"]), (&json!(1), &json!(1)), "currencies are never mixed");
    // The same again by its token, and photos of several sides are one question.
    let token = found["query"]["token"].as_str().unwrap();
    let again = house.get(&format!("/api/v1/search?token={token}&limit=1")).await.json();
    assert_eq!(again["hits"][0]["listing"]["id"], "A");
    let four = (0..4).fold(Form::new(), |form, _| form.file("photo", "side.jpg", &photo(1)));
    assert_eq!(house.post_form("/api/v1/identify", &four).await.json()["hits"][0]["listing"]["id"], "A");
}

#[tokio::test]
async fn neighbours_can_be_narrowed() {
    let house = street().await;
    let form = Form::new().file("photo", "q.jpg", &photo(1)).text("filters", r#"{"dealer":["third"]}"#);
    let found = house.post_form("/api/v1/identify", &form).await.json();
    assert_eq!(ids(&found["hits"])[0], "C");
    assert!(ids(&found["hits"]).iter().all(|id| ["C", "D"].contains(id)));
}

#[tokio::test]
async fn what_cannot_be_identified_is_refused_with_its_reason() {
    let house = street().await;
    for (form, status, kind) in [
        (Form::new().text("limit", "3"), 422, "bad-field"),
        (Form::new().file("photo", "q.jpg", &photo(1)).text("text", "a ring"), 422, "bad-field"),
        (Form::new().file("photo", "q.jpg", &photo(1)).text("limit", "0"), 422, "bad-field"),
        (Form::new().file("photo", "q.jpg", &photo(1)).text("colour", "red"), 422, "bad-field"),
        (Form::new().file("photo", "q.jpg", b"not a picture"), 415, "not-a-picture"),
        (Form::new().file("photo", "q.jpg", &huge_png_header()), 422, "picture-too-large"),
        (Form::new().file("photo", "q.jpg", &vec![0xFF; 20_000_000]), 413, "too-many-bytes"),
        ((0..5).fold(Form::new(), |form, n| form.file("photo", "q.jpg", &photo(n))), 422, "bad-field"),
    ] {
        house.post_form("/api/v1/identify", &form).await.assert_problem(status, kind);
    }
    house.post_json("/api/v1/identify", &json!({})).await.assert_problem(415, "wrong-content-type");
}

#[tokio::test]
async fn a_listings_comparables_are_other_dealers_pieces_and_their_prices() {
    let house = street().await;
    let found = house.get("/api/v1/listings/C/comparables").await.json();
    assert_eq!(ids(&found["hits"])[..2], ["A", "B"]);
    assert!(!ids(&found["hits"]).contains(&"D"), "the dealer's own is none");
    assert!(found["hits"].as_array().unwrap().iter().all(|hit| hit["verdict"] != "weak"));
    let medians: Vec<&Value> =
        found["prices"]["same_design"].as_array().unwrap().iter().map(|range| &range["median"]["currency"]).collect();
    assert!(medians.contains(&&json!("GBP")) && medians.contains(&&json!("EUR")), "{medians:?}");
    let sold = house.get("/api/v1/listings/C/comparables?status=sold").await.json();
    assert_eq!(ids(&sold["hits"]), ["B"]);
    let one = house.get("/api/v1/listings/C/comparables?limit=1&status=available,reserved").await.json();
    assert_eq!(ids(&one["hits"]), ["A"]);
    house.get("/api/v1/listings/none/comparables").await.assert_problem(404, "not-found");
    for query in ["limit=0", "limit=49", "status=lost"] {
        house.get(&format!("/api/v1/listings/C/comparables?{query}")).await.assert_problem(422, "bad-field");
    }
}

#[tokio::test]
async fn a_dealers_market_pages_as_their_listings_do() {
    let house = street().await;
    let market = house.get("/api/v1/dealers/third/market").await.json();
    let listed = house.get("/api/v1/dealers/third/listings").await.json();
    assert_eq!(market["total"], listed["total"]);
    let order: Vec<&Value> = market["entries"].as_array().unwrap().iter().map(|entry| &entry["listing"]).collect();
    assert_eq!(order, listed["listings"].as_array().unwrap().iter().collect::<Vec<_>>());
    for entry in market["entries"].as_array().unwrap() {
        let id = entry["listing"]["id"].as_str().unwrap();
        let alone = house.get(&format!("/api/v1/listings/{id}/comparables?limit=4")).await.json();
        assert_eq!(entry["comparables"], alone);
    }
    let second = house.get("/api/v1/dealers/third/market?limit=1&offset=1&status=sold").await.json();
    assert_eq!((second["entries"].as_array().unwrap().len(), &second["more"]), (1, &json!(false)));
    house.get("/api/v1/dealers/nobody/market").await.assert_problem(404, "not-found");
    house.get("/api/v1/dealers/third/market?limit=0").await.assert_problem(422, "bad-field");
}

#[tokio::test]
async fn the_market_and_the_bench_are_pages() {
    let house = street().await;
    let page = house.browse("/dealers/third/market").await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains("Ring C") && page.text().contains("The same piece, or a reused photo"));
    assert!(house.browse("/dealers/third/market?status=sold").await.text().contains("Ring B"));
    assert_eq!(house.browse("/dealers/nobody/market").await.status, 404);
    let bench = house.browse("/bench").await;
    assert_eq!(bench.status, 200);
    assert!(bench.text().contains("Choose a folder"));
}

#[tokio::test]
async fn a_listings_page_leads_to_pieces_that_match_on_one_thing() {
    let house = street().await;
    let page = house.browse("/listings/A").await.text();
    assert!(page.contains("/search?like=A&amp;metal=platinum"), "{page}");
    assert!(page.contains("/search?like=A&amp;stone=emerald"));
    let found = house.browse("/search?like=A&metal=platinum").await.text();
    assert!(found.contains("Pieces like <") && found.contains("Ring C"), "{found}");
    assert!(
        !found.contains("data-place=\"0\" class=\"piece\"><!><a href=\"/listings/A\""),
        "the piece itself is left out"
    );
    for nobody in ["nobody", "..%2Fsecret"] {
        assert_eq!(house.browse(&format!("/search?like={nobody}")).await.status, 404, "{nobody}");
    }
    let api = house.get("/api/v1/search?like=A&metal=platinum").await.json();
    assert_eq!(api["hits"][0]["listing"]["id"], "C");
    house.get("/api/v1/search?like=nobody").await.assert_problem(422, "bad-field");
    // The photo itself is a link, for those who look closer without scripts.
    let media = house.get("/api/v1/listings/A").await.json()["photos"][0].as_str().unwrap().to_owned();
    assert!(page.contains(&format!("href=\"{media}\"")));
}
