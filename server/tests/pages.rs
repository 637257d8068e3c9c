//! What a page says of itself, and to search engines; what it is asked with beside words and filters; how an installed app shares to it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

mod support;

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use support::{Answer, Form, House, photo};

/// As a browser asks, at an address of its own.
async fn ask(house: &House, path: &str) -> Answer {
    let request = Request::get(path).header(header::HOST, "find.example:8080").header(header::ACCEPT, "text/html");
    house.send(request.body(Body::empty()).unwrap()).await
}

/// What stands between `before` and the next quotation mark.
fn after<'a>(page: &'a str, before: &str) -> &'a str {
    let found = page.split(before).nth(1).unwrap_or_else(|| panic!("{before} is not in\n{page}"));
    found.split('"').next().unwrap()
}

#[tokio::test]
async fn a_piece_says_what_it_is_to_whatever_shows_a_link_to_it() {
    let house = House::stocked().await;
    let page = ask(&house, "/listings/A?photo=1&utm_source=post").await.text();
    let here = "http://find.example:8080/listings/A";
    assert_eq!(after(&page, "rel=\"canonical\" href=\""), here);
    assert_eq!(after(&page, "property=\"og:url\" content=\""), here);
    assert_eq!(after(&page, "property=\"og:title\" content=\""), "Ring A");
    let picture = after(&page, "property=\"og:image\" content=\"");
    assert!(picture.starts_with("http://find.example:8080/media/"), "{picture}");
    assert_eq!(page.matches("name=\"description\"").count(), 1);
    let product = page.split("application/ld+json").nth(1).unwrap().split_once('>').unwrap().1;
    let product: Value = serde_json::from_str(product.split("</script>").next().unwrap()).unwrap();
    assert_eq!(
        (&product["@type"], &product["url"], &product["offers"]["url"]),
        (&json!("Product"), &json!(here), &json!(here))
    );
    assert_eq!(product["image"][0], picture);
}

#[tokio::test]
async fn a_configured_address_is_believed_before_the_requests_own() {
    let house = House::with(|config| {
        config.site.public_url = Some(server::config::PublicUrl::new("https://find.example.com").unwrap());
    })
    .await;
    let page = ask(&house, "/about").await.text();
    assert_eq!(after(&page, "rel=\"canonical\" href=\""), "https://find.example.com/about");
    let robots = ask(&house, "/robots.txt").await.text();
    assert!(robots.contains("Sitemap: https://find.example.com/sitemap.xml"), "{robots}");
}

#[tokio::test]
async fn a_host_that_is_none_is_repeated_nowhere() {
    let house = House::stocked().await;
    for host in ["a@b.example", "\"><script>alert(1)</script>", "a b"] {
        let request = Request::get("/").header(header::HOST, host).header(header::ACCEPT, "text/html");
        let page = house.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(page.status, 200, "{host}");
        assert!(!page.text().contains("rel=\"canonical\"") && !page.text().contains("alert(1)"), "{host}");
    }
}

#[tokio::test]
async fn what_a_dealer_writes_cannot_end_the_data_about_a_piece() {
    let house = House::stocked().await;
    let mut listing = support::listing("D");
    let words = "Ring </script></title><script>alert(1)</script>";
    listing["title"] = json!(words);
    let form = Form::new().text("listing", &listing.to_string()).file("photo", "1.jpg", &photo(4));
    let request = form.request(Method::PUT, "/api/v1/listings/D");
    let request = request.header(header::AUTHORIZATION, format!("Bearer {}", support::TOKEN));
    assert_eq!(house.send(request.body(form.body()).unwrap()).await.status, 201);
    let page = ask(&house, "/listings/D").await.text();
    assert!(!page.contains("<script>alert(1)"), "{page}");
    // Nor can a shopper's, in a link that somebody else made.
    let asked = "/search?text=%3C%2Ftitle%3E%3Cmeta%20http-equiv%3Drefresh%3E%20%26amp%3B";
    let page = ask(&house, asked).await.text();
    assert!(!page.contains("<meta http-equiv"), "{page}");
    assert!(page.contains("<title>&lt;/title>&lt;meta http-equiv=refresh> &amp;amp; · Vitrine</title>"), "{page}");
}

#[tokio::test]
async fn search_engines_are_told_what_to_read() {
    let house = House::stocked().await;
    let robots = ask(&house, "/robots.txt").await;
    assert!(robots.header("content-type").starts_with("text/plain"));
    assert!(robots.text().contains("Disallow: /search\n"));
    assert!(robots.text().contains("Allow: /search?period=\nDisallow: /search?period=*&\n"));
    assert!(robots.text().ends_with("Sitemap: http://find.example:8080/sitemap.xml\n"));
    let map = ask(&house, "/sitemap.xml").await;
    assert_eq!(map.header("content-type"), "application/xml");
    let shelf = "/search?category=ring";
    for place in ["/", "/about", shelf, "/dealers/hartley-bow", "/listings/A", "/listings/B", "/listings/C"] {
        assert!(map.text().contains(&format!("<loc>http://find.example:8080{place}</loc>")), "{place}");
    }
    assert!(map.text().contains("<lastmod>2026-05-01</lastmod>"));
    // What is in the map may be read, and says so itself.
    for (place, may_be_read) in
        [(shelf, true), ("/search?category=ring&metal=silver", false), ("/search?text=ring", false)]
    {
        let page = ask(&house, place).await.text();
        assert_eq!(page.contains(r#"<meta name="robots" content="all""#), may_be_read, "{place}");
        assert_ne!(page.contains(r#"<meta name="robots" content="noindex""#), may_be_read, "{place}");
    }
}

#[tokio::test]
async fn a_screenshot_shared_to_the_installed_app_is_looked_for() {
    let house = House::stocked().await;
    let form = Form::new().file("photo", "Screenshot.jpg", &photo(2));
    // As Android's Chrome sends it: begun by the system, so from no page and to no page.
    let request = form
        .request(Method::POST, "/search/photo")
        .header(header::HOST, "find.example")
        .header(header::ACCEPT, "text/html")
        .header(header::ORIGIN, "null")
        .header("sec-fetch-site", "none")
        .header("sec-fetch-mode", "navigate");
    let answer = house.send(request.body(form.body()).unwrap()).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let to = answer.header("location").to_owned();
    assert!(to.starts_with("/search?token="), "{to}");
    let page = ask(&house, &to).await.text();
    assert_eq!(after(&page, "<a href=\"/listings/"), "B");
}

#[tokio::test]
async fn a_page_is_answered_while_another_server_of_the_same_process_is_being_made() {
    let house = House::new().await;
    let (state, made) = (house.state.clone(), Arc::new(AtomicBool::new(false)));
    let building = {
        let made = made.clone();
        std::thread::spawn(move || {
            while !made.load(Ordering::Relaxed) {
                drop(server::routes::router(state.clone()));
            }
        })
    };
    let mut answers = Vec::new();
    for _ in 0..20 {
        let page = tokio::time::timeout(Duration::from_secs(10), ask(&house, "/search"));
        answers.push(page.await.map(|page| page.status));
    }
    made.store(true, Ordering::Relaxed);
    building.join().unwrap();
    assert!(answers.iter().all(|status| matches!(status, Ok(200))), "{answers:?}");
}

#[tokio::test]
async fn order_weight_and_going_beyond_are_part_of_a_searchs_address() {
    let house = House::stocked().await;
    for (id, price) in [("A", 300), ("B", 100), ("C", 200)] {
        let mut listing = support::listing(id);
        listing["price"] = json!({"amount": price, "currency": "GBP"});
        let seed = id.as_bytes()[0] - b'A' + 1;
        let form = Form::new().text("listing", &listing.to_string()).file("photo", "1.jpg", &photo(seed));
        let path = format!("/api/v1/listings/{id}");
        let request = form.request(Method::PUT, &path);
        let request = request.header(header::AUTHORIZATION, format!("Bearer {}", support::TOKEN));
        assert!(house.send(request.body(form.body()).unwrap()).await.status < 300);
    }
    let ids = |page: String| -> Vec<String> {
        let links = page.split("<a href=\"/listings/").skip(1);
        links.map(|link| link.split('"').next().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(ask(&house, "/search?sort=price_up").await.text()), ["B", "C", "A"]);
    assert_eq!(ids(ask(&house, "/search?text=ring&sort=price_down&beyond=1").await.text()), ["A", "C", "B"]);
    // A picture's own token with words beside it: the words alone, or not at all.
    let form = Form::new().file("photo", "q.jpg", &photo(3));
    let found = house.post_form("/api/v1/search", &form).await.json();
    let token = found["query"]["token"].as_str().unwrap();
    let by_looks = ids(ask(&house, &format!("/search?text=ring&weight=0&beyond=1&token={token}")).await.text());
    assert_eq!(by_looks[0], "C");
    let by_words = ids(ask(&house, &format!("/search?text=ring+b&weight=1&beyond=1&token={token}")).await.text());
    let as_typed = ids(ask(&house, "/search?text=ring+b&beyond=1").await.text());
    assert_eq!((by_words.len(), as_typed.len()), (3, 3));
    for wrong in ["/search?sort=cheapest", "/search?weight=2"] {
        assert_eq!(ask(&house, wrong).await.status, 422, "{wrong}");
    }
}

#[tokio::test]
async fn the_catalogues_words_are_there_to_be_suggested() {
    let house = House::stocked().await;
    let words = house.post_json("/fn/vocabulary", &json!({})).await;
    assert_eq!(words.status, 200, "{}", words.text());
    let words = words.json();
    assert!(words["words"].as_array().unwrap().contains(&json!(["Art Deco", "period"])), "{words}");
    assert_eq!(words["dealers"], json!([["Hartley & Bow", "hartley-bow"]]));
}
