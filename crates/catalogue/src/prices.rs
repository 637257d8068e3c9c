//! Price comparables: lowest, median and highest of what is near, for each currency by itself.

use domain::{Currency, Hit, Price, PriceRange, Prices, Status, Verdict};
use std::collections::BTreeMap;

/// The prices of hits, by what their verdicts say; weak ones are left out, and those on request.
pub(crate) fn prices(hits: &[Hit]) -> Prices {
    let of = |fits: fn(Verdict) -> bool| ranges(hits.iter().filter(|hit| hit.verdict.is_some_and(fits)));
    Prices {
        same_design: of(|verdict| verdict <= Verdict::SameDesign),
        similar: of(|verdict| verdict == Verdict::Similar),
    }
}

fn ranges<'a>(hits: impl Iterator<Item = &'a Hit>) -> Vec<PriceRange> {
    let mut by_currency: BTreeMap<Currency, (usize, Vec<Price>)> = BTreeMap::new();
    for listing in hits.map(|hit| &hit.listing) {
        if let Some(price) = listing.price {
            let (sold, prices) = by_currency.entry(price.currency()).or_default();
            *sold += usize::from(listing.status == Status::Sold);
            prices.push(price);
        }
    }
    let mut ranges: Vec<PriceRange> =
        by_currency.into_values().filter_map(|(sold, prices)| range(sold, prices)).collect();
    ranges.sort_by_key(|range| std::cmp::Reverse(range.pieces));
    ranges
}

/// The range of prices of one currency; none where there are none.
fn range(sold: usize, mut prices: Vec<Price>) -> Option<PriceRange> {
    prices.sort_by(|a, b| a.amount().total_cmp(&b.amount()));
    let (least, most) = (*prices.first()?, *prices.last()?);
    let (low, high) = (*prices.get((prices.len() - 1) / 2)?, *prices.get(prices.len() / 2)?);
    // Between two prices, so a price itself.
    let median = Price::new(f64::midpoint(low.amount(), high.amount()), least.currency()).ok()?;
    Some(PriceRange { pieces: prices.len(), sold, least, median, most })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(verdict: Verdict, price: Option<(f64, &str)>, status: &str) -> Hit {
        let json = serde_json::json!({
            "id": "a", "dealer": {"id": "d", "name": "D"}, "title": "t", "category": "ring", "status": status, "photos": ["p"],
            "price": price.map(|(amount, currency)| serde_json::json!({"amount": amount, "currency": currency})),
        });
        let listing = serde_json::from_value(json).unwrap();
        Hit { listing, photo: "p".into(), score: Some(0.9), verdict: Some(verdict) }
    }

    fn pounds(range: &PriceRange) -> [f64; 3] {
        [range.least.amount(), range.median.amount(), range.most.amount()]
    }

    #[test]
    fn lowest_median_and_highest_of_the_same_design_and_of_the_similar_apart() {
        let found = prices(&[
            hit(Verdict::SamePiece, Some((1_000.0, "GBP")), "available"),
            hit(Verdict::SameDesign, Some((3_000.0, "GBP")), "sold"),
            hit(Verdict::SameDesign, Some((1_500.0, "GBP")), "available"),
            hit(Verdict::Similar, Some((200.0, "GBP")), "available"),
            hit(Verdict::Similar, Some((100.0, "GBP")), "available"),
            hit(Verdict::Similar, None, "available"),
            hit(Verdict::Weak, Some((9.0, "GBP")), "available"),
        ]);
        assert_eq!(pounds(&found.same_design[0]), [1_000.0, 1_500.0, 3_000.0]);
        assert_eq!((found.same_design[0].pieces, found.same_design[0].sold), (3, 1));
        assert_eq!(pounds(&found.similar[0]), [100.0, 150.0, 200.0]);
        assert_eq!((found.similar.len(), found.similar[0].pieces), (1, 2));
    }

    #[test]
    fn currencies_are_never_mixed() {
        let found = prices(&[
            hit(Verdict::Similar, Some((100.0, "EUR")), "available"),
            hit(Verdict::Similar, Some((900.0, "GBP")), "available"),
            hit(Verdict::Similar, Some((700.0, "GBP")), "available"),
        ]);
        assert_eq!(found.similar.len(), 2);
        assert_eq!(found.similar[0].median.to_string(), "£800", "the currency of the most pieces first");
        assert_eq!(found.similar[1].median.to_string(), "€100");
    }

    #[test]
    fn nothing_near_has_no_prices() {
        assert_eq!(prices(&[hit(Verdict::Weak, Some((9.0, "GBP")), "available")]), Prices::default());
    }
}
