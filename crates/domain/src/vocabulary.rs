//! Closed vocabularies: the trade's (category, period, status) and the order of results. Metals, stones and motifs are open words.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A word that is not in a closed vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} \"{given}\" is not known; use one of: {allowed}")]
pub struct UnknownWord {
    /// Which vocabulary: "category", "period", "status" or "sort".
    pub what: &'static str,
    /// The word given, cut to 40 characters.
    pub given: String,
    /// The words that would do, joined by commas.
    pub allowed: String,
}

macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident, $what:literal, { $($(#[$choice:meta])* $variant:ident => $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name {
            $(#[doc = $word] #[serde(rename = $word)] $(#[$choice])* $variant),+
        }

        impl $name {
            /// Every word, in the trade's usual order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as written in listings, filters and links.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.as_str()) }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            /// Reads the word whatever its case and the white space around it.
            fn from_str(given: &str) -> Result<Self, UnknownWord> {
                let wanted = given.trim();
                Self::ALL.iter().copied().find(|word| word.as_str().eq_ignore_ascii_case(wanted)).ok_or_else(|| UnknownWord {
                    what: $what,
                    given: wanted.chars().take(40).collect(),
                    allowed: Self::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(", "),
                })
            }
        }
    };
}

vocabulary!(
    /// What kind of piece it is.
    Category, "category", {
        Ring => "ring", Necklace => "necklace", Pendant => "pendant", Earrings => "earrings",
        Bracelet => "bracelet", Brooch => "brooch",
    }
);

vocabulary!(
    /// The style and time a piece belongs to, in order of time.
    Period, "period", {
        Georgian => "Georgian", Victorian => "Victorian", ArtNouveau => "Art Nouveau", Edwardian => "Edwardian",
        ArtDeco => "Art Deco", Retro => "Retro", MidCentury => "Mid-century",
        ScandinavianModernist => "Scandinavian Modernist", Contemporary => "Contemporary",
    }
);

vocabulary!(
    /// Whether a piece can be bought.
    Status, "status", { Available => "available", Reserved => "reserved", Sold => "sold" }
);

impl Category {
    /// The word for several of them: "rings", "earrings", "brooches".
    pub fn plural(self) -> &'static str {
        match self {
            Self::Ring => "rings",
            Self::Necklace => "necklaces",
            Self::Pendant => "pendants",
            Self::Earrings => "earrings",
            Self::Bracelet => "bracelets",
            Self::Brooch => "brooches",
        }
    }
}

vocabulary!(
    /// In which order results stand; pieces without a date or a price last. Where there is nothing to compare with, the closest
    /// are the newest.
    #[derive(Default)]
    Sort, "sort", { #[default] Closest => "closest", Newest => "newest", PriceUp => "price_up", PriceDown => "price_down" }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_whatever_their_case() {
        assert_eq!("art deco".parse::<Period>(), Ok(Period::ArtDeco));
        assert_eq!(" Ring ".parse::<Category>(), Ok(Category::Ring));
    }

    #[test]
    fn an_unknown_word_names_those_that_would_do() {
        let error = "tiara".parse::<Category>().unwrap_err();
        assert!(error.to_string().contains("brooch"), "{error}");
    }

    #[test]
    fn json_uses_the_trades_words() {
        assert_eq!(serde_json::to_string(&Period::MidCentury).unwrap(), "\"Mid-century\"");
        assert_eq!(serde_json::from_str::<Category>("\"earrings\"").unwrap(), Category::Earrings);
    }
}
