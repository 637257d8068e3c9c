//! Filters to the predicate that the table applies before it ranks.
//!
//! Predicates are built as expressions, never as SQL text: what a shopper types is a literal and can be nothing else.

use crate::schema::column;
use domain::{Filters, ListingId, Status};
use lancedb::{
    datafusion::functions_nested::expr_fn::array_has,
    expr::{DfExpr, col, is_in, lit},
};

/// A column holds any of these words; no words say nothing.
pub(crate) fn any_of(name: &str, values: impl Iterator<Item = String>) -> Option<DfExpr> {
    let values: Vec<DfExpr> = values.map(lit).collect();
    (!values.is_empty()).then(|| is_in(col(name), values))
}

/// A list column holds any of these words. One `array_has` a word rather than one `array_has_any`: the form that label
/// indexes answer whatever the type of the literal.
pub(crate) fn holds_any(name: &str, words: &[String]) -> Option<DfExpr> {
    words.iter().map(|word| array_has(col(name), lit(word.trim().to_lowercase()))).reduce(DfExpr::or)
}

/// What the filters ask for. Without a status: everything but sold.
pub(crate) fn predicate(filters: &Filters) -> DfExpr {
    let status =
        if filters.status.is_empty() { vec![Status::Available, Status::Reserved] } else { filters.status.clone() };
    let parts = [
        any_of(column::STATUS, status.iter().map(ToString::to_string)),
        any_of(column::CATEGORY, filters.category.iter().map(ToString::to_string)),
        any_of(column::PERIOD, filters.period.iter().map(ToString::to_string)),
        any_of(column::DEALER_ID, filters.dealer.iter().cloned()),
        holds_any(column::METALS, &filters.metal),
        holds_any(column::STONES, &filters.stone),
        holds_any(column::MOTIFS, &filters.motif),
        filters.price_min.map(|least| col(column::PRICE).gt_eq(lit(least))),
        filters.price_max.map(|most| col(column::PRICE).lt_eq(lit(most))),
    ];
    parts.into_iter().flatten().reduce(DfExpr::and).unwrap_or_else(|| lit(true))
}

/// All but these listings; none says nothing.
pub(crate) fn but_not(ids: &[ListingId]) -> Option<DfExpr> {
    ids.iter().map(|id| col(column::LISTING).not_eq(lit(id.as_str()))).reduce(DfExpr::and)
}

/// All but this dealer's.
pub(crate) fn but_not_of(dealer: &str) -> DfExpr {
    col(column::DEALER_ID).not_eq(lit(dealer))
}

/// Any of these listings.
pub(crate) fn listings<'a>(ids: impl Iterator<Item = &'a ListingId>) -> DfExpr {
    is_in(col(column::LISTING), ids.map(|id| lit(id.as_str())).collect())
}

/// One row a listing: its first photo's.
pub(crate) fn first_photos() -> DfExpr {
    col(column::PHOTO).eq(lit(1_i32))
}
