//! Refuses what another site's page makes a shopper's browser send.
//!
//! The rule is that of Filippo Valsorda's "Cross-Site Request Forgery" (2025), which Go's `http.CrossOriginProtection` follows:
//! reading is always allowed; otherwise `Sec-Fetch-Site` must be `same-origin` or `none`; where a browser is too old to send it,
//! `Origin` must name the host asked; a request with neither was not made by a browser. No token, no cookie.

use crate::{
    error::{Kind, Problem},
    state::AppState,
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Lets a request through only where the rule allows it.
pub async fn refuse_cross_site(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let public = state.site().public_url.as_ref().map(|url| url.origin.as_str());
    if is_allowed(request.method(), request.headers(), public) {
        return next.run(request).await;
    }
    Problem::new(Kind::CrossSite, "This was sent by a page of another site. Open this site itself and try again.")
        .into_response()
}

fn is_allowed(method: &Method, headers: &HeaderMap, public: Option<&str>) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
        (Some("same-origin" | "none"), _) | (None, None) => true,
        // Behind a proxy that changes Host, the address that shoppers see is the one to compare with.
        (_, Some(origin)) if public.is_some_and(|public| public.eq_ignore_ascii_case(origin)) => true,
        (Some(_), _) => false,
        (None, Some(origin)) => match (authority(origin), text(header::HOST.as_str())) {
            (Some(from), Some(host)) => from.eq_ignore_ascii_case(host),
            _ => false,
        },
    }
}

fn authority(origin: &str) -> Option<String> {
    origin.parse::<Uri>().ok()?.authority().map(|authority| authority.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn post(headers: &[(&'static str, &'static str)]) -> bool {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        is_allowed(&Method::POST, &headers, Some("https://find.example.com"))
    }

    #[test]
    fn another_sites_page_is_refused() {
        assert!(!post(&[("sec-fetch-site", "cross-site")]));
        assert!(!post(&[("sec-fetch-site", "same-site"), ("origin", "https://evil.example.com")]));
        assert!(!post(&[("origin", "https://evil.example"), ("host", "shop.example")]));
        assert!(!post(&[("origin", "null"), ("host", "shop.example")]));
    }

    #[test]
    fn the_sites_own_pages_and_programs_are_let_through() {
        assert!(post(&[("sec-fetch-site", "same-origin")]));
        assert!(post(&[("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")]));
        assert!(post(&[]));
        assert!(post(&[("origin", "https://find.example.com"), ("host", "10.0.0.7:3000")]));
    }

    #[test]
    fn reading_is_for_everyone() {
        let headers =
            HeaderMap::from_iter([(HeaderName::from_static("sec-fetch-site"), HeaderValue::from_static("cross-site"))]);
        assert!(is_allowed(&Method::GET, &headers, None));
    }
}
