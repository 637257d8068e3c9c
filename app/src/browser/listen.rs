//! Listeners on the whole window: drop, paste, "/" and Escape.

use crate::{
    Problem,
    components::search_bar::WORDS_ID,
    state::{Pictures, Stage},
};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{
    Blob, ClipboardEvent, DataTransfer, DragEvent, Element, Event, EventTarget, File, HtmlElement, HtmlInputElement,
    KeyboardEvent,
};

/// Begins listening, for as long as the page is open. `over` is true while a file is held over the window.
pub fn listen(look: UnsyncCallback<Blob>, pictures: Pictures, over: RwSignal<bool>) {
    let drag = move |event: DragEvent| {
        if carries_files(&event) {
            event.prevent_default();
            over.set(true);
        }
    };
    let _ = window_event_listener(ev::dragenter, drag);
    let _ = window_event_listener(ev::dragover, drag);
    let _ = window_event_listener(ev::dragleave, move |event| {
        // Left the window, and not just one element of the page for another.
        if event.related_target().is_none() {
            over.set(false);
        }
    });
    let _ = window_event_listener(ev::drop, move |event| {
        over.set(false);
        // Let go on something that took it: the bench.
        if !event.default_prevented() && carries_files(&event) {
            event.prevent_default();
            match event.data_transfer().as_ref().and_then(best_file) {
                Some(file) => take(look, pictures, file),
                None => pictures.stage.set(Stage::Nothing("There was no picture in what you dropped.")),
            }
        }
    });
    let _ = window_event_listener(ev::paste, move |event| paste(&event, look, pictures));
    let _ = window_event_listener(ev::keydown, move |event| key(&event, pictures));
}

/// Looks for a file that says it is a picture, or does not say what it is; anything else is not sent at all.
fn take(look: UnsyncCallback<Blob>, pictures: Pictures, file: File) {
    let kind = file.type_();
    if kind.is_empty() || kind.starts_with("image/") {
        look.run(file.into());
    } else {
        pictures.stage.set(Stage::Failed(Problem::NotAPicture));
    }
}

fn carries_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|carried| carried.types().includes(&"Files".into(), 0))
}

/// The first picture of what is carried, else the first file.
fn best_file(carried: &DataTransfer) -> Option<File> {
    let files = carried.files()?;
    let all = || (0..files.length()).filter_map(|n| files.get(n));
    all().find(|file| file.type_().starts_with("image/")).or_else(|| all().next())
}

fn paste(event: &ClipboardEvent, look: UnsyncCallback<Blob>, pictures: Pictures) {
    let Some(carried) = event.clipboard_data() else { return };
    if let Some(file) = best_file(&carried) {
        event.prevent_default();
        take(look, pictures, file);
    } else if !is_for_typing(event.target()) {
        let has_words = carried.get_data("text/plain").is_ok_and(|words| !words.trim().is_empty());
        pictures.stage.set(Stage::Nothing(if has_words {
            "There are words on your clipboard, and no picture."
        } else {
            "There is no picture on your clipboard."
        }));
    }
}

fn key(event: &KeyboardEvent, pictures: Pictures) {
    let words = || document().get_element_by_id(WORDS_ID).and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    match event.key().as_str() {
        "/" if !event.ctrl_key() && !event.meta_key() && !event.alt_key() && !is_for_typing(event.target()) => {
            if let Some(field) = words() {
                event.prevent_default();
                let _ = field.focus();
                field.select();
            }
        }
        "Escape" => {
            if let Some(field) = words().filter(|field| is_target(event, field)) {
                // Once to clear, once more to leave.
                if field.value().is_empty() {
                    let _ = field.blur();
                } else {
                    event.prevent_default();
                    field.set_value("");
                }
            } else if pictures.stage.with_untracked(|stage| *stage != Stage::Idle) {
                pictures.put_away();
            }
        }
        _ => {}
    }
}

fn is_target(event: &Event, element: &Element) -> bool {
    event.target().is_some_and(|target| target == *element.unchecked_ref::<EventTarget>())
}

/// Whether keys and pasted words are meant for this element.
fn is_for_typing(target: Option<EventTarget>) -> bool {
    let Some(element) = target.and_then(|target| target.dyn_into::<HtmlElement>().ok()) else { return false };
    matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT") || element.is_content_editable()
}
