//! A picture to the image tower's input, exactly as the model's own preprocessing does it: 8-bit resize, crop or pad, then floats.

use crate::{
    EncoderError,
    manifest::{Crop, ImageInput, Resize},
};
use imaging::{ImagingError, Picture};

/// Longest side of a picture in between, in pixels. Bounds the memory of resizing a ribbon of 12,000 by 1 pixels.
const LONGEST: u64 = 8_192;

/// Prepares pictures as one bundle wants them.
#[derive(Debug, Clone)]
pub struct Preprocessor {
    input: ImageInput,
}

impl Preprocessor {
    /// A preprocessor for `input`, which comes out of a checked manifest.
    pub fn new(input: &ImageInput) -> Self {
        Self { input: input.clone() }
    }

    /// Side of the square, in pixels.
    pub fn size(&self) -> u32 {
        self.input.size
    }

    /// The tensor of one picture: 3 x size x size, channels (red, green, blue) outermost, then rows from the top.
    ///
    /// # Errors
    /// [`EncoderError::Input`] where the picture cannot be brought to the size.
    pub fn tensor(&self, picture: &Picture) -> Result<Vec<f32>, EncoderError> {
        let square = self.square(picture).map_err(|error| EncoderError::Input(error.to_string()))?;
        let pixels = square.pixels().as_chunks::<3>().0;
        let mut tensor = Vec::with_capacity(3 * pixels.len());
        for channel in 0..3 {
            let (mean, std) = (self.input.mean[channel], self.input.std[channel]);
            tensor.extend(pixels.iter().map(|pixel| (f32::from(pixel[channel]) / 255.0 - mean) / std));
        }
        Ok(tensor)
    }

    fn square(&self, picture: &Picture) -> Result<Picture, ImagingError> {
        let how = self.input.interpolation.into();
        let size = self.input.size;
        match self.input.resize {
            Resize::Squash => picture.resize(size, size, how),
            Resize::Shortest => {
                let middle = without_ends(picture, size)?;
                let picture = middle.as_ref().unwrap_or(picture);
                let (width, height) = (picture.width(), picture.height());
                // The long side is rounded down, as torchvision and Hugging Face both do.
                let long = |long: u32, short: u32| (u64::from(size) * u64::from(long) / u64::from(short)) as u32;
                let (width, height) =
                    if width <= height { (size, long(height, width)) } else { (long(width, height), size) };
                let resized = picture.resize(width, height, how)?;
                resized.crop(self.offset(width - size), self.offset(height - size), size, size)
            }
            Resize::Longest => {
                let (width, height) = pad_to(picture.width(), picture.height(), size);
                pad(&picture.resize(width, height, how)?, size, self.input.fill)
            }
        }
    }

    /// Where a crop starts that leaves `spare` pixels out.
    fn offset(&self, spare: u32) -> u32 {
        match self.input.crop {
            Crop::CentreFloor => spare / 2,
            Crop::None | Crop::Centre => (f64::from(spare) / 2.0).round_ties_even() as u32,
        }
    }
}

/// The middle of a picture so long that its resized form would be longer than [`LONGEST`]; all that falls away would have been
/// cropped after the resize. `None` for any ordinary picture.
fn without_ends(picture: &Picture, size: u32) -> Result<Option<Picture>, ImagingError> {
    let (width, height) = (picture.width(), picture.height());
    let short = width.min(height);
    let most = (u64::from(short) * LONGEST / u64::from(size)).max(u64::from(short)) as u32;
    if width.max(height) <= most {
        return Ok(None);
    }
    let cut = |side: u32| if side > most { ((side - most) / 2, most) } else { (0, side) };
    let ((x, width), (y, height)) = (cut(width), cut(height));
    picture.crop(x, y, width, height).map(Some)
}

/// The size of a picture whose longer side is brought to `size`, before it is padded.
pub(crate) fn pad_to(width: u32, height: u32, size: u32) -> (u32, u32) {
    // timm's ResizeKeepRatio in double precision, rounded half to even as Python rounds.
    let ratio = f64::from(width.max(height)) / f64::from(size);
    let side = |side: u32| ((f64::from(side) / ratio).round_ties_even() as u32).clamp(1, size);
    (side(width), side(height))
}

/// The picture in the middle of a square of `fill`; the odd pixel goes to the right and the bottom.
fn pad(picture: &Picture, size: u32, fill: [u8; 3]) -> Result<Picture, ImagingError> {
    let (width, height, side) = (picture.width() as usize, picture.height() as usize, size as usize);
    let (left, top) = ((side - width) / 2, (side - height) / 2);
    let mut pixels = fill.repeat(side * side);
    for (row, from) in picture.pixels().chunks_exact(3 * width).enumerate() {
        let start = 3 * ((top + row) * side + left);
        pixels[start..start + 3 * width].copy_from_slice(from);
    }
    Picture::new(size, size, pixels)
}
