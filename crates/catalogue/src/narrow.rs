//! What a search is narrowed to, in a form that the table is asked with and that rows in memory (resident/) are held against.
//!
//! Predicates are built as expressions, never as SQL text: what a shopper types is a literal and can be nothing else.

use crate::schema::column;
use domain::{Filters, ListingId, Status};
use lancedb::{
    datafusion::functions_nested::expr_fn::array_has,
    expr::{DfExpr, col, is_in, lit},
};

/// A column holds any of these words.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AnyOf {
    pub(crate) column: &'static str,
    pub(crate) words: Vec<String>,
}

impl AnyOf {
    /// No words say nothing.
    pub(crate) fn new(column: &'static str, words: impl Iterator<Item = String>) -> Option<Self> {
        let words: Vec<String> = words.collect();
        (!words.is_empty()).then_some(Self { column, words })
    }

    fn predicate(&self) -> DfExpr {
        let words = || self.words.iter().map(|word| lit(word.as_str()));
        match self.column {
            // One `array_has` a word rather than one `array_has_any`: the form that label indexes answer whatever the type of the literal.
            column::METALS | column::STONES | column::MOTIFS => {
                words().map(|word| array_has(col(self.column), word)).reduce(DfExpr::or).unwrap_or_else(|| lit(false))
            }
            _ => is_in(col(self.column), words().collect()),
        }
    }
}

/// All of it must hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Narrowing {
    pub(crate) any_of: Vec<AnyOf>,
    /// Lowest and highest price; what has none does not match.
    pub(crate) price_min: Option<f64>,
    pub(crate) price_max: Option<f64>,
    /// All but these listings.
    pub(crate) but_not: Vec<ListingId>,
    /// All but this dealer's.
    pub(crate) but_not_of: Option<String>,
}

impl Narrowing {
    /// What the filters ask for. Without a status: everything but sold.
    pub(crate) fn of(filters: &Filters) -> Self {
        let status =
            if filters.status.is_empty() { vec![Status::Available, Status::Reserved] } else { filters.status.clone() };
        let words = |words: &[String]| words.iter().map(|word| word.trim().to_lowercase()).collect::<Vec<_>>();
        let any_of = [
            AnyOf::new(column::STATUS, status.iter().map(ToString::to_string)),
            AnyOf::new(column::CATEGORY, filters.category.iter().map(ToString::to_string)),
            AnyOf::new(column::PERIOD, filters.period.iter().map(ToString::to_string)),
            AnyOf::new(column::DEALER_ID, filters.dealer.iter().cloned()),
            AnyOf::new(column::METALS, words(&filters.metal).into_iter()),
            AnyOf::new(column::STONES, words(&filters.stone).into_iter()),
            AnyOf::new(column::MOTIFS, words(&filters.motif).into_iter()),
        ];
        Self {
            any_of: any_of.into_iter().flatten().collect(),
            price_min: filters.price_min,
            price_max: filters.price_max,
            ..Self::default()
        }
    }

    /// Whether a price is within bounds; what has none (NaN) is within none.
    pub(crate) fn holds_price(&self, price: f64) -> bool {
        self.price_min.is_none_or(|least| price >= least) && self.price_max.is_none_or(|most| price <= most)
    }

    /// Whether it is only what every search is narrowed to, or less: nearly all rows of a shop.
    pub(crate) fn leaves_most(&self) -> bool {
        let usual = Self::of(&Filters::default());
        *self == Self { but_not: self.but_not.clone(), ..usual }
    }

    /// The same for the table.
    pub(crate) fn predicate(&self) -> DfExpr {
        let price = || col(column::PRICE);
        let parts = self
            .any_of
            .iter()
            .map(AnyOf::predicate)
            .chain(self.price_min.map(|least| price().gt_eq(lit(least))))
            .chain(self.price_max.map(|most| price().lt_eq(lit(most))))
            .chain(self.but_not.iter().map(|id| col(column::LISTING).not_eq(lit(id.as_str()))))
            .chain(self.but_not_of.iter().map(|dealer| col(column::DEALER_ID).not_eq(lit(dealer.as_str()))));
        parts.reduce(DfExpr::and).unwrap_or_else(|| lit(true))
    }
}

/// Any of these listings.
pub(crate) fn listings<'a>(ids: impl Iterator<Item = &'a ListingId>) -> DfExpr {
    is_in(col(column::LISTING), ids.map(|id| lit(id.as_str())).collect())
}

/// One row a listing: its first photo's.
pub(crate) fn first_photos() -> DfExpr {
    col(column::PHOTO).eq(lit(1_i32))
}
