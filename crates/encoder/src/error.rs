//! What can go wrong with a bundle, and with encoding.

use std::path::PathBuf;

/// Why a folder is not a bundle that can be used. The operator's to mend: each message says what to do or where to look.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BundleError {
    /// A file cannot be read.
    #[error("the model bundle's file {path} cannot be read: {reason}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        reason: String,
    },
    /// A file is larger than any such file should be.
    #[error("the model bundle's file {path} is larger than {limit} bytes, which is more than such a file should be")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit, in bytes.
        limit: u64,
    },
    /// `model.toml` is not TOML, lacks a key, or has one that is not known.
    #[error("{path} cannot be understood: {reason}")]
    Manifest {
        /// The path of `model.toml`.
        path: PathBuf,
        /// What is wrong, with its line.
        reason: String,
    },
    /// `model.toml` is written in a format of another version of this program.
    #[error("{path} has format {found}, and this version reads format {known}; use a bundle exported for this version")]
    Format {
        /// The path of `model.toml`.
        path: PathBuf,
        /// The format it has.
        found: i64,
        /// The format that is read.
        known: i64,
    },
    /// A value in `model.toml` that no model can have.
    #[error("{path}: {key} {reason}")]
    Value {
        /// The path of `model.toml`.
        path: PathBuf,
        /// The key, such as "image.size".
        key: &'static str,
        /// What is wrong with its value.
        reason: String,
    },
    /// A file is not the one that the manifest was written for.
    #[error(
        "{path} is not the file that model.toml was written for (SHA-256 {found}, wanted {wanted}); fetch or copy the bundle again"
    )]
    Digest {
        /// The file.
        path: PathBuf,
        /// Hex SHA-256 of the file.
        found: String,
        /// Hex SHA-256 in the manifest.
        wanted: String,
    },
}

/// Why pictures or words could not be encoded.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EncoderError {
    /// The queue is full. The caller's caller should try again in a moment; nobody is at fault.
    #[error("too many searches at once; please try again in a moment")]
    Overloaded,
    /// The queue has been shut down.
    #[error("the encoder has been shut down")]
    Stopped,
    /// The input cannot be encoded; whoever sent it can do something about it.
    #[error("{0}")]
    Input(String),
    /// ONNX Runtime's library is missing or cannot be used; the operator's to mend.
    #[error(
        "ONNX Runtime cannot be loaded: {0}. Install it (scripts/setup-onnxruntime.sh does), then set ORT_DYLIB_PATH to its library \
         (libonnxruntime.so, onnxruntime.dll or libonnxruntime.dylib)"
    )]
    RuntimeMissing(String),
    /// The bundle's graphs or tokeniser do not fit its manifest; the operator's to mend with another bundle.
    #[error("the model bundle cannot be used: {0}")]
    Model(String),
    /// ONNX Runtime failed while running; a fault of ours, of the bundle or of the machine.
    #[error("the model failed: {0}")]
    Runtime(String),
}
