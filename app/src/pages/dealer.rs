//! `/dealers/{id}`: a dealer and what they list, newest first.

use crate::{
    api::{DealerPage as Page, read_dealer},
    components::{fetched::Fetched, head::PageHead, pieces::PieceGrid, wording},
};
use domain::limits;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// The dealer page.
#[component]
pub fn DealerPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let asked = Memo::new(move |_| {
        let id = params.with(|params| params.get("id").unwrap_or_default());
        let offset = query.with(|query| query.get_str("offset").and_then(|offset| offset.parse().ok()).unwrap_or(0));
        (id, offset)
    });
    let dealer = Resource::new(move || asked.get(), |(id, offset)| read_dealer(id, offset));
    view! {
        <Fetched resource=dealer waiting="Calling on the dealer" titled=true show=|page| view! { <Listed page /> }.into_any() />
    }
    .into_any()
}

#[component]
fn Listed(page: Page) -> impl IntoView {
    let here = format!("/dealers/{}", page.dealer.id);
    let market = format!("/dealers/{}/market", page.dealer.id);
    let end = page.first + page.cards.len();
    let at = move |offset: usize| if offset == 0 { here.clone() } else { format!("{here}?offset={offset}") };
    let before = (page.first > 0).then(|| at(page.first.saturating_sub(limits::PAGE_DEFAULT)));
    let after = (page.more && end + limits::PAGE_DEFAULT <= limits::PAGING_DEPTH).then(|| at(end));
    let shown = if page.first == 0 && !page.more {
        format!("{}, newest first", wording::pieces(page.total))
    } else {
        let (from, to) = (wording::number(page.first + 1), wording::number(end));
        format!("{from} to {to} of {}, newest first", wording::pieces(page.total))
    };
    let description = format!("{} of {}, newest first.", wording::pieces(page.total), page.dealer.name);
    let picture = page.cards.first().map(|card| card.photo.clone());
    view! {
        <PageHead title=page.dealer.name.clone() description picture />
        <div class="results-head">
            <div>
                <h1 class="results-title">{page.dealer.name}</h1>
                <p class="quiet">{shown}</p>
                <p class="quiet">
                    <a href=market>"Beside what other dealers list"</a>
                </p>
            </div>
        </div>
        <PieceGrid cards=page.cards first=page.first />
        <p class="more">
            {before.map(|href| view! { <a class="button" href=href>"Newer pieces"</a> })}
            {after.map(|href| view! { <a class="button" href=href>"Earlier pieces"</a> })}
        </p>
    }
    .into_any()
}
