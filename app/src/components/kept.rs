//! What somebody typed or chose before the page's scripts had come, or while an answer to something earlier was under way.

use leptos::{
    prelude::NodeRef,
    tachys::{
        html::property::IntoProperty,
        renderer::{Rndr, types::Element},
    },
    wasm_bindgen::JsValue,
};

/// A field's property that hydration leaves as it stands: the server wrote it, and whatever is there instead was typed or chosen
/// since. From then on it follows the page as any property does.
#[derive(Clone)]
pub struct Kept<T>(pub T);

impl<T: Into<JsValue> + Clone + 'static> IntoProperty for Kept<T> {
    type State = Element;
    type Cloneable = Self;
    type CloneableOwned = Self;

    fn hydrate<const FROM_SERVER: bool>(self, element: &Element, key: &str) -> Element {
        if FROM_SERVER { element.clone() } else { self.build(element, key) }
    }

    fn build(self, element: &Element, key: &str) -> Element {
        Rndr::set_property_or_value(element, key, &self.0.into());
        element.clone()
    }

    fn rebuild(self, element: &mut Element, key: &str) {
        Rndr::set_property_or_value(element, key, &self.0.into());
    }

    fn into_cloneable(self) -> Self {
        self
    }

    fn into_cloneable_owned(self) -> Self {
        self
    }
}

/// For an input that is to say `said`, unless somebody has typed into it or moved it since it was last brought to what the page says: that is
/// a question not asked yet, and is not to be taken away by an answer to an earlier one. (A property would be: Leptos sets an element's
/// properties anew with each answer, whatever stands there.)
pub fn unsent(said: String) -> NodeRef<leptos::html::Input> {
    let field = NodeRef::new();
    #[cfg(feature = "hydrate")]
    leptos::prelude::Effect::new(move |_| {
        use leptos::prelude::Get;
        if let Some(input) = field.get() {
            crate::browser::forms::follow(&input, &said);
        }
    });
    #[cfg(not(feature = "hydrate"))]
    drop(said);
    field
}
