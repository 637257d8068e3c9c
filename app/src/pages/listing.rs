//! `/listings/{id}`: one piece, its photos, what is known about it, and the pieces most like it.

use crate::{
    Search,
    api::{ListingPage as Page, read_listing},
    components::{fetched::Fetched, head::PageHead, pieces::PieceGrid, wording},
};
use domain::Listing;
use leptos::{ev, prelude::*};
use leptos_router::hooks::{use_location, use_params_map};

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
    let Page { listing, similar } = page;
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
            <Photos listing=listing.clone() />
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
            </div>
        </article>
        {(!similar.is_empty())
            .then(|| {
                view! {
                    <section class="section" aria-labelledby="similar">
                        <div class="section-head">
                            <h2 id="similar">"Pieces most like it"</h2>
                        </div>
                        <PieceGrid cards=similar dozen=true />
                    </section>
                }
            })}
    }
    .into_any()
}

/// The photos: one large, the others as links to it. The arrow keys go through them.
#[component]
fn Photos(listing: Listing) -> impl IntoView {
    let location = use_location();
    let path = format!("/listings/{}", listing.id);
    let count = listing.photos.len();
    let here = path.clone();
    let chosen = Memo::new(move |before: Option<&usize>| {
        // On the way to another page the address is already that page's.
        if location.pathname.with(|path| *path != here) {
            return before.copied().unwrap_or_default();
        }
        let number =
            location.query.with(|query| query.get_str("photo").and_then(|number| number.parse::<usize>().ok()));
        number.unwrap_or(1).clamp(1, count.max(1)) - 1
    });
    let alt = wording::photo_alt(listing.category, &listing.title);
    let photos = listing.photos.clone();
    let shown = move || photos.get(chosen.get()).cloned().unwrap_or_default();
    let offered = shown.clone();
    let main_alt = alt.clone();
    let keys = move |event: ev::KeyboardEvent| {
        let to = match event.key().as_str() {
            "ArrowRight" => chosen.get_untracked() + 1,
            "ArrowLeft" => chosen.get_untracked().wrapping_sub(1),
            _ => return,
        };
        if to < count {
            event.prevent_default();
            #[cfg(feature = "hydrate")]
            crate::browser::press(&format!("[data-photo='{to}']"));
        }
    };
    let thumbs = listing
        .photos
        .iter()
        .enumerate()
        .map(|(n, photo)| {
            let href = if n == 0 { path.clone() } else { format!("{path}?photo={}", n + 1) };
            view! {
                <li>
                    <a
                        class="mat thumb"
                        href=href
                        data-photo=n
                        data-noscroll="true"
                        prop:replace=true
                        aria-label=format!("Photo {} of {count}", n + 1)
                        aria-current=move || (chosen.get() == n).then_some("true")
                    >
                        <img
                            srcset=wording::sides(photo)
                            sizes="6rem"
                            src=photo.clone()
                            alt=""
                            width="512"
                            height="512"
                            decoding="async"
                        />
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="listing-photos" on:keydown=keys>
            <div class="mat listing-photo">
                <img
                    srcset=move || wording::sides(&offered())
                    sizes="(min-width: 56rem) 46vw, 90vw"
                    src=shown
                    alt=move || {
                        if count > 1 { format!("{main_alt}, photo {} of {count}", chosen.get() + 1) } else { main_alt.clone() }
                    }
                    width="512"
                    height="512"
                    decoding="async"
                />
            </div>
            {(count > 1).then(|| view! { <ul class="thumbs" aria-label="Photos">{thumbs}</ul> })}
        </div>
    }
    .into_any()
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
