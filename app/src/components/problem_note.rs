//! A problem in the middle of a page: what happened, what to do, and a way on.

use crate::Problem;
use leptos::prelude::*;
use leptos_meta::Title;

/// A problem where results or a piece would have been.
#[component]
pub fn ProblemNote(
    /// What went wrong.
    problem: Problem,
    /// Asked when the reader tries again; the button is only there for what may pass.
    #[prop(optional, into)]
    again: Option<Callback<()>>,
    /// Whether it is the whole page, and so its title.
    #[prop(optional)]
    titled: bool,
) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::api::say_status(&problem);
    let again = again.filter(|_| problem.may_pass());
    // As soon as there is a connection again, nobody need press anything.
    #[cfg(feature = "hydrate")]
    if let Some(again) = again.filter(|_| problem == Problem::Offline) {
        crate::browser::once_online(move || {
            let _ = again.try_run(());
        });
    }
    view! {
        {titled.then(|| view! { <Title text=problem.headline() /> })}
        <section class="note" role="alert">
            <h1 class="note-headline">{problem.headline()}</h1>
            <p>{problem.advice()}</p>
            <p class="note-ways">
                {again.map(|again| {
                    view! {
                        <button type="button" class="button" on:click=move |_| again.run(())>
                            "Try again"
                        </button>
                    }
                })}
                {problem
                    .asks_for_a_picture()
                    .then(|| view! { <label class="button" for="picture">{if problem.is_about_a_link() { "Choose a picture" } else { "Choose another picture" }}</label> })}
                <a href="/search">"See every piece"</a>
            </p>
        </section>
    }
    .into_any()
}
