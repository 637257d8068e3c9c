//! A catalogue of made-up vectors that lie as a model's do: in clusters (designs), unevenly filled, with few dimensions that matter.

use anyhow::{Context, Result};
use catalogue::{Catalogue, EncodedListing, EncodedPhoto, ModelStamp};
use domain::{Listing, Vector};
use imaging::Format;
use std::path::Path;

/// Listings written at once.
const BATCH: usize = 10_000;
/// Listings of one design, on average.
const A_DESIGN: usize = 25;
/// How far the listings of a design lie from its middle, as a share of the vector's length.
const SPREAD: f32 = 0.5;

/// What to make.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Listings, each with one photo.
    pub rows: usize,
    /// Dimensions of a vector.
    pub dimension: usize,
}

/// Numbers that look random and are always the same: xorshift64*, Vigna 2016.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The numbers of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// From 0 to 1.
    pub fn share(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u64 << 24) as f32
    }

    /// Below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// Roughly normal, of variance 1: the sum of twelve even ones, less six.
    fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.share()).sum::<f32>() - 6.0
    }
}

/// A point near another: `SPREAD` of its length away in a random direction, less in the later dimensions.
fn near(middle: &[f32], dice: &mut Dice, spread: f32) -> Vec<f32> {
    let length = middle.iter().map(|v| v * v).sum::<f32>().sqrt();
    let step: Vec<f32> = (0..middle.len()).map(|place| dice.normal() * falloff(place, middle.len())).collect();
    let along = step.iter().map(|v| v * v).sum::<f32>().sqrt();
    middle.iter().zip(step).map(|(value, step)| value + step * spread * length / along).collect()
}

/// A model's dimensions are not of equal weight: these fall off to a tenth.
fn falloff(place: usize, of: usize) -> f32 {
    0.1_f32.powf(place as f32 / of as f32)
}

/// The vectors of a catalogue, the same for the same shape.
pub fn vectors(shape: Shape) -> Result<Vec<Vector>> {
    let mut dice = Dice::new(7);
    let designs: Vec<Vec<f32>> = (0..(shape.rows / A_DESIGN).max(1))
        .map(|_| (0..shape.dimension).map(|place| dice.normal() * falloff(place, shape.dimension)).collect())
        .collect();
    (0..shape.rows)
        .map(|_| {
            // The square makes some designs common and most rare.
            let design = (dice.share().powi(2) * designs.len() as f32) as usize;
            Ok(Vector::normalise(near(&designs[design.min(designs.len() - 1)], &mut dice, SPREAD))?)
        })
        .collect()
}

/// Queries: other photos of listings of the catalogue.
pub fn queries(vectors: &[Vector], count: usize) -> Result<Vec<Vector>> {
    let mut dice = Dice::new(11);
    (0..count)
        .map(|_| {
            let of = dice.below(vectors.len());
            Ok(Vector::normalise(near(vectors[of].as_slice(), &mut dice, SPREAD))?)
        })
        .collect()
}

/// The price of a listing, in whole units below 1,000: evenly spread, and nothing to do with its looks.
pub fn price(number: usize) -> usize {
    number.wrapping_mul(7_919) % 1_000
}

/// Opens the catalogue in a folder, writing and indexing it first where it is not there whole.
pub async fn catalogue(folder: &Path, shape: Shape, vectors: &[Vector]) -> Result<Catalogue> {
    let stamp = ModelStamp { id: "synthetic".into(), digest: "00".repeat(32), dimension: shape.dimension };
    let whole = folder.join("whole");
    if !whole.exists() && folder.exists() {
        std::fs::remove_dir_all(folder).with_context(|| format!("removing {}", folder.display()))?;
    }
    let catalogue = Catalogue::open(&folder.join("data"), &stamp).await?;
    if !whole.exists() {
        let media = catalogue.store_photo(b"one picture for all".to_vec(), Format::Jpeg).await?;
        for (batch, vectors) in vectors.chunks(BATCH).enumerate() {
            let encode = |(place, vector): (usize, &Vector)| {
                let photos = vec![EncodedPhoto { media: media.clone(), vector: vector.clone() }];
                Ok(EncodedListing { listing: listing(batch * BATCH + place)?, photos })
            };
            catalogue.upsert(vectors.iter().enumerate().map(encode).collect::<Result<_>>()?).await?;
        }
        catalogue.maintain().await?;
        std::fs::write(&whole, "")?;
    }
    Ok(catalogue)
}

fn listing(number: usize) -> Result<Listing> {
    let json = serde_json::json!({
        "id": format!("l-{number:06}"),
        "dealer": { "id": format!("d-{:03}", number % 400), "name": format!("Dealer {}", number % 400) },
        "title": format!("Piece {number}"),
        "description": "A piece of jewellery as a dealer would describe it, in a sentence or two of the usual length.",
        "category": (["ring", "earrings", "pendant", "brooch", "bracelet", "necklace"][number % 6]),
        "period": "Art Deco", "metals": ["platinum"], "stones": ["diamond"], "motifs": ["geometric"],
        "price": { "amount": price(number), "currency": "GBP" },
        "photos": ["a.jpg"],
    });
    Ok(serde_json::from_value::<Listing>(json)?)
}
