//! What is offered under the search field while somebody types: a list that the field's own keys go through (the combobox pattern of
//! ARIA 1.2; its behaviour is in `browser/combobox.rs`). Where scripts do not run, there is none.

use crate::components::suggest::Offer;
use leptos::{ev, prelude::*};

/// The id of the list.
pub const OFFERS_ID: &str = "offers";

/// The id of one of them.
pub fn offer_id(n: usize) -> String {
    format!("offer-{n}")
}

/// What is offered now; nothing is a list that is closed.
#[derive(Clone, Copy)]
pub struct Offers {
    /// All of them, the first first.
    pub all: RwSignal<Vec<Offer>>,
    /// The one that Enter would take.
    pub at: RwSignal<Option<usize>>,
}

impl Offers {
    /// None yet.
    pub fn new() -> Self {
        Self { all: RwSignal::new(Vec::new()), at: RwSignal::new(None) }
    }
}

/// What can happen to the field and its list.
#[derive(Debug)]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "only in a browser does anything happen"))]
pub enum Happening {
    /// The field has the focus.
    Focused,
    /// What stands in it has changed.
    Typed,
    /// A key was pressed in it.
    Key(ev::KeyboardEvent),
    /// What stands in it is to be searched for.
    Sent,
    /// The offer in this place was pressed.
    Taken(usize),
    /// The earlier searches are to be forgotten.
    Forgotten,
    /// The focus went elsewhere.
    Left(ev::FocusEvent),
}

/// The list.
#[component]
pub fn OfferList(
    /// What is in it.
    offers: Offers,
    /// Told what happens to it.
    tell: Callback<Happening>,
) -> impl IntoView {
    move || {
        let all = offers.all.get();
        let earlier = all.first().is_some_and(|offer| offer.kind.is_empty());
        (!all.is_empty()).then(|| {
            let items: Vec<_> = all
                .into_iter()
                .enumerate()
                .map(|(n, offer)| {
                    view! {
                        <li
                            id=offer_id(n)
                            class="offer"
                            role="option"
                            aria-selected=move || if offers.at.get() == Some(n) { "true" } else { "false" }
                            on:click=move |_| tell.run(Happening::Taken(n))
                        >
                            <span>{offer.words}</span>
                            <span class="offer-kind">{offer.kind}</span>
                        </li>
                    }
                })
                .collect();
            // Pressing in the list leaves the focus, and on a phone the keyboard, where they are.
            view! {
                <div class="offers" on:mousedown=move |event| event.prevent_default()>
                    <ul id=OFFERS_ID role="listbox" aria-label=if earlier { "Searched for before" } else { "Suggestions" }>
                        {items}
                    </ul>
                    {earlier
                        .then(|| {
                            view! {
                                <p class="offers-earlier">
                                    "Kept on this device only. "
                                    <button type="button" class="textual offers-forget" on:click=move |_| tell.run(Happening::Forgotten)>
                                        "Forget them"
                                    </button>
                                </p>
                            }
                        })}
                </div>
            }
        })
    }
}
