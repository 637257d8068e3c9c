//! What the benchmarks share: a synthetic catalogue of any size, exact search to compare with, and percentiles.
//!
//! docs/PERFORMANCE.md says how to run them and what they gave.

pub mod exact;
pub mod measure;
pub mod synthetic;
