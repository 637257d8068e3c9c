//! Searches of this device: the words that were searched for last, in the browser's own storage and nowhere else. Never a picture. A
//! browser that keeps nothing is as good: then there are none.

use leptos::prelude::window;
use web_sys::Storage;

const KEY: &str = "vitrine.searches";
/// Searches kept; the oldest is forgotten first.
const KEPT: usize = 6;

fn storage() -> Option<Storage> {
    // Asking is refused where cookies are.
    window().local_storage().ok()?
}

/// The searches kept, the latest first.
pub fn read() -> Vec<String> {
    let kept = storage().and_then(|storage| storage.get_item(KEY).ok()?).unwrap_or_default();
    kept.lines().filter(|line| !line.is_empty()).take(KEPT).map(str::to_owned).collect()
}

/// Keeps a search, as the latest. A field has no line breaks, so a line is a search.
pub fn keep(words: &str) {
    let mut kept = words.to_owned();
    for line in read().iter().filter(|line| *line != words).take(KEPT - 1) {
        kept.push('\n');
        kept.push_str(line);
    }
    if let Some(storage) = storage() {
        // Full or refused: then it is not kept.
        let _ = storage.set_item(KEY, &kept);
    }
}

/// Forgets them all.
pub fn forget() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(KEY);
    }
}
