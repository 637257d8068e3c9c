//! The search field, with the picture button beside it. Two plain forms, so that both work before scripts run and without them: words
//! are a link to /search, a picture is posted to /search/photo.

use crate::{
    components::{
        icons::{PictureIcon, SearchIcon},
        kept::Kept,
        offers::{Happening, OfferList, Offers},
    },
    state::Pictures,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The id of the words' field, for the keyboard.
pub const WORDS_ID: &str = "words";
/// The id of the picture's file input: labels anywhere on the page open it.
pub const PICTURE_ID: &str = "picture";

/// The search field and the picture button.
#[component]
pub fn SearchBar(
    /// The home page's size.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let location = use_location();
    // Words beside a picture stand with the picture.
    let words = Memo::new(move |_| {
        location.query.with(|query| {
            let looks =
                ["token", "like"].into_iter().any(|key| query.get_str(key).is_some_and(|value| !value.is_empty()));
            if looks { String::new() } else { query.get("text").unwrap_or_default() }
        })
    });
    let field = NodeRef::<leptos::html::Input>::new();
    let offers = Offers::new();
    #[cfg(feature = "hydrate")]
    let tell = crate::browser::combobox(field, offers);
    #[cfg(not(feature = "hydrate"))]
    let tell = Callback::new(|_: Happening| {});
    view! {
        <div class="seek" class:seek--large=large role="search">
            <form
                class="seek-words"
                action="/search"
                method="get"
                on:submit=move |event| {
                    event.prevent_default();
                    tell.run(Happening::Sent);
                }
                on:focusout=move |event| tell.run(Happening::Left(event))
            >
                <label class="hidden" for=WORDS_ID>
                    "Describe the piece you are looking for"
                </label>
                <input
                    node_ref=field
                    id=WORDS_ID
                    class="seek-field"
                    type="text"
                    inputmode="search"
                    name="text"
                    value=words
                    prop:value=move || Kept(words.get())
                    maxlength="1000"
                    placeholder=if large { "Gold bracelet with a leaf pattern" } else { "Describe a piece" }
                    autocomplete="off"
                    enterkeyhint="search"
                    required
                    on:focus=move |_| tell.run(Happening::Focused)
                    on:input=move |_| tell.run(Happening::Typed)
                    on:keydown=move |event| tell.run(Happening::Key(event))
                />
                <OfferList offers tell />
                <button class="seek-go" type="submit">
                    <SearchIcon />
                    <span class="hidden">"Search"</span>
                </button>
            </form>
            <PictureForm />
        </div>
    }
    .into_any()
}

/// The picture button.
#[component]
fn PictureForm() -> impl IntoView {
    let input = NodeRef::<leptos::html::Input>::new();
    let pictures = expect_context::<Pictures>();
    // Set once scripts have taken over: the plain form's button, which appears when a picture is chosen, is then not needed.
    let live = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    let look = crate::browser::looker();
    let chosen = move || {
        #[cfg(feature = "hydrate")]
        if let Some(input) = input.get_untracked() {
            let file = input.files().and_then(|files| files.get(0));
            // Emptied, so that choosing the same picture again is a change again.
            input.set_value("");
            if let Some(file) = file {
                look.run(file.into());
            }
        }
    };
    Effect::new(move |_| {
        live.set(true);
        // Chosen while the page was still loading.
        chosen();
    });
    view! {
        <form
            class="seek-picture"
            class:seek-picture--live=live
            action="/search/photo"
            method="post"
            enctype="multipart/form-data"
        >
            <input
                node_ref=input
                id=PICTURE_ID
                class="hidden"
                type="file"
                name="photo"
                accept="image/*"
                required
                disabled=move || pictures.is_busy()
                on:change=move |_| chosen()
            />
            <label class="seek-picture-label" for=PICTURE_ID>
                <PictureIcon />
                <span class="seek-picture-word">"Picture"</span>
                <span class="hidden">"Search with a picture"</span>
            </label>
            <button class="button seek-send" type="submit">
                "Search with this picture"
            </button>
        </form>
    }
    .into_any()
}
