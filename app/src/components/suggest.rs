//! What is offered while somebody types: the catalogue's own words, put in the place of the one that is being typed; and dealers.

#![cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "only a browser suggests words"))]

use crate::{Search, api::Vocabulary};

/// Offers at once.
const OFFERS: usize = 7;

/// One offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What would be searched for, or a dealer's name.
    pub words: String,
    /// What kind of word it is; empty for an earlier search.
    pub kind: String,
    /// Where it leads.
    pub href: String,
}

impl Offer {
    /// An earlier search.
    pub fn again(words: String) -> Self {
        Self { href: Search::words(&words).href(), words, kind: String::new() }
    }

    /// Whether it is words to search for, and not a dealer.
    pub fn is_search(&self) -> bool {
        self.kind != DEALER
    }
}

const DEALER: &str = "dealer";

/// What to offer for what has been typed. A word of the catalogue fits where it, or a word in it, begins with the end of what is typed,
/// from a word's beginning on: after "ring art d", Art Deco. The longest such end counts most, then how much the word is used.
pub fn offers(typed: &str, vocabulary: &Vocabulary) -> Vec<Offer> {
    let typed = typed.trim_start();
    if typed.chars().count() < 2 || typed.ends_with(' ') {
        return Vec::new();
    }
    let mut offers = Vec::new();
    // From the longest end to the shortest, so that what fits best comes first.
    for (start, _) in typed.char_indices().filter(|(n, _)| *n == 0 || typed[..*n].ends_with(' ')) {
        let (before, end) = typed.split_at(start);
        for (word, kind) in &vocabulary.words {
            let fresh = || offers.iter().all(|offer: &Offer| !offer.words.ends_with(word.as_str()));
            if offers.len() < OFFERS && fits(word, end) && !word.eq_ignore_ascii_case(end) && fresh() {
                let mut words = before.to_owned();
                words.push_str(word);
                offers.push(Offer { href: Search::words(&words).href(), words, kind: kind.clone() });
            }
        }
    }
    // A dealer is never part of a description.
    let dealers = vocabulary.dealers.iter().filter(|(name, _)| fits(name, typed)).take(OFFERS - 4);
    let dealers: Vec<Offer> = dealers
        .map(|(name, id)| Offer { words: name.clone(), kind: DEALER.to_owned(), href: format!("/dealers/{id}") })
        .collect();
    offers.truncate(OFFERS - dealers.len());
    offers.extend(dealers);
    offers
}

/// Whether a name, or a word in it, begins with what is typed.
fn fits(name: &str, typed: &str) -> bool {
    let begins = |part: &str| part.get(..typed.len()).is_some_and(|start| start.eq_ignore_ascii_case(typed));
    begins(name) || name.match_indices([' ', '-']).any(|(place, _)| begins(&name[place + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let pairs = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        Vocabulary {
            words: pairs(&[
                ("ring", "category"),
                ("Art Deco", "period"),
                ("Art Nouveau", "period"),
                ("emerald", "stone"),
                ("rose gold", "metal"),
            ]),
            dealers: pairs(&[("Hartley & Bow", "hartley-bow"), ("Art House", "art-house")]),
        }
    }

    fn said(typed: &str) -> Vec<String> {
        offers(typed, &vocabulary()).into_iter().map(|offer| offer.words).collect()
    }

    #[test]
    fn the_word_being_typed_is_completed_and_those_before_it_stay() {
        assert_eq!(said("eme"), ["emerald"]);
        assert_eq!(said("old cut Eme"), ["old cut emerald"]);
        assert_eq!(said("gold ring art d"), ["gold ring Art Deco"]);
        assert_eq!(said("deco"), ["Art Deco"], "a word within");
        assert_eq!(said("art"), ["Art Deco", "Art Nouveau", "Art House"]);
    }

    #[test]
    fn what_is_whole_or_hardly_begun_is_left_alone() {
        for typed in ["", "e", "emerald", "emerald ", "  ", "xyz", "é"] {
            assert_eq!(said(typed), [""; 0], "{typed}");
        }
        assert_eq!(said("éme"), [""; 0], "no letter is cut in two");
    }

    #[test]
    fn a_dealer_leads_to_the_dealers_page() {
        let offers = offers("bow", &vocabulary());
        assert_eq!((offers[0].words.as_str(), offers[0].href.as_str()), ("Hartley & Bow", "/dealers/hartley-bow"));
        assert!(!offers[0].is_search());
        assert!(said("gold hartley").is_empty(), "not in the middle of a description");
    }

    #[test]
    fn a_suggestion_is_the_search_it_says() {
        assert_eq!(offers("gold eme", &vocabulary())[0].href, "/search?text=gold+emerald");
        assert_eq!(Offer::again("leaf brooch".into()).href, "/search?text=leaf+brooch");
    }
}
