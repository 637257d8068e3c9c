//! Pixels as they come from a decoder, and what can be told of them without knowing what they show: backgrounds, and runs of what stands out.

/// A part of a picture, in its pixels. It lies inside the picture and is not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The first column.
    pub x: u32,
    /// The first row.
    pub y: u32,
    /// How many columns, 1 or more.
    pub width: u32,
    /// How many rows, 1 or more.
    pub height: u32,
}

/// Largest difference of a channel, of 255, between two pixels of one and the same plain background.
pub(crate) const ALIKE: u8 = 14;
/// Smallest difference of a channel by which a pixel stands out from the background beside it.
pub(crate) const INK: u8 = 18;
/// Shortest side, in pixels, of a picture that can be judged at all.
pub(crate) const LEAST_SIDE: usize = 24;
/// Columns at each end of a row by which its background is told.
pub(crate) const ENDS: usize = 2;

#[derive(Clone, Copy)]
pub(crate) struct Rect {
    pub(crate) left: usize,
    pub(crate) top: usize,
    pub(crate) right: usize,
    pub(crate) bottom: usize,
}

impl Rect {
    pub(crate) fn width(self) -> usize {
        self.right - self.left
    }

    pub(crate) fn height(self) -> usize {
        self.bottom - self.top
    }

    pub(crate) fn area(self) -> usize {
        self.width() * self.height()
    }
}

pub(crate) type Colour = [u8; 3];

pub(crate) struct Pixels<'a> {
    bytes: &'a [u8],
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Bytes a pixel.
    step: usize,
}

impl<'a> Pixels<'a> {
    pub(crate) fn new(bytes: &'a [u8], width: usize, height: usize) -> Option<Self> {
        let count = width.checked_mul(height).filter(|_| width.min(height) >= LEAST_SIDE)?;
        let step = [3, 4].into_iter().find(|step| count.checked_mul(*step) == Some(bytes.len()))?;
        Some(Self { bytes, width, height, step })
    }

    pub(crate) fn at(&self, x: usize, y: usize) -> Colour {
        let start = (y * self.width + x) * self.step;
        [self.bytes[start], self.bytes[start + 1], self.bytes[start + 2]]
    }

    /// The colours at both ends of a row, between two columns.
    pub(crate) fn ends(&self, y: usize, left: usize, right: usize) -> [Colour; 2 * ENDS] {
        std::array::from_fn(|n| self.at(if n < ENDS { left + n } else { right - 1 - (n - ENDS) }, y))
    }

    /// The share of a row, 0 to 1, that has about this colour.
    pub(crate) fn share(&self, y: usize, colour: Colour) -> f32 {
        (0..self.width).filter(|x| difference(self.at(*x, y), colour) <= ALIKE).count() as f32 / self.width as f32
    }
}

/// The largest difference of a channel.
pub(crate) fn difference(one: Colour, other: Colour) -> u8 {
    (0..3).map(|channel| one[channel].abs_diff(other[channel])).max().unwrap_or_default()
}

pub(crate) fn mean(colours: &[Colour]) -> Colour {
    let count = colours.len().max(1) as u32;
    std::array::from_fn(|channel| (colours.iter().map(|colour| u32::from(colour[channel])).sum::<u32>() / count) as u8)
}

/// The one colour that the ends of a row have; `None` where they differ.
pub(crate) fn background(ends: &[Colour; 2 * ENDS]) -> Option<Colour> {
    let colour = mean(ends);
    ends.iter().all(|end| difference(*end, colour) <= ALIKE).then_some(colour)
}

/// Runs of `true`, as first and one past the last; runs with fewer than `gap` between them are one.
pub(crate) fn runs(flags: impl Iterator<Item = bool>, gap: usize) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (place, _) in flags.enumerate().filter(|(_, flag)| *flag) {
        match found.last_mut() {
            Some(last) if place < last.1 + gap.max(1) => last.1 = place + 1,
            _ => found.push((place, place + 1)),
        }
    }
    found
}

/// The background of every row; `None` where it is not a plain one. The few rows without one of their own have the one before.
pub(crate) fn row_backgrounds(picture: &Pixels<'_>, within: Rect) -> Option<Vec<Colour>> {
    let mut found: Vec<Colour> = Vec::with_capacity(within.height());
    let mut doubtful = 0;
    for y in within.top..within.bottom {
        let own = background(&picture.ends(y, within.left, within.right));
        let before = found.last().copied();
        let gentle = own.filter(|own| before.is_none_or(|before| difference(*own, before) <= ALIKE));
        if gentle.is_none() {
            doubtful += 1;
        }
        found.push(gentle.or(before).or(own)?);
    }
    (doubtful * 50 <= within.height()).then_some(found)
}
