//! Any other address.

use crate::{Problem, components::problem_note::ProblemNote};
use leptos::prelude::*;
use leptos_meta::Title;

/// Nothing is here.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <Title text="Nothing is kept here" />
        <ProblemNote problem=Problem::NotFound />
    }
    .into_any()
}
