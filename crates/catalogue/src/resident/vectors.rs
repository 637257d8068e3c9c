//! Vectors in memory, twice: a byte a number to look through, and the table's own numbers to rank by.
//!
//! Every search reads all of the bytes, a quarter of the numbers', since the speed of memory is what bounds a scan.

use domain::Vector;
use lance_linalg::distance::dot_u8::dot_u8;

/// The code of nought, and how far from it that of a vector's largest number is.
const NOUGHT: f32 = 128.0;
const LARGEST: f32 = 127.0;

/// A vector in a byte a number. The products of two vectors' numbers then sum up to those of their codes, less what the codes are away from
/// nought: `scale * scale * (sum of products - 128 * sum - 128 * sum + 128 * 128 * dimension)`.
#[derive(Debug)]
pub(super) struct Coded {
    codes: Vec<u8>,
    /// The codes' sum.
    sum: f32,
    /// What a code's distance from nought is multiplied with to give the number.
    scale: f32,
}

impl Coded {
    pub(super) fn new(vector: &Vector) -> Self {
        let numbers = vector.as_slice();
        let most = numbers.iter().fold(f32::MIN_POSITIVE, |most, number| most.max(number.abs()));
        // From 1 to 255: what is cast is within a byte.
        let code = |number: &f32| (NOUGHT + (number * (LARGEST / most)).round()) as u8;
        let codes: Vec<u8> = numbers.iter().map(code).collect();
        Self { sum: codes.iter().map(|code| f32::from(*code)).sum(), codes, scale: most / LARGEST }
    }
}

/// Vectors of one dimension, row after row.
#[derive(Debug)]
pub(super) struct Vectors {
    dimension: usize,
    codes: Vec<u8>,
    /// Of each row's codes.
    sums: Vec<f32>,
    scales: Vec<f32>,
    exact: Vec<f32>,
}

impl Vectors {
    pub(super) fn new(dimension: usize, rows: usize) -> Self {
        let numbers = rows.saturating_mul(dimension);
        Self {
            dimension,
            codes: Vec::with_capacity(numbers),
            sums: Vec::with_capacity(rows),
            scales: Vec::with_capacity(rows),
            exact: Vec::with_capacity(numbers),
        }
    }

    pub(super) fn push(&mut self, vector: &Vector) {
        let coded = Coded::new(vector);
        self.codes.extend(coded.codes);
        self.sums.push(coded.sum);
        self.scales.push(coded.scale);
        self.exact.extend_from_slice(vector.as_slice());
    }

    /// About the cosine of a row with a query, within some 0.002.
    pub(super) fn about(&self, row: usize, query: &Coded) -> f32 {
        let codes = &self.codes[row * self.dimension..][..self.dimension];
        // At most 255 * 255 * 4,096, so that nothing is lost to wrapping; f32 rounds it by less than the codes did.
        let products = dot_u8(codes, &query.codes) as f32;
        let away = NOUGHT * NOUGHT * self.dimension as f32 - NOUGHT * (self.sums[row] + query.sum);
        (products + away) * self.scales[row] * query.scale
    }

    /// The cosine.
    pub(super) fn exactly(&self, row: usize, query: &Vector) -> f32 {
        let numbers = &self.exact[row * self.dimension..][..self.dimension];
        numbers.iter().zip(query.as_slice()).map(|(a, b)| a * b).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{DIMENSION, vector},
        *,
    };

    #[test]
    fn a_byte_a_number_tells_the_cosine_within_little() {
        let mut vectors = Vectors::new(DIMENSION, 50);
        (0..50).for_each(|seed| vectors.push(&vector(seed)));
        for row in 0..50 {
            assert!((vectors.exactly(row, &vector(row)) - 1.0).abs() < 1e-6);
        }
        for query in 50..70 {
            let query = vector(query);
            for row in 0..50 {
                let cosine = vector(row).cosine(&query);
                assert!((vectors.about(row, &Coded::new(&query)) - cosine).abs() < 0.01);
                assert!((vectors.exactly(row, &query) - cosine).abs() < 1e-5);
            }
        }
    }
}
