//! A piece as a witness: smaller than a card of a grid, with what it is to the piece beside it.

use crate::{api::Card, components::wording};
use domain::Verdict;
use leptos::prelude::*;

/// How close a piece is, in words; none where nothing was compared.
pub fn closeness(card: &Card) -> Option<&'static str> {
    card.verdict.map(|verdict| match verdict {
        Verdict::SamePiece => "The same piece",
        Verdict::SameDesign => "The same design",
        Verdict::Similar => "Similar",
        Verdict::Weak => "Not near",
    })
}

/// The piece: its photo, title, dealer and price, and over them `word`.
pub fn near_piece(card: Card, word: Option<&'static str>) -> AnyView {
    let alt = wording::alt(&card);
    let price = card.price.map_or_else(|| "Price on request".to_owned(), |price| price.to_string());
    let twin = card.verdict == Some(Verdict::SamePiece);
    view! {
        <a class="near" class:near--twin=twin href=["/listings/", &card.id].concat()>
            <span class="mat">
                <img
                    srcset=wording::sides(&card.photo)
                    sizes="(min-width: 37.5rem) 10rem, 40vw"
                    src=card.photo
                    alt=alt
                    width="512"
                    height="512"
                    decoding="async"
                    loading="lazy"
                />
            </span>
            {word.map(|word| view! { <span class="near-word">{word}</span> })}
            <span class="near-title">{card.title}</span>
            <span class="piece-quiet">{card.dealer.1}</span>
            <span class="near-price">
                {price} {wording::state(card.status).map(|state| view! { <em class="piece-state">{state}</em> })}
            </span>
        </a>
    }
    .into_any()
}
