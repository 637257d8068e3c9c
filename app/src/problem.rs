//! Everything that can go wrong between a shopper and the catalogue, in the shopper's words: what happened, and what to do now.

use crate::components::wording::capital;
use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};
use server_fn::{Bytes, codec::JsonEncoding};

/// What went wrong. It crosses from the server to the browser, so it carries nothing but words that the shopper may read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// The picture has more bytes than are taken.
    TooManyBytes,
    /// The picture has more pixels than are read.
    TooManyPixels,
    /// The file is not a picture.
    NotAPicture,
    /// A picture of a kind that is not read here: "HEIC".
    UnreadableKind(String),
    /// A picture that is cut short or damaged.
    DamagedPicture,
    /// No bytes at all.
    EmptyPicture,
    /// The description is longer than is read.
    TooManyWords,
    /// A filter that does not exist or a value it cannot have; holds the reason.
    Filter(String),
    /// The query in the link is damaged.
    DamagedLink,
    /// The query in the link was made for another model.
    ExpiredLink,
    /// Paged further than results go.
    TooFar,
    /// Words and picture that cancel each other out.
    Contradiction,
    /// There is no such listing or dealer.
    NotFound,
    /// More searches at once than the machine takes.
    Busy,
    /// More searches from one shopper than are let through.
    TooOften,
    /// The server did not answer.
    Unreachable,
    /// There is no connection at all.
    Offline,
    /// A fault of the shop's own.
    Ours,
}

impl Problem {
    /// The HTTP status that says the same: the page's counterpart of the server's own table.
    pub fn status(&self) -> u16 {
        match self {
            Self::TooManyBytes => 413,
            Self::NotAPicture | Self::UnreadableKind(_) => 415,
            Self::DamagedPicture | Self::EmptyPicture => 400,
            Self::TooManyPixels
            | Self::TooManyWords
            | Self::Filter(_)
            | Self::DamagedLink
            | Self::ExpiredLink
            | Self::TooFar
            | Self::Contradiction => 422,
            Self::NotFound => 404,
            Self::TooOften => 429,
            Self::Busy => 503,
            Self::Unreachable | Self::Offline => 502,
            Self::Ours => 500,
        }
    }

    /// What happened, in one short sentence.
    pub fn headline(&self) -> String {
        match self {
            Self::TooManyBytes => "That picture is over 10 MB.".into(),
            Self::TooManyPixels => "That picture has more pixels than we can read.".into(),
            Self::NotAPicture => "That file is not a picture we can read.".into(),
            Self::UnreadableKind(kind) => format!("We cannot read {kind} pictures."),
            Self::DamagedPicture => "That picture is damaged or cut short.".into(),
            Self::EmptyPicture => "That file is empty.".into(),
            Self::TooManyWords => "That is more than we can take in.".into(),
            Self::Filter(_) => "We do not know that filter.".into(),
            Self::DamagedLink => "This search link is damaged.".into(),
            Self::ExpiredLink => "This search link has expired.".into(),
            Self::TooFar => "That is as far as the results go.".into(),
            Self::Contradiction => "Your picture and your words cancel each other out.".into(),
            Self::NotFound => "Nothing is kept here.".into(),
            Self::Busy => "Very busy just now.".into(),
            Self::TooOften => "That was a great many searches at once.".into(),
            Self::Unreachable => "We cannot reach the shop.".into(),
            Self::Offline => "You are offline.".into(),
            Self::Ours => "Something went wrong on our side.".into(),
        }
    }

    /// What to do about it, in a sentence or two.
    pub fn advice(&self) -> String {
        match self {
            Self::TooManyBytes => "Crop it to the piece, or take a screenshot of it and send that.".into(),
            Self::TooManyPixels => "Up to 50 megapixels will do. A screenshot of it is always small enough.".into(),
            Self::NotAPicture | Self::UnreadableKind(_) => {
                "JPEG, PNG and WebP will do. A screenshot of the piece always works.".into()
            }
            Self::DamagedPicture => "Save it again, or take a screenshot of it and send that.".into(),
            Self::EmptyPicture => "Choose another, or save it again first.".into(),
            Self::TooManyWords => "A sentence or two about the piece is enough.".into(),
            Self::Filter(reason) => capitalised(reason),
            Self::DamagedLink => {
                "A part of it is missing. Copy the whole link, or search again with the picture.".into()
            }
            Self::ExpiredLink => "We look at pieces anew since it was made. Search again with the picture.".into(),
            Self::TooFar => "Narrow the search by category, period or price to see others.".into(),
            Self::Contradiction => "Search by one of them alone.".into(),
            Self::NotFound => "The piece may have been sold, or the address mistyped.".into(),
            Self::Busy => "Nothing is lost. Try again in a moment.".into(),
            Self::TooOften => "Take a breath with us. In half a minute you can go on.".into(),
            Self::Unreachable => "Check your connection, then try again.".into(),
            Self::Offline => "Nothing is lost. We look again as soon as you are back.".into(),
            Self::Ours => "It is not your picture or your words. Try again in a moment.".into(),
        }
    }

    /// Whether the very same request may succeed later.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Busy | Self::TooOften | Self::Unreachable | Self::Offline | Self::Ours)
    }

    /// Whether it is about the link that was followed.
    pub fn is_about_a_link(&self) -> bool {
        matches!(self, Self::DamagedLink | Self::ExpiredLink)
    }

    /// Whether the way on is another picture, or the same once more.
    pub fn asks_for_a_picture(&self) -> bool {
        matches!(
            self,
            Self::TooManyBytes
                | Self::TooManyPixels
                | Self::NotAPicture
                | Self::UnreadableKind(_)
                | Self::DamagedPicture
                | Self::EmptyPicture
                | Self::DamagedLink
                | Self::ExpiredLink
        )
    }
}

/// Whether the browser itself knows that there is no connection.
fn is_offline() -> bool {
    #[cfg(feature = "hydrate")]
    {
        !leptos::prelude::window().navigator().on_line()
    }
    #[cfg(not(feature = "hydrate"))]
    {
        false
    }
}

/// A library's reason as a sentence of its own: a capital first, a full stop last.
fn capitalised(reason: &str) -> String {
    let mut sentence = capital(reason.trim_end_matches('.'));
    sentence.push('.');
    sentence
}

impl FromServerFnError for Problem {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) if is_offline() => Self::Offline,
            ServerFnErrorErr::Request(_) => Self::Unreachable,
            _ => Self::Ours,
        }
    }

    /// A refusal by the server's own layers (too large, too busy) never reaches a server function: it is `application/problem+json`,
    /// and its status says enough.
    fn de(data: Bytes) -> Self {
        #[derive(Deserialize)]
        struct Refusal {
            status: u16,
        }
        let text = str::from_utf8(&data).unwrap_or_default();
        if let Ok(problem) = serde_json::from_str::<Self>(text) {
            return problem;
        }
        match serde_json::from_str::<Refusal>(text).map(|refusal| refusal.status) {
            Ok(413) => Self::TooManyBytes,
            Ok(404) => Self::NotFound,
            Ok(429) => Self::TooOften,
            Ok(408 | 503 | 504) => Self::Busy,
            Ok(502) => Self::Unreachable,
            _ => Self::Ours,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Problem> {
        vec![
            Problem::TooManyBytes,
            Problem::TooManyPixels,
            Problem::NotAPicture,
            Problem::UnreadableKind("HEIC".into()),
            Problem::DamagedPicture,
            Problem::EmptyPicture,
            Problem::TooManyWords,
            Problem::Filter("there is no filter \"colour\"".into()),
            Problem::DamagedLink,
            Problem::ExpiredLink,
            Problem::TooFar,
            Problem::Contradiction,
            Problem::NotFound,
            Problem::Busy,
            Problem::TooOften,
            Problem::Unreachable,
            Problem::Offline,
            Problem::Ours,
        ]
    }

    #[test]
    fn every_problem_says_what_happened_and_what_to_do() {
        for problem in all() {
            for sentence in [problem.headline(), problem.advice()] {
                assert!(sentence.ends_with('.') && sentence.len() > 10, "{problem:?}: {sentence}");
            }
            assert!((400..600).contains(&problem.status()), "{problem:?}");
        }
    }

    #[test]
    fn a_refusal_by_the_servers_layers_is_understood() {
        let read = |text: &str| Problem::de(Bytes::copy_from_slice(text.as_bytes()));
        assert_eq!(read(r#"{"type":"about:blank","title":"Too large","status":413}"#), Problem::TooManyBytes);
        assert_eq!(read(r#"{"title":"Too busy","status":503}"#), Problem::Busy);
        assert_eq!(read(r#"{"title":"Too many","status":429}"#), Problem::TooOften);
        assert_eq!(read("<html>Bad gateway</html>"), Problem::Ours);
        assert_eq!(read(""), Problem::Ours);
        let sent = Problem::UnreadableKind("HEIC".into());
        assert_eq!(Problem::de(sent.ser()), sent);
    }
}
