//! Several pieces in one picture: where each of them is, so that a shopper can search for one.
//!
//! Only on a plain background, which is where dealers lay out several pieces. There, what stands out from its row's background is ink, and
//! ink that touches is one shape. Shapes whose boxes all but touch are one piece, as a pendant and its chain are, or the links between pale stones
//! on pale paper. What is left counts as a piece where it is large enough, beside the picture and beside the largest of them. Two that are alike are a pair of earrings.
//! Wherever something is not clear, no pieces are told apart, and the picture is searched as it is.

use crate::{
    pixels::{INK, Part, Pixels, Rect, difference, row_backgrounds},
    trim::between_bars,
};

/// Most pieces told apart: more are a pattern, or a heap.
const MOST: usize = 8;
/// Cells along the longer side of the grid on which shapes are told apart: ink that is nearer than a cell touches.
const CELLS: usize = 64;
/// Most cells between the boxes of shapes that are one piece.
const NEAR: usize = 3;

/// The pieces of a picture that shows several, in reading order, each with a little room around it; none where it shows one, or where it
/// is not clear. Takes pixels as [`photo_in`](crate::photo_in) does, best some 256 a side.
///
/// ```
/// // Three dark squares on a white page.
/// let dark = |x: usize, y: usize| (24..40).contains(&y) && x % 32 >= 10 && x % 32 < 24;
/// let pixels: Vec<u8> = (0..96 * 64).flat_map(|n| if dark(n % 96, n / 96) { [40; 3] } else { [255; 3] }).collect();
/// assert_eq!(imaging::pieces_in(&pixels, 96, 64).len(), 3);
/// ```
#[must_use]
pub fn pieces_in(pixels: &[u8], width: u32, height: u32) -> Vec<Part> {
    let told = || {
        let picture = Pixels::new(pixels, width as usize, height as usize)?;
        let whole = Rect { left: 0, top: 0, right: picture.width, bottom: picture.height };
        // In a story as tall as a phone an app's marks stand on the same ground as the pieces.
        let tall = picture.height * 2 >= picture.width * 3;
        let within = between_bars(&picture).or((!tall).then_some(whole))?;
        let grid = Grid::of(&picture, within)?;
        let mut shapes = one_of_each(grid.shapes());
        let largest = shapes.iter().map(|shape| shape.ink).max()?;
        shapes.retain(|shape| shape.is_piece(&grid, largest));
        join_pair(&mut shapes);
        if !(2..=MOST).contains(&shapes.len()) {
            return None;
        }
        // By rows of pieces: those whose middles are at about one height stand beside each other.
        let tallest = shapes.iter().map(|shape| shape.cells.height()).max()?.max(1);
        shapes.sort_by_key(|shape| {
            (shape.cells.top + shape.cells.bottom) / (2 * tallest) * grid.across * 2 + shape.cells.left
        });
        Some(shapes.iter().map(|shape| grid.part(shape.cells)).collect())
    };
    told().unwrap_or_default()
}

/// Where in a part of a picture there is ink, coarsely.
struct Grid {
    within: Rect,
    /// Pixels a side of a cell.
    side: usize,
    across: usize,
    /// Pixels of ink in every cell, by rows.
    ink: Vec<usize>,
}

/// Cells that touch.
#[derive(Clone, Copy)]
struct Shape {
    /// The box around it, in cells.
    cells: Rect,
    /// Its ink, in pixels.
    ink: usize,
}

impl Grid {
    /// `None` where the background is not plain.
    fn of(picture: &Pixels<'_>, within: Rect) -> Option<Self> {
        let backgrounds = row_backgrounds(picture, within)?;
        let side = within.width().max(within.height()).div_ceil(CELLS).max(1);
        let across = within.width().div_ceil(side);
        let mut ink = vec![0; across * within.height().div_ceil(side)];
        for (row, background) in backgrounds.into_iter().enumerate() {
            for column in 0..within.width() {
                if difference(picture.at(within.left + column, within.top + row), background) > INK {
                    ink[row / side * across + column / side] += 1;
                }
            }
        }
        Some(Self { within, side, across, ink })
    }

    fn down(&self) -> usize {
        self.ink.len() / self.across.max(1)
    }

    /// Everything that touches, however small; speckles of a pixel are no ink.
    fn shapes(&self) -> Vec<Shape> {
        let inked = |cell: usize| self.ink[cell] * 8 > self.side * self.side;
        let mut seen = vec![false; self.ink.len()];
        let mut found = Vec::new();
        for start in 0..self.ink.len() {
            if seen[start] || !inked(start) {
                continue;
            }
            let (x, y) = (start % self.across, start / self.across);
            let mut shape = Shape { cells: Rect { left: x, top: y, right: x + 1, bottom: y + 1 }, ink: 0 };
            let mut waiting = vec![start];
            seen[start] = true;
            while let Some(cell) = waiting.pop() {
                let (x, y) = (cell % self.across, cell / self.across);
                let Rect { left, top, right, bottom } = shape.cells;
                shape.cells =
                    Rect { left: left.min(x), top: top.min(y), right: right.max(x + 1), bottom: bottom.max(y + 1) };
                shape.ink += self.ink[cell];
                for row in y.saturating_sub(1)..(y + 2).min(self.down()) {
                    for column in x.saturating_sub(1)..(x + 2).min(self.across) {
                        let next = row * self.across + column;
                        if !seen[next] && inked(next) {
                            seen[next] = true;
                            waiting.push(next);
                        }
                    }
                }
            }
            found.push(shape);
        }
        found
    }

    /// Cells as a part of the picture, with a twelfth of the longer side as room around them.
    fn part(&self, cells: Rect) -> Part {
        let room = (cells.width().max(cells.height()) * self.side / 12).max(2);
        let left = (self.within.left + cells.left * self.side).saturating_sub(room).max(self.within.left);
        let top = (self.within.top + cells.top * self.side).saturating_sub(room).max(self.within.top);
        let right = (self.within.left + cells.right * self.side + room).min(self.within.right);
        let bottom = (self.within.top + cells.bottom * self.side + room).min(self.within.bottom);
        Part { x: left as u32, y: top as u32, width: (right - left) as u32, height: (bottom - top) as u32 }
    }
}

impl Shape {
    /// Whether it is large enough: not dust, not a letter, not a line of writing.
    fn is_piece(&self, grid: &Grid, largest: usize) -> bool {
        let whole = grid.across.max(grid.down());
        let (short, long) = (self.cells.width().min(self.cells.height()), self.cells.width().max(self.cells.height()));
        long * 10 >= whole && short * 20 >= whole && self.ink * 12 >= largest
    }

    /// Whether two are of one size and not far apart, as the two earrings of a pair are, however they lie.
    fn is_twin_of(&self, other: &Self) -> bool {
        let alike = |one: usize, other: usize| one.abs_diff(other) * 4 <= one.max(other);
        alike(self.cells.width(), other.cells.width())
            && alike(self.cells.height(), other.cells.height())
            && alike(self.ink, other.ink)
            && gap(self.cells, other.cells) <= self.cells.width().max(self.cells.height())
    }
}

/// The shapes, those near each other made one.
fn one_of_each(mut shapes: Vec<Shape>) -> Vec<Shape> {
    let mut kept: Vec<Shape> = Vec::new();
    while let Some(mut shape) = shapes.pop() {
        // Grown by one, it may be near another that was passed before.
        while let Some(place) = kept.iter().position(|other| gap(shape.cells, other.cells) <= NEAR) {
            let other = kept.swap_remove(place);
            shape = Shape { cells: around(shape.cells, other.cells), ink: shape.ink + other.ink };
        }
        kept.push(shape);
    }
    kept
}

/// Makes one of the two that are each other's only likeness: a pair of earrings is one piece.
fn join_pair(shapes: &mut Vec<Shape>) {
    let twins: Vec<(usize, usize)> = (0..shapes.len())
        .flat_map(|one| (one + 1..shapes.len()).map(move |other| (one, other)))
        .filter(|(one, other)| shapes[*one].is_twin_of(&shapes[*other]))
        .collect();
    if let [(one, other)] = twins[..] {
        let joined = around(shapes[one].cells, shapes[other].cells);
        // Something else between them: not laid out as a pair.
        let apart =
            shapes.iter().enumerate().all(|(n, shape)| n == one || n == other || shared(shape.cells, joined) == 0);
        if apart {
            let second = shapes.remove(other);
            shapes[one].cells = joined;
            shapes[one].ink += second.ink;
        }
    }
}

fn around(one: Rect, other: Rect) -> Rect {
    Rect {
        left: one.left.min(other.left),
        top: one.top.min(other.top),
        right: one.right.max(other.right),
        bottom: one.bottom.max(other.bottom),
    }
}

/// Cells between two boxes, across or down, whichever are more; none where they overlap.
fn gap(one: Rect, other: Rect) -> usize {
    let across = one.left.max(other.left).saturating_sub(one.right.min(other.right));
    let down = one.top.max(other.top).saturating_sub(one.bottom.min(other.bottom));
    across.max(down)
}

/// Cells in both.
fn shared(one: Rect, other: Rect) -> usize {
    let across = one.right.min(other.right).saturating_sub(one.left.max(other.left));
    let down = one.bottom.min(other.bottom).saturating_sub(one.top.max(other.top));
    across * down
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Sheet;

    const GOLD: [u8; 3] = [190, 150, 70];

    fn page() -> Sheet {
        Sheet::new(256, 200, |_, row| [236 - (row / 20) as u8; 3])
    }

    fn pieces(sheet: &Sheet) -> Vec<[u32; 4]> {
        let found = pieces_in(&sheet.pixels, sheet.width as u32, sheet.height() as u32);
        found.iter().map(|part| [part.x, part.y, part.x + part.width, part.y + part.height]).collect()
    }

    #[test]
    fn each_piece_has_its_box_in_reading_order() {
        let mut sheet = page();
        let boxes = [[30, 24, 70, 70], [150, 20, 220, 60], [40, 120, 60, 180], [130, 130, 230, 160]];
        for [left, top, right, bottom] in boxes {
            sheet.fill(left, top, right - left, bottom - top, |_, _| GOLD);
        }
        let found = pieces(&sheet);
        assert_eq!(found.len(), 4, "{found:?}");
        for (found, drawn) in found.iter().zip(boxes) {
            let drawn = drawn.map(|edge| edge as u32);
            assert!(found[0] <= drawn[0] && found[1] <= drawn[1] && found[2] >= drawn[2] && found[3] >= drawn[3]);
            assert!(drawn[0] - found[0] < 16 && found[2] - drawn[2] < 16, "{found:?} around {drawn:?}");
        }
    }

    #[test]
    fn one_piece_is_not_several() {
        let mut ring = page();
        ring.fill(
            90,
            60,
            70,
            70,
            |x, y| if (104..146).contains(&x) && (74..116).contains(&y) { [230; 3] } else { GOLD },
        );
        ring.fill(120, 90, 8, 8, |_, _| [60, 20, 90]);
        assert!(pieces(&ring).is_empty());
        // A chain laid in an arc around its pendant, which does not touch it.
        let mut necklace = page();
        necklace.fill(40, 20, 170, 6, |_, _| GOLD);
        necklace.fill(40, 20, 6, 140, |_, _| GOLD);
        necklace.fill(204, 20, 6, 140, |_, _| GOLD);
        necklace.fill(100, 120, 40, 40, |_, _| [60, 20, 90]);
        assert!(pieces(&necklace).is_empty());
    }

    #[test]
    fn a_pair_of_earrings_is_one_piece_and_beside_a_ring_one_of_two() {
        let mut sheet = page();
        sheet.fill(40, 40, 22, 60, |_, _| GOLD);
        sheet.fill(90, 40, 22, 60, |_, _| GOLD);
        assert!(pieces(&sheet).is_empty());
        let mut slanted = page();
        slanted.fill(40, 30, 24, 60, |_, _| GOLD);
        slanted.fill(100, 70, 20, 66, |_, _| GOLD);
        assert!(pieces(&slanted).is_empty());
        sheet.fill(170, 120, 60, 50, |_, _| [120, 120, 130]);
        let found = pieces(&sheet);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0][0] <= 40 && found[0][2] >= 112, "{found:?}");
    }

    #[test]
    fn rings_of_one_size_in_a_row_are_several() {
        let mut sheet = page();
        for x in [20, 90, 160] {
            sheet.fill(x, 70, 50, 50, |_, _| GOLD);
        }
        assert_eq!(pieces(&sheet).len(), 3);
    }

    #[test]
    fn dust_letters_and_writing_are_no_pieces() {
        let mut sheet = page();
        sheet.fill(80, 40, 90, 90, |_, _| GOLD);
        sheet.fill(20, 20, 4, 4, |_, _| [40; 3]);
        sheet.words(30, 170, 190, [20; 3]);
        assert!(pieces(&sheet).is_empty());
    }

    #[test]
    fn on_cloth_and_in_what_is_no_picture_nothing_is_told_apart() {
        let mut cloth = Sheet::new(200, 200, |_, _| [0; 3]);
        cloth.photo(0, 0, 200, 200);
        assert!(pieces(&cloth).is_empty());
        assert!(pieces_in(&[], 0, 0).is_empty());
        assert!(pieces_in(&[90; 3], u32::MAX, u32::MAX).is_empty());
        let noise: Vec<u8> = (0..3 * 128 * 128_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        assert!(pieces_in(&noise, 128, 128).is_empty());
    }

    #[test]
    fn between_an_apps_bars_pieces_are_told_apart_as_well() {
        let mut sheet = Sheet::new(118, 256, |_, _| [255; 3]);
        sheet.words(8, 6, 20, [20; 3]);
        sheet.fill(0, 60, 118, 110, |_, _| [60, 60, 66]);
        sheet.fill(20, 90, 26, 26, |_, _| GOLD);
        sheet.fill(66, 120, 40, 20, |_, _| GOLD);
        sheet.words(6, 214, 80, [20; 3]);
        assert_eq!(pieces(&sheet).len(), 2);
    }
}
