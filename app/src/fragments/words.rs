//! An identification sheet and price comparables in words.

use crate::components::wording;
use domain::{Aspect, Identification, PriceRange, Prices, Reason, Share, Sheet};

/// A line of an identification sheet: a guess, or why there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// What it is about: the filter's name.
    pub aspect: &'static str,
    /// The word guessed; empty where there is no guess.
    pub guess: String,
    /// How much of the vote it has, or why there is no guess.
    pub words: String,
    /// Ids of the listings that say so, closest first.
    pub evidence: Vec<String>,
    /// What else the neighbours say, to correct by.
    pub others: Vec<String>,
}

/// The lines of a sheet: for each aspect its guesses, or one line without.
pub fn rows(found: &Identification) -> Vec<Row> {
    let sheet = &found.sheet;
    let mut rows = Vec::new();
    for aspect in Aspect::ALL {
        let begun = rows.len();
        for guess in sheet.guesses.iter().filter(|guess| guess.aspect == aspect) {
            rows.push(Row {
                aspect: aspect.as_str(),
                guess: guess.value.clone(),
                words: share(guess.share, guess.evidence.len(), sheet.neighbours.len()),
                evidence: guess.evidence.iter().map(ToString::to_string).collect(),
                others: others(found, aspect),
            });
        }
        if rows.len() == begun {
            let silence = sheet.silent.iter().find(|silence| silence.aspect == aspect);
            rows.push(Row {
                aspect: aspect.as_str(),
                words: silence.map_or(String::new(), |silence| reason(silence.reason)),
                others: others(found, aspect),
                ..Row::default()
            });
        }
    }
    rows
}

/// What the neighbours say beside the guesses, in the order of their closeness.
fn others(found: &Identification, aspect: Aspect) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let neighbours = found.hits.iter().filter(|hit| found.sheet.neighbours.contains(&hit.listing.id));
    for word in neighbours.flat_map(|hit| aspect.said_of(&hit.listing)) {
        let guessed = found.sheet.guesses.iter().any(|guess| guess.aspect == aspect && guess.value == word);
        if !guessed && !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// The share of the vote, and how many heads that is: not the same, since the closest have the most to say.
fn share(share: Share, said: usize, neighbours: usize) -> String {
    if neighbours == 1 {
        return "The one piece near it says so".into();
    }
    let part = match share {
        Share::All => "All",
        Share::NearlyAll => "Nearly all",
        Share::Most => "Most",
        Share::OverHalf => "A little over half",
    };
    format!("{part} of the vote: {said} of the {neighbours} nearest")
}

fn reason(reason: Reason) -> String {
    match reason {
        Reason::NothingNear => "Nothing listed is near enough to say",
        Reason::Disagree => "The nearest pieces disagree",
        Reason::Unsaid => "The nearest pieces do not say",
    }
    .into()
}

/// Prices in sentences, a currency and a closeness each.
pub fn prices(prices: &Prices) -> Vec<String> {
    let mut said = Vec::new();
    for (name, ranges) in [("Same design", &prices.same_design), ("Similar pieces", &prices.similar)] {
        said.extend(ranges.iter().map(|range| format!("{name}: {}", priced(range))));
    }
    said
}

/// "£1,150 to £2,300, median £1,700 (4 pieces, 1 of them sold)".
fn priced(range: &PriceRange) -> String {
    let sold = match range.sold {
        0 => String::new(),
        sold if sold == range.pieces => ", sold".into(),
        sold => format!(", {sold} of them sold"),
    };
    let count = wording::pieces(range.pieces);
    if range.least == range.most {
        return format!("{} ({count}{sold})", range.median);
    }
    format!("{} to {}, median {} ({count}{sold})", range.least, range.most, range.median)
}

/// A title made of the guesses: "Art Deco emerald and diamond ring in platinum". Empty where there is no category to name.
pub fn title(sheet: &Sheet) -> String {
    let of = |aspect: Aspect| {
        let said = sheet.guesses.iter().filter(|guess| guess.aspect == aspect).map(|guess| guess.value.as_str());
        said.take(2).collect::<Vec<_>>().join(" and ")
    };
    let category = of(Aspect::Category);
    if category.is_empty() {
        return String::new();
    }
    let mut words: Vec<String> = [of(Aspect::Period), of(Aspect::Stone), of(Aspect::Motif), category].to_vec();
    words.retain(|word| !word.is_empty());
    let metal = of(Aspect::Metal);
    if !metal.is_empty() {
        words.push(format!("in {metal}"));
    }
    wording::capital(&words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Currency, Guess, Price};

    fn guess(aspect: Aspect, value: &str) -> Guess {
        Guess { aspect, value: value.into(), share: Share::Most, evidence: Vec::new() }
    }

    #[test]
    fn a_title_is_made_of_what_was_guessed() {
        let mut sheet = Sheet::default();
        assert_eq!(title(&sheet), "");
        sheet.guesses =
            vec![guess(Aspect::Category, "ring"), guess(Aspect::Stone, "emerald"), guess(Aspect::Stone, "diamond")];
        assert_eq!(title(&sheet), "Emerald and diamond ring");
        sheet.guesses.extend([guess(Aspect::Period, "Art Deco"), guess(Aspect::Metal, "platinum")]);
        assert_eq!(title(&sheet), "Art Deco emerald and diamond ring in platinum");
    }

    #[test]
    fn prices_are_said_with_what_they_are_of() {
        let pounds = |amount| Price::new(amount, Currency::GBP).unwrap();
        let range = |pieces, sold, [least, median, most]: [f64; 3]| PriceRange {
            pieces,
            sold,
            least: pounds(least),
            median: pounds(median),
            most: pounds(most),
        };
        let prices = prices(&Prices {
            same_design: vec![range(1, 1, [900.0; 3])],
            similar: vec![range(4, 1, [1_150.0, 1_700.0, 2_300.0])],
        });
        assert_eq!(prices[0], "Same design: £900 (1 piece, sold)");
        assert_eq!(prices[1], "Similar pieces: £1,150 to £2,300, median £1,700 (4 pieces, 1 of them sold)");
    }
}
