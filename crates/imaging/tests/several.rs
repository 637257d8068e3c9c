//! How often a photo of one piece is taken for one of several: on the demo's photos and shoppers' pictures, all of which show one.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // a test that cannot go on should say where

mod common;

use common::looked_at;
use imaging::{Interpolation, Picture, pieces_in};

fn pieces(picture: &Picture) -> usize {
    let small = looked_at(picture);
    pieces_in(small.pixels(), small.width(), small.height()).len()
}

#[test]
fn one_piece_is_hardly_ever_taken_for_several() {
    // Of all 1,431 photos there are 5; a third of them is enough to notice that there are more.
    for (folder, step, most) in [("photos", 3, 0.02), ("shoppers", 1, 0.0)] {
        let folder = std::env::current_dir().unwrap().join("../../demo").join(folder);
        let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let paths: Vec<_> = paths.into_iter().step_by(step).collect();
        let several: Vec<_> =
            paths.iter().filter(|path| pieces(&imaging::decode(&std::fs::read(path).unwrap()).unwrap()) > 0).collect();
        println!("{} of {} pictures taken for several pieces: {several:?}", several.len(), paths.len());
        assert!(paths.len() > 10);
        assert!(several.len() as f64 <= most * paths.len() as f64, "{several:?}");
    }
}

#[test]
fn photos_laid_side_by_side_are_told_apart() {
    // As a dealer lays out a tray: demo photos on white, side by side on one white sheet.
    let folder = std::env::current_dir().unwrap().join("../../demo/photos");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let light = |picture: &Picture| {
        let corners = [0, picture.width() as usize - 1].map(|x| &picture.pixels()[3 * x..3 * x + 3]);
        corners.iter().all(|corner| corner.iter().all(|channel| *channel > 225))
    };
    let on_white: Vec<Picture> = paths
        .iter()
        .step_by(3)
        .map(|path| imaging::decode(&std::fs::read(path).unwrap()).unwrap())
        .filter(light)
        .map(|picture| picture.resize(100, 100, Interpolation::Bilinear).unwrap())
        .take(40)
        .collect();
    let mut told = 0;
    let trays = on_white.chunks_exact(2);
    let count = trays.len();
    for tray in trays {
        let mut pixels = vec![250_u8; 3 * 256 * 160];
        for (n, picture) in tray.iter().enumerate() {
            for (row, line) in picture.pixels().chunks_exact(300).enumerate() {
                for (at, value) in line.iter().enumerate() {
                    // White as the sheet: a photo's own paper is never quite.
                    let lifted = u32::from(*value) * 250 / 236;
                    pixels[3 * ((30 + row) * 256 + 14 + n * 126) + at] = lifted.min(250) as u8;
                }
            }
        }
        told += usize::from(pieces_in(&pixels, 256, 160).len() == 2);
    }
    println!("{told} of {count} trays of two told apart");
    assert!(count >= 8 && told * 10 >= count * 7, "{told} of {count}");
}
