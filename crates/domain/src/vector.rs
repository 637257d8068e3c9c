//! An L2-normalised embedding.

use crate::limits;

/// A vector of length 1 (within rounding). Only ever compared with vectors of the same model.
#[derive(Debug, Clone, PartialEq)]
pub struct Vector(Vec<f32>);

/// Why numbers cannot be made a vector.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum VectorError {
    /// No numbers, or more than [`limits::VECTOR_DIMENSION`].
    #[error("a vector of {0} dimensions cannot be used")]
    Dimension(usize),
    /// A number is not finite, or all are zero.
    #[error("the vector has no direction (zero, or not a number)")]
    NoDirection,
    /// Vectors of different lengths were mixed.
    #[error("vectors of {0} and {1} dimensions cannot be mixed")]
    Mixed(usize, usize),
}

impl Vector {
    /// Normalises `values` to length 1.
    pub fn normalise(mut values: Vec<f32>) -> Result<Self, VectorError> {
        if values.is_empty() || values.len() > limits::VECTOR_DIMENSION {
            return Err(VectorError::Dimension(values.len()));
        }
        let length = values.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
        if !length.is_finite() || length < 1e-12 {
            return Err(VectorError::NoDirection);
        }
        values.iter_mut().for_each(|v| *v = (f64::from(*v) / length) as f32);
        Ok(Self(values))
    }

    /// The weighted sum of several vectors, normalised: how several photos, or a photo and words, become one query.
    pub fn blend(parts: &[(&Self, f32)]) -> Result<Self, VectorError> {
        let Some((first, _)) = parts.first() else { return Err(VectorError::Dimension(0)) };
        let mut sum = vec![0.0; first.0.len()];
        for (vector, weight) in parts {
            if vector.0.len() != sum.len() {
                return Err(VectorError::Mixed(sum.len(), vector.0.len()));
            }
            sum.iter_mut().zip(&vector.0).for_each(|(total, value)| *total += weight * value);
        }
        Self::normalise(sum)
    }

    /// The numbers; as many as the model has dimensions.
    pub fn as_slice(&self) -> &[f32] {
        &self.0
    }

    /// How many numbers there are.
    pub fn dimension(&self) -> usize {
        self.0.len()
    }

    /// Cosine similarity, from -1 to 1. Vectors of different lengths have none: 0.
    pub fn cosine(&self, other: &Self) -> f32 {
        if self.0.len() != other.0.len() {
            return 0.0;
        }
        self.0.iter().zip(&other.0).map(|(a, b)| a * b).sum::<f32>().clamp(-1.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_has_length_one() {
        let vector = Vector::normalise(vec![3.0, 4.0]).unwrap();
        assert_eq!(vector.as_slice(), [0.6, 0.8]);
        assert!((vector.cosine(&vector) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn numbers_without_direction_are_refused() {
        assert!(Vector::normalise(vec![]).is_err());
        assert!(Vector::normalise(vec![0.0; 4]).is_err());
        assert!(Vector::normalise(vec![f32::NAN, 1.0]).is_err());
    }

    #[test]
    fn a_blend_lies_between_its_parts() {
        let (a, b) = (Vector::normalise(vec![1.0, 0.0]).unwrap(), Vector::normalise(vec![0.0, 1.0]).unwrap());
        let even = Vector::blend(&[(&a, 0.5), (&b, 0.5)]).unwrap();
        assert!((even.cosine(&a) - even.cosine(&b)).abs() < 1e-6);
        let mostly_a = Vector::blend(&[(&a, 0.9), (&b, 0.1)]).unwrap();
        assert!(mostly_a.cosine(&a) > mostly_a.cosine(&b));
    }
}
