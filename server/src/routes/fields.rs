//! A search as it comes from outside: in an address, in a form, or in JSON.

use crate::error::Problem;
use catalogue::Query;
use domain::{Filters, ListingId, Sort, UnknownWord, limits};

/// What was asked, field by field.
#[derive(Debug, Default)]
pub struct Fields {
    /// Pictures, undecoded.
    pub photos: Vec<Vec<u8>>,
    /// Words.
    pub text: Option<String>,
    /// An earlier search.
    pub token: Option<String>,
    /// A listing to find the like of.
    pub like: Option<ListingId>,
    /// How much the words count beside the pictures.
    pub weight: Option<f32>,
    /// Listings to lead away from.
    pub unlike: Vec<ListingId>,
    /// What the search is narrowed to.
    pub filters: Filters,
    /// In which order.
    pub sort: Sort,
    /// Whether to go on past where relevance ends.
    pub beyond: bool,
    /// Whether words are taken as they are.
    pub literal: bool,
    /// Most hits.
    pub limit: Option<usize>,
    /// Hits to leave out first.
    pub offset: usize,
}

impl Fields {
    /// Sets one field from text. Empty values, as forms send them, set nothing. `filters` is JSON; whatever is not a field of
    /// its own is one filter.
    pub fn set(&mut self, key: &str, value: String) -> Result<(), Problem> {
        if value.trim().is_empty() {
            return Ok(());
        }
        match key {
            "text" => self.text = Some(value),
            "token" => self.token = Some(value),
            "like" => self.like = Some(listing("like", &value)?),
            "unlike" => self.unlike.push(listing("unlike", &value)?),
            "weight" => self.weight = Some(number("weight", &value)?),
            "sort" => {
                self.sort = value.parse().map_err(|error: UnknownWord| Problem::field(error.to_string()))?;
            }
            "beyond" => self.beyond = yes("beyond", &value)?,
            "literal" => self.literal = yes("literal", &value)?,
            "limit" => self.limit = Some(number("limit", &value)?),
            "offset" => self.offset = number("offset", &value)?,
            "filters" => {
                self.filters =
                    serde_json::from_str(&value).map_err(|error| Problem::field(format!("filters: {error}")))?;
            }
            filter => self.filters.add(filter, &value)?,
        }
        Ok(())
    }

    /// The query, as far as it can be checked without the model.
    pub fn into_query(self) -> Result<Query, Problem> {
        let weight = self.weight.unwrap_or(0.5);
        if !(0.0..=1.0).contains(&weight) {
            return Err(Problem::field("weight must be a number from 0 to 1"));
        }
        Ok(Query {
            photos: self.photos,
            text: self.text.filter(|text| !text.trim().is_empty()),
            token: self.token.filter(|token| !token.is_empty()),
            like: self.like,
            weight,
            unlike: self.unlike,
            filters: self.filters,
            sort: self.sort,
            beyond: self.beyond,
            literal: self.literal,
            offset: self.offset,
            limit: self.limit.unwrap_or(limits::PAGE_DEFAULT),
        })
    }
}

fn listing(name: &str, value: &str) -> Result<ListingId, Problem> {
    ListingId::new(value.trim()).map_err(|error| Problem::field(format!("{name}: {error}")))
}

fn yes(name: &str, value: &str) -> Result<bool, Problem> {
    match value.trim() {
        "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err(Problem::field(format!("{name} must be true or false"))),
    }
}

fn number<T: std::str::FromStr>(name: &str, value: &str) -> Result<T, Problem> {
    value.trim().parse().map_err(|_| Problem::field(format!("{name} must be a number of 0 or more")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Result<Fields, Problem> {
        let mut fields = Fields::default();
        pairs.iter().try_for_each(|(key, value)| fields.set(key, (*value).to_owned()))?;
        Ok(fields)
    }

    #[test]
    fn an_address_and_a_form_are_read_alike() {
        let fields = fields(&[
            ("text", "leaf brooch"),
            ("category", "brooch"),
            ("price_max", "500"),
            ("like", " V-1 "),
            ("limit", "3"),
            ("sort", "price_up"),
            ("beyond", "1"),
            ("literal", "true"),
            ("offset", ""),
        ]);
        let query = fields.unwrap().into_query().unwrap();
        assert_eq!(query.text.as_deref(), Some("leaf brooch"));
        assert_eq!((query.filters.price_max, query.limit, query.offset), (Some(500.0), 3, 0));
        assert_eq!((query.sort, query.beyond, query.literal), (Sort::PriceUp, true, true));
        assert_eq!(query.like.as_ref().map(ListingId::as_str), Some("V-1"));
    }

    #[test]
    fn what_cannot_be_meant_is_refused_by_name() {
        for (pairs, name) in [
            ([("colour", "red")], "colour"),
            ([("limit", "-1")], "limit"),
            ([("filters", "{\"a\":1}")], "filters"),
            ([("sort", "cheapest")], "sort"),
            ([("like", "../secret")], "like"),
            ([("beyond", "far")], "beyond"),
        ] {
            let problem = fields(&pairs).unwrap_err();
            assert_eq!(problem.kind.status(), 422);
            assert!(problem.detail.to_lowercase().contains(name), "{}", problem.detail);
        }
        for weight in ["2", "-0.1", "NaN"] {
            assert!(fields(&[("weight", weight)]).unwrap().into_query().is_err(), "{weight}");
        }
    }
}
