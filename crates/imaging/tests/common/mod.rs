//! What tests of what a shopper's picture shows share.

use imaging::{Interpolation, Picture};

/// The copy of at most 256 pixels a side that the browser looks at.
pub fn looked_at(picture: &Picture) -> Picture {
    let longest = f64::from(picture.width().max(picture.height()));
    let side = |side: u32| (f64::from(side) * 256.0 / longest).round() as u32;
    picture.resize(side(picture.width()), side(picture.height()), Interpolation::Bilinear).unwrap()
}
