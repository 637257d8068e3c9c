//! The part that is proposed of the demo's shoppers' pictures: what it leaves out, and that it leaves nothing of the piece out.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // a test that cannot go on should say where

use imaging::{Interpolation, Picture, photo_in};

/// Where the piece is in demo/shoppers/001.jpg and the others after it: left, top, right, bottom in hundredths of the picture, by eye. The first
/// thirteen are screenshots, the others snapshots.
const PIECES: [[u32; 4]; 30] = [
    [24, 38, 86, 68],
    [39, 31, 68, 67],
    [24, 33, 83, 57],
    [12, 24, 87, 67],
    [21, 37, 84, 60],
    [19, 38, 80, 58],
    [15, 23, 84, 62],
    [25, 38, 67, 64],
    [15, 44, 76, 66],
    [16, 30, 85, 54],
    [29, 31, 82, 65],
    [17, 34, 89, 61],
    [12, 39, 88, 44],
    [25, 25, 80, 60],
    [10, 13, 86, 69],
    [39, 25, 69, 85],
    [28, 32, 88, 64],
    [9, 20, 79, 76],
    [17, 11, 76, 86],
    [27, 13, 75, 93],
    [17, 19, 76, 71],
    [19, 32, 86, 84],
    [37, 15, 85, 84],
    [24, 21, 82, 85],
    [18, 12, 91, 92],
    [24, 48, 82, 64],
    [36, 23, 69, 74],
    [26, 17, 82, 100],
    [24, 16, 88, 81],
    [21, 30, 80, 91],
];
const SCREENSHOTS: usize = 13;

/// As the browser does it: a look at a copy of at most 256 pixels a side.
fn proposed(picture: &Picture) -> [f64; 4] {
    let longest = f64::from(picture.width().max(picture.height()));
    let side = |side: u32| (f64::from(side) * 256.0 / longest).round() as u32;
    let (width, height) = (side(picture.width()), side(picture.height()));
    let small = picture.resize(width, height, Interpolation::Bilinear).unwrap();
    photo_in(small.pixels(), width, height).map_or([0.0, 0.0, 1.0, 1.0], |part| {
        let share = |at: u32, length: u32| f64::from(at) / f64::from(length);
        [
            share(part.x, width),
            share(part.y, height),
            share(part.x + part.width, width),
            share(part.y + part.height, height),
        ]
    })
}

#[test]
fn of_the_demos_pictures_the_proposal_keeps_the_whole_piece_and_drops_the_apps_bars() {
    let folder = std::env::current_dir().unwrap().join("../../demo/shoppers");
    if !folder.is_dir() {
        println!("demo/shoppers is not in this checkout");
        return;
    }
    let mut trimmed = 0;
    for (n, piece) in PIECES.iter().enumerate() {
        let bytes = std::fs::read(folder.join(format!("{:03}.jpg", n + 1))).unwrap();
        let part = proposed(&imaging::decode(&bytes).unwrap());
        let area = (part[2] - part[0]) * (part[3] - part[1]);
        println!("{:03}: {:.2?}, {:.0} % of the picture", n + 1, part, 100.0 * area);
        let edges = piece.map(|edge| f64::from(edge) / 100.0);
        // The boxes were drawn by eye, so a hundredth may be theirs.
        let kept = part[0] <= edges[0] + 0.015
            && part[1] <= edges[1] + 0.015
            && part[2] >= edges[2] - 0.015
            && part[3] >= edges[3] - 0.015;
        assert!(kept, "{:03}: {part:.2?} cuts the piece at {edges:.2?}", n + 1);
        if n < SCREENSHOTS && area < 0.7 {
            trimmed += 1;
        }
    }
    println!("{trimmed} of {SCREENSHOTS} screenshots trimmed");
    assert!(trimmed >= 10, "{trimmed} of {SCREENSHOTS} screenshots were trimmed");
}
