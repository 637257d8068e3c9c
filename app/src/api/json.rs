//! JSON, read from text. `server_fn`'s own reads it from bytes, while the page's data is read from text: every type would be in the
//! browser's bundle twice.

use serde::{Serialize, de::DeserializeOwned};
use server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType, codec::Post};

/// JSON in the body of a `POST` request, and of its answer.
pub type Json = Post<JsonText>;

/// The encoding.
#[derive(Debug)]
pub struct JsonText;

impl ContentType for JsonText {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for JsonText {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for JsonText {
    type Error = serde_json::Error;

    fn encode(output: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_string(output).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for JsonText {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        // What is not UTF-8 is not JSON, and reads as none.
        serde_json::from_str(str::from_utf8(&bytes).unwrap_or_default())
    }
}
