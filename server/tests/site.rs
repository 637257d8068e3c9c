//! What holds for every response: headers, policies, limits, refusals; and what operators ask.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

mod support;

use axum::{
    body::{Body, Bytes},
    extract::ConnectInfo,
    http::{Request, header},
};
use serde_json::Value;
use std::{collections::BTreeSet, net::SocketAddr, time::Duration};
use support::{Answer, Form, House, photo};

#[tokio::test]
async fn every_response_carries_the_security_headers() {
    let house = House::stocked().await;
    let media = house.get("/api/v1/listings/A").await.json()["photos"][0].as_str().unwrap().to_owned();
    for path in
        ["/", "/search?text=ring", "/api/v1/search", "/api/v1/nothing", "/health", "/no-such-page", media.as_str()]
    {
        let answer = house.browse(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert!(answer.header("permissions-policy").contains("camera=(self)"), "{path}");
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}: {policy}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}: not without https");
        assert_eq!(answer.headers.get_all("content-security-policy").iter().count(), 1, "{path}");
    }
}

#[tokio::test]
async fn browsers_are_kept_on_https_only_where_the_site_is_on_https() {
    let house = House::with(|config| {
        config.site.public_url = Some(server::config::PublicUrl::new("https://find.example.com").unwrap());
    })
    .await;
    assert!(house.browse("/").await.header("strict-transport-security").starts_with("max-age="));
}

fn nonce(page: &Answer) -> String {
    let policy = page.header("content-security-policy");
    policy.split("'nonce-").nth(1).unwrap_or_else(|| panic!("{policy}")).split('\'').next().unwrap().to_owned()
}

#[tokio::test]
async fn each_page_has_a_nonce_of_its_own_and_its_scripts_carry_it() {
    let house = House::new().await;
    let (first, second) = (house.browse("/").await, house.browse("/").await);
    assert_eq!(first.status, 200, "{}", first.text());
    assert_ne!(nonce(&first), nonce(&second));
    assert!(nonce(&first).len() >= 22, "128 bits");
    let text = first.text();
    for script in text.split("<script").skip(1) {
        let tag = script.split('>').next().unwrap();
        assert!(tag.contains(&format!("nonce=\"{}\"", nonce(&first))), "<script{tag}>");
    }
    assert!(first.header("content-security-policy").contains("'wasm-unsafe-eval'"));
}

#[tokio::test]
async fn an_address_that_does_not_exist_is_a_page_for_people_and_a_problem_for_programs() {
    let house = House::new().await;
    let page = house.browse("/no/such/page").await;
    assert_eq!(page.status, 404);
    assert!(page.header("content-type").starts_with("text/html"));
    house.browse("/api/v1/no-such-thing").await.assert_problem(404, "not-found");
    let wrong = house.send(Request::post("/api/v1/dealers").body(Body::empty()).unwrap()).await;
    wrong.assert_problem(405, "method-not-allowed");
}

#[tokio::test]
async fn another_sites_page_can_send_nothing() {
    let house = House::stocked().await;
    let form = Form::new().file("photo", "q.jpg", &photo(1));
    for path in ["/api/v1/search", "/search/photo", "/fn/find"] {
        for (name, value) in
            [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")]
        {
            let request =
                form.request(axum::http::Method::POST, path).header("host", "127.0.0.1:3000").header(name, value);
            house.send(request.body(form.body()).unwrap()).await.assert_problem(403, "cross-site");
        }
    }
    let request = form
        .request(axum::http::Method::POST, "/api/v1/search")
        .header("host", "127.0.0.1:3000")
        .header("origin", "http://127.0.0.1:3000")
        .header("sec-fetch-site", "same-origin");
    assert_eq!(house.send(request.body(form.body()).unwrap()).await.status, 200);
}

#[tokio::test]
async fn a_body_is_bounded_wherever_it_is_sent() {
    let house = House::new().await;
    let too_much = vec![b' '; 300 * 1024];
    for path in ["/api/v1/dealers", "/fn/find", "/health"] {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONTENT_LENGTH, too_much.len())
            .body(Body::from(too_much.clone()));
        house.send(request.unwrap()).await.assert_problem(413, "too-many-bytes");
    }
    // No length announced: counted as it comes.
    let chunks = futures::stream::iter((0..600).map(|_| Ok::<_, std::io::Error>(Bytes::from(vec![b' '; 1024]))));
    let request =
        Request::post("/fn/find").header(header::CONTENT_TYPE, "application/json").body(Body::from_stream(chunks));
    house.send(request.unwrap()).await.assert_problem(413, "too-many-bytes");
}

#[tokio::test]
async fn an_upload_that_never_ends_is_given_up() {
    let house = House::with(|config| config.limits.request_time = Duration::from_millis(200)).await;
    let never = Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>());
    let request =
        Request::post("/api/v1/search").header(header::CONTENT_TYPE, Form::content_type()).body(never).unwrap();
    house.send(request).await.assert_problem(408, "too-slow");
}

#[tokio::test]
async fn one_request_too_many_is_refused_at_once() {
    let house = House::with(|config| config.limits.requests_at_once = 1).await;
    let never = Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>());
    let request =
        Request::post("/api/v1/search").header(header::CONTENT_TYPE, Form::content_type()).body(never).unwrap();
    let router = house.router.clone();
    let working = tokio::spawn(async move { tower::ServiceExt::oneshot(router, request).await });
    while !house.get("/metrics").await.text().contains("vitrine_requests_working 1") {
        tokio::task::yield_now().await;
    }
    let refused = house.get("/api/v1/search").await;
    refused.assert_problem(503, "overloaded");
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(house.get("/health").await.status, 200, "health answers all the same");
    working.abort();
}

#[tokio::test]
async fn a_client_that_asks_too_often_is_told_when_to_come_back() {
    let house = House::with(|config| config.limits.searches_per_minute = 2).await;
    let ask = |from: &str| {
        let mut request = Request::get("/api/v1/search").body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(from.parse::<SocketAddr>().unwrap()));
        house.send(request)
    };
    assert_eq!(ask("203.0.113.7:1").await.status, 200);
    assert_eq!(ask("203.0.113.7:2").await.status, 200);
    let refused = ask("203.0.113.7:3").await;
    refused.assert_problem(429, "too-many-requests");
    assert!(refused.header("retry-after").parse::<u32>().unwrap() >= 1);
    assert_eq!(ask("203.0.113.8:1").await.status, 200);
}

#[tokio::test]
async fn operators_see_health_readiness_and_metrics() {
    let house = House::stocked().await;
    assert_eq!(house.get("/health").await.text(), "ok\n");
    let ready = house.get("/ready").await;
    assert_eq!((ready.status, &ready.json()["listings"]), (200, &Value::from(3)));
    house.post_form("/api/v1/search", &Form::new().file("photo", "q.jpg", &photo(1))).await;
    let metrics = house.get("/metrics").await.text();
    for part in [
        "vitrine_requests_total{method=\"POST\",route=\"/api/v1/search\",status=\"200\"} 1",
        "vitrine_search_step_duration_seconds_count{step=\"encode\"} 1",
        "vitrine_encoder_waiting 0",
    ] {
        assert!(metrics.contains(part), "{part} is not in\n{metrics}");
    }
    assert!(
        !metrics.contains("hartley-bow") && !metrics.contains("/listings/A"),
        "metrics hold patterns, not what was asked"
    );
    house.state.stop();
    assert_eq!(house.get("/ready").await.status, 503);
    assert_eq!(house.get("/health").await.status, 200);
}

#[tokio::test]
async fn files_of_the_site_come_compressed_where_they_were_and_never_from_outside() {
    let site = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(site.path().join("site/pkg")).unwrap();
    std::fs::write(site.path().join("secret.txt"), "secret").unwrap();
    std::fs::write(site.path().join("site/pkg/vitrine.css"), "body{}").unwrap();
    std::fs::write(site.path().join("site/pkg/vitrine.css.br"), "compressed").unwrap();
    std::fs::write(site.path().join("site/favicon.svg"), "<svg/>").unwrap();
    let house =
        House::with(|config| config.site.leptos.site_root = site.path().join("site").to_str().unwrap().into()).await;
    let plain = house.get("/pkg/vitrine.css").await;
    assert_eq!((plain.status, plain.text().as_str(), plain.header("content-type")), (200, "body{}", "text/css"));
    assert_eq!(plain.header("cache-control"), "no-cache", "its name does not change with its contents");
    let request = Request::get("/pkg/vitrine.css").header(header::ACCEPT_ENCODING, "gzip, br");
    let compressed = house.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!((compressed.header("content-encoding"), compressed.text().as_str()), ("br", "compressed"));
    assert_eq!(house.get("/favicon.svg").await.header("content-type"), "image/svg+xml");
    for path in ["/..%2fsecret.txt", "/%2e%2e/secret.txt", "/pkg/..%2f..%2fsecret.txt"] {
        let answer = house.get(path).await;
        assert!(answer.status >= 400 && !answer.text().contains("secret\n") && answer.text() != "secret", "{path}");
    }
}

#[tokio::test]
async fn files_whose_names_change_with_their_contents_may_be_kept_for_ever() {
    let site = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(site.path().join("pkg")).unwrap();
    std::fs::write(site.path().join("pkg/vitrine.0f3a.js"), "").unwrap();
    let house = House::with(|config| {
        config.site.leptos.site_root = site.path().to_str().unwrap().into();
        config.site.immutable = true;
    })
    .await;
    assert_eq!(house.get("/pkg/vitrine.0f3a.js").await.header("cache-control"), "public, max-age=31536000, immutable");
}

#[tokio::test]
async fn the_description_lists_every_address_and_no_other() {
    let house = House::new().await;
    let description = house.get("/api/v1/openapi.json").await;
    assert_eq!(description.header("content-type"), "application/json");
    let description = description.json();
    let mut described = BTreeSet::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            described.insert((path.clone(), method.to_uppercase()));
        }
    }
    let answered: BTreeSet<(String, String)> = server::routes::api::documented()
        .into_iter()
        .map(|(path, method)| (path.to_owned(), method.to_owned()))
        .collect();
    assert_eq!(described, answered);
    // And what is said to be answered is: anything but "no such address" and "not in that way".
    for (path, method) in &answered {
        let path = path.replace("{id}", "A");
        let answer =
            house.send(Request::builder().method(method.as_str()).uri(&path).body(Body::empty()).unwrap()).await;
        assert_ne!(answer.status, 405, "{method} {path}");
        assert!(!answer.text().contains("There is nothing at this address"), "{method} {path}");
    }
}

#[tokio::test]
async fn every_reference_in_the_description_leads_somewhere_and_answers_have_what_it_requires() {
    let house = House::stocked().await;
    let description: Value = serde_json::from_str(server::routes::api::OPENAPI).unwrap();
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(object) => {
                if let Some(Value::String(reference)) = object.get("$ref") {
                    found.push(reference.clone());
                }
                object.values().for_each(|value| references(value, found));
            }
            Value::Array(values) => values.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    references(&description, &mut found);
    assert!(found.len() > 20);
    for reference in found {
        assert!(description.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
    for (path, schema) in [
        ("/api/v1/search", "Answer"),
        ("/api/v1/listings/A", "Listing"),
        ("/api/v1/listings/A/similar", "SimilarPieces"),
        ("/api/v1/dealers", "Dealers"),
        ("/api/v1/dealers/hartley-bow/listings", "ListingPage"),
        ("/ready", "Ready"),
        ("/api/v1/listings/none", "Problem"),
    ] {
        let answer = house.get(path).await.json();
        let schema = &description["components"]["schemas"][schema];
        for required in schema["required"].as_array().unwrap() {
            assert!(answer.get(required.as_str().unwrap()).is_some(), "{path} lacks {required}: {answer}");
        }
        for given in answer.as_object().unwrap().keys() {
            assert!(schema["properties"].get(given).is_some(), "{path}: {given} is not described");
        }
    }
}
