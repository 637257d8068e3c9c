//! What only a browser can do. Compiled with feature `hydrate` alone; nothing here runs on the server.

mod listen;
mod look;
mod shrink;

pub use listen::listen;
pub use look::looker;

use leptos::prelude::{document, request_animation_frame};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

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
