//! Where the site is for those outside: as configured, else as the request's own Host says.

use crate::state::AppState;
use axum::http::{HeaderMap, header, uri::Authority};

/// Scheme and host, without a final slash. None where a request does not say, or says what is no host.
pub fn origin(state: &AppState, headers: &HeaderMap) -> Option<String> {
    if let Some(url) = &state.site().public_url {
        return Some(url.origin.clone());
    }
    let host: Authority = headers.get(header::HOST)?.to_str().ok()?.parse().ok()?;
    (!host.as_str().contains('@')).then(|| format!("http://{host}"))
}
