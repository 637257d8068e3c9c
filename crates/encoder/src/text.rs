//! Cleaning of text before it is tokenised.

use crate::manifest::Clean;
use std::borrow::Cow;

/// Cleans `text` as `how` says.
pub(crate) fn clean(text: &str, how: Clean) -> Cow<'_, str> {
    match how {
        Clean::None => Cow::Borrowed(text),
        Clean::Whitespace => Cow::Owned(collapse(&text.to_lowercase())),
        Clean::Canonicalize | Clean::Punctuation => Cow::Owned(collapse(&text.to_lowercase())),
    }
}

fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
