//! The filters: a plain GET form that also works by itself as soon as something is chosen, and a chip for each, which undoes it.

use crate::{
    Search,
    components::{icons::CrossIcon, wording},
};
use domain::{Category, Facets, Filters, Period};
use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// The filters' form.
#[component]
pub fn FilterForm(
    /// The search they narrow.
    search: Search,
    /// The words the catalogue uses: what is not there is not offered.
    facets: Facets,
) -> impl IntoView {
    let form = NodeRef::<leptos::html::Form>::new();
    let navigate = use_navigate();
    let chosen = StoredValue::new(search.clone());
    let apply = move || {
        let Some(form) = form.get_untracked() else { return };
        if let Some(filters) = read(&form, &chosen.with_value(|search| search.filters.clone())) {
            let search = chosen.with_value(|search| search.with(filters));
            navigate(&search.href(), NavigateOptions { scroll: false, ..Default::default() });
        }
    };
    let submit = {
        let apply = apply.clone();
        move |event: ev::SubmitEvent| {
            event.prevent_default();
            apply();
        }
    };
    let filters = &search.filters;
    let one = |values: &[String]| if let [only] = values { only.clone() } else { String::new() };
    let category = one(&filters.category.iter().map(ToString::to_string).collect::<Vec<_>>());
    let period = one(&filters.period.iter().map(ToString::to_string).collect::<Vec<_>>());
    let price = |price: Option<f64>| price.map(|price| price.to_string()).unwrap_or_default();
    let (least, most) = (price(filters.price_min), price(filters.price_max));
    // What the form does not show stays as it is.
    let hidden: Vec<(&str, String)> = [("text", search.text.clone()), ("token", search.token.clone())]
        .into_iter()
        .chain(search.unlike.iter().map(|id| ("unlike", id.clone())))
        .chain(filters.pairs().into_iter().filter(|(key, _)| !SHOWN.contains(key)))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let categories = offered(&facets.category, Category::ALL, |category| wording::capital(category.plural()));
    let periods = offered(&facets.period, Period::ALL, |period| period.as_str().to_owned());
    view! {
        <form
            node_ref=form
            class="filters"
            action="/search"
            method="get"
            aria-label="Narrow the results"
            on:submit=submit
            on:change=move |_| apply()
        >
            {hidden
                .into_iter()
                .map(|(key, value)| view! { <input type="hidden" name=key value=value /> })
                .collect_view()}
            <Choice name="category" label="Category" any="Every category" chosen=category offered=categories />
            <Choice name="period" label="Period" any="Every period" chosen=period offered=periods />
            <fieldset class="filters-price">
                <legend class="hidden">"Price in pounds"</legend>
                <Amount name="price_min" label="From £" value=least />
                <Amount name="price_max" label="to £" value=most />
            </fieldset>
            <button class="button filters-apply" type="submit">
                "Narrow"
            </button>
        </form>
    }
    .into_any()
}

/// The filters that the form shows.
const SHOWN: [&str; 4] = ["category", "period", "price_min", "price_max"];

/// A vocabulary's words that the catalogue uses, in the vocabulary's order, each with how it is shown.
fn offered<T: Copy + ToString>(
    used: &[(String, usize)],
    all: &[T],
    shown: impl Fn(T) -> String,
) -> Vec<(String, String)> {
    all.iter()
        .copied()
        .filter(|word| used.is_empty() || used.iter().any(|(used, _)| *used == word.to_string()))
        .map(|word| (word.to_string(), shown(word)))
        .collect()
}

#[component]
fn Choice(
    name: &'static str,
    label: &'static str,
    any: &'static str,
    chosen: String,
    offered: Vec<(String, String)>,
) -> impl IntoView {
    let now = chosen.clone();
    view! {
        <label class="filters-choice">
            <span class="hidden">{label}</span>
            <select name=name class:chosen=!chosen.is_empty() prop:value=now>
                <option value="" selected=chosen.is_empty()>
                    {any}
                </option>
                {offered
                    .into_iter()
                    .map(|(value, shown)| {
                        let selected = value == chosen;
                        view! {
                            <option value=value selected=selected>
                                {shown}
                            </option>
                        }
                    })
                    .collect_view()}
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
            <input type="number" name=name min="0" step="any" inputmode="numeric" value=value prop:value=now />
        </label>
    }
    .into_any()
}

/// Reads the form; what it does not show is kept from `before`. None where a price is not one: the browser says so itself.
#[cfg(feature = "hydrate")]
fn read(form: &web_sys::HtmlFormElement, before: &Filters) -> Option<Filters> {
    use wasm_bindgen::JsCast;
    if !form.report_validity() {
        return None;
    }
    let mut filters = Filters::default();
    for (key, value) in before.pairs().into_iter().filter(|(key, _)| !SHOWN.contains(key)) {
        filters.add(key, &value).ok()?;
    }
    for key in SHOWN {
        let field = form.query_selector(&format!("[name={key}]")).ok()??;
        let value = match field.dyn_ref::<web_sys::HtmlSelectElement>() {
            Some(select) => select.value(),
            None => field.dyn_ref::<web_sys::HtmlInputElement>()?.value(),
        };
        filters.add(key, &value).ok()?;
    }
    // The lowest above the highest: meant the other way round.
    if let (Some(least), Some(most)) = (filters.price_min, filters.price_max)
        && least > most
    {
        (filters.price_min, filters.price_max) = (Some(most), Some(least));
    }
    Some(filters)
}

#[cfg(not(feature = "hydrate"))]
fn read<T>(_: &T, _: &Filters) -> Option<Filters> {
    None
}

/// A chip for each filter in force and each piece that the search is led away from; pressing it undoes that.
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
    let pairs = search.filters.pairs();
    let many = pairs.len() > 1;
    let chips = pairs
        .into_iter()
        .map(|(key, value)| {
            let shown = match &dealer {
                Some(name) if key == "dealer" => name.clone(),
                _ => wording::chip(key, &value),
            };
            let label = format!("Without {shown}");
            view! {
                <li>
                    <a class="chip" href=search.without(key, &value).href() aria-label=label data-noscroll="true">
                        {shown}
                        <CrossIcon />
                    </a>
                </li>
            }
        })
        .collect_view();
    let away = unlike
        .into_iter()
        .map(|(id, title)| {
            let label = format!("No longer less like {title}");
            view! {
                <li>
                    <a class="chip" href=search.like_again(&id).href() aria-label=label data-noscroll="true">
                        "Less like " <em>{title}</em>
                        <CrossIcon />
                    </a>
                </li>
            }
        })
        .collect_view();
    let none = search.with(Filters::default()).href();
    view! {
        <ul class="chips" aria-label="Filters in force">
            {chips} {away} {many.then(|| view! {
                <li>
                    <a class="textual" href=none data-noscroll="true">
                        "Without any"
                    </a>
                </li>
            })}
        </ul>
    }
    .into_any()
}
