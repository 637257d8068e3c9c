//! Writes a problem's body: RFC 9457 JSON for programs, a page for people whose browser sent a plain form or followed a link.

use super::observe::RequestId;
use crate::{
    error::{Kind, Problem},
    state::AppState,
};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use serde_json::json;

/// The policy of an error's page: the site's own style, and nothing that runs.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Gives every problem its body.
pub async fn render_problems(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().copied();
    let for_people = wants_page(request.uri().path(), request.headers());
    let was_read = request.method() == Method::GET;
    let response = next.run(request).await;
    let Some(problem) = response.extensions().get::<Problem>().cloned().or_else(|| bare(&response)) else {
        return response;
    };
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    let id = id.map(|id| id.to_string()).unwrap_or_default();
    let (content_type, body) = if for_people {
        parts.headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
        ("text/html; charset=utf-8", page(&problem, &id, was_read, &state.site().leptos.css_path()))
    } else {
        ("application/problem+json", as_json(&problem, &id))
    };
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    parts.extensions.insert(problem);
    Response::from_parts(parts, Body::from(body))
}

/// What axum itself answers without a word: an address asked in the wrong way.
fn bare(response: &Response) -> Option<Problem> {
    (response.status() == StatusCode::METHOD_NOT_ALLOWED)
        .then(|| Problem::new(Kind::MethodNotAllowed, "See the Allow header for how this address can be asked."))
}

/// The API and the page's own functions answer programs, whatever they accept.
fn wants_page(path: &str, headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    !path.starts_with("/api/") && !path.starts_with("/fn/") && accepts.contains("text/html")
}

fn as_json(problem: &Problem, id: &str) -> String {
    json!({
        "type": format!("urn:vitrine:problem:{}", problem.kind.slug()),
        "title": problem.kind.title(),
        "status": problem.kind.status().as_u16(),
        "detail": problem.detail,
        "request_id": id,
    })
    .to_string()
}

/// What the page of a picture that cannot be used leads on to: the same plain form once more.
const ANOTHER_PICTURE: &str = "<p>JPEG, PNG and WebP up to 10 MB will do. A screenshot of the piece always works.</p>\
    <form class=\"problem-picture\" action=\"/search/photo\" method=\"post\" enctype=\"multipart/form-data\">\
    <label for=\"photo\">Another picture</label> <input id=\"photo\" type=\"file\" name=\"photo\" accept=\"image/*\" required> \
    <button class=\"button\" type=\"submit\">Search with this picture</button></form>";

/// `was_read`: whether asking for the same address again sends nothing twice.
fn page(problem: &Problem, id: &str, was_read: bool, css: &str) -> String {
    let (title, detail) = (escape(problem.kind.title()), escape(&problem.detail));
    // What was too much a moment ago may do now.
    let again = if was_read && problem.kind.may_pass() { "<a class=\"button\" href=\"\">Try again</a> " } else { "" };
    let picture = if problem.kind.is_about_a_picture() { ANOTHER_PICTURE } else { "" };
    format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title} · Vitrine</title>\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\
         <link rel=\"stylesheet\" href=\"{css}\"></head>\n<body><main class=\"problem\"><h1>{title}</h1><p>{detail}</p>{picture}\
         <p>{again}<a href=\"/\">Back to the search</a></p><p><small>Reference: {id}</small></p></main></body>\n</html>\n"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_never_repeats_markup() {
        let problem = Problem::new(Kind::BadField, "There is no filter \"<script>\".");
        let page = page(&problem, "id", true, "/pkg/vitrine.css");
        assert!(!page.contains("<script") && page.contains("&lt;script&gt;"));
    }

    #[test]
    fn a_page_leads_on() {
        let page = |kind, was_read| page(&Problem::new(kind, "So it is."), "id", was_read, "/pkg/vitrine.css");
        assert!(page(Kind::TooManyRequests, true).contains("Try again"));
        assert!(!page(Kind::TooManyRequests, false).contains("Try again"), "nothing is sent twice by a link");
        assert!(!page(Kind::NotFound, true).contains("Try again"));
        assert!(page(Kind::NotAPicture, false).contains("action=\"/search/photo\""));
        assert!(!page(Kind::BadField, false).contains("<form"));
    }

    #[test]
    fn programs_get_json_and_people_a_page() {
        let browser = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static("text/html,*/*;q=0.8"))]);
        assert!(wants_page("/search/photo", &browser));
        assert!(!wants_page("/api/v1/search", &browser));
        assert!(!wants_page("/fn/words", &browser));
        assert!(!wants_page("/media/x", &HeaderMap::new()));
    }
}
