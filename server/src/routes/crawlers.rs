//! `/robots.txt` and `/sitemap.xml`: what search engines may read, and where it is.

use super::place;
use crate::{error::Problem, state::AppState};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::IntoResponse,
};
use catalogue::Page;
use domain::{Filters, limits};
use std::fmt::Write;

/// Searches are without end, and what they show stands on pages of its own; but for the shelves, see [`app::Search::is_shelf`].
const ROBOTS: &str = "User-agent: *\nDisallow: /fn/\nDisallow: /api/\nDisallow: /search\n";

/// `GET /robots.txt`
pub async fn robots(State(state): State<AppState>, headers: HeaderMap) -> impl IntoResponse {
    let mut text = ROBOTS.to_owned();
    for key in app::SHELVES {
        // The longest rule that fits is the one that counts (RFC 9309): one word is a shelf, narrowed further it is a search.
        let _ = write!(text, "Allow: /search?{key}=\nDisallow: /search?{key}=*&\n");
    }
    if let Some(origin) = place::origin(&state, &headers) {
        let _ = writeln!(text, "Sitemap: {origin}/sitemap.xml");
    }
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))], text)
}

/// `GET /sitemap.xml`: the house, its shelves, its dealers, and their newest pieces as far as paging goes.
pub async fn sitemap(State(state): State<AppState>, headers: HeaderMap) -> Result<impl IntoResponse, Problem> {
    let origin = place::origin(&state, &headers)
        .ok_or_else(|| Problem::not_found("A sitemap needs the address of the site, and the request has no Host."))?;
    let mut map = String::from(concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    ));
    let mut add = |path: &str, changed: Option<&str>| {
        let changed = changed.map(|day| format!("<lastmod>{}</lastmod>", escape(day))).unwrap_or_default();
        let _ = writeln!(map, "<url><loc>{}</loc>{changed}</url>", escape(&format!("{origin}{path}")));
    };
    add("/", None);
    add("/about", None);
    for (key, words) in state.catalogue().facets().await?.named() {
        for (word, _) in words {
            add(&app::Search::within(key, word).href(), None);
        }
    }
    for summary in state.catalogue().dealers().await? {
        add(&format!("/dealers/{}", summary.dealer.id), None);
    }
    for offset in (0..limits::PAGING_DEPTH).step_by(limits::PAGE_MOST) {
        let page = state.catalogue().browse(&Filters::default(), Page::new(offset, limits::PAGE_MOST)?).await?;
        for listing in &page.listings {
            add(&format!("/listings/{}", listing.id), listing.listed.as_deref());
        }
        if !page.more {
            break;
        }
    }
    map.push_str("</urlset>\n");
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"))], map))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&apos;")
}
