//! How the scores of right and wrong answers lie, with the thresholds of verdicts drawn in: whether a bundle's verdicts can be
//! trusted is seen at a glance.

use std::fmt::Write;

/// Bars side by side over the range of scores.
const BARS: usize = 40;
/// Size of the drawing, in its own units.
const WIDTH: f32 = 720.0;
const HEIGHT: f32 = 200.0;
/// Below the drawing, for the numbers of the axis.
const AXIS: f32 = 24.0;
/// Above it, for the names of the thresholds.
const HEAD: f32 = 18.0;

/// Scores (cosine similarities) of queries of one kind.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Distribution {
    /// For each query that found one, the score of its best relevant listing.
    pub right: Vec<f32>,
    /// For each query, the score of its best listing that is not relevant.
    pub wrong: Vec<f32>,
    /// The verdicts and the score from which each is given.
    pub thresholds: Vec<(&'static str, f32)>,
}

impl Distribution {
    /// The lowest and highest score drawn; none where there is nothing to draw.
    fn range(&self) -> Option<(f32, f32)> {
        let scores = || self.right.iter().chain(&self.wrong).copied().filter(|score| score.is_finite());
        scores().next()?;
        let drawn = || scores().chain(self.thresholds.iter().map(|threshold| threshold.1));
        let (low, high) = drawn().fold((1.0, -1.0_f32), |(low, high): (f32, f32), s| (low.min(s), high.max(s)));
        // To whole tenths, and never a range of nothing.
        Some(((low * 10.0).floor() / 10.0, ((high * 10.0).ceil() / 10.0).max((low * 10.0).floor() / 10.0 + 0.1)))
    }

    /// An SVG drawing; none where there are no scores.
    pub fn svg(&self, name: &str) -> Option<String> {
        let (low, high) = self.range()?;
        let x = |score: f32| (score - low) / (high - low) * WIDTH;
        let (right, wrong) = (bars(&self.right, low, high), bars(&self.wrong, low, high));
        let most = right.iter().chain(&wrong).copied().fold(0.0, f32::max).max(f32::MIN_POSITIVE);
        let mut svg = format!(
            "<svg viewBox=\"0 {} {WIDTH} {}\" role=\"img\" aria-label=\"Scores of right and wrong answers, {name}\">",
            -HEAD,
            HEAD + HEIGHT + AXIS
        );
        for (class, shares) in [("wrong", &wrong), ("right", &right)] {
            for (place, share) in shares.iter().enumerate().filter(|(_, share)| **share > 0.0) {
                let (width, height) = (WIDTH / BARS as f32, share / most * HEIGHT);
                let left = place as f32 * width;
                let _ = write!(
                    svg,
                    "<rect class=\"{class}\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>",
                    HEIGHT - height
                );
            }
        }
        for (name, threshold) in &self.thresholds {
            let at = x(*threshold);
            // Words at the right edge are written to the left of their line.
            let (anchor, shift) = if at > WIDTH * 0.8 { ("end", -4.0) } else { ("start", 4.0) };
            let _ = write!(
                svg,
                "<line x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{:.1}\" y2=\"{HEIGHT}\"/>\
                 <text x=\"{:.1}\" y=\"-5\" text-anchor=\"{anchor}\">{name} {threshold:.2}</text>",
                -HEAD,
                at + shift
            );
        }
        let steps = ((high - low) * 10.0).round() as usize;
        for step in 0..=steps {
            let score = low + step as f32 / 10.0;
            let anchor = if step == 0 {
                "start"
            } else if step == steps {
                "end"
            } else {
                "middle"
            };
            let _ = write!(
                svg,
                "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"{anchor}\">{score:.1}</text>",
                x(score),
                HEIGHT + AXIS - 6.0
            );
        }
        svg.push_str("</svg>");
        Some(svg)
    }
}

/// The share of the scores in each bar.
fn bars(scores: &[f32], low: f32, high: f32) -> [f32; BARS] {
    let mut shares = [0.0; BARS];
    for score in scores.iter().filter(|score| score.is_finite()) {
        let place = ((score - low) / (high - low) * BARS as f32) as usize;
        shares[place.min(BARS - 1)] += 1.0 / scores.len() as f32;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_score_is_in_a_bar_and_every_threshold_is_drawn() {
        let distribution = Distribution {
            right: vec![0.91, 0.95, 1.0],
            wrong: vec![0.42, 0.55],
            thresholds: vec![("same piece", 0.9), ("similar", 0.5)],
        };
        assert_eq!(distribution.range(), Some((0.4, 1.0)));
        assert!((bars(&distribution.right, 0.4, 1.0).iter().sum::<f32>() - 1.0).abs() < 1e-5);
        let svg = distribution.svg("photo").unwrap();
        assert_eq!(svg.matches("<line").count(), 2);
        assert!(svg.contains("same piece 0.90") && svg.contains(">0.4<") && svg.contains(">1.0<"), "{svg}");
        assert_eq!(svg.matches("class=\"wrong\"").count(), 2);
    }

    #[test]
    fn nothing_is_drawn_of_nothing_and_equal_scores_have_a_range() {
        assert_eq!(Distribution::default().svg("photo"), None);
        let one = Distribution { right: vec![0.5], wrong: vec![], thresholds: vec![] };
        assert!(one.svg("photo").is_some_and(|svg| !svg.contains("NaN") && !svg.contains("inf")));
        let broken = Distribution { right: vec![f32::NAN], wrong: vec![], thresholds: vec![] };
        assert_eq!(broken.svg("photo"), None);
    }
}
