//! What the bench saves: listings as CSV or JSON lines, for `vitrine ingest`, and confirmations as queries, for `vitrine evaluate`.
//! Written by hand: the browser needs no serialiser for a dozen columns of text.

use super::Work;
use domain::{Category, ListingId, Period};

/// Who lists the pieces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct House {
    /// The dealer's id, by the rules of a listing's.
    pub id: String,
    /// The name on the door; the id where it is empty.
    pub name: String,
    /// The currency of the prices; pounds where it is empty.
    pub currency: String,
}

/// A piece ready to be listed. Texts are empty where they are not known; category, period and price are as the file has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Its reference.
    pub id: String,
    /// Its title.
    pub title: String,
    /// A number with a full stop, such as 4250.5.
    pub price: String,
    /// One of the trade's words.
    pub category: String,
    /// One of the trade's words.
    pub period: String,
    /// Any number of words.
    pub metals: Vec<String>,
    /// Any number of words.
    pub stones: Vec<String>,
    /// Any number of words.
    pub motifs: Vec<String>,
    /// Paths in the folder they were chosen from.
    pub photos: Vec<String>,
}

impl Record {
    /// A piece as it stands on the bench; or what it still lacks.
    pub fn of(work: &Work) -> Result<Self, String> {
        let one = |aspect: &str| work.decided(aspect).into_iter().next().unwrap_or_default();
        let id = work.field("id").trim();
        if ListingId::new(id).is_err() {
            return Err("its reference may have letters, digits, “-”, “_” and “.” only".into());
        }
        let title = work.field("title").trim();
        if title.is_empty() {
            return Err("it has no title".into());
        }
        let category = one("category");
        if category.is_empty() {
            return Err("its category is not settled".into());
        }
        let Ok(category) = category.parse::<Category>() else {
            return Err(["“", &category, "” is no category here"].concat());
        };
        let period = one("period");
        let period = match period.parse::<Period>() {
            _ if period.is_empty() => "",
            Ok(known) => known.as_str(),
            Err(_) => return Err(["“", &period, "” is no period here"].concat()),
        };
        let price = work.field("price").trim();
        let price = match price.parse::<f64>() {
            _ if price.is_empty() => String::new(),
            // Written anew, as JSON has numbers.
            Ok(amount) if (0.0..=1e9).contains(&amount) => amount.to_string(),
            _ => return Err("its price is not a number".into()),
        };
        Ok(Self {
            id: id.to_owned(),
            title: title.to_owned(),
            price,
            category: category.as_str().to_owned(),
            period: period.to_owned(),
            metals: work.decided("metal"),
            stones: work.decided("stone"),
            motifs: work.decided("motif"),
            photos: work.photos.clone(),
        })
    }
}

/// The columns of the CSV.
const COLUMNS: &str =
    "id,dealer.id,dealer.name,title,category,period,metals,stones,motifs,price.amount,price.currency,photos\n";

/// The pieces as CSV: a record a piece, lists joined by ";".
pub fn csv(house: &House, pieces: &[Record]) -> String {
    let mut file = String::from(COLUMNS);
    for piece in pieces {
        let lists = [&piece.metals, &piece.stones, &piece.motifs, &piece.photos].map(|list| list.join(";"));
        let [metals, stones, motifs, photos] = &lists;
        let texts: [&str; 12] = [
            &piece.id,
            &house.id,
            name(house),
            &piece.title,
            &piece.category,
            &piece.period,
            metals,
            stones,
            motifs,
            &piece.price,
            currency(house),
            photos,
        ];
        for (place, text) in texts.into_iter().enumerate() {
            if place > 0 {
                file.push(',');
            }
            field(&mut file, text);
        }
        file.push('\n');
    }
    file
}

/// The pieces as JSON lines: a listing a line.
pub fn jsonl(house: &House, pieces: &[Record]) -> String {
    let mut file = String::new();
    for piece in pieces {
        let mut key = |key: &str, text: &str| {
            file.push_str(key);
            quoted(&mut file, text);
        };
        key("{\"id\":", &piece.id);
        key(",\"dealer\":{\"id\":", &house.id);
        key(",\"name\":", name(house));
        key("},\"title\":", &piece.title);
        key(",\"category\":", &piece.category);
        if !piece.period.is_empty() {
            key(",\"period\":", &piece.period);
        }
        if !piece.price.is_empty() {
            file.push_str(",\"price\":{\"amount\":");
            file.push_str(&piece.price);
            file.push_str(",\"currency\":");
            quoted(&mut file, currency(house));
            file.push('}');
        }
        for (key, words) in [
            (",\"metals\":", &piece.metals),
            (",\"stones\":", &piece.stones),
            (",\"motifs\":", &piece.motifs),
            (",\"photos\":", &piece.photos),
        ] {
            file.push_str(key);
            list(&mut file, words);
        }
        file.push_str("}\n");
    }
    file
}

/// Confirmations, photos and the listing that is the same piece, as queries with known answers. At most four photos ask at once.
pub fn queries(confirmed: &[(Vec<String>, String)]) -> String {
    let mut file = String::new();
    for (photos, listing) in confirmed {
        file.push_str("{\"kind\":\"bench\",\"photos\":");
        list(&mut file, &photos[..photos.len().min(domain::limits::QUERY_PHOTOS)]);
        file.push_str(",\"text\":null,\"filters\":{},\"relevant\":[");
        quoted(&mut file, listing);
        file.push_str("]}\n");
    }
    file
}

fn name(house: &House) -> &str {
    if house.name.is_empty() { &house.id } else { &house.name }
}

fn currency(house: &House) -> &str {
    if house.currency.is_empty() { "GBP" } else { &house.currency }
}

/// A field of a CSV, quoted where it has to be (RFC 4180).
fn field(file: &mut String, text: &str) {
    if !text.contains(['"', ',', '\n', '\r']) {
        file.push_str(text);
        return;
    }
    file.push('"');
    for letter in text.chars() {
        if letter == '"' {
            file.push('"');
        }
        file.push(letter);
    }
    file.push('"');
}

fn list(file: &mut String, words: &[String]) {
    file.push('[');
    for (place, word) in words.iter().enumerate() {
        if place > 0 {
            file.push(',');
        }
        quoted(file, word);
    }
    file.push(']');
}

/// A string of JSON (RFC 8259).
fn quoted(file: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    file.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => {
                file.push('\\');
                file.push(letter);
            }
            control if control < ' ' => {
                let code = control as usize;
                file.push_str("\\u00");
                file.push(char::from(HEX[code >> 4]));
                file.push(char::from(HEX[code & 15]));
            }
            other => file.push(other),
        }
    }
    file.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of a sheet: what each is about, the guess, what was chosen, what was written.
    fn work(rows: &[(&str, &str, &str, &str)]) -> Work {
        let mut work = Work { photos: vec!["HB-1.jpg".into()], ..Work::default() };
        work.fill("id", "HB-1");
        work.fill("title", " Ring ");
        for (n, (aspect, guess, choice, other)) in rows.iter().enumerate() {
            work.guesses.push(((*aspect).into(), (*guess).into()));
            work.fill(&format!("choice-{n}"), choice);
            work.fill(&format!("other-{n}"), other);
        }
        work
    }

    #[test]
    fn only_what_was_confirmed_or_corrected_is_listed() {
        let record = Record::of(&work(&[
            ("category", "ring", "confirm", ""),
            ("period", "Victorian", "correct", "art deco"),
            ("metal", "silver", "", "begun and not chosen"),
            ("stone", "emerald", "decline", "never read"),
            ("stone", "diamond", "correct", "sapphire, pearl; sapphire"),
            ("motif", "", "", "leaf"),
        ]))
        .unwrap();
        assert_eq!(
            (record.category.as_str(), record.period.as_str(), record.title.as_str()),
            ("ring", "Art Deco", "Ring")
        );
        assert!(record.metals.is_empty());
        assert_eq!(record.stones, ["sapphire", "pearl"]);
        assert_eq!(record.motifs, ["leaf"], "where there was no guess, writing is deciding");
    }

    #[test]
    fn what_a_listing_cannot_do_without_is_asked_for() {
        let lacks = |field: &str, value: &str| {
            let mut work = work(&[("category", "ring", "confirm", ""), ("period", "", "", "")]);
            work.fill(field, value);
            Record::of(&work).unwrap_err()
        };
        assert!(lacks("choice-0", "").contains("category"));
        assert!(lacks("choice-0", "correct").contains("category"));
        assert!(lacks("other-1", "Modern").contains("Modern"));
        assert!(lacks("id", "a b").contains("reference"));
        assert!(lacks("title", " ").contains("title"));
        let tiara = work(&[("category", "ring", "correct", "tiara")]);
        assert!(Record::of(&tiara).unwrap_err().contains("tiara"));
        for price in ["a lot", "-1", "NaN", "1e12"] {
            assert!(lacks("price", price).contains("price"), "{price}");
        }
    }

    #[test]
    fn every_line_of_json_is_a_listing_and_says_what_was_meant() {
        let house = House { id: "hb".into(), name: String::new(), currency: String::new() };
        let piece = Record {
            id: "HB-1".into(),
            title: "A \"ring\"\\ \u{1}\n, été".into(),
            price: "12.5".into(),
            category: "ring".into(),
            photos: vec!["a, b.jpg".into()],
            ..Record::default()
        };
        let text = jsonl(&house, &[piece.clone(), piece.clone()]);
        assert_eq!(text.lines().count(), 2);
        for line in text.lines() {
            let listing: domain::Listing = serde_json::from_str(line).unwrap();
            assert_eq!((listing.title.as_str(), listing.dealer.name.as_str()), (piece.title.as_str(), "hb"));
            assert_eq!(listing.price.unwrap().to_string(), "£12.50");
            assert_eq!(listing.photos, piece.photos);
        }
        assert!(csv(&house, &[piece]).contains("\"A \"\"ring\"\"\\ \u{1}\n, été\",ring,,,,,12.5,GBP,\"a, b.jpg\"\n"));
    }

    #[test]
    fn a_query_asks_with_four_photos_at_most() {
        let photos: Vec<String> = (1..=6).map(|n| format!("{n}.jpg")).collect();
        let text = queries(&[(photos, "HB-9".into())]);
        let query: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((query["photos"].as_array().unwrap().len(), &query["relevant"][0]), (4, &"HB-9".into()));
        assert_eq!(query["kind"], "bench");
    }
}
