//! Numbers and names as sentences have them.

use crate::{Search, api::Card};
use domain::{Category, Sort, Status, limits};

/// "320", "12,480".
pub fn number(n: usize) -> String {
    let digits = n.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// "1 piece", "320 pieces".
pub fn pieces(n: usize) -> String {
    format!("{} {}", number(n), if n == 1 { "piece" } else { "pieces" })
}

/// The word with a capital first: "Rings". Of the Latin alphabet alone: the tables of all the others would be downloaded by every
/// shopper.
pub fn capital(word: &str) -> String {
    let mut word = word.to_owned();
    if let Some(first) = word.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    word
}

/// What a search without a query shows: "Art Deco rings", "Every piece".
pub fn browsing(search: &Search) -> String {
    let filters = &search.filters;
    let what: Vec<&str> = filters.category.iter().copied().map(Category::plural).collect();
    let what = if what.is_empty() { "pieces".to_owned() } else { what.join(" and ") };
    let period: Vec<&str> = filters.period.iter().map(|period| period.as_str()).collect();
    let material: Vec<&str> =
        filters.metal.iter().chain(&filters.stone).chain(&filters.motif).map(String::as_str).collect();
    let words: Vec<String> =
        [period.join(" and "), material.join(" and "), what].into_iter().filter(|word| !word.is_empty()).collect();
    if words.len() == 1 && filters.category.is_empty() { "Every piece".into() } else { capital(&words.join(" ")) }
}

/// A filter's value on the chip that undoes it: "Rings", "up to £500".
pub fn chip(key: &str, value: &str) -> String {
    let price = |value: &str| {
        let price = value.parse().ok().and_then(|amount| domain::Price::new(amount, domain::Currency::GBP).ok());
        price.map_or_else(|| value.to_owned(), |price| price.to_string())
    };
    match key {
        "category" => {
            value.parse::<Category>().map_or_else(|_| value.to_owned(), |category| capital(category.plural()))
        }
        "price_min" => format!("From {}", price(value)),
        "price_max" => format!("Up to {}", price(value)),
        _ => capital(value),
    }
}

/// How much the words count beside the looks, for those who cannot see the slider; from 0 to 1.
pub fn weighing(share: f64) -> &'static str {
    match share {
        ..=0.0 => "looks alone",
        ..0.4 => "mostly looks",
        ..0.61 => "looks and words alike",
        ..1.0 => "mostly words",
        _ => "words alone",
    }
}

/// In which order the pieces stand: "closest first".
pub fn order(search: &Search) -> &'static str {
    match search.sort {
        Sort::Closest if !search.is_browsing() => "closest first",
        Sort::Closest | Sort::Newest => "newest first",
        Sort::PriceUp => "lowest price first",
        Sort::PriceDown => "highest price first",
    }
}

/// The sizes in which the server has a photo, for `srcset`; nothing for a picture that is not a listing's.
pub fn sides(address: &str) -> Option<String> {
    let offer = |side: u32| format!("{address}?side={side} {side}w");
    address.starts_with("/media/").then(|| limits::PHOTO_SIDES.map(offer).join(", "))
}

/// What a photo shows, for those who cannot see it: "Ring: Emerald and diamond cluster".
pub fn alt(card: &Card) -> String {
    photo_alt(card.category, &card.title)
}

/// What a listing's photo shows.
pub fn photo_alt(category: Category, title: &str) -> String {
    let category = category.as_str();
    if title.to_ascii_lowercase().contains(category) {
        title.to_owned()
    } else {
        format!("{}: {title}", capital(category))
    }
}

/// A listing's state where it is not simply for sale.
pub fn state(status: Status) -> Option<&'static str> {
    match status {
        Status::Available => None,
        Status::Reserved => Some("Reserved"),
        Status::Sold => Some("Sold"),
    }
}

/// "1 May 2026" for "2026-05-01".
pub fn day(date: &str) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let month = month.and_then(|month| month.parse::<usize>().ok()).and_then(|month| MONTHS.get(month.wrapping_sub(1)));
    match (year, month, day.map(|day| day.trim_start_matches('0'))) {
        (Some(year), Some(month), Some(day)) => format!("{day} {month} {year}"),
        _ => date.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_s_photo_comes_in_sizes() {
        assert_eq!(
            sides("/media/ab.jpg").as_deref(),
            Some("/media/ab.jpg?side=320 320w, /media/ab.jpg?side=640 640w, /media/ab.jpg?side=1280 1280w")
        );
        assert_eq!(sides(""), None);
    }

    #[test]
    fn numbers_read_as_in_a_sentence() {
        assert_eq!(pieces(1), "1 piece");
        assert_eq!(pieces(0), "0 pieces");
        assert_eq!(pieces(152_480), "152,480 pieces");
    }

    #[test]
    fn browsing_is_named_after_its_filters() {
        assert_eq!(browsing(&Search::default()), "Every piece");
        assert_eq!(browsing(&Search::within("category", "ring")), "Rings");
        assert_eq!(browsing(&Search::within("period", "Art Deco")), "Art Deco pieces");
        let mut search = Search::within("period", "Art Deco");
        search.filters.add("category", "brooch").unwrap();
        search.filters.add("stone", "emerald").unwrap();
        assert_eq!(browsing(&search), "Art Deco emerald brooches");
    }

    #[test]
    fn chips_name_what_they_undo() {
        assert_eq!(chip("category", "brooch"), "Brooches");
        assert_eq!(chip("price_max", "2500"), "Up to £2,500");
        assert_eq!(chip("stone", "emerald"), "Emerald");
    }

    #[test]
    fn an_order_is_named_as_it_is_seen() {
        let search = Search::words("ring");
        assert_eq!(order(&search), "closest first");
        assert_eq!(order(&search.sorted(Sort::PriceUp)), "lowest price first");
        assert_eq!(order(&Search::default()), "newest first");
    }

    #[test]
    fn where_a_slider_stands_is_said_in_words() {
        let said = [0.0, 0.05, 0.5, 0.6, 0.65, 1.0].map(weighing);
        let alike = "looks and words alike";
        assert_eq!(said, ["looks alone", "mostly looks", alike, alike, "mostly words", "words alone"]);
    }

    #[test]
    fn an_alternative_text_always_names_the_kind_of_piece() {
        assert_eq!(photo_alt(Category::Ring, "Emerald cluster ring"), "Emerald cluster ring");
        assert_eq!(photo_alt(Category::Earrings, "Pair of pearl drops"), "Earrings: Pair of pearl drops");
    }

    #[test]
    fn dates_are_written_out() {
        assert_eq!(day("2026-05-01"), "1 May 2026");
        assert_eq!(day("soon"), "soon");
    }
}
