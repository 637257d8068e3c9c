//! A listing: what a dealer sells, one piece, with its photos.

use crate::{Category, Period, Price, Status, limits};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// The dealer's own reference of a listing, unique in the marketplace: letters, digits, '-', '_' and '.', at most 64.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct ListingId(String);

/// Why a listing cannot be used. The message says what to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListingError {
    /// The id is empty, too long or has characters that cannot stand in a link.
    #[error("id \"{0}\" must be 1 to 64 letters, digits, '-', '_' or '.', and not start with '.'")]
    Id(String),
    /// A text that must not be empty is.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// A text is longer than its limit.
    #[error("{field} is {bytes} bytes long; at most {most} are kept")]
    TooLong {
        /// Which field.
        field: &'static str,
        /// How long it is.
        bytes: usize,
        /// The limit.
        most: usize,
    },
    /// A list has more entries than its limit.
    #[error("{field} has {count} entries; at most {most} are kept")]
    TooMany {
        /// Which field.
        field: &'static str,
        /// How many there are.
        count: usize,
        /// The limit.
        most: usize,
    },
    /// The date is not year-month-day.
    #[error("listed \"{0}\" is not a date such as 2026-05-01")]
    Date(String),
    /// The listing's address is not a web address.
    #[error("url must begin with https:// or http://")]
    Url,
}

impl ListingId {
    /// Checks and keeps an id.
    pub fn new(id: impl Into<String>) -> Result<Self, ListingError> {
        let id = id.into();
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if id.is_empty() || id.len() > limits::LISTING_ID_BYTES || id.starts_with('.') || !id.chars().all(allowed) {
            return Err(ListingError::Id(id.chars().take(40).collect()));
        }
        Ok(Self(id))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ListingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ListingId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Who sells a piece.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Dealer {
    /// A short name for links, by the rules of [`ListingId`].
    pub id: String,
    /// The name on the door.
    pub name: String,
}

/// A dealer and how many pieces they list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DealerSummary {
    /// Who.
    pub dealer: Dealer,
    /// Their listings, sold pieces left out: as many as a search for the dealer without other filters finds. May be 0.
    pub listings: usize,
}

/// One piece for sale. Checked by [`Listing::validate`] before it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Listing {
    /// The dealer's reference.
    pub id: ListingId,
    /// Who sells it.
    pub dealer: Dealer,
    /// One line, as the dealer wrote it.
    pub title: String,
    /// Any number of sentences.
    #[serde(default)]
    pub description: String,
    /// What kind of piece.
    pub category: Category,
    /// Its period, where known.
    #[serde(default)]
    pub period: Option<Period>,
    /// Metals, in lower case: "platinum", "yellow gold".
    #[serde(default)]
    pub metals: Vec<String>,
    /// Stones, in lower case, the most important first.
    #[serde(default)]
    pub stones: Vec<String>,
    /// Motifs, in lower case: "leaf", "geometric".
    #[serde(default)]
    pub motifs: Vec<String>,
    /// What it costs; none is "price on request".
    #[serde(default)]
    pub price: Option<Price>,
    /// Whether it can be bought.
    #[serde(default = "available")]
    pub status: Status,
    /// The day it was listed, year-month-day.
    #[serde(default)]
    pub listed: Option<String>,
    /// The listing's page on the marketplace.
    #[serde(default)]
    pub url: Option<String>,
    /// Photos: paths under the photo folder when ingested, addresses under /media/ when answered.
    pub photos: Vec<String>,
}

fn available() -> Status {
    Status::Available
}

impl Listing {
    /// Checks every limit and puts the words into their usual form (trimmed, lower case, no repeats).
    pub fn validate(mut self) -> Result<Self, ListingError> {
        ListingId::new(self.dealer.id.as_str())
            .map_err(|_| ListingError::Id(self.dealer.id.chars().take(40).collect()))?;
        self.dealer.name = self.dealer.name.trim().to_owned();
        self.title = self.title.trim().to_owned();
        within("dealer name", &self.dealer.name, limits::WORD_BYTES)?;
        within("title", &self.title, limits::TITLE_BYTES)?;
        if self.description.len() > limits::DESCRIPTION_BYTES {
            return Err(ListingError::TooLong {
                field: "description",
                bytes: self.description.len(),
                most: limits::DESCRIPTION_BYTES,
            });
        }
        for (field, words) in [("metals", &mut self.metals), ("stones", &mut self.stones), ("motifs", &mut self.motifs)]
        {
            *words = usual_form(field, words)?;
        }
        if let Some(day) = &self.listed
            && !is_date(day)
        {
            return Err(ListingError::Date(day.chars().take(20).collect()));
        }
        if let Some(url) = &self.url {
            within("url", url, limits::PATH_BYTES)?;
            if !(url.starts_with("https://") || url.starts_with("http://")) {
                return Err(ListingError::Url);
            }
        }
        if self.photos.is_empty() {
            return Err(ListingError::Empty("photos"));
        }
        if self.photos.len() > limits::LISTING_PHOTOS {
            return Err(ListingError::TooMany {
                field: "photos",
                count: self.photos.len(),
                most: limits::LISTING_PHOTOS,
            });
        }
        for photo in &self.photos {
            within("photo path", photo, limits::PATH_BYTES)?;
        }
        Ok(self)
    }
}

fn within(field: &'static str, text: &str, most: usize) -> Result<(), ListingError> {
    if text.is_empty() {
        return Err(ListingError::Empty(field));
    }
    if text.len() > most {
        return Err(ListingError::TooLong { field, bytes: text.len(), most });
    }
    Ok(())
}

fn usual_form(field: &'static str, words: &[String]) -> Result<Vec<String>, ListingError> {
    if words.len() > limits::WORDS {
        return Err(ListingError::TooMany { field, count: words.len(), most: limits::WORDS });
    }
    let mut kept: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        let word = word.trim().to_lowercase();
        if word.is_empty() || kept.contains(&word) {
            continue;
        }
        within(field, &word, limits::WORD_BYTES)?;
        kept.push(word);
    }
    Ok(kept)
}

/// Whether `day` is year-month-day with a month and a day that exist.
fn is_date(day: &str) -> bool {
    let parts: Vec<&str> = day.split('-').collect();
    let [year, month, date] = parts.as_slice() else { return false };
    if (year.len(), month.len(), date.len()) != (4, 2, 2) || !day.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
        return false;
    }
    let (Ok(year), Ok(month), Ok(date)) = (year.parse::<u32>(), month.parse::<u32>(), date.parse::<u32>()) else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&date)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"id":"HB-1042","dealer":{"id":"hartley-bow","name":"Hartley & Bow"},"title":"Emerald ring","description":"...",
        "category":"ring","period":"Art Deco","metals":["Platinum"," platinum"],"stones":["emerald","diamond"],"motifs":["geometric"],
        "price":{"amount":4250,"currency":"GBP"},"status":"available","listed":"2026-05-01","url":null,"photos":["HB-1042-1.jpg"]}"#;

    fn listing() -> Listing {
        serde_json::from_str(LINE).unwrap()
    }

    #[test]
    fn a_listing_line_is_read_and_its_words_put_in_order() {
        let listing = listing().validate().unwrap();
        assert_eq!(listing.id.as_str(), "HB-1042");
        assert_eq!(listing.metals, ["platinum"]);
        assert_eq!(listing.period, Some(Period::ArtDeco));
    }

    #[test]
    fn what_is_left_out_has_a_sensible_default() {
        let listing: Listing = serde_json::from_str(
            r#"{"id":"a","dealer":{"id":"d","name":"D"},"title":"t","category":"ring","photos":["a.jpg"]}"#,
        )
        .unwrap();
        let listing = listing.validate().unwrap();
        assert_eq!((listing.status, listing.price, listing.period), (Status::Available, None, None));
    }

    #[test]
    fn every_limit_is_held() {
        type Change = fn(&mut Listing);
        let cases: [(&str, Change); 10] = [
            ("no photos", |l| l.photos.clear()),
            ("too many photos", |l| l.photos = vec!["a.jpg".into(); 25]),
            ("empty title", |l| l.title = "  ".into()),
            ("long title", |l| l.title = "x".repeat(301)),
            ("long description", |l| l.description = "x".repeat(20_001)),
            ("bad date", |l| l.listed = Some("2026-02-30".into())),
            ("not a date", |l| l.listed = Some("yesterday".into())),
            ("script url", |l| l.url = Some("javascript:alert(1)".into())),
            ("dealer id", |l| l.dealer.id = "a/b".into()),
            ("many stones", |l| l.stones = (0..33).map(|n| n.to_string()).collect()),
        ];
        for (name, change) in cases {
            let mut broken = listing();
            change(&mut broken);
            assert!(broken.validate().is_err(), "{name}");
        }
    }

    #[test]
    fn an_id_never_climbs_out_of_a_folder_or_breaks_a_link() {
        for id in ["", "..", ".hidden", "a/b", "a b", "é", &"x".repeat(65)] {
            assert!(ListingId::new(id).is_err(), "{id}");
        }
    }
}
