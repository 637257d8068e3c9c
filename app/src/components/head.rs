//! What a page says of itself to whatever shows a link to it: a title, a sentence, a picture. What is the same on every page stands in
//! the document itself (`app.rs`).

use leptos::prelude::*;
use leptos_meta::{Meta, Title};

/// The page's title, description and picture.
#[component]
pub fn PageHead(
    /// The title; empty for the house's name alone.
    title: String,
    /// What there is to see, in a sentence.
    description: String,
    /// The address of a picture of it on this site.
    #[prop(optional_no_strip)]
    picture: Option<String>,
) -> impl IntoView {
    let named = if title.is_empty() { "Vitrine".to_owned() } else { title.clone() };
    let picture = picture.filter(|address| address.starts_with("/media/"));
    view! {
        <Title text=title />
        <Meta name="description" content=description.clone() />
        <Meta property="og:title" content=named />
        <Meta property="og:description" content=description />
        {picture.map(|address| view! { <Meta property="og:image" content=absolute(&address) /> })}
    }
    .into_any()
}

/// Where the site is for those outside, and where on it the page being rendered is: what the server knows of a request.
#[derive(Debug, Clone)]
pub struct Place {
    /// Scheme and host, without a final slash.
    pub origin: String,
    /// Path and query of the request.
    pub address: String,
}

/// An address on this site with scheme and host, where the server knows them; in the browser, as it is.
pub fn absolute(address: &str) -> String {
    let origin = if cfg!(feature = "ssr") { use_context::<Place>().map(|place| place.origin) } else { None };
    origin.unwrap_or_default() + address
}

/// The page's own address of all those that lead to it: of a piece without which photo is shown, of everything else as it is, without
/// what others have added to it.
pub fn canonical(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let own: fn(&str) -> bool = match path.split('/').nth(1) {
        Some("search") => |_: &str| true,
        Some("dealers") => |key: &str| key == "offset",
        _ => |_: &str| false,
    };
    let mut canonical = path.to_owned();
    for pair in query.split('&').filter(|pair| own(pair.split('=').next().unwrap_or_default())) {
        if !pair.is_empty() && !pair.starts_with("utm_") {
            canonical.push(if canonical.contains('?') { '&' } else { '?' });
            canonical.push_str(pair);
        }
    }
    canonical
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_one_address_of_its_own() {
        for (given, own) in [
            ("/", "/"),
            ("/?utm_source=post", "/"),
            ("/listings/HB-1?photo=2", "/listings/HB-1"),
            ("/dealers/hartley-bow?offset=24&x=1", "/dealers/hartley-bow?offset=24"),
            ("/search?text=gold+ring&utm_source=post&sort=newest", "/search?text=gold+ring&sort=newest"),
        ] {
            assert_eq!(canonical(given), own);
        }
    }
}
