//! What a picture's first bytes say, and the limits checked on them before anything is decoded.

use crate::{ImagingError, jpeg};
use domain::limits;
use image::{
    ImageDecoder, ImageError, Limits,
    codecs::{jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder},
    metadata::Orientation,
};
use std::io::Cursor;

/// Most memory that decoding one picture may take, in bytes, pixels included; a picture at the limits (50 megapixels) with
/// 16 bits and four channels a pixel fits.
const DECODING_BYTES: u64 = 512 * 1024 * 1024;

/// The kinds of pictures that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Baseline or progressive JPEG.
    Jpeg,
    /// PNG; of an APNG the still picture.
    Png,
    /// WebP, lossy or lossless; of an animation the first frame.
    WebP,
}

impl Format {
    /// The usual file name extension, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
        }
    }

    /// The media type, for a `Content-Type`.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }
}

/// What the header says about a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// The kind of picture, by its first bytes; file names and declared types are never believed.
    pub format: Format,
    /// Width in pixels once upright: what [`crate::decode`] will give.
    pub width: u32,
    /// Height in pixels once upright.
    pub height: u32,
    /// EXIF orientation of the stored pixels, 1 to 8; 1 (upright) where there is none or it makes no sense.
    pub orientation: u8,
}

/// Reads the header of a picture and checks every limit on it. Decodes nothing.
///
/// # Errors
/// All of [`ImagingError`] but `Encode` and `Geometry`. A picture that passes can still turn out
/// [`ImagingError::Broken`] when it is decoded.
pub fn probe(bytes: &[u8]) -> Result<Header, ImagingError> {
    open(bytes).map(|(header, _)| header)
}

/// A decoder of any of the formats, its header read and its limits set.
pub(crate) type Opened<'a> = Box<dyn ImageDecoder + 'a>;

/// Checks the bytes and the header, and gives the decoder that goes on from there.
pub(crate) fn open(bytes: &[u8]) -> Result<(Header, Opened<'_>), ImagingError> {
    if bytes.is_empty() {
        return Err(ImagingError::Empty);
    }
    if bytes.len() > limits::PICTURE_BYTES {
        return Err(ImagingError::TooManyBytes);
    }
    let format = sniff(bytes)?;
    // Before any decoder sees the bytes: some allocate as soon as they have read the header.
    if let Some((width, height)) = announced_size(format, bytes) {
        check_size(width, height)?;
    }
    let mut decoder = decoder(format, bytes).map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    decoder.set_limits(decoding_limits()).map_err(damaged)?;
    // EXIF that cannot be read is no reason to refuse a picture.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms).to_exif();
    let (width, height) = if orientation >= 5 { (height, width) } else { (width, height) };
    Ok((Header { format, width, height, orientation }, decoder))
}

/// Tells formats apart by their first bytes.
fn sniff(bytes: &[u8]) -> Result<Format, ImagingError> {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Ok(Format::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Ok(Format::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(Format::WebP),
        // Kinds that phones, cameras and browsers save, told by name so that the message can say what to do.
        [b'G', b'I', b'F', b'8', ..] => Err(ImagingError::Unsupported("GIF")),
        [b'I', b'I', 0x2A, 0, ..] | [b'M', b'M', 0, 0x2A, ..] => Err(ImagingError::Unsupported("TIFF")),
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Err(ImagingError::Unsupported("BMP")),
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => match brand.get(..4) {
            Some(b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1") => {
                Err(ImagingError::Unsupported("HEIC"))
            }
            Some(b"avif" | b"avis") => Err(ImagingError::Unsupported("AVIF")),
            _ => Err(ImagingError::NotAPicture),
        },
        [0xFF, 0x0A, ..] | [0, 0, 0, 0x0C, b'J', b'X', b'L', b' ', ..] => Err(ImagingError::Unsupported("JPEG XL")),
        _ => Err(ImagingError::NotAPicture),
    }
}

/// The size that the header announces, read without a decoder; `None` where it is not where it should be, which is for the
/// decoder to refuse.
fn announced_size(format: Format, bytes: &[u8]) -> Option<(u32, u32)> {
    match format {
        Format::Jpeg => jpeg::announced_size(bytes),
        Format::Png => {
            let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
            (bytes.get(12..16)? == b"IHDR").then_some((number(16)?, number(20)?))
        }
        // The WebP decoder's constructor reads the header and allocates nothing for pixels.
        Format::WebP => None,
    }
}

fn check_size(width: u32, height: u32) -> Result<(), ImagingError> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels > limits::PICTURE_PIXELS || width.max(height) > limits::PICTURE_SIDE {
        return Err(ImagingError::TooLarge { width, height });
    }
    if pixels == 0 { Err(ImagingError::Broken) } else { Ok(()) }
}

fn decoding_limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(limits::PICTURE_SIDE);
    limits.max_image_height = Some(limits::PICTURE_SIDE);
    limits.max_alloc = Some(DECODING_BYTES);
    limits
}

fn decoder(format: Format, bytes: &[u8]) -> Result<Opened<'_>, ImageError> {
    let reader = Cursor::new(bytes);
    Ok(match format {
        Format::Jpeg => Box::new(JpegDecoder::new(reader)?),
        Format::Png => Box::new(PngDecoder::with_limits(reader, decoding_limits())?),
        Format::WebP => {
            let mut decoder = WebPDecoder::new(reader)?;
            if decoder.has_animation() {
                // What the first frame does not cover is see-through, and so white once flattened.
                decoder.set_background_color(image::Rgba([255, 255, 255, 0]))?;
            }
            Box::new(decoder)
        }
    })
}

/// What a decoder's complaint means to the person who sent the picture. The complaint itself is dropped: it may quote the
/// picture, and says nothing that the sender could act on.
pub(crate) fn damaged(error: ImageError) -> ImagingError {
    match error {
        ImageError::Unsupported(_) => ImagingError::Unsupported("rare kind of"),
        _ => ImagingError::Broken,
    }
}
