//! A search as the address bar spells it: words, a query token, filters, how far paged.

use crate::Problem;
use domain::{FilterError, Filters, limits};
use leptos_router::params::ParamsMap;
use serde::{Deserialize, Serialize};

/// The filters that stand in a page's address, by name.
const FILTERS: [&str; 9] =
    ["category", "period", "metal", "stone", "motif", "dealer", "status", "price_min", "price_max"];

/// What is looked for. No words and no token: everything, newest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Search {
    /// The shopper's words, trimmed; may be empty.
    pub text: String,
    /// A query token, see [`domain::QueryToken`]; may be empty.
    pub token: String,
    /// What it is narrowed to.
    pub filters: Filters,
    /// Listings to lead away from, by id.
    pub unlike: Vec<String>,
    /// How many pieces come before the first one shown.
    pub offset: usize,
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

    /// Everything within one filter. A word that the filter does not know leaves it out.
    pub fn within(key: &str, value: &str) -> Self {
        let mut search = Self::default();
        let _ = search.filters.add(key, value);
        search
    }

    /// Reads a page's address. Parameters that are not ours (a newsletter's, say) are passed over; filters that cannot be meant are not.
    pub fn read(params: &ParamsMap) -> Result<Self, Problem> {
        let word = |key| params.get_str(key).map(str::trim).unwrap_or_default().to_owned();
        let mut filters = Filters::default();
        for key in FILTERS {
            for value in params.get_all(key).unwrap_or_default() {
                filters.add(key, &value).map_err(|reason| filter_problem(&reason))?;
            }
        }
        filters.validate().map_err(|reason| filter_problem(&reason))?;
        let offset = match word("offset").as_str() {
            "" => 0,
            number => number.parse().map_err(|_| Problem::DamagedLink)?,
        };
        let mut unlike = params.get_all("unlike").unwrap_or_default();
        unlike.retain(|id| !id.trim().is_empty());
        Ok(Self { text: word("text"), token: word("token"), unlike, filters, offset })
    }

    /// The address of this search's page.
    pub fn href(&self) -> String {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        if !self.text.is_empty() {
            pairs.push(("text", self.text.clone()));
        }
        pairs.extend(self.filters.pairs());
        pairs.extend(self.unlike.iter().map(|id| ("unlike", id.clone())));
        if self.offset > 0 {
            pairs.push(("offset", self.offset.to_string()));
        }
        // Last, because it is long: what a person can read and change comes first.
        if !self.token.is_empty() {
            pairs.push(("token", self.token.clone()));
        }
        let query: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}={}", escape(value))).collect();
        if query.is_empty() { "/search".into() } else { format!("/search?{}", query.join("&")) }
    }

    /// The same search from another place on.
    pub fn from(&self, offset: usize) -> Self {
        Self { offset, ..self.clone() }
    }

    /// The same search, from its beginning, with other filters.
    pub fn with(&self, filters: Filters) -> Self {
        Self { filters, offset: 0, ..self.clone() }
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

    /// Whether there is nothing to compare with: newest first, then.
    pub fn is_browsing(&self) -> bool {
        self.text.is_empty() && self.token.is_empty()
    }
}

/// Spells a value for an address, as forms do: the same on the server and in the browser, spaces as "+" so that people can read it.
fn escape(value: &str) -> String {
    let mut spelt = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => spelt.push(char::from(byte)),
            b' ' => spelt.push('+'),
            _ => spelt.push_str(&format!("%{byte:02X}")),
        }
    }
    spelt
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
    fn empty_fields_of_a_plain_form_do_not_narrow() {
        let search =
            read(&[("text", ""), ("category", ""), ("period", ""), ("price_min", ""), ("price_max", "")]).unwrap();
        assert!(search.is_browsing() && search.filters.is_empty());
    }

    #[test]
    fn what_cannot_be_meant_is_a_problem_and_not_silently_left_out() {
        assert!(matches!(read(&[("category", "tiara")]), Err(Problem::Filter(reason)) if reason.contains("tiara")));
        assert!(matches!(read(&[("price_min", "900"), ("price_max", "100")]), Err(Problem::Filter(_))));
        assert_eq!(read(&[("offset", "-3")]), Err(Problem::DamagedLink));
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
