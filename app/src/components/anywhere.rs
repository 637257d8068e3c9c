//! What works anywhere on the page: a picture dropped or pasted, "/" to begin typing, Escape to clear.

use leptos::prelude::*;

/// Listens on the window, and shows where a picture that is being dragged may be let go: everywhere.
#[component]
pub fn Anywhere() -> impl IntoView {
    let over = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    {
        let look = crate::browser::looker();
        let pictures = expect_context::<crate::state::Pictures>();
        Effect::new(move |_| crate::browser::listen(look, pictures, over));
    }
    view! {
        <div class="drop" class:drop--over=over aria-hidden="true">
            <p>"Let go, and we look for it."</p>
        </div>
    }
    .into_any()
}
