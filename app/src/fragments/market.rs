//! A dealer's listings, each beside the closest pieces of other dealers and what those cost.

use super::{
    html,
    near::{closeness, near_piece},
    words::prices,
};
use crate::{api::Card, components::wording};
use domain::{Dealer, MarketEntry, MarketPage, Verdict, limits};
use leptos::prelude::*;

/// Listings of a page: each is a search or several.
pub const PAGE: usize = 12;
/// What can be compared with: the address's word, and the page's.
const COMPARED: [(&str, &str); 3] = [("", "All"), ("available", "For sale"), ("sold", "Sold")];

/// The page, from its heading to its last link.
pub fn market(dealer: Dealer, page: MarketPage, status: &str, first: usize) -> String {
    // What the address says, as far as it means something.
    let status = COMPARED.iter().find(|(value, _)| *value == status).map_or("", |(value, _)| value);
    let home = ["/dealers/", &dealer.id].concat();
    let end = first + page.entries.len();
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
    let before = (first > 0).then(|| at(status, first.saturating_sub(PAGE)));
    let after = (page.more && end + PAGE <= limits::PAGING_DEPTH).then(|| at(status, end));
    let tabs = COMPARED.map(|(value, name)| {
        let current = (value == status).then_some("page");
        view! {
            <li>
                <a href=at(value, first) aria-current=current data-noscroll="true">
                    {name}
                </a>
            </li>
        }
        .into_any()
    });
    let count = wording::pieces(page.total);
    let rows: Vec<AnyView> = page.entries.into_iter().map(beside).collect();
    html(view! {
        <div class="results-head">
            <div>
                <h1 class="results-title">{dealer.name}" beside other dealers"</h1>
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
    .into_any())
}

/// A listing, and what others have like it.
fn beside(entry: MarketEntry) -> AnyView {
    let own = Card::of(entry.listing);
    let prices = prices(&entry.comparables.prices);
    let others: Vec<Card> = entry.comparables.hits.into_iter().map(Card::of_hit).collect();
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
