//! What only a browser can do. Compiled with feature `hydrate` alone; nothing here runs on the server.

pub mod bench;
pub mod camera;
mod closer;
mod combobox;
mod dropped;
pub mod forms;
mod later;
mod listen;
mod look;
pub mod panel;
pub mod photos;
mod prepare;
mod recents;

pub use closer::{come_closer, look_around};
pub use combobox::combobox;
pub use listen::listen;
pub use look::looker;

use crate::components::head::canonical;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::HtmlElement;

/// How long after browsers say that there is a connection again it is of use: they say so early.
const BACK: std::time::Duration = std::time::Duration::from_millis(500);

/// Does `this` once the connection is back.
pub fn once_online(this: impl FnOnce() + 'static) {
    let options = web_sys::AddEventListenerOptions::new();
    options.set_once(true);
    let listener = Closure::once_into_js(move || set_timeout(this, BACK));
    let _ = window().add_event_listener_with_callback_and_add_event_listener_options(
        "online",
        listener.unchecked_ref(),
        &options,
    );
}

/// Keeps what the document says its own address is in step with where the reader has gone: browsers share that address.
pub fn keep_own_address() {
    let location = use_location();
    Effect::new(move |begun: Option<()>| {
        let (path, query) = (location.pathname.get(), location.search.get());
        // As rendered, it is right.
        if begun.is_some() {
            let origin = window().location().origin().unwrap_or_default();
            let own = origin + &canonical(&(path + "?" + query.trim_start_matches('?')));
            for (selector, attribute) in [("link[rel=canonical]", "href"), ("meta[property='og:url']", "content")] {
                if let Ok(Some(element)) = document().query_selector(selector) {
                    let _ = element.set_attribute(attribute, &own);
                }
            }
        }
    });
}

/// Puts the focus on the first element that `selector` finds, once what is being rendered now is in place.
pub fn focus_soon(selector: String) {
    // Two frames: the first may come before the pieces are in the document.
    request_animation_frame(move || {
        request_animation_frame(move || {
            if let Some(element) = find(&selector) {
                let options = web_sys::FocusOptions::new();
                options.set_prevent_scroll(true);
                let _ = element.focus_with_options(&options);
            }
        });
    });
}

/// Presses the first element that `selector` finds, and puts the focus on it.
pub fn press(selector: &str) {
    if let Some(element) = find(selector) {
        let _ = element.focus();
        element.click();
    }
}

fn find(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}
