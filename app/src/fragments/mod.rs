//! Parts of pages that only the server renders, and that the browser is given as they are: what a dealer reads, with no behaviour of its
//! own beyond links and fields. So the browser needs no code to make them.

mod bench;
mod market;
mod matching;
mod near;
mod words;

pub use bench::{guesses, piece};
pub use market::{PAGE as MARKET_PAGE, market};
pub use matching::matching;
pub use words::title;

use leptos::prelude::*;

/// A view as HTML.
fn html(view: AnyView) -> String {
    view.to_html()
}
