//! `/`: the search field, a few ways to begin, and what came in last.

use crate::{
    Search,
    api::{Home, read_home},
    components::{fetched::Fetched, head::PageHead, pieces::PieceGrid, search_bar::SearchBar, wording},
    state::Pictures,
};
use domain::{Category, Facets, Period};
use leptos::either::Either;
use leptos::prelude::*;

/// Descriptions to begin with: each names what a model can see.
const EXAMPLES: [&str; 3] =
    ["Art Deco emerald ring, geometric", "gold bracelet with a leaf pattern", "pearl drop earrings"];

/// The home page.
#[component]
pub fn HomePage() -> impl IntoView {
    let home = Resource::new(|| (), |()| read_home());
    let pictures = expect_context::<Pictures>();
    Effect::new(move |_| {
        if let Some(Ok(home)) = home.get() {
            pictures.pieces.set(Some(home.pieces));
        }
    });
    view! {
        <PageHead
            title=String::new()
            description="Find a piece of jewellery from a picture or a few words, among the pieces that dealers have listed.".into()
        />
        <div class="home">
            <section class="home-ask">
                <h1 class="home-headline">"Show us a picture, or say what it is like."</h1>
                <SearchBar large=true />
                <p class="home-hint">
                    "A screenshot will do, or " <a href="/camera">"take a photo"</a> ". "
                    <span class="home-hint-desk">"Drop or paste it anywhere on this page."</span>
                </p>
                <ul class="home-examples" aria-label="For example">
                    {EXAMPLES
                        .map(|example| {
                            view! {
                                <li>
                                    <a href=Search::words(example).href()>{example}</a>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </section>
            <Fetched resource=home waiting="Opening the vitrine" show=|home| view! { <Newest home /> }.into_any() />
        </div>
    }
    .into_any()
}

#[component]
fn Newest(home: Home) -> impl IntoView {
    let total = match home.dealers {
        0 => String::new(),
        1 => wording::pieces(home.pieces),
        dealers => format!("{} of {} dealers", wording::pieces(home.pieces), wording::number(dealers)),
    };
    let empty = home.newest.is_empty();
    view! {
        <div class="home-rest">
        <Browse facets=home.facets />
        <section class="section" aria-labelledby="newest">
            <div class="section-head">
                <h2 id="newest">"Newest in the vitrine"</h2>
                <a class="quiet-link" href="/search">
                    {if empty { String::new() } else { total }}
                </a>
            </div>
            {if empty {
                Either::Left(view! { <p class="quiet">"Nothing is listed yet. Pieces appear here as dealers bring them in."</p> })
            } else {
                Either::Right(view! { <PieceGrid cards=home.newest dozen=true /> })
            }}
        </section>
        </div>
    }
    .into_any()
}

/// Categories and periods that have pieces, in the trade's usual order.
#[component]
fn Browse(facets: Facets) -> impl IntoView {
    let categories = links("category", &facets.category, Category::ALL, |category| wording::capital(category.plural()));
    let periods = links("period", &facets.period, Period::ALL, |period| period.as_str().to_owned());
    view! {
        <nav class="browse" aria-label="Browse">
            <ul>{categories}</ul>
            <ul>{periods}</ul>
        </nav>
    }
    .into_any()
}

fn links<T: Copy + ToString>(
    key: &'static str,
    used: &[(String, usize)],
    all: &[T],
    shown: impl Fn(T) -> String,
) -> Vec<AnyView> {
    all.iter()
        .filter_map(|word| {
            used.iter().find(|(used, _)| *used == word.to_string()).map(|(value, count)| (*word, value, *count))
        })
        .map(|(word, value, count)| {
            view! {
                <li>
                    <a href=Search::within(key, value).href()>{shown(word)}</a>
                    " "
                    <span class="count">{wording::number(count)}</span>
                </li>
            }
            .into_any()
        })
        .collect()
}
