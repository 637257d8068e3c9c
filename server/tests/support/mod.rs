//! What the integration tests share: a real catalogue in a folder of its own, a real (tiny, randomly weighted) model in ONNX
//! Runtime, the real router; and pictures, forms and requests to put to it.
#![allow(dead_code, reason = "each test file uses its own part of this")]

pub mod bench;

use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header},
};
use catalogue::{Catalogue, Ingest, ModelStamp, SearchService};
use encoder::{Bundle, Encoder, EncoderOptions, EncoderQueue, QueueOptions};
use http_body_util::BodyExt;
use imaging::Picture;
use serde_json::{Value, json};
use server::{
    config::{Config, Given, Secret},
    routes,
    state::AppState,
};
use std::{
    path::PathBuf,
    sync::{Arc, OnceLock},
};
use tempfile::TempDir;
use tower::ServiceExt;

/// The administrator's token of every test server.
pub const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// The repository's root. Found from where the tests run, their package's folder: a path compiled in is another checkout's when two
/// share a target folder.
pub fn root() -> PathBuf {
    std::env::current_dir().unwrap().join("..")
}

/// A small CLIP with random weights, made by scripts/encoder-fixtures.
pub fn tiny_clip() -> PathBuf {
    root().join("crates/encoder/tests/fixtures/tiny-clip")
}

/// Another, so another model.
pub fn tiny_open_clip() -> PathBuf {
    root().join("crates/encoder/tests/fixtures/tiny-open-clip")
}

/// The tiny model, loaded once a test file.
pub fn encoder() -> (Bundle, Arc<Encoder>) {
    static LOADED: OnceLock<(Bundle, Arc<Encoder>)> = OnceLock::new();
    LOADED
        .get_or_init(|| {
            let bundle = Bundle::open(&tiny_clip()).expect("the fixture is whole");
            let options = EncoderOptions { device: encoder::Device::Cpu, threads: 1, ..EncoderOptions::default() };
            let encoder = Encoder::load(&bundle, &options)
                .expect("ONNX Runtime is set up (scripts/setup-onnxruntime.sh, ORT_DYLIB_PATH)");
            (bundle, Arc::new(encoder))
        })
        .clone()
}

/// A server without a socket, on a data folder of its own.
pub struct House {
    pub folder: TempDir,
    pub router: Router,
    pub state: AppState,
}

impl House {
    /// An empty one, with the usual settings.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// An empty one, with settings changed.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = folder.path().join("vitrine.toml");
        std::fs::write(&settings, "").unwrap();
        let mut config = Config::resolve(Given { file: Some(settings), ..Given::default() }).unwrap();
        config.site.admin_token = Some(Secret::new(TOKEN).unwrap());
        change(&mut config);
        let (bundle, encoder) = encoder();
        let catalogue = Catalogue::open(&folder.path().join("data"), &ModelStamp::of(&bundle)).await.unwrap();
        let queue = EncoderQueue::start(encoder.clone(), QueueOptions::default());
        let service = SearchService::new(catalogue.clone(), queue.clone(), &bundle);
        let state = AppState::new(service, Ingest::new(catalogue, encoder), queue, config.site, config.limits);
        Self { folder, router: routes::router(state.clone()), state }
    }

    /// One with the listings A, B and C, whose photos are those of [`photo`] 1, 2 and 3.
    pub async fn stocked() -> Self {
        let house = Self::new().await;
        for (n, id) in ["A", "B", "C"].into_iter().enumerate() {
            let answer = house.put(id, &photo(n as u8 + 1)).await;
            assert_eq!(answer.status, 201, "{}", answer.text());
        }
        house
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// As a browser asks for a page.
    pub async fn browse(&self, path: &str) -> Answer {
        let request = Request::get(path).header(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn post_json(&self, path: &str, body: &Value) -> Answer {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub async fn post_form(&self, path: &str, form: &Form) -> Answer {
        self.send(form.request(Method::POST, path).body(form.body()).unwrap()).await
    }

    /// Puts a listing with one photo, as the administrator.
    pub async fn put(&self, id: &str, photo: &[u8]) -> Answer {
        let form = Form::new().text("listing", &listing(id).to_string()).file("photo", "1.jpg", photo);
        let path = format!("/api/v1/listings/{id}");
        let request = form.request(Method::PUT, &path).header(header::AUTHORIZATION, format!("Bearer {TOKEN}"));
        self.send(request.body(form.body()).unwrap()).await
    }
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// That it is a problem as RFC 9457 and docs/API.md have it, of this status and kind.
    #[track_caller]
    pub fn assert_problem(&self, status: u16, kind: &str) {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["type"], format!("urn:vitrine:problem:{kind}"), "{problem}");
        assert_eq!(problem["status"], status);
        assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()));
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.ends_with('.')), "{problem}");
        assert_eq!(problem["request_id"], self.header("x-request-id"));
    }
}

/// A listing without photos named: those sent along count.
pub fn listing(id: &str) -> Value {
    json!({"id": id, "dealer": {"id": "hartley-bow", "name": "Hartley & Bow"}, "title": format!("Ring {id}"), "category": "ring",
        "period": "Art Deco", "metals": ["platinum"], "price": {"amount": 4250, "currency": "GBP"}, "listed": "2026-05-01"})
}

/// A JPEG of coloured blocks; another seed, another picture.
pub fn photo(seed: u8) -> Vec<u8> {
    let (across, down, side) = (6, 5, 16);
    // Knuth's linear congruential generator: the same colours on every machine.
    let mut state = u64::from(seed) + 1;
    let mut colour = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        [(state >> 40) as u8, (state >> 48) as u8, (state >> 56) as u8]
    };
    let blocks: Vec<[u8; 3]> = (0..across * down).map(|_| colour()).collect();
    let pixels = (0..down * side)
        .flat_map(|y| (0..across * side).map(move |x| (y / side) * across + x / side))
        .flat_map(|block| blocks[block])
        .collect();
    Picture::new((across * side) as u32, (down * side) as u32, pixels).unwrap().to_jpeg(92).unwrap()
}

/// A multipart form.
pub struct Form {
    bytes: Vec<u8>,
}

const BOUNDARY: &str = "a-boundary-that-is-in-no-picture";

impl Form {
    pub fn new() -> Self {
        Self { bytes: Vec::new() }
    }

    pub fn text(mut self, name: &str, value: &str) -> Self {
        self.bytes.extend(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
        self
    }

    pub fn file(mut self, name: &str, file_name: &str, bytes: &[u8]) -> Self {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\n\
             Content-Type: image/jpeg\r\n\r\n"
        );
        self.bytes.extend(head.bytes());
        self.bytes.extend(bytes);
        self.bytes.extend(b"\r\n");
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        bytes.extend(format!("--{BOUNDARY}--\r\n").bytes());
        bytes
    }

    pub fn body(&self) -> Body {
        Body::from(self.bytes())
    }

    pub fn content_type() -> String {
        format!("multipart/form-data; boundary={BOUNDARY}")
    }

    /// A request that says how long it is, as browsers and curl do.
    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, Self::content_type())
            .header(header::CONTENT_LENGTH, HeaderValue::from(self.bytes().len()))
    }
}

/// The header of a PNG of 30,000 x 30,000 pixels, and nothing behind it.
pub fn huge_png_header() -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = b"IHDR".to_vec();
    chunk.extend(30_000u32.to_be_bytes());
    chunk.extend(30_000u32.to_be_bytes());
    chunk.extend([8, 2, 0, 0, 0]);
    png.extend(13u32.to_be_bytes());
    let crc = crc32(&chunk);
    png.extend(chunk);
    png.extend(crc.to_be_bytes());
    png
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
    })
}

/// As a status, for readable assertions.
pub fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap()
}
