//! Forms that work as soon as something in them is chosen: every plain GET form marked `data-live` refines the search without a
//! reload. One set of listeners on the window, so the forms themselves are plain HTML, and work as such where scripts do not run.

use super::later::Later;
use crate::{Search, components::wording};
use js_sys::{Array, Reflect};
use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, FormData, HtmlFormElement, HtmlInputElement};

/// A slider is asked about once it has rested this long.
const REST: Duration = Duration::from_millis(350);

/// Begins listening, for as long as the page is open. Call within the router.
pub fn listen() {
    let navigate = use_navigate();
    let refine = UnsyncCallback::new(move |(form, replace): (HtmlFormElement, bool)| {
        let Some(href) = read(&form).map(|search| search.href()) else { return };
        sent(&form);
        if !is_here(&href) {
            navigate(&href, NavigateOptions { scroll: false, replace, ..Default::default() });
        }
    });
    let rest = Later::new();
    let _ = window_event_listener(ev::submit, move |event| {
        if let Some(form) = live_form(&event) {
            event.prevent_default();
            refine.run((form, false));
        }
    });
    let _ = window_event_listener(ev::change, move |event| {
        // A slider has been asked about while it moved. Words wait until they are sent.
        if let Some(form) = live_form(&event).filter(|_| input(&event).is_none_or(|input| input.type_() == "number")) {
            refine.run((form, false));
        }
    });
    let _ = window_event_listener(ev::focusout, move |event| {
        // An amount that `follow` has put back is no change to the browser any more, which then tells of none.
        let left = input(&event).filter(|input| input.type_() == "number" && unsent(input).is_some());
        if let (Some(_), Some(form)) = (left, live_form(&event)) {
            refine.run((form, false));
        }
    });
    let _ = window_event_listener(ev::input, move |event| {
        if let (Some(input), Some(_)) = (input(&event), live_form(&event)) {
            not_sent(&input);
        }
        let slider = input(&event).filter(|input| input.type_() == "range");
        if let (Some(slider), Some(form)) = (slider, live_form(&event)) {
            say_weight(&slider);
            rest.run(REST, move || refine.run((form, true)));
        }
    });
}

/// What is typed in an input or where it was moved to, as long as that has not been asked for: a property of the element.
const UNSENT: &str = "vitrineUnsent";

/// Brings an input to what the page says, see [`crate::components::kept::unsent`].
pub fn follow(input: &HtmlInputElement, said: &str) {
    const FOLLOWED: &str = "vitrineFollowed";
    let begun = Reflect::has(input, &FOLLOWED.into()).unwrap_or_default();
    let _ = Reflect::set(input, &FOLLOWED.into(), &true.into());
    match unsent(input) {
        // Not left alone: with its attributes made anew it may have been a text for a moment, and its value rounded.
        Some(unsent) => input.set_value(&unsent),
        None if begun => input.set_value(said),
        // As rendered it is right, or was typed into before the page came to life.
        None if input.value() != said => not_sent(input),
        None => {}
    }
    if input.type_() == "range" {
        say_weight(input);
    }
}

fn unsent(input: &HtmlInputElement) -> Option<String> {
    Reflect::get(input, &UNSENT.into()).ok()?.as_string()
}

fn not_sent(input: &HtmlInputElement) {
    let _ = Reflect::set(input, &UNSENT.into(), &input.value().into());
}

/// What a form says is asked for now.
fn sent(form: &HtmlFormElement) {
    let Ok(inputs) = form.query_selector_all("input") else { return };
    for input in (0..inputs.length()).filter_map(|n| inputs.get(n)) {
        let _ = Reflect::delete_property(&input, &UNSENT.into());
    }
}

/// Says where a slider stands to those who cannot see it.
fn say_weight(slider: &HtmlInputElement) {
    let _ = slider.set_attribute("aria-valuetext", wording::weighing(slider.value_as_number()));
}

/// The form marked as live that an event happened in.
fn live_form(event: &Event) -> Option<HtmlFormElement> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest("form[data-live]").ok()??.dyn_into().ok()
}

fn input(event: &Event) -> Option<HtmlInputElement> {
    event.target()?.dyn_into().ok()
}

/// The search that a form spells. None where a field of it is wrong: the browser says so itself.
fn read(form: &HtmlFormElement) -> Option<Search> {
    if !form.report_validity() {
        return None;
    }
    let mut fields: Vec<(String, String)> = Vec::new();
    for field in js_sys::try_iter(FormData::new_with_form(form).ok()?.as_ref()).ok()?? {
        let field: Array = field.ok()?.dyn_into().ok()?;
        fields.push((field.get(0).as_string()?, field.get(1).as_string()?));
    }
    // The lowest above the highest: meant the other way round.
    let price =
        |key: &str| fields.iter().find(|(name, _)| name == key).and_then(|(_, price)| price.parse::<f64>().ok());
    if let (Some(least), Some(most)) = (price("price_min"), price("price_max"))
        && least > most
    {
        for (name, _) in &mut fields {
            match name.as_str() {
                "price_min" => *name = "price_max".to_owned(),
                "price_max" => *name = "price_min".to_owned(),
                _ => {}
            }
        }
    }
    let all = |key: &str| fields.iter().filter(|(name, _)| name == key).map(|(_, value)| value.clone()).collect();
    Search::spelt(&all).ok()
}

pub fn is_here(href: &str) -> bool {
    let here = window().location();
    here.pathname().unwrap_or_default() + &here.search().unwrap_or_default() == href
}
