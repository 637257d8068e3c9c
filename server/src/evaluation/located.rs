//! How well the locator finds the piece in the queries' pictures: the intersection over union of its box and the true one (the Jaccard index, as
//! PASCAL VOC scores boxes: Everingham et al., The PASCAL Visual Object Classes Challenge, IJCV 2010).

use super::metrics::rounded;
use encoder::Area;
use serde::Serialize;

/// What became of one picture of which it is known where its piece is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overlap {
    /// Intersection over union of the true box and the part of the picture that was searched with, from 0 to 1.
    pub iou: f64,
    /// Whether the locator was sure; if not, the whole picture was searched with.
    pub sure: bool,
}

impl Overlap {
    /// Compares the locator's answer with where the piece is.
    pub fn of(found: Option<Area>, piece: Area) -> Self {
        Self { iou: f64::from(found.unwrap_or(Area::WHOLE).overlap(piece)), sure: found.is_some() }
    }
}

/// The means over pictures.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Located {
    /// Pictures of which it is known where their piece is.
    pub pictures: usize,
    /// Mean intersection over union, from 0 to 1. A picture that was searched whole counts as a box round all of it.
    pub iou: f64,
    /// The share of pictures in which the locator was not sure, from 0 to 1.
    pub unsure: f64,
}

impl Located {
    /// The means; none of nothing.
    pub fn of(overlaps: impl IntoIterator<Item = Overlap>) -> Option<Self> {
        let (mut pictures, mut iou, mut unsure) = (0_usize, 0.0, 0_usize);
        for overlap in overlaps {
            pictures += 1;
            iou += overlap.iou;
            unsure += usize::from(!overlap.sure);
        }
        let share = |sum: f64| rounded(sum / pictures as f64, 4);
        (pictures > 0).then(|| Self { pictures, iou: share(iou), unsure: share(unsure as f64) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unsure_locator_is_judged_by_the_whole_picture() {
        let left_half = Area::new([0.0, 0.0, 0.5, 1.0]).unwrap();
        let sure = Overlap::of(Some(left_half), left_half);
        assert_eq!(sure, Overlap { iou: 1.0, sure: true });
        let unsure = Overlap::of(None, left_half);
        assert_eq!(unsure, Overlap { iou: 0.5, sure: false });
        assert_eq!(Located::of([sure, unsure]), Some(Located { pictures: 2, iou: 0.75, unsure: 0.5 }));
        assert_eq!(Located::of([]), None);
    }
}
