//! What stands around every page: the wordmark and a search field above, a few quiet words below.

use crate::components::search_bar::SearchBar;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The wordmark, with the search field on every page but home, which has its own.
#[component]
pub fn Header() -> impl IntoView {
    let location = use_location();
    #[cfg(feature = "hydrate")]
    {
        crate::browser::forms::listen();
        crate::browser::keep_own_address();
    }
    let at_home = Memo::new(move |_| location.pathname.with(|path| path == "/"));
    view! {
        <header class="header" class:header--home=at_home>
            <a class="wordmark" href="/" aria-label="Vitrine, home">
                "Vitrine"
            </a>
            <Show when=move || !at_home.get()>
                <SearchBar />
            </Show>
        </header>
    }
    .into_any()
}

/// Where the rest is found.
#[component]
pub fn Footer() -> impl IntoView {
    view! {
        <footer class="footer">
            <p>"Your picture is looked at once, on this shop’s own machine, and never kept."</p>
            <nav aria-label="More">
                <a href="/search">"Every piece"</a>
                <a href="/bench">"The bench, for dealers"</a>
                <a href="/about">"How it works, and your privacy"</a>
            </nav>
        </footer>
    }
    .into_any()
}
