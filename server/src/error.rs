//! What goes wrong, as HTTP says it: the one table from library errors to statuses and problem types.
//!
//! A handler returns `Result<_, Problem>`; every library error converts into one here and nowhere else. A [`Problem`] becomes a
//! response in `middleware/problems.rs`, which knows the request: `application/problem+json` (RFC 9457) for programs, a page
//! for people. `detail` is for whoever sent the request and never holds any of what they sent but names and numbers;
//! `cause` is for the log and never leaves the server.

use axum::{
    extract::{
        multipart::{MultipartError, MultipartRejection},
        rejection::{JsonRejection, PathRejection, QueryRejection},
    },
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use catalogue::{CatalogueError, IngestError, PageError, PhotoError, QueryError, SearchError};
use domain::{FilterError, ListingError, limits};
use encoder::EncoderError;
use imaging::ImagingError;

/// A kind of problem: its status, its name in the problem's `type`, its title.
macro_rules! kinds {
    ($($(#[$meta:meta])* $kind:ident => $status:ident, $slug:literal, $title:literal;)+) => {
        /// What kind of problem it is. Each has one status, one name and one title.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Kind { $($(#[$meta])* $kind),+ }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// The HTTP status.
            pub fn status(self) -> StatusCode {
                match self { $(Self::$kind => StatusCode::$status),+ }
            }

            /// The name that ends the problem's `type`.
            pub fn slug(self) -> &'static str {
                match self { $(Self::$kind => $slug),+ }
            }

            /// One line, the same for every problem of the kind.
            pub fn title(self) -> &'static str {
                match self { $(Self::$kind => $title),+ }
            }
        }
    };
}

impl Kind {
    /// Whether the very same request may succeed later.
    pub fn may_pass(self) -> bool {
        matches!(self, Self::TooManyRequests | Self::Overloaded | Self::Internal | Self::TooSlow)
    }

    /// Whether it is about a picture that was sent.
    pub fn is_about_a_picture(self) -> bool {
        matches!(self, Self::BrokenPicture | Self::NotAPicture | Self::PictureTooLarge | Self::TooManyBytes)
    }
}

kinds! {
    /// The request itself cannot be read: broken JSON, a broken form.
    BadRequest => BAD_REQUEST, "bad-request", "The request cannot be read";
    /// The picture is empty, damaged or cut short.
    BrokenPicture => BAD_REQUEST, "broken-picture", "The picture is damaged";
    /// No token, or the wrong one.
    Unauthorised => UNAUTHORIZED, "unauthorised", "The administrator's token is needed";
    /// Not allowed at all, as things are set up.
    Forbidden => FORBIDDEN, "forbidden", "Not allowed";
    /// Another site's page sent this.
    CrossSite => FORBIDDEN, "cross-site", "The request came from another site";
    /// Nothing there.
    NotFound => NOT_FOUND, "not-found", "Not found";
    /// There, but not to be asked in this way.
    MethodNotAllowed => METHOD_NOT_ALLOWED, "method-not-allowed", "This address cannot be asked in that way";
    /// The upload did not arrive in time.
    TooSlow => REQUEST_TIMEOUT, "too-slow", "The request took too long to arrive";
    /// What was asked contradicts what is there.
    Conflict => CONFLICT, "conflict", "This contradicts what is there";
    /// More bytes than the limit.
    TooManyBytes => PAYLOAD_TOO_LARGE, "too-many-bytes", "Too many bytes";
    /// A body of another kind than the address takes.
    WrongContent => UNSUPPORTED_MEDIA_TYPE, "wrong-content-type", "The body is of the wrong kind";
    /// Bytes that are no JPEG, PNG or WebP.
    NotAPicture => UNSUPPORTED_MEDIA_TYPE, "not-a-picture", "This is not a picture that can be read";
    /// More pixels than the limit.
    PictureTooLarge => UNPROCESSABLE_ENTITY, "picture-too-large", "The picture has too many pixels";
    /// Readable, but a field is out of range, unknown or too long.
    BadField => UNPROCESSABLE_ENTITY, "bad-field", "A field cannot be used";
    /// The search link is damaged, or was made for another model.
    BadToken => UNPROCESSABLE_ENTITY, "bad-token", "The search link cannot be used";
    /// One client asks too often.
    TooManyRequests => TOO_MANY_REQUESTS, "too-many-requests", "Too many searches";
    /// Everybody together asks too much.
    Overloaded => SERVICE_UNAVAILABLE, "overloaded", "Too busy just now";
    /// Ours.
    Internal => INTERNAL_SERVER_ERROR, "internal", "Something went wrong here";
}

/// What went wrong with a request.
#[derive(Debug, Clone)]
pub struct Problem {
    /// What kind.
    pub kind: Kind,
    /// What happened and what to do, for whoever sent the request.
    pub detail: String,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u32>,
    /// For the log alone.
    pub cause: Option<String>,
}

impl Problem {
    /// A problem of a kind, explained.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        let retry_after = matches!(kind, Kind::Overloaded | Kind::TooManyRequests).then_some(1);
        Self { kind, detail: detail.into(), retry_after, cause: None }
    }

    /// A fault of ours: the cause goes to the log, and only there.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self {
            cause: Some(cause.to_string()),
            ..Self::new(Kind::Internal, "This is a fault on our side; it has been noted. Please try again in a moment.")
        }
    }

    /// No such listing, dealer or page.
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, what)
    }

    /// A field that cannot be used.
    pub fn field(detail: impl std::fmt::Display) -> Self {
        Self::new(Kind::BadField, sentence(&detail.to_string()))
    }
}

/// The response carries its problem along; the middleware writes the body. Should that ever be missing, status and headers
/// are right all the same.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.kind == Kind::Unauthorised {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"vitrine\""));
        }
        response.extensions_mut().insert(self);
        response
    }
}

// ---- The table. -------------------------------------------------------------------------------------------------

impl From<ImagingError> for Problem {
    fn from(error: ImagingError) -> Self {
        let kind = match &error {
            ImagingError::Empty | ImagingError::Broken => Kind::BrokenPicture,
            ImagingError::TooManyBytes => Kind::TooManyBytes,
            ImagingError::NotAPicture | ImagingError::Unsupported(_) => Kind::NotAPicture,
            ImagingError::TooLarge { .. } => Kind::PictureTooLarge,
            ImagingError::Encode(_) | ImagingError::Geometry(_) => return Self::internal(error),
        };
        Self::new(kind, error.to_string())
    }
}

impl From<SearchError> for Problem {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Picture(error) => error.into(),
            SearchError::Query(QueryError::Token(error)) => Self::new(Kind::BadToken, sentence(&error.to_string())),
            SearchError::Query(error) => Self::field(error),
            SearchError::Overloaded => Self::new(Kind::Overloaded, sentence(&error.to_string())),
            SearchError::Internal(error) => Self::internal(error),
        }
    }
}

impl From<CatalogueError> for Problem {
    fn from(error: CatalogueError) -> Self {
        match &error {
            CatalogueError::Unfit { .. } | CatalogueError::Dimension { .. } | CatalogueError::Page(_) => {
                Self::field(error)
            }
            CatalogueError::Busy { .. } | CatalogueError::Closing => {
                Self::new(Kind::Overloaded, sentence(&error.to_string()))
            }
            CatalogueError::OtherModel { .. }
            | CatalogueError::Broken { .. }
            | CatalogueError::Folder { .. }
            | CatalogueError::Table(_)
            | CatalogueError::Row(_) => Self::internal(error),
        }
    }
}

impl From<IngestError> for Problem {
    fn from(error: IngestError) -> Self {
        match error {
            IngestError::Listing(error) => error.into(),
            IngestError::Photos(_) => Self::field(error),
            IngestError::Photo { name, source: PhotoError::Picture(error) } => {
                let problem = Self::from(error);
                let name: String = name.chars().filter(|c| !c.is_control()).take(80).collect();
                Self { detail: format!("{name}: {}", problem.detail), ..problem }
            }
            IngestError::Photo { source: PhotoError::Unreadable(_), .. } => Self::internal(error),
            IngestError::Photo { .. } => Self::field(error),
            IngestError::Catalogue(error) => error.into(),
            IngestError::Encoder(error) => error.into(),
            IngestError::File { .. }
            | IngestError::Format { .. }
            | IngestError::Header { .. }
            | IngestError::Internal(_) => Self::internal(error),
        }
    }
}

impl From<EncoderError> for Problem {
    fn from(error: EncoderError) -> Self {
        match &error {
            EncoderError::Overloaded | EncoderError::Stopped => {
                Self::new(Kind::Overloaded, sentence(&error.to_string()))
            }
            EncoderError::Input(_) => Self::field(error),
            EncoderError::RuntimeMissing(_) | EncoderError::Model(_) | EncoderError::Runtime(_) => {
                Self::internal(error)
            }
        }
    }
}

impl From<PageError> for Problem {
    fn from(error: PageError) -> Self {
        Self::field(error)
    }
}

impl From<FilterError> for Problem {
    fn from(error: FilterError) -> Self {
        Self::field(error)
    }
}

impl From<ListingError> for Problem {
    fn from(error: ListingError) -> Self {
        Self::field(error)
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => too_many_bytes(limits::JSON_BYTES),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                Self::new(Kind::WrongContent, "Send JSON, with Content-Type: application/json.")
            }
            // serde says which field and why, in words fit for whoever wrote the JSON.
            StatusCode::UNPROCESSABLE_ENTITY => Self::field(rejection.body_text()),
            _ => Self::new(Kind::BadRequest, sentence(&rejection.body_text())),
        }
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(Kind::BadRequest, sentence(&rejection.body_text()))
    }
}

impl From<PathRejection> for Problem {
    fn from(_: PathRejection) -> Self {
        Self::not_found("There is nothing at this address.")
    }
}

impl From<MultipartRejection> for Problem {
    fn from(_: MultipartRejection) -> Self {
        Self::new(
            Kind::BadRequest,
            "The form cannot be read: its Content-Type must be multipart/form-data with a boundary.",
        )
    }
}

impl From<MultipartError> for Problem {
    fn from(error: MultipartError) -> Self {
        match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => too_many_bytes(limits::SEARCH_BODY_BYTES),
            status if status.is_server_error() => Self::internal(error.body_text()),
            _ => Self::new(Kind::BadRequest, "The form is damaged or was cut short. Send it again."),
        }
    }
}

/// A body over its limit.
pub fn too_many_bytes(most: usize) -> Problem {
    let picture = if most > limits::PICTURE_BYTES {
        format!(", and at most {} a picture", size(limits::PICTURE_BYTES))
    } else {
        String::new()
    };
    Problem::new(Kind::TooManyBytes, format!("This is too large. At most {} can be sent here{picture}.", size(most)))
}

/// Bytes for people: "256 KB", "10 MB".
fn size(bytes: usize) -> String {
    if bytes >= 1024 * 1024 { format!("{} MB", bytes / (1024 * 1024)) } else { format!("{} KB", bytes / 1024) }
}

/// Starts with a capital and ends with a full stop.
fn sentence(text: &str) -> String {
    let mut chars = text.trim().chars();
    let Some(first) = chars.next() else { return String::new() };
    let mut said: String = first.to_uppercase().chain(chars).collect();
    if !said.ends_with(['.', '!', '?']) {
        said.push('.');
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own() {
        let mut slugs: Vec<_> = Kind::ALL.iter().map(|kind| kind.slug()).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), Kind::ALL.len());
    }

    #[test]
    fn the_table_says_whose_fault_a_picture_is() {
        for (error, status) in [
            (ImagingError::Empty, 400),
            (ImagingError::Broken, 400),
            (ImagingError::TooManyBytes, 413),
            (ImagingError::NotAPicture, 415),
            (ImagingError::Unsupported("HEIC"), 415),
            (ImagingError::TooLarge { width: 30_000, height: 30_000 }, 422),
            (ImagingError::Encode("no memory".into()), 500),
        ] {
            assert_eq!(Problem::from(error).kind.status().as_u16(), status);
        }
    }

    #[test]
    fn the_table_says_whose_fault_a_search_is() {
        for (error, status) in [
            (SearchError::Query(QueryError::Text), 422),
            (SearchError::Query(domain::TokenError::Damaged.into()), 422),
            (SearchError::Overloaded, 503),
            (SearchError::Internal("the disk".into()), 500),
        ] {
            assert_eq!(Problem::from(error).kind.status().as_u16(), status);
        }
        assert_eq!(Problem::from(EncoderError::Overloaded).kind.status(), 503);
        assert_eq!(Problem::from(CatalogueError::Row("half".into())).kind.status(), 500);
    }

    #[test]
    fn a_fault_of_ours_keeps_its_cause_to_the_log() {
        let problem = Problem::internal("table photos: /srv/data: permission denied");
        assert!(!problem.detail.contains("/srv"));
        assert!(problem.cause.is_some_and(|cause| cause.contains("/srv")));
    }

    #[test]
    fn too_busy_says_when_to_come_back() {
        let response = Problem::new(Kind::Overloaded, "Too busy.").into_response();
        assert_eq!(response.headers()[header::RETRY_AFTER], "1");
    }
}
