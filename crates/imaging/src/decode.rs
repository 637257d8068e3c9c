//! Bytes to upright RGB.

use crate::{Format, ImagingError, Picture, header, jpeg};
use image::{DynamicImage, RgbImage, metadata::Orientation};

/// Decodes a JPEG, PNG or WebP into an upright RGB picture: turned as its EXIF says, whatever its colour model (grey, palette,
/// CMYK, YCCK) and depth, see-through parts over white, the first frame of an animation. Colour profiles are not applied, as
/// the models' own preprocessing does not either.
///
/// Decoding takes time and memory in proportion to the pixels, which the limits bound: call it where blocking is allowed.
///
/// # Errors
/// All of [`ImagingError`] but `Encode` and `Geometry`. Limits are checked before decoding.
pub fn decode(bytes: &[u8]) -> Result<Picture, ImagingError> {
    let (found, decoder) = header::open(bytes)?;
    if found.format == Format::Jpeg && !jpeg::is_complete(bytes) {
        return Err(ImagingError::Broken);
    }
    let stored = DynamicImage::from_decoder(decoder).map_err(header::damaged)?;
    let mut upright = DynamicImage::ImageRgb8(over_white(stored));
    upright.apply_orientation(Orientation::from_exif(found.orientation).unwrap_or(Orientation::NoTransforms));
    let pixels = upright.into_rgb8();
    Picture::new(pixels.width(), pixels.height(), pixels.into_raw())
}

/// Any pixels to 8-bit RGB, see-through ones as if they lay on white paper.
fn over_white(stored: DynamicImage) -> RgbImage {
    match stored {
        DynamicImage::ImageRgb8(rgb) => rgb,
        opaque if !opaque.color().has_alpha() => opaque.into_rgb8(),
        see_through => {
            let rgba = see_through.into_rgba8();
            let (width, height) = rgba.dimensions();
            let pixels = rgba
                .as_raw()
                .as_chunks::<4>()
                .0
                .iter()
                .flat_map(|[red, green, blue, alpha]| [red, green, blue].map(|colour| blend(*colour, *alpha)));
            // The iterator gives exactly width x height x 3 numbers, so the fallback is never taken.
            RgbImage::from_raw(width, height, pixels.collect()).unwrap_or_default()
        }
    }
}

/// `colour` at an opacity of `alpha`/255 over white, rounded to the nearest level.
fn blend(colour: u8, alpha: u8) -> u8 {
    let (colour, alpha) = (u32::from(colour), u32::from(alpha));
    // At most (255 * 255 + 127) / 255 = 255: the cast cannot wrap.
    ((colour * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn see_through_pixels_lie_on_white() {
        assert_eq!(blend(10, 255), 10);
        assert_eq!(blend(10, 0), 255);
        assert_eq!(blend(0, 128), 127);
        assert_eq!(blend(255, 77), 255);
    }
}
