//! Where the results of a search end: at the gap between what is like the query and what is merely next.
//!
//! A fixed score would not do: words and pictures score on different scales, and so does every model. Two things are looked at
//! instead, both the query's own. First the gap: the widest drop between one piece and the next, if it stands out. Second what
//! likeness means for this query at all: pieces picked blindly score so much, and a piece that scores like one of them is nothing
//! that was found.

use domain::Vector;

/// However the scores lie, so many listings are shown of a search by looks: a shopper compares.
const KEPT: usize = 12;
/// A drop stands out when it is this share of the whole fall of the scores looked at,
const SHARE: f32 = 0.15;
/// and this many times the mean of the drops after it,
const TIMES: f32 = 4.0;
/// of which so many are looked at.
const AFTER: usize = 12;
/// Pieces that score less than this many standard deviations above the mean of pieces picked blindly were not found: they
/// were there. One in six scores more by chance.
const DEVIATIONS: f32 = 1.0;
/// Fewer pieces say nothing of how all of them score.
const SAMPLE_LEAST: usize = 32;

/// The score below which a piece is no more like the query than one picked blindly; `sample` are vectors of such pieces.
pub(crate) fn floor(query: &Vector, sample: &[Vector]) -> f32 {
    if sample.len() < SAMPLE_LEAST {
        return f32::NEG_INFINITY;
    }
    let scores: Vec<f32> = sample.iter().map(|vector| query.cosine(vector)).collect();
    let count = scores.len() as f32;
    let mean = scores.iter().sum::<f32>() / count;
    let variance = scores.iter().map(|score| (score - mean).powi(2)).sum::<f32>() / count;
    mean + DEVIATIONS * variance.sqrt()
}

/// How many of a ranking's listings are relevant, where that is not all of them. `scores` of the whole first part of the ranking,
/// in its order; the first `told` were found by words, and count whatever they score.
pub(crate) fn end(scores: &[f32], told: usize, floor: f32) -> Option<usize> {
    // What was found by words is enough to compare; by looks alone, some are shown whatever they score.
    let kept = if told > 0 { told } else { KEPT };
    let below = below(scores, kept, floor);
    let seen = &scores[..below.unwrap_or(scores.len())];
    let gap = if told > 0 { None } else { gap(seen, kept) };
    gap.or(below)
}

/// The first place from `kept` on whose score is below the floor.
pub(crate) fn below(scores: &[f32], kept: usize, floor: f32) -> Option<usize> {
    (kept..scores.len()).find(|place| scores[*place] < floor)
}

/// The place after the widest drop from `kept` on, if it stands out.
fn gap(scores: &[f32], kept: usize) -> Option<usize> {
    let drop = |place: usize| scores[place - 1] - scores[place];
    let widest = (kept.max(1)..scores.len()).max_by(|a, b| drop(*a).total_cmp(&drop(*b)))?;
    let fall = scores[0] - scores[scores.len() - 1];
    let after: Vec<f32> = (widest + 1..scores.len()).take(AFTER).map(drop).collect();
    // With nothing after it to compare with, a drop is just the last step down.
    if after.len() < AFTER {
        return None;
    }
    let usual = after.iter().sum::<f32>() / after.len() as f32;
    (drop(widest) >= SHARE * fall && drop(widest) >= TIMES * usual).then_some(widest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn falling(from: f32, step: f32, count: usize) -> impl Iterator<Item = f32> {
        (0..count).map(move |n| from - step * n as f32)
    }

    #[test]
    fn results_end_at_the_gap_wherever_it_lies() {
        for (high, low) in [(0.9, 0.4), (0.31, 0.22), (-0.1, -0.6)] {
            let near = falling(high, 0.0005, 20);
            let scores: Vec<f32> = near.chain(falling(low, 0.0005, 100)).collect();
            assert_eq!(end(&scores, 0, f32::NEG_INFINITY), Some(20), "{high} {low}");
        }
    }

    #[test]
    fn scores_that_fall_evenly_have_no_gap() {
        let even: Vec<f32> = falling(0.9, 0.004, 150).collect();
        assert_eq!(end(&even, 0, f32::NEG_INFINITY), None);
        // Nor is the last step down one, nor the drop behind the piece itself.
        let mut odd = even.clone();
        odd.push(-0.9);
        assert_eq!(end(&odd, 0, f32::NEG_INFINITY), None);
        let found: Vec<f32> = [0.95].into_iter().chain(falling(0.5, 0.001, 150)).collect();
        assert_eq!(end(&found, 0, f32::NEG_INFINITY), None);
    }

    #[test]
    fn results_end_where_a_blind_pick_is_as_close() {
        let even: Vec<f32> = falling(0.9, 0.01, 60).collect();
        assert_eq!(end(&even, 0, 0.605), Some(30));
        // Some are shown all the same.
        assert_eq!(end(&even, 0, 0.99), Some(KEPT));
        // What was asked for in words and found so is enough.
        let told: Vec<f32> = [0.1, 0.05].into_iter().chain(falling(0.3, 0.01, 60)).collect();
        assert_eq!(end(&told, 2, 0.5), Some(2));
        assert_eq!(end(&[0.2; 8], 0, 0.5), None);
        assert_eq!(end(&[], 0, 0.5), None);
    }

    #[test]
    fn the_floor_is_measured_on_the_query_itself() {
        let axis = |n: usize| Vector::normalise((0..8).map(|d| if d == n { 1.0 } else { 0.0 }).collect()).unwrap();
        let sample: Vec<Vector> = (0..64).map(|n| axis(n % 8)).collect();
        // One in eight is the query itself, the others are square to it: 1/8 on average, 0.33 the deviation.
        let floor = floor(&axis(0), &sample);
        assert!((floor - 0.4557).abs() < 1e-3, "{floor}");
        assert_eq!(super::floor(&axis(0), &sample[..8]), f32::NEG_INFINITY);
    }
}
