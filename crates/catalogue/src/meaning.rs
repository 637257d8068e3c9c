//! What a description asks for, as far as it can be read off a listing's own fields: "1920s ring, green stone" is a ring of the Art Deco
//! whose stones are called emerald, peridot or jade, though no dealer wrote it so.
//!
//! A phrase book (lexicon.rs) and the words that this catalogue uses for its metals, stones, motifs and dealers are matched against what was
//! typed, the longest phrase first. What is left over are words to be looked up in the dealers' texts. Nothing is ever left out of the results for
//! it: listings of which all of it is true only come first, and looks decide among them.

use crate::{
    facets::Said,
    lexicon::{CARRIERS, DECADES, PHRASES, REFUSALS, Sense, YEARS},
    narrow::AnyOf,
    schema::column,
};
use domain::{Category, DealerSummary, Facets, Period};
use std::collections::HashMap;

/// More words than this are a text to be looked at by the model, not a wish list.
const MOST_WORDS: usize = 24;
/// Words in the longest phrase.
const LONGEST: usize = 5;
/// Words of a label; of more, one less and "others".
const LABELLED: usize = 4;
/// How far from a "no" or an "instead of" what it refuses may stand: "instead of the pretty ruby".
const REFUSED_WITHIN: usize = 2;

/// One thing asked for: any of the values will do.
#[derive(Debug, Clone, PartialEq)]
enum Asked {
    Category(Vec<Category>),
    Period(Vec<Period>),
    Metal(Vec<String>),
    Stone(Vec<String>),
    Motif(Vec<String>),
    Dealer(Vec<String>),
}

/// What is asked for of a listing's fields, and what is left to be looked up.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Meaning {
    asked: Vec<Asked>,
    /// What must not be true.
    refused: Vec<Asked>,
    no_stone: bool,
    two_metals: bool,
    /// The words that no field answers, in the order they were typed.
    pub(crate) rest: String,
}

/// The words that a catalogue uses, each with what it stands for.
struct Words<'a>(HashMap<Vec<String>, Vec<Found<'a>>>);

#[derive(Clone, Copy)]
enum Found<'a> {
    Sense(Sense),
    Metal(&'a str),
    Stone(&'a str),
    Motif(&'a str),
    Dealer(&'a str),
}

impl<'a> Words<'a> {
    fn of(facets: &'a Facets, dealers: &'a [DealerSummary]) -> Self {
        let mut words: HashMap<Vec<String>, Vec<Found<'a>>> = HashMap::new();
        let mut add = |phrase: &str, found| words.entry(split(phrase)).or_default().push(found);
        for (phrase, sense) in PHRASES {
            add(phrase, Found::Sense(*sense));
        }
        facets.metal.iter().for_each(|(word, _)| add(word, Found::Metal(word)));
        facets.stone.iter().for_each(|(word, _)| add(word, Found::Stone(word)));
        facets.motif.iter().for_each(|(word, _)| add(word, Found::Motif(word)));
        for each in dealers {
            add(&each.dealer.name, Found::Dealer(&each.dealer.id));
        }
        words.remove(&Vec::new());
        Self(words)
    }
}

impl Meaning {
    /// What `text` asks for, in the words of a catalogue with these facets and dealers. `None` where no field answers any of it.
    pub(crate) fn of(text: &str, facets: &Facets, dealers: &[DealerSummary]) -> Option<Self> {
        let (said, typed): (Vec<String>, Vec<String>) =
            words_of(text).map(|word| (word.clone(), singular(&word))).unzip();
        if typed.is_empty() || typed.len() > MOST_WORDS {
            return None;
        }
        let words = Words::of(facets, dealers);
        let (mut meaning, mut rest) = (Self::default(), Vec::new());
        // What is refused is refused until so many more words have gone by.
        let mut refusing: usize = 0;
        let mut at = 0;
        while let Some(left) = typed.get(at..).filter(|left| !left.is_empty()) {
            if let Some((length, found)) = longest(left, &words) {
                let taken = meaning.take(&found, facets, refusing > 0);
                rest.extend(taken.unwrap_or_else(|| said[at..at + length].to_vec()));
                (at, refusing) = (at + length, 0);
            } else if let Some(length) = refusal(left) {
                (at, refusing) = (at + length, REFUSED_WITHIN + 1);
            } else if let Some(decade) = decade(&left[0]) {
                meaning.ask(Asked::Period(decade), refusing > 0);
                (at, refusing) = (at + 1, 0);
            } else {
                if !CARRIERS.contains(&left[0].as_str()) {
                    rest.push(said[at].clone());
                }
                (at, refusing) = (at + 1, refusing.saturating_sub(1));
            }
        }
        meaning.rest = rest.join(" ");
        (meaning != Self { rest: meaning.rest.clone(), ..Self::default() }).then_some(meaning)
    }

    /// Takes in what a phrase stands for; gives the words that are to be looked up for it, or none where nothing here has it.
    fn take(&mut self, found: &[Found<'_>], facets: &Facets, refused: bool) -> Option<Vec<String>> {
        let (mut dealers, mut metals, mut stones, mut motifs) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut sense = None;
        for each in found {
            match each {
                Found::Dealer(id) => dealers.push((*id).to_owned()),
                Found::Metal(word) => metals.push(*word),
                Found::Stone(word) => stones.push(*word),
                Found::Motif(word) => motifs.push(*word),
                Found::Sense(known) => sense = Some(*known),
            }
        }
        let mut more = None;
        let asked = match sense {
            _ if !dealers.is_empty() => Asked::Dealer(dealers),
            Some(Sense::Category(any)) => Asked::Category(any.to_vec()),
            Some(Sense::Kind(category, word)) => {
                more = Some(word.to_owned());
                Asked::Category(vec![category])
            }
            Some(Sense::Period(any)) => Asked::Period(any.to_vec()),
            Some(Sense::Metal { any, not }) => Asked::Metal(holding(&facets.metal, any, not)),
            Some(Sense::Stone(any)) => Asked::Stone(holding(&facets.stone, any, &[])),
            Some(Sense::Motif(any)) => Asked::Motif(holding(&facets.motif, any, &[])),
            Some(Sense::NoStone) => {
                self.no_stone = true;
                return Some(Vec::new());
            }
            Some(Sense::TwoMetals) => {
                self.two_metals = true;
                return Some(Vec::new());
            }
            Some(Sense::Nothing) => return Some(Vec::new()),
            Some(Sense::Literal) => return None,
            // The catalogue's own words: "sapphire" is also every "pink sapphire".
            None if !stones.is_empty() => Asked::Stone(holding(&facets.stone, &stones, &[])),
            None if !metals.is_empty() => Asked::Metal(holding(&facets.metal, &metals, &[])),
            None => Asked::Motif(holding(&facets.motif, &motifs, &[])),
        };
        if asked.is_empty() {
            return None;
        }
        self.ask(asked, refused);
        Some(more.filter(|_| !refused).into_iter().collect())
    }

    fn ask(&mut self, asked: Asked, refused: bool) {
        let list = if refused { &mut self.refused } else { &mut self.asked };
        if !list.contains(&asked) {
            list.push(asked);
        }
    }

    /// What of it a search can be narrowed to; whether the rest is true as well, [`Meaning::holds`] says.
    pub(crate) fn narrowing(&self) -> impl Iterator<Item = AnyOf> {
        self.asked.iter().filter_map(|asked| match asked {
            Asked::Category(any) => AnyOf::new(column::CATEGORY, any.iter().map(ToString::to_string)),
            Asked::Period(any) => AnyOf::new(column::PERIOD, any.iter().map(ToString::to_string)),
            Asked::Dealer(any) => AnyOf::new(column::DEALER_ID, any.iter().cloned()),
            Asked::Metal(any) => AnyOf::new(column::METALS, any.iter().cloned()),
            Asked::Stone(any) => AnyOf::new(column::STONES, any.iter().cloned()),
            Asked::Motif(any) => AnyOf::new(column::MOTIFS, any.iter().cloned()),
        })
    }

    /// What was understood, in the listings' own words: a phrase for everything asked for or refused.
    pub(crate) fn labels(&self, dealers: &[DealerSummary]) -> Vec<String> {
        let name = |id: &String| dealers.iter().find(|each| each.dealer.id == *id).map(|each| each.dealer.name.clone());
        let label = |asked: &Asked| match asked {
            Asked::Category(any) => either(any.iter().map(ToString::to_string).collect()),
            Asked::Period(any) => either(any.iter().map(ToString::to_string).collect()),
            Asked::Metal(any) | Asked::Stone(any) | Asked::Motif(any) => either(any.clone()),
            Asked::Dealer(any) => either(any.iter().filter_map(name).collect()),
        };
        let asked = self.asked.iter().map(label);
        let refused = self.refused.iter().map(|refused| format!("not {}", label(refused)));
        let counted = [(self.no_stone, "no stones"), (self.two_metals, "two metals")];
        let counted = counted.into_iter().filter(|(is, _)| *is).map(|(_, label)| label.to_owned());
        asked.chain(refused).chain(counted).collect()
    }

    /// Whether what was refused, and what no index knows, holds of a listing that [`Meaning::narrowing`] let through.
    pub(crate) fn holds(&self, said: &Said) -> bool {
        let true_of = |asked: &Asked| match asked {
            Asked::Category(any) => any.iter().any(|each| each.as_str() == said.category),
            Asked::Period(any) => any.iter().any(|each| Some(each.as_str()) == said.period.as_deref()),
            Asked::Metal(any) => any.iter().any(|each| said.metals.contains(each)),
            Asked::Stone(any) => any.iter().any(|each| said.stones.contains(each)),
            Asked::Motif(any) => any.iter().any(|each| said.motifs.contains(each)),
            Asked::Dealer(_) => false,
        };
        !self.refused.iter().any(true_of)
            && (!self.no_stone || said.stones.is_empty())
            && (!self.two_metals || said.metals.len() > 1)
    }
}

impl Asked {
    /// Whether nothing here could answer it.
    fn is_empty(&self) -> bool {
        match self {
            Self::Category(any) => any.is_empty(),
            Self::Period(any) => any.is_empty(),
            Self::Metal(any) | Self::Stone(any) | Self::Motif(any) | Self::Dealer(any) => any.is_empty(),
        }
    }
}

/// "emerald, jade or peridot"; of many, the first few.
fn either(mut words: Vec<String>) -> String {
    if words.len() > LABELLED {
        words.truncate(LABELLED - 1);
        words.push("others".to_owned());
    }
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} or {last}", before.join(", ")),
        None => String::new(),
    }
}

/// The catalogue's words that hold one of `any` and none of `not`, word by word: "diamond" is held by "old-cut diamond", not by "diamante".
fn holding(facet: &[(String, usize)], any: &[&str], not: &[&str]) -> Vec<String> {
    let any: Vec<Vec<String>> = any.iter().map(|phrase| split(phrase)).collect();
    let not: Vec<Vec<String>> = not.iter().map(|phrase| split(phrase)).collect();
    let within = |words: &[String], phrase: &[String]| words.windows(phrase.len()).any(|window| window == phrase);
    let fits = |word: &&(String, usize)| {
        let words = split(&word.0);
        any.iter().any(|phrase| within(&words, phrase)) && !not.iter().any(|phrase| within(&words, phrase))
    };
    facet.iter().filter(fits).map(|(word, _)| word.clone()).collect()
}

/// The longest phrase that the words begin with, and what it stands for.
fn longest<'a>(words: &[String], known: &Words<'a>) -> Option<(usize, Vec<Found<'a>>)> {
    let most = words.len().min(LONGEST);
    (1..=most).rev().find_map(|length| known.0.get(&words[..length]).map(|found| (length, found.clone())))
}

/// How many words a refusal takes, if the words begin with one.
fn refusal(words: &[String]) -> Option<usize> {
    let matches = |phrase: &&&str| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        words.len() >= phrase.len() && phrase.iter().zip(words).all(|(a, b)| a == b)
    };
    REFUSALS.iter().filter(matches).map(|phrase| phrase.split(' ').count()).max()
}

/// The periods of a decade or a year, however it is written: "1920s", "20s", "twenties", "c1925".
fn decade(word: &str) -> Option<Vec<Period>> {
    let digits = word.strip_prefix('c').unwrap_or(word);
    let (digits, whole) = match digits.strip_suffix('s') {
        Some(digits) => (digits, true),
        None => (digits, false),
    };
    let number = || digits.parse::<u16>().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let first = DECADES.iter().find(|(written, _)| *written == word).map(|(_, year)| (*year, true));
    let (year, whole) = first.or_else(|| match (digits.len(), whole) {
        (4, _) => number().map(|year| (year, whole)),
        (2, true) => number().filter(|year| (20..90).contains(year) && year % 10 == 0).map(|year| (1900 + year, true)),
        _ => None,
    })?;
    if !(1700..2100).contains(&year) {
        return None;
    }
    // "1800s" and "1900s" are as often the whole century as its first ten years.
    let (last, half) = match (whole, year % 100) {
        (true, 0) => (year + 99, 5),
        (true, _) => (year - year % 10 + 9, 4),
        (false, _) => (year, 0),
    };
    let shared = |from: u16, to: u16| i32::from(last.min(to)) - i32::from(year.max(from));
    let periods: Vec<Period> =
        YEARS.iter().filter(|(_, from, to)| shared(*from, *to) >= half).map(|(period, _, _)| *period).collect();
    (!periods.is_empty()).then_some(periods)
}

/// The words of a text in the singular.
fn split(text: &str) -> Vec<String> {
    words_of(text).map(|word| singular(&word)).collect()
}

/// The words of a text, in lower case and without the accents that are common in the trade.
fn words_of(text: &str) -> impl Iterator<Item = String> {
    let plain = |letter: char| match letter {
        'à'..='å' => 'a',
        'è'..='ë' => 'e',
        'ò'..='ö' => 'o',
        'ù'..='ü' => 'u',
        'ç' => 'c',
        other => other,
    };
    let apostrophe = |letter: char| matches!(letter, '\'' | '’');
    let words: Vec<String> = text
        .to_lowercase()
        .split(|letter: char| !letter.is_alphanumeric() && !apostrophe(letter))
        .map(|word| word.chars().filter(|letter| !apostrophe(*letter)).map(plain).collect::<String>())
        .filter(|word| !word.is_empty())
        .collect();
    words.into_iter()
}

/// A word's singular, by the usual English endings. A word that is none ("lapis") is shortened alike wherever it stands.
fn singular(word: &str) -> String {
    let letters = word.chars().count();
    if letters < 4 || word.starts_with(|letter: char| letter.is_ascii_digit()) {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for ending in ["ches", "shes", "sses", "xes", "zes"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    match word.strip_suffix('s') {
        Some(stem) if !stem.ends_with('s') => stem.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Dealer;

    fn meaning(text: &str) -> Option<Meaning> {
        let words = |words: &[&str]| words.iter().map(|word| ((*word).to_owned(), 1)).collect();
        let facets = Facets {
            metal: words(&["yellow gold", "18ct rose gold", "white gold", "platinum", "silver", "oxidised silver"]),
            stone: words(&[
                "diamond",
                "old-cut diamond",
                "emerald",
                "jade",
                "ruby",
                "lapis lazuli",
                "tsavorite",
                "onyx",
            ]),
            motif: words(&["bow", "flower", "geometric", "snake", "thistle"]),
            ..Facets::default()
        };
        let dealer = Dealer { id: "hartley-bow".into(), name: "Hartley & Bow".into() };
        Meaning::of(text, &facets, &[DealerSummary { dealer, listings: 3 }])
    }

    fn metals(any: &[&str]) -> Asked {
        Asked::Metal(any.iter().map(|each| (*each).to_owned()).collect())
    }

    fn stones(any: &[&str]) -> Asked {
        Asked::Stone(any.iter().map(|each| (*each).to_owned()).collect())
    }

    fn motifs(any: &[&str]) -> Asked {
        Asked::Motif(any.iter().map(|each| (*each).to_owned()).collect())
    }

    fn ring() -> Asked {
        Asked::Category(vec![Category::Ring])
    }

    #[test]
    fn everyday_words_are_read_as_the_fields_they_mean() {
        let found = meaning("1920s ring, green stone, stepped sides").unwrap();
        assert_eq!(found.asked, [Asked::Period(vec![Period::ArtDeco]), ring(), stones(&["emerald", "jade"])]);
        assert_eq!(found.rest, "stepped sides");
        let found = meaning("Looking for silver coloured flower brooches, no stones").unwrap();
        let brooch = Asked::Category(vec![Category::Brooch]);
        assert_eq!(
            found.asked,
            [metals(&["white gold", "platinum", "silver", "oxidised silver"]), motifs(&["flower"]), brooch]
        );
        assert!(found.no_stone && found.rest.is_empty(), "{found:?}");
        let found = meaning("two-tone gold bangle with rubies").unwrap();
        let bracelet = Asked::Category(vec![Category::Bracelet]);
        assert_eq!(found.asked, [metals(&["yellow gold", "18ct rose gold"]), bracelet, stones(&["ruby"])]);
        assert!(found.two_metals);
        assert_eq!(found.rest, "bangle");
    }

    #[test]
    fn a_catalogues_own_words_are_known_in_the_singular_and_the_plural() {
        let found = meaning("tsavorites and thistles").unwrap();
        assert_eq!(found.asked, [stones(&["tsavorite"]), motifs(&["thistle"])]);
        assert_eq!(meaning("diamonds").unwrap().asked, [stones(&["diamond", "old-cut diamond"])]);
        assert_eq!(meaning("lapis").unwrap().asked, [stones(&["lapis lazuli"])]);
    }

    #[test]
    fn what_was_understood_is_said_in_the_listings_own_words() {
        let dealer = Dealer { id: "hartley-bow".into(), name: "Hartley & Bow".into() };
        let dealers = [DealerSummary { dealer, listings: 3 }];
        for (text, labels) in [
            ("1920s ring, green stone", vec!["Art Deco", "ring", "emerald or jade"]),
            (
                "hartley & bow, silver coloured, not ruby",
                vec!["Hartley & Bow", "white gold, platinum, silver or oxidised silver", "not ruby"],
            ),
            ("bi-colour brooch without stones", vec!["brooch", "no stones", "two metals"]),
        ] {
            assert_eq!(meaning(text).unwrap().labels(&dealers), labels, "{text}");
        }
        assert_eq!(either(["a", "b", "c", "d", "e"].map(str::to_owned).to_vec()), "a, b, c or others");
    }

    #[test]
    fn what_is_refused_is_not_asked_for() {
        let found = meaning("like this but in silver instead of the yellow gold").unwrap();
        assert_eq!(found.asked, [metals(&["silver", "oxidised silver"])]);
        assert_eq!(found.refused, [metals(&["yellow gold"])]);
        let found = meaning("the same with a snake, not a bow").unwrap();
        assert_eq!((found.asked, found.refused), (vec![motifs(&["snake"])], vec![motifs(&["bow"])]));
        // Too far away to be meant by it.
        assert!(meaning("not what my aunt wore, a ruby").unwrap().refused.is_empty());
    }

    #[test]
    fn a_longer_name_is_not_read_as_what_it_holds() {
        let found = meaning("hartley & bow emerald").unwrap();
        assert_eq!(found.asked, [Asked::Dealer(vec!["hartley-bow".into()]), stones(&["emerald"])]);
        let found = meaning("emerald cut diamond ring").unwrap();
        assert_eq!(found.asked, [stones(&["diamond", "old-cut diamond"]), ring()]);
        assert_eq!(found.rest, "emerald cut");
        assert_eq!(meaning("white gold").unwrap().asked, [metals(&["white gold"])]);
    }

    #[test]
    fn what_no_field_answers_means_nothing() {
        for text in ["", "HB-1042", "hallmarked Chester", "copper", "💍", "the", "sapphires", &"ring ".repeat(25)] {
            assert_eq!(meaning(text), None, "{text}");
        }
        assert_eq!(meaning("copper ring").unwrap().rest, "copper");
    }

    #[test]
    fn times_are_read_however_they_are_written() {
        for (text, periods) in [
            ("1920s", vec![Period::ArtDeco]),
            ("20s", vec![Period::ArtDeco]),
            ("twenties", vec![Period::ArtDeco]),
            ("c1925", vec![Period::ArtDeco]),
            ("1905", vec![Period::ArtNouveau, Period::Edwardian]),
            ("1930s", vec![Period::ArtDeco, Period::Retro]),
            ("60s", vec![Period::MidCentury, Period::ScandinavianModernist]),
            ("1880s", vec![Period::Victorian]),
        ] {
            assert_eq!(meaning(text).unwrap().asked, [Asked::Period(periods)], "{text}");
        }
        for text in ["1042", "3000s", "12s", "18s"] {
            assert_eq!(meaning(text), None, "{text}");
        }
    }
}
