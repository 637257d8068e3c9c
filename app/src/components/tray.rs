//! The tray at the foot of the window: the shopper's picture while it is being looked for, and what went wrong if it did.

use crate::{
    components::{icons::CrossIcon, search_bar::PICTURE_ID, wording},
    state::{Pictures, Stage},
};
use leptos::prelude::*;

/// The tray. Empty, and out of sight, unless a picture is on its way or could not be used.
#[component]
pub fn Tray() -> impl IntoView {
    let pictures = expect_context::<Pictures>();
    let content = move || match pictures.stage.get() {
        // What is done again is said beside the results.
        Stage::Idle | Stage::Again(_) => ().into_any(),
        Stage::Reading => view! { <Progress words="Reading your picture".into() /> }.into_any(),
        Stage::Looking => {
            let words = match pictures.pieces.get() {
                Some(pieces) => format!("Looking through {}", wording::pieces(pieces)),
                None => "Looking through the vitrine".into(),
            };
            view! { <Progress words /> }.into_any()
        }
        Stage::Failed(problem) => view! { <Message headline=problem.headline() advice=problem.advice() /> }.into_any(),
        Stage::Nothing(sentence) => view! {
            <Message
                headline=sentence.into()
                advice="Copy or save the picture itself, then paste, drop or choose it.".into()
            />
        }
        .into_any(),
    };
    view! {
        <div class="tray" class:tray--open=move || pictures.stage.with(|stage| !matches!(stage, Stage::Idle | Stage::Again(_))) aria-live="polite">
            {content}
        </div>
    }
    .into_any()
}

#[component]
fn Progress(words: String) -> impl IntoView {
    let pictures = expect_context::<Pictures>();
    view! {
        <div class="tray-inside tray-inside--busy">
            <Preview />
            <p class="tray-words">{words}</p>
            <PutAway label="Stop looking" on_press=move || pictures.put_away() />
        </div>
    }
    .into_any()
}

#[component]
fn Message(headline: String, advice: String) -> impl IntoView {
    let pictures = expect_context::<Pictures>();
    view! {
        <div class="tray-inside">
            <div class="tray-words">
                <p class="tray-headline">{headline}</p>
                <p>{advice}</p>
                <p>
                    <label class="textual" for=PICTURE_ID>
                        "Choose a picture"
                    </label>
                </p>
            </div>
            <PutAway label="Close" on_press=move || pictures.put_away() />
        </div>
    }
    .into_any()
}

/// The picture itself, out of the browser's memory.
#[component]
fn Preview() -> impl IntoView {
    let pictures = expect_context::<Pictures>();
    move || {
        pictures.preview.get().map(|url| {
            view! {
                <span class="mat tray-preview">
                    <img src=url alt="Your picture" />
                </span>
            }
        })
    }
}

#[component]
fn PutAway(label: &'static str, on_press: impl Fn() + 'static) -> impl IntoView {
    view! {
        <button type="button" class="plain" aria-label=label title=label on:click=move |_| on_press()>
            <CrossIcon />
        </button>
    }
    .into_any()
}
