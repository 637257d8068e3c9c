//! Words beside a picture: a field for them, and a slider between what it looks like and what they say. A plain GET form; where scripts
//! run it refines by itself (`browser/forms.rs`).

use crate::{
    Search,
    components::{filters::hidden, kept::unsent, wording},
};
use leptos::prelude::*;

/// The id of the field, for labels elsewhere that lead to it.
pub const BESIDE_ID: &str = "beside";

/// The words' form, for a search that has a picture.
#[component]
pub fn Refine(
    /// The search that the words refine.
    search: Search,
) -> impl IntoView {
    let share = search.share();
    let text = search.text.clone();
    view! {
        <form class="refine" action="/search" method="get" data-live="" role="search" aria-label="Words beside your picture">
            {hidden(&search, &["text", "weight"])}
            <label class="hidden" for=BESIDE_ID>
                "What your picture does not show"
            </label>
            <input
                id=BESIDE_ID
                class="refine-words"
                type="text"
                name="text"
                value=text.clone()
                node_ref=unsent(text)
                maxlength="1000"
                placeholder="Add words: in platinum, with a leaf"
                autocomplete="off"
                enterkeyhint="search"
            />
            <label class="refine-weight">
                <span class="hidden">"Between looks and words"</span>
                <span aria-hidden="true">"Looks"</span>
                <input
                    type="range"
                    name="weight"
                    min="0"
                    max="1"
                    step="0.05"
                    value=share.clone()
                    node_ref=unsent(share)
                    aria-valuetext=wording::weighing(f64::from(search.weight) / 100.0)
                />
                <span aria-hidden="true">"Words"</span>
            </label>
            <button class="button refine-go" type="submit">
                "Add"
            </button>
        </form>
    }
    .into_any()
}
