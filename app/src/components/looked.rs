//! The shopper's photos beside what was found with them. They are in this page's memory alone: after a reload, or where a link was
//! followed, the results stay and the place says why the photos do not.

use crate::{
    Problem, Search,
    components::{icons::PictureIcon, search_bar::PICTURE_ID},
    state::Pictures,
};
use leptos::prelude::*;

/// The photos of the search on the page, if it was a search by photos.
#[component]
pub fn Looked(
    /// The search on the page.
    search: Memo<Result<Search, Problem>>,
) -> impl IntoView {
    let pictures = expect_context::<Pictures>();
    let token = Memo::new(move |_| search.with(|search| search.as_ref().map(|s| s.token.clone()).unwrap_or_default()));
    let photos = Memo::new(move |_| token.with(|token| pictures.photos_of(token)));
    let kind = Memo::new(move |_| (token.with(|token| !token.is_empty()), photos.with(|photos| !photos.is_empty())));
    Effect::new(move |_| pictures.now.set(search.get().ok()));
    on_cleanup(move || {
        let _ = pictures.now.try_set(None);
    });
    move || match kind.get() {
        (false, _) => ().into_any(),
        (true, false) => view! { <Gone /> }.into_any(),
        #[cfg(feature = "hydrate")]
        (true, true) => super::photo_panel::panel(photos),
        // The server never has them.
        #[cfg(not(feature = "hydrate"))]
        (true, true) => ().into_any(),
    }
}

/// Where the photos were.
#[component]
fn Gone() -> impl IntoView {
    view! {
        <section class="looked looked--gone" aria-label="Your picture">
            <span class="mat looked-mark">
                <PictureIcon />
            </span>
            <div>
                <p class="looked-headline">"Your picture was not kept"</p>
                <p class="quiet">
                    "The link holds what it looked like, in numbers, and no picture. "
                    <label class="textual" for=PICTURE_ID>
                        "Choose it again"
                    </label> " to search another part of it."
                </p>
            </div>
        </section>
    }
    .into_any()
}
