//! The shopper's photos beside what was found with them. They are in this page's memory alone: after a reload, or where a link was
//! followed, the results stay and the place says why the photos do not.

use crate::{Problem, Search, components::search_bar::PICTURE_ID, state::Pictures};
use leptos::prelude::*;

/// The photos of the search on the page, if it was a search by photos.
#[component]
pub fn Looked(
    /// The search on the page.
    search: Memo<Result<Search, Problem>>,
) -> impl IntoView {
    let pictures = expect_context::<Pictures>();
    let by_photos =
        Memo::new(move |_| search.with(|search| search.as_ref().is_ok_and(|search| !search.token.is_empty())));
    let here = Memo::new(move |_| {
        // They are taken in before what they were looked for with is done.
        pictures.stage.track();
        search.with(|search| search.as_ref().is_ok_and(|search| are_here(&search.token)))
    });
    move || match (by_photos.get(), here.get()) {
        #[cfg(feature = "hydrate")]
        (true, true) => crate::browser::panel::panel(search),
        (true, _) => view! { <Gone /> }.into_any(),
        (false, _) => ().into_any(),
    }
}

/// Whether the photos that became a token are in this page's memory. The server never has them.
#[cfg(feature = "hydrate")]
fn are_here(token: &str) -> bool {
    !crate::browser::photos::of(token).is_empty()
}

#[cfg(not(feature = "hydrate"))]
fn are_here(_: &str) -> bool {
    false
}

/// Where the photos were.
#[component]
fn Gone() -> impl IntoView {
    view! {
        <section class="looked looked--gone" aria-label="Your picture">
            <p class="looked-headline">"Your picture was not kept"</p>
            <p class="quiet">
                "The link holds what it looked like, in numbers, and no picture. "
                <label class="textual" for=PICTURE_ID>
                    "Choose it again"
                </label> " to search another part of it."
            </p>
        </section>
    }
    .into_any()
}
