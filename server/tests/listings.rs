//! Reading listings, dealers and photos over HTTP, and changing listings with the administrator's token.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

mod support;

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::json;
use support::{Form, House, TOKEN, listing, photo};

fn authorised(form: &Form, path: &str, token: &str) -> Request<Body> {
    let request = form.request(Method::PUT, path).header(header::AUTHORIZATION, format!("Bearer {token}"));
    request.body(form.body()).unwrap()
}

fn delete(path: &str, token: Option<&str>) -> Request<Body> {
    let request = Request::delete(path);
    match token {
        Some(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
        None => request,
    }
    .body(Body::empty())
    .unwrap()
}

#[tokio::test]
async fn what_is_put_is_found_at_once() {
    let house = House::new().await;
    let answer = house.put("HB-1042", &photo(5)).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(answer.header("location"), "/api/v1/listings/HB-1042");
    assert!(answer.json()["photos"][0].as_str().unwrap().starts_with("/media/"));
    let found = house.post_form("/api/v1/search", &Form::new().file("photo", "q.jpg", &photo(5))).await.json();
    assert_eq!(found["hits"][0]["listing"]["id"], "HB-1042");
    assert_eq!(house.get("/api/v1/listings/HB-1042").await.json()["title"], "Ring HB-1042");
}

#[tokio::test]
async fn what_is_put_again_replaces_what_was_there() {
    let house = House::new().await;
    let stored = house.put("A", &photo(1)).await.json();
    let mut changed = stored.clone();
    changed["title"] = json!("A better title");
    changed["price"] = json!({"amount": 10});
    let request = Request::put("/api/v1/listings/A")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, format!("Bearer {TOKEN}"));
    let answer = house.send(request.body(Body::from(changed.to_string())).unwrap()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let listing = house.get("/api/v1/listings/A").await.json();
    assert_eq!((listing["title"].as_str(), &listing["photos"]), (Some("A better title"), &stored["photos"]));
    assert_eq!(house.get("/api/v1/search").await.json()["hits"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_deleted_is_gone() {
    let house = House::stocked().await;
    let answer = house.send(delete("/api/v1/listings/B", Some(TOKEN))).await;
    assert_eq!((answer.status, answer.body.len()), (204, 0));
    house.get("/api/v1/listings/B").await.assert_problem(404, "not-found");
    let found = house.post_form("/api/v1/search", &Form::new().file("photo", "q.jpg", &photo(2))).await.json();
    assert!(found["hits"].as_array().unwrap().iter().all(|hit| hit["listing"]["id"] != "B"));
    house.send(delete("/api/v1/listings/B", Some(TOKEN))).await.assert_problem(404, "not-found");
}

#[tokio::test]
async fn nobody_changes_anything_without_the_token() {
    let house = House::stocked().await;
    let form = Form::new().text("listing", &listing("A").to_string()).file("photo", "1.jpg", &photo(9));
    house.send(authorised(&form, "/api/v1/listings/A", &"f".repeat(32))).await.assert_problem(401, "unauthorised");
    house.send(authorised(&form, "/api/v1/listings/A", "")).await.assert_problem(401, "unauthorised");
    let answer = house.send(delete("/api/v1/listings/A", None)).await;
    answer.assert_problem(401, "unauthorised");
    assert!(answer.header("www-authenticate").starts_with("Bearer"));
    assert_eq!(house.get("/api/v1/listings/A").await.status, 200);
}

#[tokio::test]
async fn a_server_without_a_token_takes_no_changes() {
    let house = House::with(|config| config.site.admin_token = None).await;
    for token in [None, Some(""), Some(TOKEN)] {
        let answer = house.send(delete("/api/v1/listings/A", token)).await;
        answer.assert_problem(403, "forbidden");
        assert!(answer.text().contains("VITRINE_ADMIN_TOKEN"));
    }
}

#[tokio::test]
async fn a_listing_that_cannot_be_stored_is_refused_and_nothing_changes() {
    let house = House::stocked().await;
    let put = |json: String, file: Vec<u8>| {
        let form = Form::new().text("listing", &json).file("photo", "1.jpg", &file);
        house.send(authorised(&form, "/api/v1/listings/A", TOKEN))
    };
    let mut other = listing("A");
    other["category"] = json!("tiara");
    put(other.to_string(), photo(9)).await.assert_problem(422, "bad-field");
    put("{".into(), photo(9)).await.assert_problem(400, "bad-request");
    put(listing("B").to_string(), photo(9)).await.assert_problem(409, "conflict");
    put(listing("A").to_string(), b"not a picture".to_vec()).await.assert_problem(415, "not-a-picture");
    put(listing("A").to_string(), vec![0xFF; 20_000_000]).await.assert_problem(413, "too-many-bytes");
    for stranger in ["../../etc/passwd", "/media/../../etc/passwd", "/etc/passwd", "2.jpg"] {
        let mut climbing = listing("A");
        climbing["photos"] = json!([stranger]);
        put(climbing.to_string(), photo(9)).await.assert_problem(422, "bad-field");
    }
    let found = house.post_form("/api/v1/search", &Form::new().file("photo", "q.jpg", &photo(1))).await.json();
    assert_eq!(found["hits"][0]["listing"]["id"], "A");
    assert!(found["hits"][0]["score"].as_f64().unwrap() > 0.99);
}

#[tokio::test]
async fn a_listing_shows_what_is_like_it_but_not_itself() {
    let house = House::stocked().await;
    let similar = house.get("/api/v1/listings/A/similar").await.json();
    let ids: Vec<&str> =
        similar["hits"].as_array().unwrap().iter().map(|hit| hit["listing"]["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 2);
    assert!(!ids.contains(&"A"));
    assert_eq!(house.get("/api/v1/listings/A/similar?limit=1").await.json()["hits"].as_array().unwrap().len(), 1);
    house.get("/api/v1/listings/A/similar?limit=0").await.assert_problem(422, "bad-field");
    house.get("/api/v1/listings/Z/similar").await.assert_problem(404, "not-found");
}

#[tokio::test]
async fn dealers_and_what_they_list() {
    let house = House::stocked().await;
    let dealers = house.get("/api/v1/dealers").await.json();
    assert_eq!(dealers["dealers"], json!([{"dealer": {"id": "hartley-bow", "name": "Hartley & Bow"}, "listings": 3}]));
    let page = house.get("/api/v1/dealers/hartley-bow/listings?limit=2").await.json();
    assert_eq!(
        (page["listings"].as_array().unwrap().len(), &page["total"], &page["more"]),
        (2, &json!(3), &json!(true))
    );
    house.get("/api/v1/dealers/nobody/listings").await.assert_problem(404, "not-found");
}

#[tokio::test]
async fn a_photo_comes_with_its_type_and_may_be_kept_for_ever() {
    let house = House::new().await;
    let sent = photo(4);
    let address = house.put("A", &sent).await.json()["photos"][0].as_str().unwrap().to_owned();
    let answer = house.get(&address).await;
    assert_eq!((answer.status, &answer.body[..]), (200, &sent[..]));
    assert_eq!(answer.header("content-type"), "image/jpeg");
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn a_photo_comes_in_the_sizes_that_pages_show_and_no_others() {
    let house = House::new().await;
    let large = imaging::Picture::new(900, 600, (0..900 * 600 * 3).map(|n| (n % 251) as u8).collect()).unwrap();
    let photo = large.to_jpeg(95).unwrap();
    let name = house.state.catalogue().store_photo(photo.clone(), imaging::Format::Jpeg).await.unwrap();
    let small = house.get(&format!("{}?side=320", name.address())).await;
    assert_eq!((small.status, small.header("content-type")), (200, "image/jpeg"));
    assert_eq!(small.header("cache-control"), "public, max-age=31536000, immutable");
    let header = imaging::probe(&small.body).unwrap();
    assert_eq!((header.width, header.height), (320, 213));
    assert_eq!(small.header("vary"), "accept");
    let shows_webp = Request::get(format!("{}?side=320", name.address())).header("accept", "image/webp,*/*;q=0.8");
    let webp = house.send(shows_webp.body(Body::empty()).unwrap()).await;
    assert_eq!((webp.status, webp.header("content-type")), (200, "image/webp"));
    assert!(imaging::probe(&webp.body).unwrap().width == 320 && webp.body.len() < small.body.len());
    assert_eq!(house.get(&format!("{}?side=1280", name.address())).await.body[..], photo[..]);
    for side in ["0", "321", "100000", "-1", "x", ""] {
        let answer = house.get(&format!("{}?side={side}", name.address())).await;
        assert!(matches!(answer.status, 400 | 404), "{side}: {}", answer.status);
    }
    let nobody = format!("/media/{}.jpg?side=320", "0".repeat(64));
    assert_eq!(house.get(&nobody).await.status, 404);
}

#[tokio::test]
async fn no_name_leads_out_of_the_media_folder() {
    let house = House::stocked().await;
    std::fs::write(house.folder.path().join("data/secret.jpg"), b"secret").unwrap();
    let zeros = "0".repeat(64);
    for name in [
        "..%2Fsecret.jpg".to_owned(),
        "..%2f..%2f..%2fetc%2fpasswd".into(),
        "%2e%2e%2fsecret.jpg".into(),
        "%2Fetc%2Fpasswd".into(),
        format!("{zeros}.jpg"),
        format!("{zeros}.exe"),
        format!("{zeros}%00.jpg"),
        "photos.lance".into(),
    ] {
        let answer = house.get(&format!("/media/{name}")).await;
        assert!(matches!(answer.status, 400 | 404), "{name}: {} {}", answer.status, answer.text());
        assert!(!answer.text().contains("secret") && !answer.text().contains("root:"), "{name}");
    }
}
