//! The filters and the order: a plain GET form that also works by itself as soon as something is chosen (`browser/forms.rs`), and a
//! chip for each refinement in force, which undoes it.

use crate::{
    Search,
    components::{
        icons::CrossIcon,
        kept::{Kept, unsent},
        wording,
    },
};
use domain::{Category, Facets, Filters, Period, Sort};
use leptos::prelude::*;

/// The filters' form.
#[component]
pub fn FilterForm(
    /// The search they narrow.
    search: Search,
    /// The words of what it found: what no piece has is not offered.
    facets: Facets,
) -> impl IntoView {
    let filters = &search.filters;
    let chosen = |key: &str| -> Vec<String> {
        filters.pairs().into_iter().filter(|(name, _)| *name == key).map(|(_, value)| value).collect()
    };
    let category =
        offered(chosen("category"), facets.category, Category::ALL.iter().map(ToString::to_string).collect(), |word| {
            wording::chip("category", word)
        });
    let period =
        offered(chosen("period"), facets.period, Period::ALL.iter().map(ToString::to_string).collect(), str::to_owned);
    let metal = offered(chosen("metal"), facets.metal, Vec::new(), wording::capital);
    let stone = offered(chosen("stone"), facets.stone, Vec::new(), wording::capital);
    let motif = offered(chosen("motif"), facets.motif, Vec::new(), wording::capital);
    let price = |price: Option<f64>| price.map(|price| price.to_string()).unwrap_or_default();
    let (least, most) = (price(filters.price_min), price(filters.price_max));
    view! {
        <form class="filters" action="/search" method="get" data-live="" aria-label="Narrow the results">
            {hidden(&search, &SHOWN)}
            <div class="filters-strip">
                <Choice name="category" label="Category" any="Every category" offered=category />
                <Choice name="period" label="Period" any="Every period" offered=period />
                <Choice name="metal" label="Metal" any="Every metal" offered=metal />
                <Choice name="stone" label="Stone" any="Every stone" offered=stone />
                <Choice name="motif" label="Motif" any="Every motif" offered=motif />
                <fieldset class="filters-price">
                    <legend class="hidden">"Price in pounds"</legend>
                    <Amount name="price_min" label="From £" value=least />
                    <Amount name="price_max" label="to £" value=most />
                </fieldset>
            </div>
            <Choice name="sort" label="Order" any=orders(&search).0 offered=orders(&search).1 />
            <button class="button filters-apply" type="submit">
                "Narrow"
            </button>
        </form>
    }
    .into_any()
}

/// What the form shows; it stays as it is otherwise.
const SHOWN: [&str; 8] = ["category", "period", "metal", "stone", "motif", "price_min", "price_max", "sort"];

/// The fields of a search that a form does not show, from its beginning on.
pub fn hidden(search: &Search, shown: &[&str]) -> AnyView {
    search
        .from(0)
        .pairs()
        .into_iter()
        .filter(|(key, _)| !shown.contains(key))
        .map(|(key, value)| view! { <input type="hidden" name=key value=value /> })
        .collect_view()
        .into_any()
}

/// A choice: its value in the address, what it is called, and whether it is made.
type Offer = (String, String, bool);

/// What can be chosen of a vocabulary: the words of what was found with their numbers, those of the trade in its order. A choice
/// that is made can be exchanged for any other word of the trade; several, which only an address can make, stay together.
fn offered(
    chosen: Vec<String>,
    counted: Vec<(String, usize)>,
    trade: Vec<String>,
    shown: fn(&str) -> String,
) -> Vec<Offer> {
    let count = |word: &str| counted.iter().find(|(counted, _)| counted == word).map(|(_, pieces)| *pieces);
    let mut words = trade;
    if words.is_empty() {
        words.extend(counted.iter().map(|(word, _)| word.clone()));
        words.extend(chosen.iter().filter(|word| count(word).is_none()).cloned());
    }
    let only = if let [only] = chosen.as_slice() { Some(only) } else { None };
    let mut offered: Vec<Offer> = words
        .into_iter()
        .filter(|word| !chosen.is_empty() || count(word).is_some())
        .map(|word| {
            let mut name = shown(&word);
            if let Some(pieces) = count(&word) {
                name.push_str(" (");
                name.push_str(&wording::number(pieces));
                name.push(')');
            }
            let made = only == Some(&word);
            (word, name, made)
        })
        .collect();
    if chosen.len() > 1 {
        let names: Vec<String> = chosen.iter().map(|word| shown(word)).collect();
        offered.insert(0, (chosen.join(","), names.join(", "), true));
    }
    offered
}

/// The order that goes without saying, and the others.
fn orders(search: &Search) -> (&'static str, Vec<Offer>) {
    let browsing = search.is_browsing();
    let others = Sort::ALL.iter().copied().filter(|sort| match sort {
        Sort::Closest => false,
        Sort::Newest => !browsing,
        _ => true,
    });
    let offers = others.map(|sort| {
        let name = wording::capital(wording::order(&search.sorted(sort)));
        (sort.as_str().to_owned(), name, search.sort == sort)
    });
    (if browsing { "Newest first" } else { "Closest first" }, offers.collect())
}

#[component]
fn Choice(name: &'static str, label: &'static str, any: &'static str, offered: Vec<Offer>) -> impl IntoView {
    let chosen = offered.iter().any(|(_, _, made)| *made);
    let options = offered
        .into_iter()
        .map(|(value, shown, made)| {
            view! {
                <option value=value selected=made prop:selected=Kept(made)>
                    {shown}
                </option>
            }
        })
        .collect_view();
    view! {
        <label class="filters-choice">
            <span class="hidden">{label}</span>
            <select name=name class:chosen=chosen>
                <option value="" selected=!chosen prop:selected=Kept(!chosen)>
                    {any}
                </option>
                {options}
            </select>
        </label>
    }
    .into_any()
}

#[component]
fn Amount(name: &'static str, label: &'static str, value: String) -> impl IntoView {
    let now = value.clone();
    view! {
        <label class="filters-amount">
            <span>{label}</span>
            <input type="number" name=name min="0" step="any" inputmode="numeric" value=value node_ref=unsent(now) />
        </label>
    }
    .into_any()
}

/// A chip for each refinement in force; pressing it undoes that.
#[component]
pub fn Chips(
    /// The search they narrow.
    search: Search,
    /// A dealer's name, where it is known, for the chip of that dealer.
    #[prop(optional_no_strip)]
    dealer: Option<String>,
    /// What the search is led away from: ids and titles.
    #[prop(optional)]
    unlike: Vec<(String, String)>,
) -> impl IntoView {
    let mut chips: Vec<AnyView> = Vec::new();
    if !search.text.is_empty() && search.has_looks() {
        let words = format!("“{}”", search.text);
        chips.push(chip(search.without_words().href(), format!("Without {words}"), words));
    }
    let pairs = search.filters.pairs();
    let many = pairs.len() > 1;
    for (key, value) in pairs {
        let shown = match &dealer {
            Some(name) if key == "dealer" => name.clone(),
            _ => wording::chip(key, &value),
        };
        chips.push(chip(search.without(key, &value).href(), format!("Without {shown}"), shown));
    }
    for (id, title) in unlike {
        let shown = format!("Less like {title}");
        chips.push(chip(search.like_again(&id).href(), format!("No longer less like {title}"), shown));
    }
    if search.beyond {
        chips.push(chip(
            search.going(false).from(0).href(),
            "Without those further off".into(),
            "Further off too".into(),
        ));
    }
    if search.sort != Sort::Closest && !(search.is_browsing() && search.sort == Sort::Newest) {
        let shown = wording::capital(wording::order(&search));
        chips.push(chip(search.sorted(Sort::Closest).href(), format!("No longer {}", wording::order(&search)), shown));
    }
    if many {
        let none = search.with(Filters::default()).href();
        let any = view! { <li><a class="textual" href=none data-noscroll="true">"Without any"</a></li> };
        chips.push(any.into_any());
    }
    view! { <ul class="chips" aria-label="Filters in force">{chips}</ul> }.into_any()
}

fn chip(href: String, label: String, shown: String) -> AnyView {
    view! {
        <li>
            <a class="chip" href=href aria-label=label data-noscroll="true">
                {shown}
                <CrossIcon />
            </a>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(words: &[(&str, usize)]) -> Vec<(String, usize)> {
        words.iter().map(|(word, pieces)| ((*word).to_owned(), *pieces)).collect()
    }

    fn names(offers: &[Offer]) -> Vec<&str> {
        offers.iter().map(|(_, name, _)| name.as_str()).collect()
    }

    const TRADE: [&str; 3] = ["ring", "necklace", "brooch"];

    fn trade() -> Vec<String> {
        TRADE.map(str::to_owned).to_vec()
    }

    #[test]
    fn what_was_found_is_offered_with_its_number() {
        let offers = offered(Vec::new(), counted(&[("brooch", 1200), ("ring", 3)]), trade(), wording::capital);
        assert_eq!(
            names(&offers),
            ["Ring (3)", "Brooch (1,200)"],
            "in the trade's order, and nothing that is not there"
        );
        let offers = offered(Vec::new(), counted(&[("ruby", 9), ("jade", 2)]), Vec::new(), wording::capital);
        assert_eq!(names(&offers), ["Ruby (9)", "Jade (2)"]);
        assert!(offers.iter().all(|(_, _, made)| !made));
    }

    #[test]
    fn a_choice_can_be_exchanged_for_another() {
        let offers = offered(vec!["ring".into()], counted(&[("ring", 3)]), trade(), wording::capital);
        assert_eq!(names(&offers), ["Ring (3)", "Necklace", "Brooch"]);
        assert_eq!(offers.iter().filter(|(_, _, made)| *made).count(), 1);
        // Nothing found: the choice is still there to be seen.
        let offers = offered(vec!["ruby".into()], Vec::new(), Vec::new(), wording::capital);
        assert_eq!(offers, [("ruby".to_owned(), "Ruby".to_owned(), true)]);
    }

    #[test]
    fn several_choices_of_an_address_stay_together() {
        let offers = offered(vec!["ring".into(), "brooch".into()], counted(&[("ring", 3)]), trade(), wording::capital);
        assert_eq!(offers[0], ("ring,brooch".to_owned(), "Ring, Brooch".to_owned(), true));
        assert_eq!(offers.iter().filter(|(_, _, made)| *made).count(), 1);
    }

    #[test]
    fn orders_are_those_that_make_a_difference() {
        assert_eq!(orders(&Search::default()).1.len(), 2);
        let (first, others) = orders(&Search::words("ring").sorted(Sort::PriceDown));
        assert_eq!((first, others.len()), ("Closest first", 3));
        assert_eq!(others.iter().find(|(_, _, made)| *made).map(|(value, _, _)| value.as_str()), Some("price_down"));
    }
}
