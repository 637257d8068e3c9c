//! Where in a picture the piece is: a bundle's locator, and the square that the image tower then sees instead of the whole picture.
//!
//! The locator is a small network that gives a box and how sure it is of it (the overlap with the truth that it expects). Where it is
//! less sure than the bundle asks for, the whole picture is encoded, as if there were no locator. Where the piece is small, the locator
//! may look a second time, at a square around what it found. The rule from a box to a square is the one that the towers were trained with
//! (atelier/boxes.py).

use crate::{
    EncoderError,
    manifest::LocatorInput,
    preprocess::{Preprocessor, pad_to},
    session::{Expected, Graph, Plan},
};
use imaging::{ImagingError, Picture};
use ort::{session::SessionInputValue, value::TensorElementType, value::TensorRef};
use std::{borrow::Cow, path::Path};

/// Pictures are brought to this longest side before a square is cut: no tower sees more, and a square around a ribbon of 12,000 by 1
/// pixels would take hundreds of megabytes.
const LONGEST: u32 = 2_048;

/// Where a piece is: edges as shares of the picture's width and height, 0 to 1, left < right and top < bottom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// The left edge, as a share of the width.
    pub left: f32,
    /// The upper edge, as a share of the height.
    pub top: f32,
    /// The right edge, as a share of the width.
    pub right: f32,
    /// The lower edge, as a share of the height.
    pub bottom: f32,
}

impl Area {
    /// All of a picture.
    pub const WHOLE: Self = Self { left: 0.0, top: 0.0, right: 1.0, bottom: 1.0 };

    /// An area by its left, upper, right and lower edge; `None` where they are not in order, or outside the picture.
    pub fn new([left, top, right, bottom]: [f32; 4]) -> Option<Self> {
        let inside = 0.0 <= left && left < right && right <= 1.0 && 0.0 <= top && top < bottom && bottom <= 1.0;
        inside.then_some(Self { left, top, right, bottom })
    }

    /// The longer side, in pixels, as a share of the picture's longer side.
    pub(crate) fn longer_side(self, picture: &Picture) -> f32 {
        let (width, height) = (picture.width() as f32, picture.height() as f32);
        ((self.right - self.left) * width).max((self.bottom - self.top) * height) / width.max(height)
    }

    /// The intersection of two areas of one picture over their union, from 0 to 1.
    pub fn overlap(self, other: Self) -> f32 {
        let size = |area: Self| (area.right - area.left).max(0.0) * (area.bottom - area.top).max(0.0);
        let shared = size(Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        });
        let union = size(self) + size(other) - shared;
        if union > 0.0 { shared / union } else { 0.0 }
    }
}

/// What the tower is to see of a picture.
#[derive(Debug)]
pub(crate) struct Cut {
    pub(crate) picture: Picture,
    /// Whether the locator is sure enough that it is a piece for anything to be claimed by it.
    pub(crate) piece: bool,
}

/// Where something is, and how sure the locator is that it is the piece.
#[derive(Debug, Clone, Copy)]
struct Found {
    area: Area,
    confidence: f32,
}

#[derive(Debug)]
pub(crate) struct Locator {
    graph: Graph,
    input: LocatorInput,
    preprocessor: Preprocessor,
}

impl Locator {
    pub(crate) fn load(path: &Path, input: &LocatorInput, plan: Plan<'_>) -> Result<Self, EncoderError> {
        let side = input.size as usize;
        let pixels = Expected { name: &input.input, kind: TensorElementType::Float32, shape: &[3, side, side] };
        let graph = Graph::load(path, plan, &[pixels], &[(&input.r#box, 4), (&input.confidence, 1)])?;
        let locator = Self { graph, input: input.clone(), preprocessor: Preprocessor::new(&input.as_image()) };
        locator.run(&vec![0.0; 3 * side * side])?;
        Ok(locator)
    }

    /// Where the piece is; `None` where the locator is not sure.
    pub(crate) fn area(&self, picture: &Picture) -> Result<Option<Area>, EncoderError> {
        Ok(self.found(picture)?.map(|(found, _)| found.area))
    }

    /// Where the piece is, and the picture that squares are cut out of; `None` where the locator is not sure.
    fn found<'a>(&self, picture: &'a Picture) -> Result<Option<(Found, Cow<'a, Picture>)>, EncoderError> {
        let Some(found) = self.look(picture)? else { return Ok(None) };
        let small = self.input.closer.filter(|closer| found.area.longer_side(picture) < closer.below);
        let picture = no_longer(picture).map_err(input)?;
        let Some(closer) = small else { return Ok(Some((found, picture))) };
        let square = Square::around(found.area, &picture, closer.margin);
        let nearer = self.look(&square.cut(&picture).map_err(input)?)?;
        // Where it is not sure from close by, what it saw from afar stands.
        let nearer = nearer.and_then(|Found { area, confidence }| {
            square.in_picture(area, &picture).map(|area| Found { area, confidence })
        });
        Ok(Some((nearer.unwrap_or(found), picture)))
    }

    /// Where the piece is, at one look.
    fn look(&self, picture: &Picture) -> Result<Option<Found>, EncoderError> {
        let (edges, confidence) = self.run(&self.preprocessor.tensor(picture)?)?;
        // A graph that gives nonsense is not sure of anything.
        let sure = confidence >= self.input.least_confidence && edges.iter().all(|edge| edge.is_finite());
        let area = sure.then(|| in_picture(edges, picture, self.input.size)).flatten();
        Ok(area.map(|area| Found { area, confidence }))
    }

    /// The part of the picture that the tower is to see; `None` where the locator is not sure, and it is to see all of it.
    pub(crate) fn cut(&self, picture: &Picture) -> Result<Option<Cut>, EncoderError> {
        let Some((found, picture)) = self.found(picture)? else { return Ok(None) };
        let piece = found.confidence >= self.input.piece_confidence.unwrap_or(self.input.least_confidence);
        let picture = Square::around(found.area, &picture, self.input.margin).cut(&picture).map_err(input)?;
        Ok(Some(Cut { picture, piece }))
    }

    /// The box as shares of the fitted square, and the confidence.
    fn run(&self, tensor: &[f32]) -> Result<([f32; 4], f32), EncoderError> {
        let side = i64::from(self.input.size);
        let value = TensorRef::from_array_view(([1, 3, side, side], tensor))
            .map_err(|error| EncoderError::Runtime(error.to_string()))?;
        let inputs = vec![(Cow::from(&self.input.input), SessionInputValue::from(value))];
        let outputs = self.graph.run(1, inputs, &[(&self.input.r#box, 4), (&self.input.confidence, 1)])?;
        match outputs.as_slice() {
            [edges, confidence] => match (edges.as_slice(), confidence.as_slice()) {
                ([left, top, right, bottom], [confidence]) => Ok(([*left, *top, *right, *bottom], *confidence)),
                _ => Err(EncoderError::Model("the locator gave no box".into())),
            },
            _ => Err(EncoderError::Model("the locator gave no box".into())),
        }
    }
}

/// A box in the square that the picture was fitted into, as an area of the picture; `None` where nothing of it lies in the picture.
fn in_picture(edges: [f32; 4], picture: &Picture, size: u32) -> Option<Area> {
    let (width, height) = pad_to(picture.width(), picture.height(), size);
    let across = |edge: f32, length: u32| {
        let start = ((size - length) / 2) as f32;
        ((edge * size as f32 - start) / length as f32).clamp(0.0, 1.0)
    };
    let [left, top, right, bottom] = edges;
    Area::new([across(left, width), across(top, height), across(right, width), across(bottom, height)])
}

/// A square to be cut out of a picture, in that picture's pixels; it may reach beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Square {
    left: i64,
    top: i64,
    side: u32,
}

impl Square {
    /// The square around an area, with `margin` of its longer side on every side: inside the picture where it fits, and where it does not,
    /// in the middle of that axis.
    fn around(area: Area, picture: &Picture, margin: f32) -> Self {
        let (width, height) = (picture.width() as f32, picture.height() as f32);
        let across = (area.right - area.left) * width;
        let down = (area.bottom - area.top) * height;
        let side = (across.max(down) * (1.0 + 2.0 * margin)).round().max(1.0);
        let start = |low: f32, high: f32, length: f32| {
            if side <= length {
                ((low + high) / 2.0 * length - side / 2.0).round().clamp(0.0, length - side)
            } else {
                ((length - side) / 2.0).round()
            }
        };
        let (left, top) = (start(area.left, area.right, width), start(area.top, area.bottom, height));
        Self { left: left as i64, top: top as i64, side: side as u32 }
    }

    /// What it shows; beyond the picture, its edge repeated.
    fn cut(self, picture: &Picture) -> Result<Picture, ImagingError> {
        picture.window(self.left, self.top, self.side)
    }

    /// An area of the square as one of the picture that it is cut out of; `None` where nothing of it lies in the picture.
    fn in_picture(self, area: Area, picture: &Picture) -> Option<Area> {
        let across = |share: f32, start: i64, length: u32| {
            ((share * self.side as f32 + start as f32) / length as f32).clamp(0.0, 1.0)
        };
        Area::new([
            across(area.left, self.left, picture.width()),
            across(area.top, self.top, picture.height()),
            across(area.right, self.left, picture.width()),
            across(area.bottom, self.top, picture.height()),
        ])
    }
}

/// The picture, or a smaller one where its longer side is longer than [`LONGEST`].
fn no_longer(picture: &Picture) -> Result<Cow<'_, Picture>, ImagingError> {
    let longest = picture.width().max(picture.height());
    if longest <= LONGEST {
        return Ok(Cow::Borrowed(picture));
    }
    let scaled = |side: u32| (u64::from(side) * u64::from(LONGEST) / u64::from(longest)).max(1) as u32;
    let interpolation = imaging::Interpolation::Bicubic;
    picture.resize(scaled(picture.width()), scaled(picture.height()), interpolation).map(Cow::Owned)
}

fn input(error: ImagingError) -> EncoderError {
    EncoderError::Input(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pixel says where it is.
    fn picture(width: u32, height: u32) -> Picture {
        let pixels = (0..height).flat_map(|y| (0..width).flat_map(move |x| [x as u8, y as u8, 0])).collect();
        Picture::new(width, height, pixels).unwrap()
    }

    fn cut_around(picture: &Picture, area: Area, margin: f32) -> Picture {
        let picture = no_longer(picture).unwrap();
        Square::around(area, &picture, margin).cut(&picture).unwrap()
    }

    #[test]
    fn areas_overlap_by_their_intersection_over_their_union() {
        let area = |edges| Area::new(edges).unwrap();
        let left = area([0.0, 0.0, 0.5, 1.0]);
        assert_eq!((left.overlap(left), left.overlap(Area::WHOLE), Area::WHOLE.overlap(left)), (1.0, 0.5, 0.5));
        assert_eq!(left.overlap(area([0.5, 0.0, 1.0, 1.0])), 0.0);
        // A quarter of each is shared: 1 of 7 parts.
        let (upper, lower) = (area([0.0, 0.0, 0.5, 0.5]), area([0.25, 0.25, 0.75, 0.75]));
        assert!((upper.overlap(lower) - 1.0 / 7.0).abs() < 1e-6);
        for edges in [[0.5, 0.0, 0.5, 1.0], [0.0, 0.6, 1.0, 0.4], [-0.1, 0.0, 1.0, 1.0], [0.0, 0.0, 1.0, f32::NAN]] {
            assert_eq!(Area::new(edges), None, "{edges:?}");
        }
    }

    fn corners(square: &Picture) -> [[u8; 2]; 2] {
        let at = |pixel: usize| [square.pixels()[3 * pixel], square.pixels()[3 * pixel + 1]];
        [at(0), at((square.width() * square.height()) as usize - 1)]
    }

    #[test]
    fn a_square_lies_around_the_area_with_a_margin() {
        let area = Area { left: 0.4, top: 0.3, right: 0.6, bottom: 0.7 };
        let square = cut_around(&picture(100, 100), area, 0.1);
        assert_eq!((square.width(), square.height()), (48, 48));
        assert_eq!(corners(&square), [[26, 26], [73, 73]]);
    }

    #[test]
    fn a_square_that_would_leave_the_picture_is_moved_inside() {
        let area = Area { left: 0.0, top: 0.8, right: 0.2, bottom: 1.0 };
        let square = cut_around(&picture(100, 100), area, 0.1);
        assert_eq!(corners(&square), [[0, 76], [23, 99]]);
    }

    #[test]
    fn a_square_larger_than_the_picture_repeats_its_edge() {
        let whole = Area { left: 0.0, top: 0.0, right: 1.0, bottom: 1.0 };
        let square = cut_around(&picture(20, 100), whole, 0.0);
        assert_eq!((square.width(), square.height()), (100, 100));
        assert_eq!(corners(&square), [[0, 0], [19, 99]]);
        let ribbon = cut_around(&picture(12_000, 1), whole, 0.1);
        assert!(ribbon.width() <= 2 * LONGEST);
    }

    #[test]
    fn an_area_of_a_square_is_one_of_the_picture() {
        let picture = picture(200, 100);
        let near = |found: Option<Area>, wanted: [f32; 4]| {
            let found = found.unwrap();
            let found = [found.left, found.top, found.right, found.bottom];
            let off = found.iter().zip(wanted).map(|(a, b)| (a - b).abs());
            assert!(off.fold(0.0, f32::max) < 1e-6, "{found:?}, {wanted:?}");
        };
        let square = Square { left: 50, top: 20, side: 40 };
        near(square.in_picture(Area::WHOLE, &picture), [0.25, 0.2, 0.45, 0.6]);
        near(square.in_picture(Area::new([0.5, 0.25, 1.0, 0.5]).unwrap(), &picture), [0.35, 0.3, 0.45, 0.4]);
        // What lies in the edge that goes on beyond the picture is no longer there.
        let beyond = Square { left: 0, top: -50, side: 200 };
        near(beyond.in_picture(Area::WHOLE, &picture), [0.0, 0.0, 1.0, 1.0]);
        assert_eq!(beyond.in_picture(Area::new([0.0, 0.0, 1.0, 0.2]).unwrap(), &picture), None);
    }

    #[test]
    fn a_box_in_the_fitted_square_is_one_in_the_picture() {
        // 100 x 50 in a square of 128: 128 x 64, from row 32 on.
        let area = in_picture([0.25, 0.25, 0.75, 0.75], &picture(100, 50), 128).unwrap();
        assert_eq!(area, Area { left: 0.25, top: 0.0, right: 0.75, bottom: 1.0 });
        let area = in_picture([0.0, 0.375, 0.5, 0.625], &picture(100, 50), 128).unwrap();
        assert_eq!(area, Area { left: 0.0, top: 0.25, right: 0.5, bottom: 0.75 });
        assert_eq!(in_picture([0.1, 0.0, 0.9, 0.2], &picture(100, 50), 128), None, "beside the picture");
        assert_eq!(in_picture([0.6, 0.3, 0.4, 0.7], &picture(100, 50), 128), None, "inside out");
    }
}
