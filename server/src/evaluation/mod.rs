//! How well queries with known answers are found: the queries, the figures, the page that shows them.

pub mod distribution;
pub mod located;
pub mod metrics;
pub mod queries;
pub mod report;
