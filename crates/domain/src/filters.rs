//! What a search is narrowed to. Values of one filter are alternatives; different filters must all hold.

use crate::{Category, Period, Status, UnknownWord, limits};
use serde::{Deserialize, Serialize};

/// Filters of a search. Empty lists and `None` do not narrow, except that sold pieces are left out unless `status` asks for them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filters {
    /// Any of these categories.
    pub category: Vec<Category>,
    /// Any of these periods.
    pub period: Vec<Period>,
    /// Any of these metals, in lower case.
    pub metal: Vec<String>,
    /// Any of these stones, in lower case.
    pub stone: Vec<String>,
    /// Any of these motifs, in lower case.
    pub motif: Vec<String>,
    /// Any of these dealers, by id.
    pub dealer: Vec<String>,
    /// Any of these states. Empty means what can still be had: everything but sold. Name the states to see sold pieces too
    /// (a dealer looking for comparables does).
    pub status: Vec<Status>,
    /// Lowest price, in units of the listing's currency; listings without a price do not match.
    pub price_min: Option<f64>,
    /// Highest price, likewise.
    pub price_max: Option<f64>,
}

/// Why filters cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FilterError {
    /// A word outside a closed vocabulary.
    #[error(transparent)]
    Word(#[from] UnknownWord),
    /// A filter name that does not exist.
    #[error(
        "there is no filter \"{0}\"; use category, period, metal, stone, motif, dealer, status, price_min or price_max"
    )]
    Name(String),
    /// A price that is not a number, or the lowest above the highest.
    #[error("{0} must be a number of 0 or more, and price_min not above price_max")]
    Price(&'static str),
    /// More values than the limit, or one that is too long.
    #[error("filter {0} has too many values or one that is too long")]
    TooMuch(&'static str),
}

impl Filters {
    /// Adds one `key=value` (the command line's and the address bar's form); commas separate several values.
    pub fn add(&mut self, key: &str, value: &str) -> Result<(), FilterError> {
        let values = || value.split(',').map(str::trim).filter(|v| !v.is_empty());
        let words = || values().map(lower_case);
        match key {
            "category" => values().try_for_each(|v| v.parse().map(|v| self.category.push(v)))?,
            "period" => values().try_for_each(|v| v.parse().map(|v| self.period.push(v)))?,
            "status" => values().try_for_each(|v| v.parse().map(|v| self.status.push(v)))?,
            "metal" => self.metal.extend(words()),
            "stone" => self.stone.extend(words()),
            "motif" => self.motif.extend(words()),
            "dealer" => self.dealer.extend(values().map(str::to_owned)),
            "price_min" if !value.trim().is_empty() => self.price_min = Some(number("price_min", value)?),
            "price_max" if !value.trim().is_empty() => self.price_max = Some(number("price_max", value)?),
            "price_min" | "price_max" => {}
            other => return Err(FilterError::Name(other.chars().take(40).collect())),
        }
        Ok(())
    }

    /// Checks the limits. Call it on filters that came from outside, before using them.
    pub fn validate(&self) -> Result<(), FilterError> {
        for (name, count) in
            [("category", self.category.len()), ("period", self.period.len()), ("status", self.status.len())]
        {
            if count > limits::FILTER_VALUES {
                return Err(FilterError::TooMuch(name));
            }
        }
        for (name, words) in
            [("metal", &self.metal), ("stone", &self.stone), ("motif", &self.motif), ("dealer", &self.dealer)]
        {
            if words.len() > limits::FILTER_VALUES || words.iter().any(|w| w.len() > limits::WORD_BYTES) {
                return Err(FilterError::TooMuch(name));
            }
        }
        for (name, price) in [("price_min", self.price_min), ("price_max", self.price_max)] {
            if price.is_some_and(|p| !p.is_finite() || p < 0.0) {
                return Err(FilterError::Price(name));
            }
        }
        match (self.price_min, self.price_max) {
            (Some(least), Some(most)) if least > most => Err(FilterError::Price("price_min")),
            _ => Ok(()),
        }
    }

    /// Whether nothing is asked for beyond the default.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The filters as `key`, `value` pairs, one value each, for links and forms. [`Filters::add`] reads them back.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        pairs.extend(self.category.iter().map(|v| ("category", v.to_string())));
        pairs.extend(self.period.iter().map(|v| ("period", v.to_string())));
        pairs.extend(self.metal.iter().map(|v| ("metal", v.clone())));
        pairs.extend(self.stone.iter().map(|v| ("stone", v.clone())));
        pairs.extend(self.motif.iter().map(|v| ("motif", v.clone())));
        pairs.extend(self.dealer.iter().map(|v| ("dealer", v.clone())));
        pairs.extend(self.status.iter().map(|v| ("status", v.to_string())));
        pairs.extend(self.price_min.iter().map(|v| ("price_min", v.to_string())));
        pairs.extend(self.price_max.iter().map(|v| ("price_max", v.to_string())));
        pairs
    }
}

/// A word in lower case. In the browser of the Latin alphabet alone: the tables of all the others would be downloaded by every shopper, and
/// the server reads the words again.
fn lower_case(word: &str) -> String {
    if cfg!(target_arch = "wasm32") { word.to_ascii_lowercase() } else { word.to_lowercase() }
}

fn number(name: &'static str, value: &str) -> Result<f64, FilterError> {
    value.trim().parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0).ok_or(FilterError::Price(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_read_back_as_they_were() {
        let mut filters = Filters::default();
        for (key, value) in [
            ("category", "ring,brooch"),
            ("period", "Art Deco"),
            ("stone", "Emerald"),
            ("price_max", "500"),
            ("price_min", ""),
        ] {
            filters.add(key, value).unwrap();
        }
        assert_eq!(filters.stone, ["emerald"]);
        assert_eq!((filters.price_min, filters.price_max), (None, Some(500.0)));
        let mut again = Filters::default();
        for (key, value) in filters.pairs() {
            again.add(key, &value).unwrap();
        }
        assert_eq!(again, filters);
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        let mut filters = Filters::default();
        assert!(filters.add("colour", "green").is_err());
        assert!(filters.add("category", "tiara").is_err());
        assert!(filters.add("price_min", "cheap").is_err());
        filters = Filters { price_min: Some(10.0), price_max: Some(5.0), ..Filters::default() };
        assert!(filters.validate().is_err());
        filters = Filters { stone: vec!["x".into(); 33], ..Filters::default() };
        assert!(filters.validate().is_err());
        assert!(serde_json::from_str::<Filters>(r#"{"colour":["green"]}"#).is_err());
    }
}
