//! Which part of a shopper's picture to look at: without an app's bars above and below a photo, and without uniform borders.
//!
//! Two steps, each of which takes away only what it is sure of:
//!
//! 1. **Bars.** A feed shows a photo across the whole width, between bars of one colour with a few letters and marks on them. The page's
//!    colour is the one that most rows begin and end with, flat as only a program paints it. The photo is the longest run of rows that begin or end otherwise. A side of
//!    it is believed only where the change is sharp: an all but blank row of the page just outside, hardly any of the page's colour just
//!    inside, and mostly page from there to the picture's edge.
//! 2. **Borders.** What is left may lie on a background that may change gently from row to row, as a story's does. Where nearly all
//!    rows begin and end alike and like the row before, whatever differs from that is ink, and the part is the box around the ink with a margin.
//!    In a picture as tall as a phone's, a little ink far above or below the rest, with a blank between, is the app's and left out.
//!
//! Tolerances are meant for the noise of a JPEG that was shrunk to some 256 pixels a side; there is no need to give it more. Wherever
//! something is not clear, as on a photo's own cluttered background, the answer is the whole picture: searching with too much costs some
//! accuracy, searching without the piece costs all of it.

use crate::pixels::{ALIKE, Colour, ENDS, INK, Part, Pixels, Rect, background, difference, row_backgrounds, runs};

/// Largest difference of a channel between pixels of a page that a program has painted.
const FLAT: u8 = 3;

/// The part of a picture that shows the photo; `None` where that is the whole picture, or where it is not clear.
///
/// `pixels` are rows from the top without padding, of three (red, green, blue) or four bytes (and a fourth that is not looked at).
/// A size that does not fit to the bytes is not clear either.
///
/// ```
/// // A white page with a dark square in the middle.
/// let dark = |at: usize| (16..48).contains(&at);
/// let pixels: Vec<u8> = (0..64 * 64).flat_map(|n| if dark(n % 64) && dark(n / 64) { [40; 3] } else { [255; 3] }).collect();
/// let part = imaging::photo_in(&pixels, 64, 64).unwrap();
/// assert!(part.x <= 16 && part.x > 8 && part.x + part.width >= 48 && part.width < 44);
/// ```
#[must_use]
pub fn photo_in(pixels: &[u8], width: u32, height: u32) -> Option<Part> {
    let picture = Pixels::new(pixels, width as usize, height as usize)?;
    let whole = Rect { left: 0, top: 0, right: picture.width, bottom: picture.height };
    let between = between_bars(&picture);
    let tall = picture.height * 2 >= picture.width * 3;
    // Once the bars are gone, everything that is left belongs to the photo.
    let photo = within_borders(&picture, between.unwrap_or(whole), tall && between.is_none());
    let found = photo.or(between)?;
    let enough = found.width().min(found.height()) * 8 >= picture.width.min(picture.height);
    let smaller = found.area() * 100 < whole.area() * 94;
    (enough && smaller).then(|| Part {
        x: found.left as u32,
        y: found.top as u32,
        width: found.width() as u32,
        height: found.height() as u32,
    })
}

/// The first step: the rows between the bars.
pub(crate) fn between_bars(picture: &Pixels<'_>) -> Option<Rect> {
    let ends: Vec<_> = (0..picture.height).map(|y| picture.ends(y, 0, picture.width)).collect();
    let (page, _) = painted(&ends).filter(|(_, rows)| rows * 8 >= ends.len())?;
    let of_page = |ends: &[Colour; 2 * ENDS]| ends.iter().all(|end| difference(*end, page) <= ALIKE);
    let photos = runs(ends.iter().map(|ends| !of_page(ends)), picture.height / 32);
    let longest = *photos.iter().max_by_key(|(from, to)| to - from)?;
    let length = longest.1 - longest.0;
    // Two photos of about a size: it cannot be told which is meant.
    let rival = photos.iter().any(|run| *run != longest && (run.1 - run.0) * 2 > length);
    // Nor can it of two parts, one above the other and both as flat as a page: the photo may be the other.
    let in_the_middle = longest.0 > 0 && longest.1 < picture.height;
    let flat = !in_the_middle && painted(&ends[longest.0..longest.1]).is_some_and(|(_, rows)| rows * 10 >= length * 6);
    if rival || flat || length * 5 < picture.height {
        return None;
    }
    let top = if is_bar(picture, page, longest.0, true) { longest.0 } else { 0 };
    let bottom = if is_bar(picture, page, longest.1, false) { longest.1 } else { picture.height };
    (top > 0 || bottom < picture.height).then_some(Rect { left: 0, top, right: picture.width, bottom })
}

/// The one colour that most of these rows begin and end with, flat as only a program paints it; and how many of them do.
fn painted(ends: &[[Colour; 2 * ENDS]]) -> Option<(Colour, usize)> {
    let like =
        |colour: Colour| ends.iter().filter(|row| row.iter().all(|end| difference(*end, colour) <= FLAT)).count();
    let plain = ends.iter().filter_map(background).map(|colour| (colour, like(colour)));
    plain.max_by_key(|(_, count)| *count).filter(|(_, count)| *count > 0)
}

/// Whether a bar of the page's colour ends at row `edge`, seen from the picture's edge: from the top, or from the bottom.
fn is_bar(picture: &Pixels<'_>, page: Colour, edge: usize, from_top: bool) -> bool {
    // Shrinking smears an edge over a row or two.
    const NEAR: usize = 4;
    let near = |outside: bool| {
        let above = (edge.saturating_sub(NEAR), edge);
        let below = (edge, (edge + NEAR).min(picture.height));
        let (from, to) = if outside == from_top { above } else { below };
        (from..to).map(|y| picture.share(y, page))
    };
    let bar = if from_top { 0..edge } else { edge..picture.height };
    let rows = bar.len();
    if rows < 2 {
        return false;
    }
    let mostly = bar.map(|y| picture.share(y, page)).sum::<f32>() / rows as f32;
    // On a background that changes gently the next row is never far from the page's colour.
    let inside = if from_top { edge..(edge + NEAR).min(picture.height) } else { edge.saturating_sub(NEAR)..edge };
    let mut ends = inside.flat_map(|y| picture.ends(y, 0, picture.width));
    ends.any(|end| difference(end, page) > 2 * ALIKE)
        && near(true).any(|share| share >= 0.97)
        && near(false).any(|share| share <= 0.45)
        && mostly >= 0.7
}

/// The second step: the box around what differs from the background that every row begins and ends with. `loose` says whether a little ink
/// far above or below the rest may be left out.
fn within_borders(picture: &Pixels<'_>, within: Rect, loose: bool) -> Option<Rect> {
    let rows: Vec<usize> = (within.top..within.bottom).collect();
    let backgrounds = row_backgrounds(picture, within)?;
    let ink = |x: usize, row: usize| difference(picture.at(x, rows[row]), backgrounds[row]) > INK;
    let counts: Vec<usize> =
        (0..rows.len()).map(|row| (within.left..within.right).filter(|x| ink(*x, row)).count()).collect();
    // A pixel or two may be dust.
    let inked = |count: usize| count > within.width() / 128;
    let bands = runs(counts.iter().map(|count| inked(*count)), (picture.height / 48).max(2));
    let (first, last) = main_band(&bands, &counts, within, if loose { picture.height } else { 0 })?;
    let columns: Vec<usize> =
        (within.left..within.right).filter(|x| inked((first..last).filter(|row| ink(*x, *row)).count())).collect();
    let (left, right) = (*columns.first()?, *columns.last()? + 1);
    // Room around a piece; none around a photo that ends where its border begins.
    let box_ink: usize = counts[first..last].iter().sum();
    let (across, down) = (right - left, last - first);
    let full = box_ink * 10 >= across * down * 9 && across * down * 4 >= within.area();
    let margin = if full { 0 } else { ((right - left).max(last - first) / 16).max(2) };
    Some(Rect {
        left: left.saturating_sub(margin).max(within.left),
        top: (rows[first]).saturating_sub(margin).max(within.top),
        right: (right + margin).min(within.right),
        bottom: (rows[last - 1] + 1 + margin).min(within.bottom),
    })
}

/// The rows that are meant: all from the first ink to the last, or, in a picture `height` rows tall that may have an app's marks on it,
/// without those. `height` is 0 where there are none to be left out.
fn main_band(bands: &[(usize, usize)], counts: &[usize], within: Rect, height: usize) -> Option<(usize, usize)> {
    let all = (bands.first()?.0, bands.last()?.1);
    let mass = |band: &(usize, usize)| counts[band.0..band.1].iter().sum::<usize>();
    let total: usize = bands.iter().map(mass).sum();
    let main = *bands.iter().max_by_key(|band| mass(band))?;
    // Marks are a few, low, and near the upper or lower end of the screen, with a blank between them and the rest.
    let is_mark = |band: &(usize, usize)| {
        let low = (band.1 - band.0) * 9 <= height;
        let high_up = band.1 * 4 <= within.height() && band.1 + height / 32 <= main.0;
        let far_down = band.0 * 10 >= within.height() * 7 && band.0 >= main.1 + height / 32;
        low && (high_up || far_down)
    };
    let others: Vec<&(usize, usize)> = bands.iter().filter(|band| **band != main).collect();
    let kept: Vec<&(usize, usize)> = others.iter().copied().filter(|band| !is_mark(band)).collect();
    if height == 0 || mass(&main) * 4 < total * 3 {
        return Some(all);
    }
    let first = kept.iter().map(|band| band.0).min().unwrap_or(main.0).min(main.0);
    let last = kept.iter().map(|band| band.1).max().unwrap_or(main.1).max(main.1);
    Some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Sheet;

    const W: usize = 118;
    const H: usize = 256;

    impl Sheet {
        fn part(&self) -> Option<Part> {
            photo_in(&self.pixels, self.width as u32, self.height() as u32)
        }
    }

    fn feed(page: Colour, ink: Colour) -> Sheet {
        let mut sheet = Sheet::new(W, H, |_, _| page);
        sheet.words(8, 6, 20, ink);
        sheet.words(80, 6, 24, ink);
        sheet.words(12, 62, 40, ink);
        sheet.photo(0, 74, W, 118);
        sheet.words(6, 200, 30, ink);
        sheet.words(6, 214, 80, ink);
        sheet.words(10, 244, 90, ink);
        sheet
    }

    #[test]
    fn the_bars_of_a_feed_go_and_the_photo_stays() {
        for (page, ink) in [([255; 3], [20; 3]), ([12, 12, 14], [240; 3])] {
            let part = feed(page, ink).part().unwrap();
            assert_eq!((part.x, part.width), (0, W as u32));
            assert!((72..=75).contains(&part.y), "{part:?}");
            assert!((191..=194).contains(&(part.y + part.height)), "{part:?}");
        }
    }

    #[test]
    fn a_photo_that_begins_at_the_upper_edge_loses_the_lower_bar_alone() {
        let mut sheet = Sheet::new(W, H, |_, _| [255; 3]);
        sheet.photo(0, 0, W, 150);
        sheet.words(6, 170, 80, [20; 3]);
        let part = sheet.part().unwrap();
        assert_eq!((part.x, part.y), (0, 0));
        assert!((149..=152).contains(&part.height), "{part:?}");
    }

    #[test]
    fn a_story_on_a_gentle_background_is_cut_to_its_photo() {
        let mut sheet = Sheet::new(W, H, |_, row| [150 + (row / 4) as u8, 160, 140]);
        sheet.words(8, 6, 60, [30; 3]);
        sheet.photo(10, 60, 98, 98);
        sheet.words(10, 238, 60, [30; 3]);
        let part = sheet.part().unwrap();
        assert!((8..=10).contains(&part.x) && (57..=60).contains(&part.y), "{part:?}");
        assert!(part.x + part.width >= 108 && part.x + part.width <= 111, "{part:?}");
        assert!(part.y + part.height >= 158 && part.y + part.height <= 162, "{part:?}");
    }

    #[test]
    fn a_uniform_border_goes_and_the_piece_keeps_a_margin() {
        let mut sheet = Sheet::new(200, 200, |_, _| [250, 250, 246]);
        sheet.fill(70, 90, 60, 30, |column, _| [180, 140 + (column % 5) as u8, 60]);
        let part = sheet.part().unwrap();
        assert!(part.x >= 60 && part.x <= 68 && part.x + part.width >= 132 && part.x + part.width <= 140, "{part:?}");
        assert!(part.y < 90 && part.y + part.height > 120 && part.height < 50, "{part:?}");
    }

    #[test]
    fn two_earrings_one_above_the_other_both_stay() {
        let mut sheet = Sheet::new(W, H, |_, _| [250; 3]);
        sheet.fill(40, 30, 30, 60, |_, _| [180, 140, 60]);
        sheet.fill(40, 160, 30, 60, |_, _| [180, 140, 60]);
        let part = sheet.part().unwrap();
        assert!(part.y <= 30 && part.y + part.height >= 220, "{part:?}");
    }

    #[test]
    fn a_chain_and_its_pendant_stay_together() {
        let mut sheet = Sheet::new(160, 240, |_, _| [240; 3]);
        sheet.fill(78, 10, 3, 150, |_, _| [170, 150, 90]);
        sheet.fill(60, 160, 40, 50, |_, _| [20, 90, 60]);
        let part = sheet.part().unwrap();
        assert!(part.y <= 10 && part.y + part.height >= 210, "{part:?}");
    }

    #[test]
    fn a_photo_with_its_own_background_is_searched_whole() {
        let mut cloth = Sheet::new(200, 200, |_, _| [0; 3]);
        cloth.photo(0, 0, 200, 200);
        assert_eq!(cloth.part(), None);
        // Light from one side: no row ends as it begins.
        let mut lit = Sheet::new(200, 200, |column, _| [80 + (column / 2) as u8; 3]);
        lit.fill(60, 60, 80, 80, |_, _| [200, 170, 60]);
        assert_eq!(lit.part(), None);
    }

    #[test]
    fn a_photo_that_fades_into_the_page_is_not_cut() {
        // A dark photo in a dark app: where it begins cannot be told.
        let mut sheet = Sheet::new(W, H, |_, _| [10; 3]);
        sheet.fill(0, 70, W, 120, |column, row| {
            let light = (60 - row.abs_diff(130).min(60)) + 20 - column.abs_diff(59) / 3;
            [10 + light as u8; 3]
        });
        sheet.fill(40, 90, 40, 80, |_, _| [210, 180, 90]);
        if let Some(part) = sheet.part() {
            assert!(
                part.x <= 40 && part.y <= 90 && part.x + part.width >= 80 && part.y + part.height >= 170,
                "{part:?}"
            );
        }
    }

    #[test]
    fn a_piece_on_a_painted_ground_above_a_caption_is_not_taken_for_a_bar() {
        let mut sheet = Sheet::new(W, H, |_, _| [255; 3]);
        sheet.fill(0, 0, W, 150, |_, _| [190; 3]);
        sheet.fill(40, 50, 30, 50, |column, row| [180, 100 + (column * row % 60) as u8, 60]);
        sheet.words(6, 170, 80, [20; 3]);
        let part = sheet.part().unwrap_or(Part { x: 0, y: 0, width: W as u32, height: H as u32 });
        assert!(part.x <= 40 && part.y <= 50 && part.x + part.width >= 70 && part.y + part.height >= 100, "{part:?}");
    }

    #[test]
    fn two_photos_of_a_size_are_left_for_the_shopper_to_choose() {
        let mut sheet = Sheet::new(W, H, |_, _| [255; 3]);
        sheet.photo(0, 20, W, 90);
        sheet.photo(0, 140, W, 90);
        assert!(sheet.part().is_none_or(|part| part.y <= 20 && part.y + part.height >= 229));
    }

    #[test]
    fn what_is_no_picture_is_not_clear() {
        assert_eq!(photo_in(&[], 0, 0), None);
        assert_eq!(photo_in(&[0; 30], 100, 100), None);
        assert_eq!(photo_in(&[0; 3 * 100], 10, 10), None);
        assert_eq!(photo_in(&[90; 3 * 64 * 64], 64, 64), None, "nothing on it");
        assert_eq!(photo_in(&[90; 3], u32::MAX, u32::MAX), None);
    }

    #[test]
    fn three_bytes_a_pixel_do_as_well_as_four() {
        let sheet = feed([255; 3], [20; 3]);
        let rgb: Vec<u8> = sheet.pixels.chunks_exact(4).flat_map(|pixel| pixel[..3].to_vec()).collect();
        assert_eq!(photo_in(&rgb, W as u32, H as u32), sheet.part());
    }
}
