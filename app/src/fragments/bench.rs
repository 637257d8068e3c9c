//! A piece on the dealer's bench: the closest listings, what such pieces cost, and the sheet, as the fields of a form. Their names are
//! what the browser goes by: `id`, `title`, `price`, `same` (a listing's id, or nothing), and for each line of the sheet `choice-N` (confirm,
//! correct, decline) and `other-N` (what it is instead).

use super::{
    html,
    near::{closeness, near_piece},
    words::{Row, prices, rows},
};
use crate::api::Card;
use domain::{Category, Identification, Period};
use leptos::prelude::*;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Closest listings shown.
const SHOWN: usize = 6;

/// The lines of the sheet: what each is about, and the guess, or nothing.
pub fn guesses(found: &Identification) -> Vec<(String, String)> {
    rows(found).into_iter().map(|row| (row.aspect.to_owned(), row.guess)).collect()
}

/// The form of a piece that was asked about with so many pictures.
pub fn piece(pictures: usize, found: Identification) -> String {
    // Lists to choose words from have names that hold for the whole page: another piece's are others.
    let mut key = DefaultHasher::new();
    found.query.token.hash(&mut key);
    let key = key.finish();
    let lines: Vec<AnyView> = rows(&found).into_iter().enumerate().map(|(n, row)| line(key, n, row)).collect();
    let prices = prices(&found.prices);
    let near: Vec<AnyView> = found.hits.into_iter().take(SHOWN).map(|hit| witness(Card::of_hit(hit))).collect();
    let nothing = near.is_empty();
    // Their addresses are the browser's own: the pictures never left it as files.
    let shown: Vec<AnyView> =
        (1..=pictures).map(|n| view! { <li class="mat"><img alt=format!("Photo {n}") /></li> }.into_any()).collect();
    html(
        view! {
            <div class="bench-head">
                <ul class="bench-photos">{shown}</ul>
                <div class="bench-fields">
                    {field("Reference", "id", "text")} {field("Title", "title", "text")} {field("Price", "price", "number")}
                    {prices.into_iter().map(|price| view! { <p class="market-price">{price}</p> }).collect_view()}
                </div>
            </div>
            <fieldset class="bench-near">
                <legend>"The closest listings"</legend>
                {nothing.then(|| view! { <p class="quiet">"Nothing is listed yet."</p> })}
                <ul class="nears">{near}</ul>
                <label class="bench-same">
                    <input type="radio" name="same" value="" checked />
                    "None of them is this piece"
                </label>
            </fieldset>
            <div class="bench-sheet">
                <h3>"What it may be"</h3>
                {lines}
            </div>
        }
        .into_any(),
    )
}

fn field(label: &'static str, name: &'static str, kind: &'static str) -> AnyView {
    view! {
        <label class="bench-field">
            <span>{label}</span>
            <input type=kind name=name step="any" min="0" autocomplete="off" />
        </label>
    }
    .into_any()
}

/// One of the closest listings, which may be the very piece.
fn witness(card: Card) -> AnyView {
    let (id, word) = (card.id.clone(), closeness(&card));
    let label = ["The same piece as ", card.title.as_str()].concat();
    view! {
        <li>
            {near_piece(card, word)} <label class="bench-same">
                <input type="radio" name="same" value=id aria-label=label />
                "This is the one"
            </label>
        </li>
    }
    .into_any()
}

/// A line of the sheet: the guess with its evidence, and what the dealer makes of it; or why there is none, and a field.
fn line(key: u64, n: usize, row: Row) -> AnyView {
    let Row { aspect, guess, words, evidence, others } = row;
    let name = match aspect {
        "category" => "Category",
        "period" => "Period",
        "metal" => "Metal",
        "stone" => "Stone",
        _ => "Motif",
    };
    let guessed = !guess.is_empty();
    let (choice, other, list) = (format!("choice-{n}"), format!("other-{n}"), format!("words-{key:x}-{n}"));
    let radio = |value: &'static str, shown: &'static str| {
        view! {
            <label class="bench-choice">
                <input type="radio" name=choice.clone() value=value />
                <span>{shown}</span>
            </label>
        }
        .into_any()
    };
    let choices = guessed.then(|| {
        let three = [radio("confirm", "Confirm"), radio("correct", "Correct"), radio("decline", "Decline")];
        view! { <div class="bench-choices">{three.into_iter().collect_view()}</div> }.into_any()
    });
    let said = if evidence.is_empty() {
        view! { <p class="quiet bench-words">{words}</p> }.into_any()
    } else {
        let link = |id: String| {
            let href = format!("/listings/{id}");
            view! {
                <li>
                    <a href=href>{id}</a>
                </li>
            }
        };
        view! {
            <details class="quiet bench-words">
                <summary>{words}</summary>
                <ul class="words">{evidence.into_iter().map(link).collect_view()}</ul>
            </details>
        }
        .into_any()
    };
    let mut offered = others;
    let known: Vec<String> = match aspect {
        "category" => Category::ALL.iter().map(ToString::to_string).collect(),
        "period" => Period::ALL.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    };
    for word in known {
        if word != guess && !offered.contains(&word) {
            offered.push(word);
        }
    }
    let options = offered.into_iter().map(|word| view! { <option value=word></option> }).collect_view();
    let label = if guessed { format!("{name} instead of {guess}") } else { name.to_owned() };
    let hint = if guessed { "What is it, then?" } else { "Yours to fill in" };
    view! {
        <fieldset class="bench-row" class:bench-row--guess=guessed>
            <legend class="quiet">{name}</legend>
            <div class="bench-guess">{guessed.then(|| view! { <strong>{guess}</strong> })} {said}</div>
            {choices}
            <input
                class="bench-other"
                type="text"
                name=other
                list=list.clone()
                placeholder=hint
                aria-label=label
                autocomplete="off"
            />
            <datalist id=list>{options}</datalist>
        </fieldset>
    }
    .into_any()
}
