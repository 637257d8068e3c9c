//! A search as the address bar spells it: words, a query token, filters, order, how far paged.

use crate::Problem;
use domain::{Facets, FilterError, Filters, Sort, limits};
use leptos_router::params::ParamsMap;
use serde::{Deserialize, Serialize};

/// The filters that stand in a page's address, by name.
const FILTERS: [&str; 9] =
    ["category", "period", "metal", "stone", "motif", "dealer", "status", "price_min", "price_max"];

/// The filters of which each value is a shelf, see [`Search::is_shelf`].
pub const SHELVES: [&str; 5] = Facets::NAMES;

/// Looks and words count alike.
pub const EVEN: u8 = 50;

/// What is looked for. No words and no token: everything, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Search {
    /// The shopper's words, trimmed; may be empty.
    pub text: String,
    /// A query token, see [`domain::QueryToken`]; may be empty.
    pub token: String,
    /// The id of a listing to find the like of; may be empty.
    pub like: String,
    /// How much the words count beside the token or listing, in hundredths: 0 is looks alone, 100 words alone. In the address it is a number
    /// from 0 to 1, as in the REST API, and only there where there are both.
    pub weight: u8,
    /// What it is narrowed to.
    pub filters: Filters,
    /// Listings to lead away from, by id.
    pub unlike: Vec<String>,
    /// In which order the results stand.
    pub sort: Sort,
    /// Whether to go on past where the likeness ends.
    pub beyond: bool,
    /// Whether the words are taken as they are, and not read for what they mean.
    pub literal: bool,
    /// How many pieces come before the first one shown.
    pub offset: usize,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            text: String::new(),
            token: String::new(),
            like: String::new(),
            weight: EVEN,
            filters: Filters::default(),
            unlike: Vec::new(),
            sort: Sort::Closest,
            beyond: false,
            literal: false,
            offset: 0,
        }
    }
}

impl Search {
    /// A search for words.
    pub fn words(text: &str) -> Self {
        Self { text: text.trim().to_owned(), ..Self::default() }
    }

    /// A search by a query token.
    pub fn token(token: &str) -> Self {
        Self { token: token.to_owned(), ..Self::default() }
    }

    /// A search for the like of a listing.
    pub fn like(id: &str) -> Self {
        Self { like: id.to_owned(), ..Self::default() }
    }

    /// Everything within one filter. A word that the filter does not know leaves it out.
    pub fn within(key: &str, value: &str) -> Self {
        let mut search = Self::default();
        let _ = search.filters.add(key, value);
        search
    }

    /// Reads a page's address. Parameters that are not ours (a newsletter's, say) are passed over; filters that cannot be meant are not.
    pub fn read(params: &ParamsMap) -> Result<Self, Problem> {
        Self::spelt(&|key| params.get_all(key).unwrap_or_default())
    }

    /// Reads a search that is spelt in fields, of an address or of a form; `all` gives the values of one.
    pub fn spelt(all: &dyn Fn(&str) -> Vec<String>) -> Result<Self, Problem> {
        let word = |key| all(key).pop().map(|value| value.trim().to_owned()).unwrap_or_default();
        let mut filters = Filters::default();
        for key in FILTERS {
            for value in all(key) {
                filters.add(key, &value).map_err(|reason| filter_problem(&reason))?;
            }
        }
        filters.validate().map_err(|reason| filter_problem(&reason))?;
        let offset = match word("offset").as_str() {
            "" => 0,
            number => number.parse().map_err(|_| Problem::DamagedLink)?,
        };
        let mut unlike = all("unlike");
        unlike.retain(|id| !id.trim().is_empty());
        let sort = match word("sort").as_str() {
            "" => Sort::Closest,
            order => order.parse().map_err(|reason: domain::UnknownWord| Problem::Filter(reason.to_string()))?,
        };
        Ok(Self {
            text: word("text"),
            token: word("token"),
            like: word("like"),
            weight: hundredths(&word("weight")).ok_or(Problem::DamagedLink)?,
            unlike,
            filters,
            sort,
            beyond: word("beyond") == "1",
            literal: word("literal") == "1",
            offset,
        })
    }

    /// What the address says, in its order; what is as it is anyway is left out.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        if !self.text.is_empty() {
            pairs.push(("text", self.text.clone()));
            if self.has_looks() && self.weight != EVEN {
                pairs.push(("weight", self.share()));
            }
            if self.literal {
                pairs.push(("literal", "1".to_owned()));
            }
        }
        if !self.like.is_empty() {
            pairs.push(("like", self.like.clone()));
        }
        pairs.extend(self.filters.pairs());
        pairs.extend(self.unlike.iter().map(|id| ("unlike", id.clone())));
        if self.sort != Sort::Closest {
            pairs.push(("sort", self.sort.as_str().to_owned()));
        }
        if self.beyond {
            pairs.push(("beyond", "1".to_owned()));
        }
        if self.offset > 0 {
            pairs.push(("offset", self.offset.to_string()));
        }
        // Last, because it is long: what a person can read and change comes first.
        if !self.token.is_empty() {
            pairs.push(("token", self.token.clone()));
        }
        pairs
    }

    /// The weight as an address has it: "0", "0.05", "0.7", "1".
    pub fn share(&self) -> String {
        match self.weight {
            0 => "0".into(),
            n @ 1..10 => format!("0.0{n}"),
            n @ 10..100 if n % 10 == 0 => format!("0.{}", n / 10),
            n @ 10..100 => format!("0.{n}"),
            100.. => "1".into(),
        }
    }

    /// The address of this search's page.
    pub fn href(&self) -> String {
        let mut href = String::from("/search");
        for (n, (key, value)) in self.pairs().iter().enumerate() {
            href.push(if n == 0 { '?' } else { '&' });
            href.push_str(key);
            href.push('=');
            escape(value, &mut href);
        }
        href
    }

    /// The same search from another place on.
    pub fn from(&self, offset: usize) -> Self {
        Self { offset, ..self.clone() }
    }

    /// The same search, from its beginning, with other filters.
    pub fn with(&self, filters: Filters) -> Self {
        Self { filters, offset: 0, ..self.clone() }
    }

    /// The same search, from its beginning, within one more filter. A word that the filter does not know leaves it out.
    pub fn and(&self, key: &str, value: &str) -> Self {
        let mut filters = self.filters.clone();
        let _ = filters.add(key, value);
        self.with(filters)
    }

    /// The same search without one of its filters' values, as [`Filters::pairs`] lists them.
    pub fn without(&self, key: &str, value: &str) -> Self {
        let mut filters = Filters::default();
        for (name, kept) in self.filters.pairs().into_iter().filter(|(name, kept)| !(*name == key && kept == value)) {
            // Read back from what was valid a moment ago.
            let _ = filters.add(name, &kept);
        }
        self.with(filters)
    }

    /// The same search, from its beginning, led away from a piece; none where it is led away from as many as it can be.
    pub fn less_like(&self, id: &str) -> Option<Self> {
        let mut unlike = self.unlike.clone();
        unlike.push(id.to_owned());
        (unlike.len() <= limits::QUERY_UNLIKE).then(|| Self { unlike, offset: 0, ..self.clone() })
    }

    /// The same search, from its beginning, no longer led away from a piece.
    pub fn like_again(&self, id: &str) -> Self {
        let unlike = self.unlike.iter().filter(|kept| *kept != id).cloned().collect();
        Self { unlike, offset: 0, ..self.clone() }
    }

    /// The same search, from its beginning, in another order.
    pub fn sorted(&self, sort: Sort) -> Self {
        Self { sort, offset: 0, ..self.clone() }
    }

    /// The same search, from its beginning, by the picture alone.
    pub fn without_words(&self) -> Self {
        Self { text: String::new(), weight: EVEN, literal: false, offset: 0, ..self.clone() }
    }

    /// The same search, on past where the likeness ends or not.
    pub fn going(&self, beyond: bool) -> Self {
        Self { beyond, ..self.clone() }
    }

    /// The same search, from its beginning, its words taken as they are or not.
    pub fn taking_words(&self, literal: bool) -> Self {
        Self { literal, offset: 0, ..self.clone() }
    }

    /// Whether the results stand with the closest first, so that they can be told apart by closeness.
    pub fn is_by_closeness(&self) -> bool {
        self.sort == Sort::Closest && !self.is_browsing()
    }

    /// Whether there is something to compare looks with: photos, or a listing's.
    pub fn has_looks(&self) -> bool {
        !self.token.is_empty() || !self.like.is_empty()
    }

    /// Whether there is nothing to compare with: newest first, then.
    pub fn is_browsing(&self) -> bool {
        self.text.is_empty() && !self.has_looks()
    }

    /// Whether this is one of the shop's shelves (rings, Art Deco, emerald), from its beginning and in the usual order: search engines may
    /// read those. Any other search is one of endlessly many.
    pub fn is_shelf(&self) -> bool {
        matches!(self.pairs().as_slice(), [(key, _)] if SHELVES.contains(key))
    }
}

/// A share from 0 to 1 in hundredths; none is even. `None` where it is no such number.
fn hundredths(share: &str) -> Option<u8> {
    if share.is_empty() {
        return Some(EVEN);
    }
    let share: f64 = share.parse().ok()?;
    (0.0..=1.0).contains(&share).then(|| (share * 100.0).round() as u8)
}

/// Spells a value for an address, as forms do: the same on the server and in the browser, spaces as "+" so that people can read it.
fn escape(value: &str, spelt: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => spelt.push(char::from(byte)),
            b' ' => spelt.push('+'),
            _ => {
                spelt.push('%');
                spelt.push(char::from(DIGITS[usize::from(byte >> 4)]));
                spelt.push(char::from(DIGITS[usize::from(byte & 15)]));
            }
        }
    }
}

fn filter_problem(reason: &FilterError) -> Problem {
    Problem::Filter(reason.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&'static str, &str)]) -> Result<Search, Problem> {
        Search::read(&pairs.iter().map(|(key, value)| (*key, (*value).to_owned())).collect())
    }

    #[test]
    fn an_address_is_read_with_its_words_filters_and_place() {
        let search = read(&[
            ("text", " gold ring "),
            ("category", "ring"),
            ("price_max", "500"),
            ("offset", "24"),
            ("utm_source", "post"),
        ])
        .unwrap();
        assert_eq!((search.text.as_str(), search.offset), ("gold ring", 24));
        assert_eq!(search.filters.pairs(), [("category", "ring".to_owned()), ("price_max", "500".to_owned())]);
    }

    #[test]
    fn a_search_is_spelt_as_a_form_would_spell_it() {
        let mut search = Search::words("gold & \"leaf\" 50%+é");
        search.filters.add("period", "Art Deco").unwrap();
        assert_eq!(search.from(24).href(), "/search?text=gold+%26+%22leaf%22+50%25%2B%C3%A9&period=Art+Deco&offset=24");
        assert_eq!(Search::default().href(), "/search");
        assert_eq!(Search::token("A_-9").href(), "/search?token=A_-9");
    }

    #[test]
    fn order_weight_and_going_beyond_are_spelt_only_where_they_change_something() {
        let pairs = [("text", "platinum"), ("token", "A_-9"), ("weight", "0.7"), ("sort", "price_up"), ("beyond", "1")];
        let search = read(&pairs).unwrap();
        assert_eq!((search.weight, search.sort, search.beyond), (70, Sort::PriceUp, true));
        assert_eq!(search.href(), "/search?text=platinum&weight=0.7&sort=price_up&beyond=1&token=A_-9");
        let plain = read(&[("text", "ring"), ("weight", "0.7"), ("sort", ""), ("beyond", "")]).unwrap();
        assert_eq!(plain.href(), "/search?text=ring", "words alone have nothing to be weighed against");
        assert_eq!(search.without_words().href(), "/search?sort=price_up&beyond=1&token=A_-9");
        assert_eq!(search.sorted(Sort::Closest).going(false).href(), "/search?text=platinum&weight=0.7&token=A_-9");
        for (given, weight, spelt) in [("0", 0, "0"), ("0.05", 5, "0.05"), (".25", 25, "0.25"), ("1.0", 100, "1")] {
            assert_eq!(hundredths(given), Some(weight));
            assert_eq!(Search { weight, ..Search::default() }.share(), spelt);
        }
        assert_eq!(hundredths(""), Some(EVEN));
    }

    #[test]
    fn the_like_of_a_listing_is_a_short_address_that_refines_like_a_pictures() {
        let search = Search::like("V 1").and("metal", "silver");
        assert_eq!(search.href(), "/search?like=V+1&metal=silver");
        let search = read(&[("text", "with a leaf"), ("like", "V 1"), ("weight", "0.7"), ("metal", "silver")]).unwrap();
        assert!(search.has_looks() && !search.is_browsing() && search.is_by_closeness());
        assert_eq!(search.href(), "/search?text=with+a+leaf&weight=0.7&like=V+1&metal=silver");
        assert_eq!(search.without_words().href(), "/search?like=V+1&metal=silver");
    }

    #[test]
    fn one_word_of_a_facet_is_a_shelf_and_nothing_else_is() {
        assert!(Search::within("category", "ring").is_shelf() && Search::within("stone", "emerald").is_shelf());
        let ring = Search::within("category", "ring");
        for other in [
            Search::default(),
            Search::within("dealer", "hartley-bow"),
            Search::within("price_max", "500"),
            Search { filters: ring.filters.clone(), ..Search::words("gold") },
            Search { filters: ring.filters.clone(), ..Search::token("A_-9") },
            ring.and("stone", "emerald"),
            ring.and("category", "brooch"),
            ring.from(24),
            ring.sorted(Sort::PriceUp),
        ] {
            assert!(!other.is_shelf(), "{}", other.href());
        }
    }

    #[test]
    fn empty_fields_of_a_plain_form_do_not_narrow() {
        let pairs = [
            ("text", ""),
            ("category", ""),
            ("period", ""),
            ("metal", ""),
            ("price_min", ""),
            ("price_max", ""),
            ("sort", ""),
        ];
        let search = read(&pairs).unwrap();
        assert!(search.is_browsing() && search.filters.is_empty());
    }

    #[test]
    fn what_cannot_be_meant_is_a_problem_and_not_silently_left_out() {
        assert!(matches!(read(&[("category", "tiara")]), Err(Problem::Filter(reason)) if reason.contains("tiara")));
        assert!(matches!(read(&[("price_min", "900"), ("price_max", "100")]), Err(Problem::Filter(_))));
        assert_eq!(read(&[("offset", "-3")]), Err(Problem::DamagedLink));
        assert!(matches!(read(&[("sort", "cheapest")]), Err(Problem::Filter(reason)) if reason.contains("price_up")));
        for weight in ["2", "-0.1", "half", "NaN"] {
            assert_eq!(read(&[("weight", weight)]), Err(Problem::DamagedLink), "{weight}");
        }
    }

    #[test]
    fn what_a_search_leads_away_from_is_added_and_undone() {
        let search = Search::words("ring").from(24).less_like("A-1").unwrap().less_like("B 2").unwrap();
        assert_eq!(search.href(), "/search?text=ring&unlike=A-1&unlike=B+2");
        let again = read(&[("text", "ring"), ("unlike", "A-1"), ("unlike", "B 2"), ("unlike", "")]).unwrap();
        assert_eq!(again, search);
        assert_eq!(search.from(48).like_again("A-1").href(), "/search?text=ring&unlike=B+2");
        let many = (0..limits::QUERY_UNLIKE).try_fold(Search::default(), |search, n| search.less_like(&n.to_string()));
        assert_eq!(many.unwrap().less_like("one more"), None);
    }

    #[test]
    fn a_filter_is_undone_without_touching_the_others() {
        let search = read(&[
            ("text", "ring"),
            ("category", "ring"),
            ("category", "brooch"),
            ("price_max", "500"),
            ("offset", "48"),
        ])
        .unwrap();
        let undone = search.without("category", "ring");
        assert_eq!(undone.filters.pairs(), [("category", "brooch".to_owned()), ("price_max", "500".to_owned())]);
        assert_eq!((undone.text.as_str(), undone.offset), ("ring", 0));
    }
}
