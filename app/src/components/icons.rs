//! The few marks of the interface, drawn in the text's own colour. Decorative: the words beside them say what they mean.

use leptos::prelude::*;

/// A framed picture.
#[component]
pub fn PictureIcon() -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
            <path d="M3.5 6.5h4l1.5-2h6l1.5 2h4v13h-17z" />
            <circle cx="12" cy="12.75" r="3.75" />
        </svg>
    }
    .into_any()
}

/// A magnifying glass.
#[component]
pub fn SearchIcon() -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
            <circle cx="10.5" cy="10.5" r="6" />
            <path d="M15 15l5.5 5.5" />
        </svg>
    }
    .into_any()
}

/// A cross: put away, undo.
#[component]
pub fn CrossIcon() -> impl IntoView {
    view! {
        <svg class="icon icon--small" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <path d="M4 4l8 8M12 4l-8 8" />
        </svg>
    }
    .into_any()
}
