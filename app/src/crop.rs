//! The part of a shopper's picture that is searched, and what dragging, pinching and the arrow keys make of it. Plain geometry: the
//! browser's events are in `browser/crop.rs`.

/// A part of a picture: its edges as shares of the picture's width and height, 0 to 1. Never smaller than [`LEAST`] a side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// The left edge.
    pub left: f64,
    /// The upper edge.
    pub top: f64,
    /// The right edge.
    pub right: f64,
    /// The lower edge.
    pub bottom: f64,
}

/// Shortest side of an area, as a share of the picture's.
pub const LEAST: f64 = 0.08;
/// How far one press of a key goes, as a share of the picture.
const STEP: f64 = 0.02;

/// What of a box is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grip {
    /// The box itself: it is moved.
    Inside,
    /// Some of its edges: [`LEFT`], [`TOP`], [`RIGHT`], [`BOTTOM`], added up.
    Edges(u8),
    /// None of it: a new box is drawn from where the finger came down.
    Outside,
}

/// The left edge of a [`Grip`].
pub const LEFT: u8 = 1;
/// The upper edge of a [`Grip`].
pub const TOP: u8 = 2;
/// The right edge of a [`Grip`].
pub const RIGHT: u8 = 4;
/// The lower edge of a [`Grip`].
pub const BOTTOM: u8 = 8;

/// A point, as shares of the picture's width and height.
pub type Point = (f64, f64);

impl Area {
    /// All of the picture.
    pub const WHOLE: Self = Self { left: 0.0, top: 0.0, right: 1.0, bottom: 1.0 };

    /// An area between two edges each way, brought into the picture and to the least size.
    pub fn new(left: f64, top: f64, right: f64, bottom: f64) -> Self {
        let (left, right) = stretch(left, right);
        let (top, bottom) = stretch(top, bottom);
        Self { left, top, right, bottom }
    }

    /// Its width.
    pub fn width(self) -> f64 {
        self.right - self.left
    }

    /// Its height.
    pub fn height(self) -> f64 {
        self.bottom - self.top
    }

    /// Whether it is all of the picture.
    pub fn is_whole(self) -> bool {
        self == Self::WHOLE
    }

    /// The area moved, as far as the picture goes.
    pub fn moved(self, across: f64, down: f64) -> Self {
        let across = across.clamp(-self.left, 1.0 - self.right);
        let down = down.clamp(-self.top, 1.0 - self.bottom);
        let Self { left, top, right, bottom } = self;
        Self { left: left + across, top: top + down, right: right + across, bottom: bottom + down }
    }

    /// The area after what is held of it went from one point to another.
    pub fn dragged(self, grip: Grip, from: Point, to: Point) -> Self {
        let (across, down) = (to.0 - from.0, to.1 - from.1);
        match grip {
            Grip::Inside => self.moved(across, down),
            // A tap is no box.
            Grip::Outside if across.abs().max(down.abs()) < LEAST / 2.0 => self,
            Grip::Outside => Self::new(from.0.min(to.0), from.1.min(to.1), from.0.max(to.0), from.1.max(to.1)),
            Grip::Edges(held) => {
                let low = |edge: f64, held: bool, by: f64, other: f64| {
                    if held { (edge + by).clamp(0.0, (other - LEAST).max(0.0)) } else { edge }
                };
                let high = |edge: f64, held: bool, by: f64, other: f64| {
                    if held { (edge + by).clamp((other + LEAST).min(1.0), 1.0) } else { edge }
                };
                Self {
                    left: low(self.left, held & LEFT != 0, across, self.right),
                    top: low(self.top, held & TOP != 0, down, self.bottom),
                    right: high(self.right, held & RIGHT != 0, across, self.left),
                    bottom: high(self.bottom, held & BOTTOM != 0, down, self.top),
                }
            }
        }
    }

    /// The area after two fingers on it went from one pair of points to another: it follows their middle and grows with their distance.
    pub fn pinched(self, from: [Point; 2], to: [Point; 2]) -> Self {
        let apart = |pair: [Point; 2]| (pair[0].0 - pair[1].0).hypot(pair[0].1 - pair[1].1).max(0.01);
        let middle = |pair: [Point; 2]| ((pair[0].0 + pair[1].0) / 2.0, (pair[0].1 + pair[1].1) / 2.0);
        let (before, after) = (middle(from), middle(to));
        self.grown(apart(to) / apart(from)).moved(after.0 - before.0, after.1 - before.1)
    }

    /// The area that many times as large each way, around its own middle where the picture has the room.
    pub fn grown(self, times: f64) -> Self {
        let half = |length: f64| (length * times).clamp(LEAST, 1.0) / 2.0;
        let around = |middle: f64, half: f64| middle.clamp(half, 1.0 - half);
        let (across, down) = (half(self.width()), half(self.height()));
        let x = around((self.left + self.right) / 2.0, across);
        let y = around((self.top + self.bottom) / 2.0, down);
        Self { left: x - across, top: y - down, right: x + across, bottom: y + down }
    }

    /// What a key does to it: the arrows move it, with Shift they move its right and lower edge; "+" and "-" make it larger and smaller.
    /// `None` for any other key.
    pub fn pressed(self, key: &str, shift: bool) -> Option<Self> {
        let (across, down) = match key {
            "ArrowLeft" => (-STEP, 0.0),
            "ArrowRight" => (STEP, 0.0),
            "ArrowUp" => (0.0, -STEP),
            "ArrowDown" => (0.0, STEP),
            "+" | "=" => return Some(self.grown(1.1)),
            "-" | "_" => return Some(self.grown(1.0 / 1.1)),
            _ => return None,
        };
        let grip = if shift { Grip::Edges(RIGHT | BOTTOM) } else { Grip::Inside };
        Some(self.dragged(grip, (0.0, 0.0), (across, down)))
    }

    /// In words, for those who listen: "60 % wide, 40 % high, 20 % from the left, 10 % from the top".
    pub fn in_words(self) -> String {
        if self.is_whole() {
            return "The whole picture".into();
        }
        let parts = [
            (self.width(), " % wide, "),
            (self.height(), " % high, "),
            (self.left, " % from the left, "),
            (self.top, " % from the top"),
        ];
        let mut words = String::new();
        for (share, rest) in parts {
            words.push_str(&((share * 100.0).round() as i32).to_string());
            words.push_str(rest);
        }
        words
    }
}

/// Two edges inside the picture and apart enough.
fn stretch(low: f64, high: f64) -> (f64, f64) {
    let low = low.clamp(0.0, 1.0 - LEAST);
    (low, high.clamp(low + LEAST, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIDDLE: Area = Area { left: 0.25, top: 0.25, right: 0.75, bottom: 0.75 };

    fn about(area: Area, edges: [f64; 4]) {
        let own = [area.left, area.top, area.right, area.bottom];
        assert!(own.iter().zip(edges).all(|(one, other)| (one - other).abs() < 1e-9), "{area:?} is not {edges:?}");
    }

    #[test]
    fn a_box_moves_as_far_as_the_picture_goes_and_keeps_its_size() {
        about(MIDDLE.moved(0.1, -0.1), [0.35, 0.15, 0.85, 0.65]);
        about(MIDDLE.moved(3.0, -3.0), [0.5, 0.0, 1.0, 0.5]);
        about(MIDDLE.dragged(Grip::Inside, (0.5, 0.5), (0.4, 0.6)), [0.15, 0.35, 0.65, 0.85]);
    }

    #[test]
    fn a_corner_takes_its_two_edges_along_and_never_turns_the_box_inside_out() {
        about(MIDDLE.dragged(Grip::Edges(LEFT | TOP), (0.25, 0.25), (0.1, 0.3)), [0.1, 0.3, 0.75, 0.75]);
        about(MIDDLE.dragged(Grip::Edges(RIGHT), (0.75, 0.5), (0.0, 0.0)), [0.25, 0.25, 0.25 + LEAST, 0.75]);
        about(MIDDLE.dragged(Grip::Edges(BOTTOM), (0.5, 0.75), (0.5, 9.0)), [0.25, 0.25, 0.75, 1.0]);
    }

    #[test]
    fn a_new_box_is_drawn_beside_the_old_one_and_a_tap_draws_none() {
        about(MIDDLE.dragged(Grip::Outside, (0.9, 0.2), (0.8, 0.05)), [0.8, 0.05, 0.9, 0.2]);
        assert_eq!(MIDDLE.dragged(Grip::Outside, (0.9, 0.2), (0.91, 0.2)), MIDDLE);
    }

    #[test]
    fn fingers_apart_make_it_larger_and_it_follows_them() {
        about(MIDDLE.pinched([(0.4, 0.5), (0.6, 0.5)], [(0.35, 0.5), (0.65, 0.5)]), [0.125, 0.125, 0.875, 0.875]);
        about(MIDDLE.pinched([(0.4, 0.5), (0.6, 0.5)], [(0.5, 0.5), (0.6, 0.5)]), [0.425, 0.375, 0.675, 0.625]);
        assert_eq!(MIDDLE.grown(9.0), Area::WHOLE);
        assert!((MIDDLE.grown(0.0).width() - LEAST).abs() < 1e-9);
    }

    #[test]
    fn arrows_move_and_with_shift_they_resize() {
        about(MIDDLE.pressed("ArrowLeft", false).unwrap(), [0.23, 0.25, 0.73, 0.75]);
        about(MIDDLE.pressed("ArrowDown", true).unwrap(), [0.25, 0.25, 0.75, 0.77]);
        assert!(MIDDLE.pressed("+", true).unwrap().width() > MIDDLE.width());
        assert_eq!(MIDDLE.pressed("Tab", false), None);
        assert_eq!(Area::WHOLE.pressed("ArrowRight", false), Some(Area::WHOLE));
    }

    #[test]
    fn it_can_be_said_in_words() {
        assert_eq!(
            Area::new(0.2, 0.1, 0.8, 0.5).in_words(),
            "60 % wide, 40 % high, 20 % from the left, 10 % from the top"
        );
        assert_eq!(Area::WHOLE.in_words(), "The whole picture");
    }

    #[test]
    fn an_area_is_brought_into_the_picture() {
        about(Area::new(-1.0, 0.99, 2.0, 0.99), [0.0, 1.0 - LEAST, 1.0, 1.0]);
    }
}
