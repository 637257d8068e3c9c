//! The search field's behaviour while somebody types: offers under it, gone through by arrow keys, taken by Enter or a press, put away
//! by Escape; after the combobox with a list popup of the ARIA Authoring Practices, with manual selection.

use super::recents;
use crate::{
    Search,
    api::read_vocabulary,
    components::{
        offers::{Happening, OFFERS_ID, Offers, offer_id},
        suggest::{Offer, offers},
    },
    state::Words,
};
use leptos::{ev, html::Input, prelude::*};
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;

/// Makes a combobox of the field: what to tell of whatever happens to it. Call within the router.
pub fn combobox(field: NodeRef<Input>, offers: Offers) -> Callback<Happening> {
    let navigate = use_navigate();
    let go = UnsyncCallback::new(move |href: String| navigate(&href, Default::default()));
    let combobox = Combobox { field, offers, words: expect_context(), go };
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            tell(&field, offers);
        }
    });
    Callback::new(move |happening| match happening {
        Happening::Focused => combobox.focused(),
        Happening::Typed => combobox.refresh(),
        Happening::Key(event) => combobox.key(&event),
        Happening::Sent => combobox.seek(),
        Happening::Taken(n) => combobox.take(n),
        Happening::Forgotten => combobox.forget(),
        Happening::Left(event) => combobox.left(&event),
    })
}

/// The field with what is offered under it.
#[derive(Clone, Copy)]
struct Combobox {
    field: NodeRef<Input>,
    offers: Offers,
    words: Words,
    go: UnsyncCallback<String>,
}

impl Combobox {
    /// The field has the focus: what has been typed, or searched for before, is offered at once. The catalogue's words are fetched the
    /// first time.
    fn focused(self) {
        self.refresh();
        if self.words.0.with_value(Option::is_none) {
            self.words.0.set_value(Some(Default::default()));
            spawn_local(async move {
                // Without them the field is a field.
                if let Ok(vocabulary) = read_vocabulary().await {
                    self.words.0.try_set_value(Some(vocabulary));
                    if self.value().is_some_and(|typed| !typed.is_empty()) {
                        self.refresh();
                    }
                } else {
                    self.words.0.try_set_value(None);
                }
            });
        }
    }

    /// Offers what fits what stands in the field.
    fn refresh(self) {
        let Some(typed) = self.value() else { return };
        let all = if typed.trim().is_empty() {
            recents::read().into_iter().map(Offer::again).collect()
        } else {
            self.words.0.with_value(|words| words.as_ref().map(|words| offers(&typed, words)).unwrap_or_default())
        };
        self.show(all);
    }

    /// Puts the list away.
    fn close(self) {
        self.show(Vec::new());
    }

    /// Takes the offer in this place.
    fn take(self, n: usize) {
        let Some(offer) = self.offers.all.with_untracked(|all| all.get(n).cloned()) else { return };
        self.close();
        if let Some(field) = self.field.get_untracked() {
            field.set_value(if offer.is_search() { &offer.words } else { "" });
            // The keyboard of a phone would cover what was found.
            let _ = field.blur();
        }
        if offer.is_search() {
            recents::keep(&offer.words);
        }
        self.go.run(offer.href);
    }

    /// Searches for what stands in the field.
    fn seek(self) {
        let Some(field) = self.field.get_untracked() else { return };
        let search = Search::words(&field.value());
        self.close();
        if search.is_browsing() {
            let _ = field.focus();
            return;
        }
        let _ = field.blur();
        recents::keep(&search.text);
        self.go.run(search.href());
    }

    /// Forgets the searches of this device.
    fn forget(self) {
        recents::forget();
        self.close();
        if let Some(field) = self.field.get_untracked() {
            let _ = field.focus();
        }
    }

    /// A key was pressed in the field.
    fn key(self, event: &ev::KeyboardEvent) {
        // Enter may be for the characters being composed.
        if event.is_composing() {
            return;
        }
        let (count, at) = (self.offers.all.with_untracked(Vec::len), self.offers.at.get_untracked());
        match event.key().as_str() {
            "ArrowDown" if count == 0 => self.refresh(),
            // Past either end stands the field itself.
            "ArrowDown" => self.offers.at.set(at.map_or(Some(0), |n| (n + 1 < count).then_some(n + 1))),
            "ArrowUp" if count > 0 => self.offers.at.set(at.map_or(Some(count - 1), |n| n.checked_sub(1))),
            "Enter" if at.is_some() => self.take(at.unwrap_or_default()),
            "Escape" if count > 0 => {
                self.close();
                event.stop_propagation();
            }
            _ => return,
        }
        event.prevent_default();
    }

    /// The focus has moved; the list is put away unless it went into it.
    fn left(self, event: &ev::FocusEvent) {
        let to = event.related_target().and_then(|to| to.dyn_into::<Element>().ok());
        if to.is_none_or(|to| !matches!(to.closest(".offers"), Ok(Some(_)))) {
            self.close();
        }
    }

    /// What stands in the field, as long as it has the focus.
    fn value(self) -> Option<String> {
        // The words may come when the field is gone.
        let field = self.field.try_get_untracked().flatten()?;
        let active: &Element = &document().active_element()?;
        let it: &Element = &field;
        (it == active).then(|| field.value())
    }

    fn show(self, all: Vec<Offer>) {
        self.offers.at.try_set(None);
        if self.offers.all.try_with_untracked(|shown| *shown != all).unwrap_or_default() {
            self.offers.all.set(all);
        }
    }
}

/// Says of the field what it is and what its list is at, for those who listen.
fn tell(field: &Element, offers: Offers) {
    let open = offers.all.with(|all| !all.is_empty());
    let told = [
        ("role", "combobox"),
        ("aria-autocomplete", "list"),
        ("aria-controls", OFFERS_ID),
        ("aria-expanded", if open { "true" } else { "false" }),
    ];
    for (name, value) in told {
        let _ = field.set_attribute(name, value);
    }
    match offers.at.get() {
        Some(n) => {
            let _ = field.set_attribute("aria-activedescendant", &offer_id(n));
        }
        None => {
            let _ = field.remove_attribute("aria-activedescendant");
        }
    }
}
