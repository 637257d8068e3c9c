//! Why a picture cannot be used, in words fit for the person who sent it.

use domain::limits;

/// What went wrong, and whose fault it was: all but [`ImagingError::Encode`] and [`ImagingError::Geometry`] are about the bytes
/// that were sent, and their messages may be shown to whoever sent them. No message holds any part of the picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImagingError {
    /// No bytes at all.
    #[error("This file is empty.")]
    Empty,
    /// More bytes than [`limits::PICTURE_BYTES`].
    #[error("This picture is larger than {} MB. Send a smaller one.", limits::PICTURE_BYTES / (1024 * 1024))]
    TooManyBytes,
    /// The bytes are not those of any kind of picture that we know of.
    #[error("This file is not a JPEG, PNG or WebP picture.")]
    NotAPicture,
    /// A picture, but of a kind that is not read here; holds the kind's name, such as "HEIC".
    #[error("This is a {0} picture, which cannot be read here. Save it as a JPEG, PNG or WebP and send that.")]
    Unsupported(&'static str),
    /// The header announces more pixels than [`limits::PICTURE_PIXELS`], or a side longer than [`limits::PICTURE_SIDE`].
    #[error(
        "This picture is {width} by {height} pixels. Send one of at most {} megapixels, and {} pixels a side.",
        limits::PICTURE_PIXELS / 1_000_000,
        limits::PICTURE_SIDE
    )]
    TooLarge {
        /// Width, in pixels, as the header has it.
        width: u32,
        /// Height, in pixels, as the header has it.
        height: u32,
    },
    /// The header is that of a picture, but what follows is damaged or missing.
    #[error("This picture is damaged or incomplete. Try saving or downloading it again.")]
    Broken,
    /// The JPEG encoder failed; a fault of ours.
    #[error("the picture could not be encoded as JPEG: {0}")]
    Encode(String),
    /// A size or area that a picture cannot have was asked for; a fault of the calling code.
    #[error("{0}")]
    Geometry(String),
}

impl ImagingError {
    /// Whether whoever sent the bytes can do something about it (as opposed to a fault of this program).
    pub fn is_senders_fault(&self) -> bool {
        !matches!(self, Self::Encode(_) | Self::Geometry(_))
    }
}
