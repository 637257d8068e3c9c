//! Resizing as Pillow does it: separable convolution whose support grows with the shrinking (antialiased), rows first, on
//! 8-bit pixels. Models are trained behind Pillow, so its very levels matter; tests/pillow.rs holds us to them.

use crate::{ImagingError, Picture, picture::check_sides};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer, images};

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
    /// [`ImagingError::Geometry`] where a side is 0 or longer than [`domain::limits::PICTURE_SIDE`].
    pub fn resize(&self, width: u32, height: u32, how: Interpolation) -> Result<Self, ImagingError> {
        check_sides(width, height)?;
        if (width, height) == (self.width(), self.height()) {
            return Ok(self.clone());
        }
        let refused = |error: String| ImagingError::Geometry(format!("the picture cannot be resized: {error}"));
        let source = images::ImageRef::new(self.width(), self.height(), self.pixels(), PixelType::U8x3)
            .map_err(|error| refused(error.to_string()))?;
        let mut target = images::Image::new(width, height, PixelType::U8x3);
        let filter = match how {
            Interpolation::Bilinear => FilterType::Bilinear,
            Interpolation::Bicubic => FilterType::CatmullRom,
        };
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter)).use_alpha(false);
        Resizer::new().resize(&source, &mut target, &options).map_err(|error| refused(error.to_string()))?;
        Self::new(width, height, target.into_vec())
    }
}
