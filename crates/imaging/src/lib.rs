//! Untrusted bytes to upright RGB pictures, and back: decode, crop, resize, encode.
//!
//! The only crate that decodes a picture. It reads no file, starts no thread and knows no clock, so the same code runs on the
//! server and in the browser (`wasm32-unknown-unknown`). Every limit of [`domain::limits`] is checked on the bytes or on the
//! header, before the work that it bounds. What is decoded how is written down in docs/IMAGING.md.
//!
//! Without the feature `decode` only [`photo_in`] and [`pieces_in`] are left, which look at pixels that somebody else decoded: what the browser build uses.

#[cfg(feature = "decode")]
mod decode;
#[cfg(feature = "decode")]
mod error;
#[cfg(feature = "decode")]
mod header;
#[cfg(feature = "decode")]
mod jpeg;
#[cfg(feature = "decode")]
mod picture;
mod pixels;
#[cfg(feature = "decode")]
mod resize;
mod several;
#[cfg(test)]
mod sheet;
mod trim;

#[cfg(feature = "decode")]
pub use decode::decode;
#[cfg(feature = "decode")]
pub use error::ImagingError;
#[cfg(feature = "decode")]
pub use header::{Format, Header, probe};
#[cfg(feature = "decode")]
pub use picture::Picture;
pub use pixels::Part;
#[cfg(feature = "decode")]
pub use resize::Interpolation;
pub use several::pieces_in;
pub use trim::photo_in;
