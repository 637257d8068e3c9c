//! Pieces in a grid: mostly photo, each on its square mat, with the piece whole.

use crate::{
    Search,
    api::Card,
    components::wording::{alt, sides, state},
};
use domain::Verdict;
use leptos::prelude::*;

/// Cards that are on the screen at once on a desk: their photos are fetched at once, the others when they come near.
const AT_ONCE: usize = 6;
/// How wide a card's photo is on the page, by the columns of the grid (style/pieces.css) and the mat's margin.
const SIZES: &str =
    "(min-width: 100rem) 14vw, (min-width: 75rem) 17vw, (min-width: 56rem) 21vw, (min-width: 37.5rem) 29vw, 43vw";

/// One piece. `place` is where it stands in the whole list, `label` what the cards from here on have in common.
#[component]
pub fn PieceCard(
    /// The piece.
    card: Card,
    /// Where it stands in the whole list, from 0.
    place: usize,
    /// The heading over it, where a band begins.
    #[prop(optional_no_strip)]
    label: Option<&'static str>,
    /// The name of its band, for the rule over it.
    #[prop(optional_no_strip)]
    band: Option<&'static str>,
    /// The address of the same search led away from this piece, where there is a search to lead.
    #[prop(optional_no_strip)]
    less: Option<String>,
) -> impl IntoView {
    let both = less.is_some();
    let href = format!("/listings/{}", card.id);
    let more = Search::like(&card.id).href();
    let title = card.title.clone();
    let alt = alt(&card);
    let blur = card.blur.map(|blur| ["data:image/webp;base64,", &blur].concat());
    let price = card.price.map_or_else(|| "Price on request".to_owned(), |price| price.to_string());
    let quiet = match card.period {
        Some(period) => format!("{} · {period}", card.dealer.1),
        None => card.dealer.1,
    };
    view! {
        <li class="piece" data-place=place data-band=band>
            {label.map(|label| view! { <h2 class="piece-band">{label}</h2> })}
            <a class="piece-link" href=href>
                <span class="mat">
                    {blur.map(|blur| view! { <img class="mat-blur" src=blur alt="" aria-hidden="true" /> })}
                    <img
                        srcset=sides(&card.photo)
                        sizes=SIZES
                        src=card.photo
                        alt=alt
                        width="512"
                        height="512"
                        decoding="async"
                        loading=if place < AT_ONCE { "eager" } else { "lazy" }
                    />
                </span>
                <span class="piece-title">{card.title}</span>
                <span class="piece-quiet">{quiet}</span>
                <span class="piece-price">
                    {price} {state(card.status).map(|state| view! { <em class="piece-state">{state}</em> })}
                </span>
            </a>
            <p class="piece-ways">
                <a href=more>
                    "More" <span class:hidden=both>" like this"</span> <span class="hidden">{[": ", &title].concat()}</span>
                </a>
                {less.map(|href| view! {
                    <span aria-hidden="true">"·"</span>
                    <a class="piece-less" href=href data-noscroll="true">
                        "Less" <span class="hidden">{[" like this: ", &title].concat()}</span>
                    </a>
                    <span aria-hidden="true">"like this"</span>
                })}
            </p>
        </li>
    }
    .into_any()
}

/// Pieces in the order given, with a heading over the first of each verdict.
#[component]
pub fn PieceGrid(
    /// The pieces.
    cards: Vec<Card>,
    /// How many pieces come before them.
    #[prop(optional)]
    first: usize,
    /// Whether to say how close they are.
    #[prop(optional)]
    banded: bool,
    /// Whether there are a dozen at most, of which only whole rows are wanted.
    #[prop(optional)]
    dozen: bool,
    /// The search that found them, where it can be led away from each.
    #[prop(optional)]
    search: Option<Search>,
) -> impl IntoView {
    let all_weak = cards.first().is_some_and(|card| card.verdict == Some(Verdict::Weak));
    let mut before = None;
    let items = cards
        .into_iter()
        .enumerate()
        .map(|(n, card)| {
            let begins = banded && !all_weak && card.verdict != before;
            before = card.verdict;
            let band = if banded && !all_weak { card.verdict.map(class) } else { None };
            let label = card.verdict.filter(|_| begins).map(heading);
            let less = search.as_ref().and_then(|search| search.less_like(&card.id)).map(|search| search.href());
            view! { <PieceCard card place=first + n label band less /> }
        })
        .collect_view();
    view! { <ol class="grid" class=("grid--banded", banded) class=("grid--dozen", dozen)>{items}</ol> }
}

/// What a band of results is called.
fn heading(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::SamePiece => "The same piece",
        Verdict::SameDesign => "The same design",
        Verdict::Similar => "Similar",
        Verdict::Weak => "Further off",
    }
}

fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::SamePiece => "same-piece",
        Verdict::SameDesign => "same-design",
        Verdict::Similar => "similar",
        Verdict::Weak => "weak",
    }
}
