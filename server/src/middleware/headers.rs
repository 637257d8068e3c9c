//! The headers that tell a browser what this site never does.
//!
//! A page's Content-Security-Policy is made where the page is rendered, with the nonce of that one response (see
//! `routes/pages.rs`); everything else gets the strictest one here.

use crate::state::AppState;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// For whatever is not a page: JSON, pictures, scripts, errors. Opened by itself, it may load nothing and run nothing.
const NOTHING: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Same for every response.
const ALWAYS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // What a shopper looks for stands in the address bar: no other site is told.
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), bluetooth=(), display-capture=(), browsing-topics=()",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The policy of one page. `nonce` is that response's own; `reloads` lets cargo-leptos' web socket through, in development.
///
/// `'self'` beside the nonce is for the modules that the nonced script (app: `components/wake.rs`) imports; everything
/// served under the site's own address has its own type and `nosniff`, so nothing uploaded can pass for a script.
pub fn page_policy(nonce: &str, reloads: bool) -> String {
    let sockets = if reloads { " ws:" } else { "" };
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' blob: data:; font-src 'self'; connect-src 'self'{sockets}; manifest-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// Adds the headers. A response that has set one of them itself keeps its own.
pub async fn security_headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    // Photos of listings are public; the marketplace's other pages may show them.
    let is_photo = request.uri().path().starts_with("/media/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        add(headers, name, value);
    }
    add(headers, header::CONTENT_SECURITY_POLICY, NOTHING);
    if !is_photo {
        add(headers, RESOURCE_POLICY, "same-origin");
    }
    if state.site().public_url.as_ref().is_some_and(|url| url.https) {
        add(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    // Pages, answers and errors are about this moment and this shopper. Files set their own.
    add(headers, header::CACHE_CONTROL, "private, no-cache");
    response
}

fn add(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_runs_only_what_its_nonce_or_the_site_vouches_for() {
        let policy = page_policy("abc", false);
        assert!(policy.contains("script-src 'self' 'nonce-abc' 'wasm-unsafe-eval';"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'") && !policy.contains("ws:"));
        assert!(page_policy("abc", true).contains("connect-src 'self' ws:;"));
    }
}
