//! How close a hit is, in words that the bundle's calibration stands behind.

use serde::{Deserialize, Serialize};

/// How close a hit is to the query, closest first. Never a made-up percentage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Very likely the piece itself.
    SamePiece,
    /// Very likely the same design, perhaps in another metal, stone or size.
    SameDesign,
    /// Looks like it.
    Similar,
    /// The nearest there is, but not near.
    Weak,
}

/// Cosine similarities between a query picture and a listing's photo from which a verdict is given.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PhotoThresholds {
    /// From here: [`Verdict::SamePiece`].
    pub same_piece: f32,
    /// From here: [`Verdict::SameDesign`].
    pub same_design: f32,
    /// From here: [`Verdict::Similar`]; below, [`Verdict::Weak`].
    pub similar: f32,
}

/// Cosine similarity between words and a listing's photo from which a hit is similar. Words alone claim no more.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TextThresholds {
    /// From here: [`Verdict::Similar`]; below, [`Verdict::Weak`].
    pub similar: f32,
}

/// A bundle's thresholds, measured on pieces its model never saw.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// For queries that hold a picture.
    pub photo: PhotoThresholds,
    /// For queries of words alone.
    pub text: TextThresholds,
}

impl Calibration {
    /// The verdict on a hit of a query that holds a picture. `score` is a cosine similarity.
    pub fn photo(&self, score: f32) -> Verdict {
        match score {
            s if s >= self.photo.same_piece => Verdict::SamePiece,
            s if s >= self.photo.same_design => Verdict::SameDesign,
            s if s >= self.photo.similar => Verdict::Similar,
            _ => Verdict::Weak,
        }
    }

    /// The verdict on a hit of a query whose pictures hold no piece that the model is sure of. Such pictures have a vector like any
    /// other, which may come near anything; only what is as near as the same design is taken at its word.
    pub fn unclear(&self, score: f32) -> Verdict {
        match self.photo(score) {
            Verdict::Similar => Verdict::Weak,
            verdict => verdict,
        }
    }

    /// The verdict on a hit of a query of words alone.
    pub fn text(&self, score: f32) -> Verdict {
        if score >= self.text.similar { Verdict::Similar } else { Verdict::Weak }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_follow_the_thresholds() {
        let calibration = Calibration {
            photo: PhotoThresholds { same_piece: 0.8, same_design: 0.7, similar: 0.5 },
            text: TextThresholds { similar: 0.2 },
        };
        assert_eq!(calibration.photo(0.8), Verdict::SamePiece);
        assert_eq!(calibration.photo(0.79), Verdict::SameDesign);
        assert_eq!(calibration.photo(0.5), Verdict::Similar);
        assert_eq!(calibration.photo(f32::NAN), Verdict::Weak);
        assert_eq!(calibration.unclear(0.8), Verdict::SamePiece);
        assert_eq!(calibration.unclear(0.7), Verdict::SameDesign);
        assert_eq!(calibration.unclear(0.69), Verdict::Weak);
        assert_eq!(calibration.text(0.9), Verdict::Similar);
        assert!(Verdict::SamePiece < Verdict::Weak);
    }
}
