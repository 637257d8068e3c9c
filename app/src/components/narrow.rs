//! Ways to narrow a search, suggested by what it found: a chip for each word that some of the pieces share and others do not.

use crate::{
    Search,
    components::wording::{capital, number},
};
use domain::Facets;
use leptos::prelude::*;

/// Chips suggested at once.
const SUGGESTED: usize = 8;

/// A word to narrow a search to.
#[derive(Debug, PartialEq, Eq)]
struct Suggestion<'a> {
    key: &'static str,
    word: &'a str,
    pieces: usize,
}

/// The chips; none where nothing would narrow.
#[component]
pub fn Suggested(
    /// The search that they narrow.
    search: Search,
    /// The words of what it found.
    facets: Facets,
) -> impl IntoView {
    let chips: Vec<_> = suggestions(&search, &facets)
        .into_iter()
        .map(|Suggestion { key, word, pieces }| {
            view! {
                <li>
                    <a class="suggested-chip" href=search.and(key, word).href() data-noscroll="true">
                        {capital(word)}
                        " "
                        <span class="count">{number(pieces)} <span class="hidden">" pieces"</span></span>
                    </a>
                </li>
            }
        })
        .collect();
    view! { <ul class="suggested" aria-label="Narrow to">{chips}</ul> }.into_any()
}

/// Words that would narrow what was found, in turn a stone, a metal, a period and a motif, each kind's most used first. A kind that is
/// narrowed already has none: its chip is there to be taken away.
fn suggestions<'a>(search: &Search, facets: &'a Facets) -> Vec<Suggestion<'a>> {
    let filters = &search.filters;
    // Each piece has one category, so this is how many were counted.
    let found: usize = facets.category.iter().map(|(_, pieces)| pieces).sum();
    let kinds = [
        ("stone", filters.stone.is_empty(), &facets.stone),
        ("metal", filters.metal.is_empty(), &facets.metal),
        ("period", filters.period.is_empty(), &facets.period),
        ("motif", filters.motif.is_empty(), &facets.motif),
    ];
    let mut suggestions = Vec::new();
    for place in 0..SUGGESTED {
        for (key, free, words) in kinds {
            // A word that nearly all of them share, or hardly one, tells them apart too little.
            let telling = |pieces: usize| pieces * 10 < found * 9 && (pieces > 1 || found < 12);
            if let Some((word, pieces)) = words.iter().filter(|(_, pieces)| free && telling(*pieces)).nth(place)
                && suggestions.len() < SUGGESTED
            {
                suggestions.push(Suggestion { key, word, pieces: *pieces });
            }
        }
    }
    suggestions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[(&str, usize)]) -> Vec<(String, usize)> {
        words.iter().map(|(word, pieces)| ((*word).to_owned(), *pieces)).collect()
    }

    fn facets() -> Facets {
        Facets {
            category: words(&[("ring", 30), ("brooch", 10)]),
            period: words(&[("Art Deco", 39), ("Retro", 1)]),
            metal: words(&[("platinum", 30), ("gold", 12)]),
            stone: words(&[("emerald", 20), ("ruby", 5), ("opal", 2), ("onyx", 2), ("pearl", 2), ("jade", 2)]),
            motif: Vec::new(),
        }
    }

    #[test]
    fn words_that_tell_pieces_apart_are_suggested_kind_by_kind() {
        let facets = facets();
        let suggested = suggestions(&Search::words("ring"), &facets);
        let said: Vec<_> = suggested.iter().map(|suggestion| (suggestion.key, suggestion.word)).collect();
        assert_eq!(said[..4], [("stone", "emerald"), ("metal", "platinum"), ("stone", "ruby"), ("metal", "gold")]);
        assert_eq!(said.len(), SUGGESTED);
        assert!(said.iter().all(|(key, _)| *key != "period"), "all but one are Art Deco, and one alone is no choice");
    }

    #[test]
    fn a_kind_that_is_narrowed_already_is_left_alone() {
        let facets = facets();
        let suggested = suggestions(&Search::within("stone", "ruby"), &facets);
        assert!(suggested.iter().all(|suggestion| suggestion.key != "stone"));
        assert!(suggestions(&Search::default(), &Facets::default()).is_empty());
    }
}
