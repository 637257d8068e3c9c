//! Untrusted bytes to upright RGB pictures, and back: decode, crop, resize, encode.
//!
//! The only crate that decodes a picture. It reads no file, starts no thread and knows no clock, so the same code runs on the
//! server and in the browser (`wasm32-unknown-unknown`). Every limit of [`domain::limits`] is checked on the bytes or on the
//! header, before the work that it bounds. What is decoded how is written down in docs/IMAGING.md.

mod decode;
mod error;
mod header;
mod jpeg;
mod picture;
mod resize;

pub use decode::decode;
pub use error::ImagingError;
pub use header::{Format, Header, probe};
pub use picture::Picture;
pub use resize::Interpolation;
