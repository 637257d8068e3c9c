//! Exact search, by comparing with every vector: what an index's answers are judged by, and the floor for going without one.

use domain::Vector;

/// Vectors in one piece of memory, row after row.
#[derive(Debug, Clone)]
pub struct Exact {
    values: Vec<f32>,
    dimension: usize,
}

impl Exact {
    /// Copies the vectors.
    pub fn new(vectors: &[Vector]) -> Self {
        let dimension = vectors.first().map_or(1, Vector::dimension);
        Self { values: vectors.iter().flat_map(|vector| vector.as_slice().iter().copied()).collect(), dimension }
    }

    /// Bytes that a search reads.
    pub fn bytes(&self) -> usize {
        size_of_val(self.values.as_slice())
    }

    /// The rows let through by `keep` that are most like `query`, best first, at most `count`.
    pub fn search(&self, query: &Vector, count: usize, keep: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut rows: Vec<(f32, usize)> = self
            .values
            .chunks_exact(self.dimension)
            .enumerate()
            .filter(|(row, _)| keep(*row))
            .map(|(row, values)| (dot(values, query.as_slice()), row))
            .collect();
        let count = count.min(rows.len());
        if count < rows.len() {
            rows.select_nth_unstable_by(count, |a, b| b.0.total_cmp(&a.0));
        }
        rows.truncate(count);
        rows.sort_by(|a, b| b.0.total_cmp(&a.0));
        rows.into_iter().map(|(_, row)| row).collect()
    }
}

/// Sixteen sums side by side, which the compiler turns into vector instructions.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 16];
    let (a_parts, b_parts) = (a.chunks_exact(16), b.chunks_exact(16));
    let rest: f32 = a_parts.remainder().iter().zip(b_parts.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a_parts.zip(b_parts) {
        for lane in 0..16 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::synthetic::{Shape, queries, vectors};

    #[test]
    fn finds_what_a_plain_sort_finds() {
        let vectors = vectors(Shape { rows: 300, dimension: 21 }).unwrap();
        let exact = Exact::new(&vectors);
        for query in queries(&vectors, 10).unwrap() {
            let mut rows: Vec<usize> = (0..300).filter(|row| row % 3 == 0).collect();
            let score =
                |row: usize| -> f32 { vectors[row].as_slice().iter().zip(query.as_slice()).map(|(a, b)| a * b).sum() };
            rows.sort_by(|a, b| score(*b).total_cmp(&score(*a)));
            assert_eq!(exact.search(&query, 10, |row| row % 3 == 0), rows[..10]);
        }
    }
}
