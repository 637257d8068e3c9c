//! What a page waits for: a word while it comes, then the thing itself, or the problem with a way to try again.

use crate::{Problem, components::problem_note::ProblemNote};
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

/// Shows what a resource brings.
#[component]
pub fn Fetched<T, F>(
    /// Where it comes from.
    resource: Resource<Result<T, Problem>>,
    /// What is said meanwhile.
    waiting: &'static str,
    /// Whether a problem is the whole page, and so its title.
    #[prop(optional)]
    titled: bool,
    /// How it is shown.
    show: F,
) -> impl IntoView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Fn(T) -> AnyView + Copy + Send + Sync + 'static,
{
    view! {
        <Transition fallback=move || {
            view! { <p class="quiet">{waiting}</p> }
        }>
            {move || Suspend::new(async move {
                match resource.await {
                    Ok(found) => show(found),
                    Err(problem) => {
                        let again = Callback::new(move |()| resource.refetch());
                        view! { <ProblemNote problem again titled /> }.into_any()
                    }
                }
            })}
        </Transition>
    }
    .into_any()
}
