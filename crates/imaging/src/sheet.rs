//! A picture to draw on, for tests.

use crate::pixels::Colour;

/// A picture to draw on, four bytes a pixel, with the noise that a shrunken JPEG has.
pub(crate) struct Sheet {
    pub(crate) pixels: Vec<u8>,
    pub(crate) width: usize,
}

impl Sheet {
    pub(crate) fn new(width: usize, height: usize, colour: impl Fn(usize, usize) -> Colour) -> Self {
        let mut sheet = Self { pixels: vec![255; 4 * width * height], width };
        sheet.fill(0, 0, width, height, colour);
        sheet
    }

    pub(crate) fn height(&self) -> usize {
        self.pixels.len() / 4 / self.width
    }

    pub(crate) fn fill(
        &mut self,
        x: usize,
        y: usize,
        width: usize,
        height: usize,
        colour: impl Fn(usize, usize) -> Colour,
    ) {
        for row in y..y + height {
            for column in x..x + width {
                let noise = ((column * 7 + row * 13) % 7) as u8;
                let start = 4 * (row * self.width + column);
                let colour = colour(column, row).map(|channel| channel.saturating_sub(noise));
                self.pixels[start..start + 3].copy_from_slice(&colour);
            }
        }
    }

    /// A photo of something: cloth, with a piece in the middle of it.
    pub(crate) fn photo(&mut self, x: usize, y: usize, width: usize, height: usize) {
        self.fill(x, y, width, height, |column, row| {
            let thread = ((column * 31 + row * 17) % 23) as u8;
            [120 + 2 * thread, 90 + thread, 60 + thread]
        });
        self.fill(x + width / 3, y + height / 3, width / 3, height / 3, |_, _| [210, 180, 90]);
    }

    /// Letters.
    pub(crate) fn words(&mut self, x: usize, y: usize, width: usize, ink: Colour) {
        for letter in (x..x + width).step_by(4) {
            self.fill(letter, y, 2, 5, |_, _| ink);
        }
    }
}
