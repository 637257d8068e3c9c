//! A decoded picture: upright 8-bit RGB.

use crate::ImagingError;
use domain::limits;
use image::{ExtendedColorType, codecs::jpeg::JpegEncoder};
use std::fmt;

/// A decoded picture. Rows from the top, pixels from the left, three bytes (red, green, blue) a pixel, no padding.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl Picture {
    /// A picture of `width` by `height` pixels; `pixels` holds 3 x width x height bytes as [`Picture`] describes.
    ///
    /// # Errors
    /// [`ImagingError::Geometry`] where a side is 0 or the size is beyond [`limits::PICTURE_SIDE`] or
    /// [`limits::PICTURE_PIXELS`], or the bytes are not as many.
    pub fn new(width: u32, height: u32, pixels: Vec<u8>) -> Result<Self, ImagingError> {
        check_sides(width, height)?;
        let wanted = 3 * width as usize * height as usize;
        if pixels.len() != wanted {
            let given = pixels.len();
            return Err(ImagingError::Geometry(format!(
                "{width} by {height} pixels take {wanted} bytes of RGB, not {given}"
            )));
        }
        Ok(Self { width, height, pixels })
    }

    /// Width in pixels, 1 or more.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels, 1 or more.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The bytes, as [`Picture`] describes them.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The part that starts `x` pixels from the left and `y` from the top.
    ///
    /// # Errors
    /// [`ImagingError::Geometry`] where that part is empty or does not lie inside the picture.
    pub fn crop(&self, x: u32, y: u32, width: u32, height: u32) -> Result<Self, ImagingError> {
        let inside =
            |start: u32, length: u32, side: u32| length > 0 && start.checked_add(length).is_some_and(|end| end <= side);
        if !inside(x, width, self.width) || !inside(y, height, self.height) {
            return Err(ImagingError::Geometry(format!(
                "an area of {width} by {height} at {x}, {y} does not lie inside {} by {} pixels",
                self.width, self.height
            )));
        }
        let row = 3 * self.width as usize;
        let pixels = (self.pixels.chunks_exact(row).skip(y as usize).take(height as usize))
            .flat_map(|row| &row[3 * x as usize..3 * (x + width) as usize])
            .copied()
            .collect();
        Self::new(width, height, pixels)
    }

    /// A square of `side` pixels that starts `x` pixels from the left and `y` from the top, and may reach beyond the picture on any
    /// side: there, the nearest pixel of its edge is repeated.
    ///
    /// # Errors
    /// [`ImagingError::Geometry`] where the side is 0 or too long for a picture.
    pub fn window(&self, x: i64, y: i64, side: u32) -> Result<Self, ImagingError> {
        check_sides(side, side)?;
        let nearest = |place: i64, length: u32| place.clamp(0, i64::from(length) - 1) as usize;
        let columns: Vec<usize> =
            (0..i64::from(side)).map(|column| 3 * nearest(x.saturating_add(column), self.width)).collect();
        let mut pixels = Vec::with_capacity(3 * columns.len() * columns.len());
        for row in 0..i64::from(side) {
            let start = 3 * self.width as usize * nearest(y.saturating_add(row), self.height);
            for column in &columns {
                pixels.extend_from_slice(&self.pixels[start + column..start + column + 3]);
            }
        }
        Self::new(side, side, pixels)
    }

    /// The picture as a JPEG without any metadata.
    ///
    /// `quality` runs from 1 to 100; what lies outside is taken as the nearest of them.
    ///
    /// # Errors
    /// [`ImagingError::Encode`] where the encoder fails.
    pub fn to_jpeg(&self, quality: u8) -> Result<Vec<u8>, ImagingError> {
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, quality.clamp(1, 100))
            .encode(&self.pixels, self.width, self.height, ExtendedColorType::Rgb8)
            .map_err(|error| ImagingError::Encode(error.to_string()))?;
        Ok(bytes)
    }

    /// The picture as a lossy WebP without any metadata: about a third smaller than a JPEG that looks as good.
    ///
    /// `quality` runs from 1 to 100, on WebP's own scale; what lies outside is taken as the nearest of them.
    ///
    /// # Errors
    /// [`ImagingError::Encode`] where the encoder fails, as it does for a side above 16,383 pixels.
    #[cfg(feature = "webp")]
    pub fn to_webp(&self, quality: u8) -> Result<Vec<u8>, ImagingError> {
        let encoder = webp::Encoder::from_rgb(&self.pixels, self.width, self.height);
        let encoded = encoder.encode_simple(false, f32::from(quality.clamp(1, 100)));
        encoded.map(|bytes| bytes.to_vec()).map_err(|error| ImagingError::Encode(format!("{error:?}")))
    }
}

/// Without the pixels: they may be a shopper's, and must not end up in a log.
impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Picture").field("width", &self.width).field("height", &self.height).finish_non_exhaustive()
    }
}

/// Refuses sides that no picture may have.
pub(crate) fn check_sides(width: u32, height: u32) -> Result<(), ImagingError> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 || pixels > limits::PICTURE_PIXELS || width.max(height) > limits::PICTURE_SIDE {
        return Err(ImagingError::Geometry(format!(
            "a picture cannot be {width} by {height} pixels; each side takes 1 to {}, both together at most {} pixels",
            limits::PICTURE_SIDE,
            limits::PICTURE_PIXELS
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered() -> Picture {
        Picture::new(4, 3, (0..36).collect()).unwrap()
    }

    #[test]
    fn a_crop_takes_the_rows_and_columns_asked_for() {
        let part = numbered().crop(1, 1, 2, 2).unwrap();
        assert_eq!((part.width(), part.height()), (2, 2));
        assert_eq!(part.pixels(), [15, 16, 17, 18, 19, 20, 27, 28, 29, 30, 31, 32]);
        assert_eq!(numbered().crop(0, 0, 4, 3).unwrap(), numbered());
    }

    #[test]
    fn an_area_outside_is_refused() {
        for (x, y, width, height) in
            [(0, 0, 5, 3), (4, 0, 1, 1), (0, 0, 0, 1), (1, 1, u32::MAX, 1), (u32::MAX, 0, 1, 1)]
        {
            assert!(
                matches!(numbered().crop(x, y, width, height), Err(ImagingError::Geometry(_))),
                "{x} {y} {width} {height}"
            );
        }
    }

    #[test]
    fn sides_and_bytes_must_agree() {
        assert!(Picture::new(2, 2, vec![0; 11]).is_err());
        assert!(Picture::new(0, 2, vec![]).is_err());
        assert!(Picture::new(limits::PICTURE_SIDE + 1, 1, vec![0; 3 * 12_001]).is_err());
    }

    #[test]
    fn a_debug_print_shows_no_pixels() {
        assert_eq!(format!("{:?}", numbered()), "Picture { width: 4, height: 3, .. }");
    }
}
