//! `/dealers/{id}/market`: a dealer's listings, each beside the closest pieces of other dealers and what those cost. A view of its own, since
//! comparing takes many searches and a shopper on the dealer's page should not wait for them.

use crate::{
    api::{Beside, Market, read_market},
    components::{
        fetched::Fetched,
        near::{closeness, near_piece},
        wording,
    },
};
use domain::{Verdict, limits};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::{use_params_map, use_query_map};

/// What can be compared with: the address's word, and the page's.
const COMPARED: [(&str, &str); 3] = [("", "All"), ("available", "For sale"), ("sold", "Sold")];

/// The market page.
#[component]
pub fn MarketPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let word = move |key: &str| query.with(|query| query.get_str(key).unwrap_or_default().to_owned());
    let status = Memo::new(move |_| word("status"));
    let asked = Memo::new(move |_| {
        let id = params.with(|params| params.get("id").unwrap_or_default());
        (id, status.get(), word("offset").parse().unwrap_or(0))
    });
    let market = Resource::new(move || asked.get(), |(id, status, offset)| read_market(id, status, offset));
    view! {
        <Meta name="robots" content="noindex" />
        <Fetched
            resource=market
            waiting="Asking around the other dealers"
            titled=true
            show=move |page| shown(page, status.get_untracked())
        />
    }
    .into_any()
}

fn shown(page: Market, status: String) -> AnyView {
    let home = ["/dealers/", &page.dealer.id].concat();
    let end = page.first + page.rows.len();
    let at = |status: &str, offset: usize| {
        let mut href = [home.as_str(), "/market"].concat();
        let mut sign = '?';
        if !status.is_empty() {
            href.push_str("?status=");
            href.push_str(status);
            sign = '&';
        }
        if offset > 0 {
            href.push(sign);
            href.push_str("offset=");
            href.push_str(&offset.to_string());
        }
        href
    };
    let before = (page.first > 0).then(|| at(&status, page.first.saturating_sub(limits::PAGE_DEFAULT)));
    let after = (page.more && end + limits::PAGE_DEFAULT <= limits::PAGING_DEPTH).then(|| at(&status, end));
    let tabs = COMPARED.map(|(value, name)| {
        let current = (value == status).then_some("page");
        view! {
            <li>
                <a href=at(value, page.first) aria-current=current data-noscroll="true">
                    {name}
                </a>
            </li>
        }
        .into_any()
    });
    let title = [page.dealer.name.as_str(), " and the market"].concat();
    let count = wording::pieces(page.total);
    let rows: Vec<AnyView> = page.rows.into_iter().map(beside).collect();
    view! {
        <Title text=title />
        <div class="results-head">
            <div>
                <h1 class="results-title">{page.dealer.name}" beside other dealers"</h1>
                <p class="quiet">
                    {count}", each with the closest pieces that others list. " <a href=home>"The dealer’s own page"</a>
                </p>
            </div>
        </div>
        <nav class="tabs" aria-label="Compare with">
            <span class="quiet">"Compare with"</span>
            <ul>{tabs.into_iter().collect_view()}</ul>
        </nav>
        <ol class="market">{rows}</ol>
        <p class="more">
            {before.map(|href| view! { <a class="button" href=href>"Newer pieces"</a> })}
            {after.map(|href| view! { <a class="button" href=href>"Earlier pieces"</a> })}
        </p>
    }
    .into_any()
}

fn beside(row: Beside) -> AnyView {
    let Beside { own, others, prices } = row;
    let twins = others.iter().any(|card| card.verdict == Some(Verdict::SamePiece));
    let none = others.is_empty();
    let near: Vec<AnyView> = others
        .into_iter()
        .map(|card| {
            let word = match card.verdict {
                Some(Verdict::SamePiece) => Some("The same piece, or a reused photo"),
                _ => closeness(&card),
            };
            view! { <li>{near_piece(card, word)}</li> }.into_any()
        })
        .collect();
    let label = ["Like ", &own.title].concat();
    view! {
        <li class="market-row" class:market-row--twins=twins>
            <div class="market-own">{near_piece(own, None)}</div>
            <div class="market-others">
                {prices.into_iter().map(|price| view! { <p class="market-price">{price}</p> }).collect_view()}
                {none.then(|| view! { <p class="quiet">"No other dealer has anything near it."</p> })}
                <ul class="nears" aria-label=label>
                    {near}
                </ul>
            </div>
        </li>
    }
    .into_any()
}
