//! Any other address.

use crate::{Problem, components::problem_note::ProblemNote};
use leptos::prelude::*;

/// Nothing is here.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! { <ProblemNote problem=Problem::NotFound titled=true /> }.into_any()
}
