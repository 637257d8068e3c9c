//! What the page remembers between routes while it is open, in memory only: results already seen, and the picture being looked for.

use crate::{
    Problem, Search,
    api::{Results, Vocabulary},
};
use leptos::prelude::*;

/// Searches remembered at once; the oldest is forgotten first.
const KEPT: usize = 8;

/// Results already seen, so that Back shows them at once and in full, however far they were paged.
#[derive(Clone, Copy)]
pub struct Seen(StoredValue<Vec<(String, Results)>>);

impl Seen {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self(StoredValue::new(Vec::new()))
    }

    /// What was seen of a search, if it includes the piece at the search's offset.
    pub fn recall(self, search: &Search) -> Option<Results> {
        let all = self.all(search)?;
        (all.first <= search.offset && search.offset < all.end().max(all.first + 1)).then_some(all)
    }

    /// Adds a page of results to what was seen, where it continues that, and gives back the whole; else what was seen is replaced.
    pub fn keep(self, search: &Search, page: Results) -> Results {
        // What lies beyond continues what was seen within.
        let within = || search.beyond.then(|| self.all(&search.going(false))).flatten();
        let whole = match self.all(search).or_else(within) {
            Some(mut before) if before.end() == page.first && !page.cards.is_empty() => {
                before.cards.extend(page.cards);
                Results { cards: before.cards, first: before.first, ..page }
            }
            _ => page,
        };
        let key = search.from(0).href();
        self.0.update_value(|seen| {
            seen.retain(|(kept, _)| *kept != key);
            seen.push((key, whole.clone()));
            if seen.len() > KEPT {
                seen.remove(0);
            }
        });
        whole
    }

    /// Forgets a search, so that it is asked again.
    pub fn forget(self, search: &Search) {
        let key = search.from(0).href();
        self.0.update_value(|seen| seen.retain(|(kept, _)| *kept != key));
    }

    fn all(self, search: &Search) -> Option<Results> {
        let key = search.from(0).href();
        self.0.with_value(|seen| seen.iter().find(|(kept, _)| *kept == key).map(|(_, results)| results.clone()))
    }
}

/// The catalogue's words, once they have been asked for; empty while they are on their way.
#[derive(Clone, Copy)]
pub struct Words(pub StoredValue<Option<Vocabulary>>);

/// How far a picture's search has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Nothing is being looked for.
    Idle,
    /// The picture is being read and shrunk, in the browser.
    Reading,
    /// The server is looking through the catalogue.
    Looking,
    /// The photos of the results on the page are looked for anew, changed: what is being done, in words.
    Again(&'static str),
    /// It went wrong.
    Failed(Problem),
    /// What was dropped or pasted held no picture: what to say about that.
    Nothing(&'static str),
}

/// The shopper's picture. It lives in this page's memory and nowhere else.
#[derive(Clone, Copy)]
pub struct Pictures {
    /// How far its search has come.
    pub stage: RwSignal<Stage>,
    /// The object URL of the picture that is being looked for.
    pub preview: RwSignal<Option<String>>,
    /// How many pieces there are to look through, once known.
    pub pieces: RwSignal<Option<usize>>,
    /// Counts what was begun, so that an answer that comes after something newer has begun is passed over.
    pub turn: StoredValue<u32>,
}

impl Pictures {
    /// No picture yet.
    pub fn new() -> Self {
        Self {
            stage: RwSignal::new(Stage::Idle),
            preview: RwSignal::new(None),
            pieces: RwSignal::new(None),
            turn: StoredValue::new(0),
        }
    }

    /// Whether a picture is on its way.
    pub fn is_busy(self) -> bool {
        self.stage.with(|stage| matches!(stage, Stage::Reading | Stage::Looking))
    }

    /// What is being done with the photos of the results on the page, in words.
    pub fn again(self) -> Option<&'static str> {
        self.stage.with(|stage| if let Stage::Again(words) = stage { Some(*words) } else { None })
    }

    /// Begins something new, and gives its turn: what answers after a newer turn has begun is passed over.
    pub fn begin(self, stage: Stage) -> u32 {
        self.turn.update_value(|turn| *turn = turn.wrapping_add(1));
        self.stage.set(stage);
        self.turn.get_value()
    }

    /// Whether nothing newer has begun since.
    pub fn is_current(self, turn: u32) -> bool {
        self.turn.get_value() == turn
    }

    /// Puts the message or the search away.
    pub fn put_away(self) {
        self.begin(Stage::Idle);
    }
}

/// Which message a page tells once and where the reader's attention goes after "Show more".
#[derive(Clone, Copy)]
pub struct NextPlace(pub RwSignal<Option<usize>>);

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Facets;

    fn page(first: usize, cards: usize, more: bool) -> Results {
        let card = |n: usize| crate::api::Card {
            id: format!("P-{n}"),
            title: "Ring".into(),
            category: domain::Category::Ring,
            dealer: ("d".into(), "D".into()),
            period: None,
            price: None,
            status: domain::Status::Available,
            photo: "/media/x.jpg".into(),
            blur: None,
            verdict: None,
        };
        let cards = (first..first + cards).map(card).collect();
        Results {
            cards,
            first,
            more,
            ended: !more,
            unclear: false,
            read_as: Vec::new(),
            token: String::new(),
            like: None,
            unlike: Vec::new(),
            pieces: 100,
            facets: Facets::default(),
        }
    }

    #[test]
    fn a_page_that_continues_what_was_seen_is_added_to_it() {
        Owner::new().with(|| {
            let (seen, search) = (Seen::new(), Search::words("ring"));
            seen.keep(&search, page(0, 24, true));
            let whole = seen.keep(&search.from(24), page(24, 10, false));
            assert_eq!((whole.first, whole.cards.len(), whole.more), (0, 34, false));
            assert_eq!(seen.recall(&search).map(|all| all.cards.len()), Some(34));
            assert_eq!(seen.recall(&search.from(24)).map(|all| all.cards.len()), Some(34));
            assert!(seen.recall(&search.from(34)).is_none());
            assert!(seen.recall(&Search::words("brooch")).is_none());
        });
    }

    #[test]
    fn a_page_from_elsewhere_stands_alone() {
        Owner::new().with(|| {
            let (seen, search) = (Seen::new(), Search::words("ring"));
            seen.keep(&search, page(0, 24, true));
            let whole = seen.keep(&search.from(48), page(48, 24, true));
            assert_eq!((whole.first, whole.cards.len()), (48, 24));
        });
    }

    #[test]
    fn what_lies_beyond_continues_what_was_seen_within() {
        Owner::new().with(|| {
            let (seen, search) = (Seen::new(), Search::words("ring"));
            seen.keep(&search, page(0, 10, false));
            let further = search.from(10).going(true);
            assert!(seen.recall(&further).is_none());
            let whole = seen.keep(&further, page(10, 24, true));
            assert_eq!((whole.first, whole.cards.len(), whole.more, whole.ended), (0, 34, true, false));
            assert_eq!(seen.recall(&search).map(|all| all.cards.len()), Some(10), "and can be undone");
        });
    }

    #[test]
    fn what_was_begun_before_is_no_longer_current() {
        Owner::new().with(|| {
            let pictures = Pictures::new();
            let first = pictures.begin(Stage::Reading);
            assert!(pictures.is_current(first) && pictures.is_busy());
            let second = pictures.begin(Stage::Again("Looking again"));
            assert!(!pictures.is_current(first) && pictures.is_current(second));
            assert_eq!((pictures.is_busy(), pictures.again()), (false, Some("Looking again")));
            pictures.put_away();
            assert!(!pictures.is_current(second));
        });
    }

    #[test]
    fn a_search_with_no_results_is_remembered_too() {
        Owner::new().with(|| {
            let (seen, search) = (Seen::new(), Search::words("ring"));
            seen.keep(&search, page(0, 0, false));
            assert!(seen.recall(&search).is_some());
            seen.forget(&search);
            assert!(seen.recall(&search).is_none());
        });
    }
}
