//! "Match on": links to the pieces that look like a listing and share one of its words.

use super::html;
use crate::Search;
use domain::Listing;
use leptos::prelude::*;

/// The pieces that share one thing with this one, the most alike in looks first.
pub fn matching(listing: &Listing) -> String {
    let one = |key: &'static str, word: &String| {
        // The listing's own word is always one that a filter takes.
        let search = Search::like(listing.id.as_str()).and(key, word);
        view! {
            <li>
                <a class="chip" href=search.href()>{word.clone()}</a>
            </li>
        }
        .into_any()
    };
    let mut rows: Vec<AnyView> = Vec::new();
    for (name, key, words) in
        [("Stone", "stone", &listing.stones), ("Metal", "metal", &listing.metals), ("Motif", "motif", &listing.motifs)]
    {
        if words.is_empty() {
            continue;
        }
        let links: Vec<AnyView> = words.iter().map(|word| one(key, word)).collect();
        rows.push(
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>
                        <ul class="match-words">{links}</ul>
                    </dd>
                </div>
            }
            .into_any(),
        );
    }
    if rows.is_empty() {
        return String::new();
    }
    html(
        view! {
            <section class="match" aria-labelledby="match">
                <h2 id="match">"Match on"</h2>
                <p class="quiet">"Pieces that look like this one, and share its"</p>
                <dl>{rows}</dl>
            </section>
        }
        .into_any(),
    )
}
