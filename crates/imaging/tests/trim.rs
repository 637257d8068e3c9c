//! The part that is proposed of the demo's shoppers' pictures: what it leaves out, and that it leaves nothing of the piece out.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // a test that cannot go on should say where

mod common;

use common::looked_at;
use imaging::{Picture, photo_in};
use serde::Deserialize;

/// A line of demo/queries.jsonl: its pictures, and where in each of them the piece is: left, top, right, bottom as shares of the picture.
#[derive(Deserialize)]
struct Query {
    kind: String,
    photos: Vec<String>,
    boxes: Vec<[f64; 4]>,
}

/// How far, as a share of the picture, a proposal may reach into a piece's box: a pixel of the copy that is looked at, and its neighbour.
const A_HAIR: f64 = 0.008;

/// As the browser does it.
fn proposed(picture: &Picture) -> [f64; 4] {
    let small = looked_at(picture);
    let (width, height) = (small.width(), small.height());
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
    let folder = std::env::current_dir().unwrap().join("../../demo");
    let Ok(queries) = std::fs::read_to_string(folder.join("queries.jsonl")) else {
        println!("demo/queries.jsonl is not in this checkout");
        return;
    };
    let queries: Vec<Query> = queries.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (mut screenshots, mut trimmed, mut cut) = (0, 0, Vec::new());
    for query in &queries {
        assert_eq!(query.photos.len(), query.boxes.len());
        for (name, piece) in query.photos.iter().zip(&query.boxes) {
            let part = proposed(&imaging::decode(&std::fs::read(folder.join(name)).unwrap()).unwrap());
            let area = (part[2] - part[0]) * (part[3] - part[1]);
            println!("{name}: {part:.2?}, {:.0} % of the picture", 100.0 * area);
            let inside = part[0] <= piece[0] + A_HAIR
                && part[1] <= piece[1] + A_HAIR
                && part[2] >= piece[2] - A_HAIR
                && part[3] >= piece[3] - A_HAIR;
            if !inside {
                cut.push(format!("{name}: {part:.2?} cuts the piece at {piece:.2?}"));
            }
            if query.kind == "screenshot" {
                screenshots += 1;
                trimmed += usize::from(area < 0.7);
            }
        }
    }
    println!("{trimmed} of {screenshots} screenshots trimmed");
    assert!(cut.is_empty(), "{cut:#?}");
    assert!(screenshots > 10 && trimmed * 4 >= screenshots * 3, "{trimmed} of {screenshots} screenshots were trimmed");
}
