//! `/listings/{id}`: one piece, its photos, what is known about it, the same design and what is similar, and what to match on.

use crate::{
    Search,
    api::{Card, ListingPage as Page, read_listing},
    components::{fetched::Fetched, gallery::Gallery, head::PageHead, pieces::PieceGrid, wording},
};
use domain::{Listing, Verdict};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The listing page.
#[component]
pub fn ListingPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let listing = Resource::new(move || id.get(), read_listing);
    view! {
        <Fetched resource=listing waiting="Fetching the piece" titled=true show=|page| view! { <Piece page /> }.into_any() />
    }
    .into_any()
}

#[component]
fn Piece(page: Page) -> impl IntoView {
    let Page { listing, similar, matching } = page;
    let title = listing.title.clone();
    let summary = summary(&listing);
    let price = listing.price.map_or_else(|| "Price on request".to_owned(), |price| price.to_string());
    let paragraphs: Vec<String> =
        listing.description.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let state = wording::state(listing.status);
    let url = listing.url.clone();
    view! {
        <PageHead title=title.clone() description=summary picture=listing.photos.first().cloned() />
        <script type="application/ld+json" nonce=use_nonce() inner_html=structured(&listing)></script>
        <article class="listing">
            <Gallery listing=listing.clone() />
            <div class="listing-facts">
                <h1 class="listing-title">{title}</h1>
                <p class="listing-dealer">
                    "From " <a href=format!("/dealers/{}", listing.dealer.id)>{listing.dealer.name.clone()}</a>
                </p>
                <p class="listing-price">
                    {price} {state.map(|state| view! { <em class="piece-state">{state}</em> })}
                </p>
                {url
                    .map(|url| {
                        view! {
                            <p>
                                <a class="button" href=url rel="external noopener">
                                    "See it at the dealer’s"
                                </a>
                            </p>
                        }
                    })}
                <Details listing=listing.clone() />
                <div class="listing-words">
                    {paragraphs.into_iter().map(|paragraph| view! { <p>{paragraph}</p> }).collect_view()}
                </div>
                <div inner_html=matching></div>
            </div>
        </article>
        {alike(similar)}
    }
    .into_any()
}

/// The pieces most like this one: the same design apart from those that only look like it.
fn alike(similar: Vec<Card>) -> Vec<AnyView> {
    let (designs, rest): (Vec<Card>, Vec<Card>) =
        similar.into_iter().partition(|card| card.verdict.is_some_and(|verdict| verdict <= Verdict::SameDesign));
    let (near, far): (Vec<Card>, Vec<Card>) =
        rest.into_iter().partition(|card| card.verdict.is_none_or(|verdict| verdict < Verdict::Weak));
    // What is far off is only worth a look where nothing is near.
    let nothing = designs.is_empty() && near.is_empty();
    [
        ("same-design", "The same design", designs),
        ("similar", "Similar by looks", near),
        ("similar-far", "Nothing very close. These are the nearest.", if nothing { far } else { Vec::new() }),
    ]
    .into_iter()
    .filter(|(.., cards)| !cards.is_empty())
    .map(|(id, heading, cards)| {
        view! {
            <section class="section" aria-labelledby=id>
                <div class="section-head">
                    <h2 id=id>{heading}</h2>
                </div>
                <PieceGrid cards dozen=true />
            </section>
        }
        .into_any()
    })
    .collect()
}

/// What is known about the piece; each word leads to the pieces that share it.
#[component]
fn Details(listing: Listing) -> impl IntoView {
    let row = |name: &'static str, key: &'static str, values: Vec<(String, String)>| {
        (!values.is_empty()).then(|| {
            let values = values
                .into_iter()
                .map(|(value, shown)| {
                    view! {
                        <li>
                            <a href=Search::within(key, &value).href()>{shown}</a>
                        </li>
                    }
                })
                .collect_view();
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>
                        <ul class="words">{values}</ul>
                    </dd>
                </div>
            }
        })
    };
    let same = |words: &[String]| words.iter().map(|word| (word.clone(), word.clone())).collect::<Vec<_>>();
    let plain = |name: &'static str, value: Option<String>| {
        value.map(|value| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                </div>
            }
        })
    };
    let category = listing.category.as_str().to_owned();
    view! {
        <dl class="details">
            {row("Kind", "category", vec![(category.clone(), category)])}
            {row(
                "Period",
                "period",
                listing.period.iter().map(|period| (period.to_string(), period.to_string())).collect(),
            )} {row("Metal", "metal", same(&listing.metals))} {row("Stones", "stone", same(&listing.stones))}
            {row("Motif", "motif", same(&listing.motifs))}
            {plain("State", Some(wording::state(listing.status).unwrap_or("For sale").to_owned()))}
            {plain("Listed", listing.listed.as_deref().map(wording::day))}
            {plain("Reference", Some(listing.id.to_string()))}
        </dl>
    }
    .into_any()
}

/// The first sentence or so, for search engines and shared links.
fn summary(listing: &Listing) -> String {
    const LONGEST: usize = 160;
    let words = if listing.description.is_empty() { &listing.title } else { &listing.description };
    let mut summary = String::new();
    for word in words.split_whitespace() {
        if summary.len() + word.len() + 1 > LONGEST {
            summary.push('…');
            break;
        }
        if !summary.is_empty() {
            summary.push(' ');
        }
        summary.push_str(word);
    }
    summary
}

/// The piece as schema.org has it, for search engines. Only the server writes it.
#[cfg(feature = "ssr")]
fn structured(listing: &Listing) -> String {
    use crate::components::head::absolute;
    use domain::Status;
    let availability = match listing.status {
        Status::Available => "https://schema.org/InStock",
        Status::Reserved => "https://schema.org/LimitedAvailability",
        Status::Sold => "https://schema.org/SoldOut",
    };
    let here = format!("/listings/{}", listing.id);
    let offer = listing.price.map(|price| {
        serde_json::json!({
            "@type": "Offer",
            "price": format!("{:.2}", price.amount()),
            "priceCurrency": price.currency().as_str(),
            "availability": availability,
            "url": absolute(&here),
            "seller": { "@type": "Organization", "name": listing.dealer.name },
        })
    });
    let product = serde_json::json!({
        "@context": "https://schema.org",
        "@type": "Product",
        "name": listing.title,
        "description": listing.description,
        "sku": listing.id.as_str(),
        "category": listing.category.as_str(),
        "material": listing.metals,
        "url": absolute(&here),
        "image": listing.photos.iter().map(|photo| absolute(photo)).collect::<Vec<_>>(),
        "offers": offer,
    });
    // A dealer's words must not end the script: JSON may spell any character by its number.
    product.to_string().replace('<', "\\u003c")
}

#[cfg(not(feature = "ssr"))]
fn structured(_: &Listing) -> String {
    String::new()
}
