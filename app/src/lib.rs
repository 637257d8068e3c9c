//! The user interface.
use leptos::prelude::*;
/// The whole page.
#[component]
pub fn App() -> impl IntoView { view! { <p>"Vitrine"</p> } }
