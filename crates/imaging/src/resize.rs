//! Resizing as Pillow does it: separable convolution whose support grows with the shrinking (antialiased), rows first, on
//! 8-bit pixels. Models are trained behind Pillow, so its very levels matter; tests/pillow.rs holds us to them.

use crate::{ImagingError, Picture, picture::check_sides};
use fast_image_resize::{
    FilterType, ResizeAlg, ResizeOptions, Resizer,
    images::{TypedImage, TypedImageRef},
    pixels::U8x3,
};
use std::fmt;

/// The filter of a resize; both are Pillow's, with antialiasing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Interpolation {
    /// A triangle as wide as two pixels of the smaller picture (`PIL.Image.Resampling.BILINEAR`).
    Bilinear,
    /// Cubic convolution with a = -0.5 (`PIL.Image.Resampling.BICUBIC`).
    Bicubic,
}

impl Picture {
    /// The whole picture in another size; the ratio of the sides is the caller's to keep.
    ///
    /// # Errors
    /// [`ImagingError::Geometry`] where a side is 0, or the size is beyond [`domain::limits::PICTURE_SIDE`] or
    /// [`domain::limits::PICTURE_PIXELS`].
    pub fn resize(&self, width: u32, height: u32, how: Interpolation) -> Result<Self, ImagingError> {
        check_sides(width, height)?;
        if (width, height) == (self.width(), self.height()) {
            return Ok(self.clone());
        }
        // Across first, then down, as Pillow does (13 and later: mostly). It matters: what overshoots black or white is cut
        // off in between, and fast_image_resize on its own goes down first (up to 15 levels off at hard edges).
        let across = pass(self.pixels(), (self.width(), self.height()), (width, self.height()), how)?;
        let pixels = pass(&across, (width, self.height()), (width, height), how)?;
        Self::new(width, height, pixels)
    }
}

/// Convolves in the one direction in which the sizes (width, height) differ.
fn pass(pixels: &[u8], from: (u32, u32), to: (u32, u32), how: Interpolation) -> Result<Vec<u8>, ImagingError> {
    let refused = |error: &dyn fmt::Display| ImagingError::Geometry(format!("the picture cannot be resized: {error}"));
    // The typed form: the untyped one would compile the convolutions of a dozen kinds of pixels that never occur.
    let source = TypedImageRef::<U8x3>::from_buffer(from.0, from.1, pixels).map_err(|error| refused(&error))?;
    let mut resized = vec![0; 3 * to.0 as usize * to.1 as usize];
    let mut target = TypedImage::<U8x3>::from_buffer(to.0, to.1, &mut resized).map_err(|error| refused(&error))?;
    let filter = match how {
        Interpolation::Bilinear => FilterType::Bilinear,
        Interpolation::Bicubic => FilterType::CatmullRom,
    };
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter)).use_alpha(false);
    Resizer::new().resize_typed(&source, &mut target, &options).map_err(|error| refused(&error))?;
    Ok(resized)
}
