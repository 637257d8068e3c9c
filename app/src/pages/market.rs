//! `/dealers/{id}/market`: a dealer's listings, each beside the closest pieces of other dealers and what those cost. A view of its own, since
//! comparing takes many searches and a shopper on the dealer's page should not wait for them. Rendered by the server alone.

use crate::{
    api::{Market, read_market},
    components::{fetched::Fetched, head::PageHead},
};
use leptos::prelude::*;
use leptos_meta::Meta;
use leptos_router::hooks::{use_params_map, use_query_map};

/// The market page.
#[component]
pub fn MarketPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let asked = Memo::new(move |_| {
        let word = |key: &str| query.with(|query| query.get_str(key).unwrap_or_default().to_owned());
        let id = params.with(|params| params.get("id").unwrap_or_default());
        (id, word("status"), word("offset").parse().unwrap_or(0))
    });
    let market = Resource::new(move || asked.get(), |(id, status, offset)| read_market(id, status, offset));
    view! {
        <Meta name="robots" content="noindex" />
        <Fetched resource=market waiting="Asking around the other dealers" titled=true show=shown />
    }
    .into_any()
}

fn shown(page: Market) -> AnyView {
    let Market { dealer, html } = page;
    let description = ["The pieces of ", &dealer, " beside what other dealers have like them."].concat();
    view! {
        <PageHead title=[dealer.as_str(), " beside other dealers"].concat() description />
        <div inner_html=html></div>
    }
    .into_any()
}
