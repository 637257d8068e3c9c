//! Pictures and words to vectors, by a model bundle: a folder with a manifest, two ONNX graphs and a tokeniser.
//!
//! The only crate that names ONNX Runtime. Everything a model wants of its input is read from the bundle's `model.toml`, so CLIP,
//! OpenCLIP, SigLIP and their like need no code of their own; tests/ holds each of them against its reference implementation.
//! Blocking work is in [`Encoder`]; [`EncoderQueue`] is its face towards asynchronous code. docs/ENCODER.md has the details.

mod bundle;
mod encoder;
mod error;
mod locate;
mod manifest;
mod preprocess;
mod queue;
mod runtime;
mod session;
mod text;
mod tokenise;

pub use bundle::Bundle;
pub use encoder::{Encoder, EncoderOptions, Seen};
pub use error::{BundleError, EncoderError};
pub use locate::Area;
pub use manifest::{
    Case, Clean, CloserLook, Crop, File, Files, ImageInput, Interpolation, LocatorInput, Manifest, Resize, TextInput,
};
pub use preprocess::Preprocessor;
pub use queue::{EncoderQueue, QueueOptions};
pub use runtime::Device;
pub use tokenise::{Tokeniser, Tokens};
