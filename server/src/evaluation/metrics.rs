//! Recall, reciprocal rank, average precision and percentiles, as information retrieval defines them
//! (Manning, Raghavan, Schütze: Introduction to Information Retrieval, chapter 8).

use super::located::{Located, Overlap};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};

/// Depths at which recall is told.
pub const DEPTHS: [usize; 3] = [1, 5, 10];
/// Depths at which precision is told.
pub const PRECISION_DEPTHS: [usize; 2] = [1, 10];

/// What one query found.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The query's kind.
    pub kind: String,
    /// Listings found, best first.
    pub found: Vec<String>,
    /// Their scores (cosine similarities), in the same order.
    pub scores: Vec<f32>,
    /// Listings that should be found; at least one, no repeats.
    pub relevant: Vec<String>,
    /// How long the search took, in milliseconds.
    pub milliseconds: f64,
    /// How well the piece was located in its pictures, as far as it is known where it is.
    pub overlaps: Vec<Overlap>,
}

impl Outcome {
    /// The place of the best relevant listing, from 1; none where none was found.
    pub fn first_place(&self) -> Option<usize> {
        self.found.iter().position(|id| self.relevant.contains(id)).map(|index| index + 1)
    }

    /// The highest score of a relevant listing and of another one, as far as there are any.
    pub fn best_scores(&self) -> (Option<f32>, Option<f32>) {
        let scored = || self.found.iter().zip(self.scores.iter().copied());
        let best = |relevant| {
            scored().filter(|(id, _)| self.relevant.contains(id) == relevant).map(|(_, score)| score).reduce(f32::max)
        };
        (best(true), best(false))
    }

    /// The share of the relevant listings among the first `depth`, from 0 to 1.
    pub fn recall(&self, depth: usize) -> f64 {
        let hits = self.found.iter().take(depth).filter(|id| self.relevant.contains(*id)).count();
        hits as f64 / self.relevant.len() as f64
    }

    /// The relevant listings among the first `depth`, as a share of `depth`, from 0 to 1: places left empty count against it.
    pub fn precision(&self, depth: usize) -> f64 {
        let hits = self.found.iter().take(depth).filter(|id| self.relevant.contains(*id)).count();
        hits as f64 / depth.max(1) as f64
    }

    /// 1 / the place of the best relevant listing; 0 where none was found.
    pub fn reciprocal_rank(&self) -> f64 {
        self.first_place().map_or(0.0, |place| 1.0 / place as f64)
    }

    /// The mean, over the relevant listings, of the precision at the place where each was found; 0 for one not found.
    pub fn average_precision(&self) -> f64 {
        let relevant: HashSet<&String> = self.relevant.iter().collect();
        let mut hits = 0.0;
        let mut sum = 0.0;
        for (index, id) in self.found.iter().enumerate() {
            if relevant.contains(id) {
                hits += 1.0;
                sum += hits / (index + 1) as f64;
            }
        }
        sum / relevant.len() as f64
    }
}

/// Percentiles of the time that a search takes, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Latency {
    /// Half of the searches take no longer.
    pub p50: f64,
    /// 95 in a hundred.
    pub p95: f64,
    /// 99 in a hundred.
    pub p99: f64,
}

/// The figures of a set of queries, each the mean over its queries.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// How many queries.
    pub queries: usize,
    /// Recall by depth.
    pub recall: BTreeMap<usize, f64>,
    /// Precision by depth. Where one listing is relevant, that at 10 is 0.1 at most.
    pub precision: BTreeMap<usize, f64>,
    /// Mean reciprocal rank.
    pub mrr: f64,
    /// Mean average precision.
    pub map: f64,
    /// How long the searches took.
    pub latency_ms: Latency,
    /// How well pieces were located in the pictures; none where the queries do not say where they are, or pictures are searched whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locator: Option<Located>,
}

/// The figures of all queries, and of each kind of query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Over all queries.
    #[serde(flatten)]
    pub overall: Figures,
    /// Per kind.
    pub kinds: BTreeMap<String, Figures>,
}

impl Evaluation {
    /// The figures of these outcomes; none where there are none.
    pub fn of(outcomes: &[Outcome]) -> Option<Self> {
        let mut kinds: BTreeMap<String, Vec<&Outcome>> = BTreeMap::new();
        for outcome in outcomes {
            kinds.entry(outcome.kind.clone()).or_default().push(outcome);
        }
        Some(Self {
            overall: figures(&outcomes.iter().collect::<Vec<_>>())?,
            kinds: kinds.into_iter().filter_map(|(kind, outcomes)| Some((kind, figures(&outcomes)?))).collect(),
        })
    }
}

fn figures(outcomes: &[&Outcome]) -> Option<Figures> {
    if outcomes.is_empty() {
        return None;
    }
    let mean = |value: &dyn Fn(&Outcome) -> f64| outcomes.iter().map(|o| value(o)).sum::<f64>() / outcomes.len() as f64;
    let mut times: Vec<f64> = outcomes.iter().map(|outcome| outcome.milliseconds).collect();
    times.sort_by(f64::total_cmp);
    Some(Figures {
        queries: outcomes.len(),
        recall: DEPTHS.iter().map(|depth| (*depth, rounded(mean(&|o| o.recall(*depth)), 4))).collect(),
        precision: PRECISION_DEPTHS.iter().map(|depth| (*depth, rounded(mean(&|o| o.precision(*depth)), 4))).collect(),
        mrr: rounded(mean(&Outcome::reciprocal_rank), 4),
        map: rounded(mean(&Outcome::average_precision), 4),
        latency_ms: Latency {
            p50: rounded(percentile(&times, 50.0), 2),
            p95: rounded(percentile(&times, 95.0), 2),
            p99: rounded(percentile(&times, 99.0), 2),
        },
        locator: Located::of(outcomes.iter().flat_map(|outcome| outcome.overlaps.iter().copied())),
    })
}

/// The nearest-rank percentile of sorted values: the smallest that at least `percent` in a hundred do not exceed.
fn percentile(sorted: &[f64], percent: f64) -> f64 {
    let rank = (percent / 100.0 * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied().unwrap_or_default()
}

pub(super) fn rounded(value: f64, places: i32) -> f64 {
    let unit = 10f64.powi(places);
    (value * unit).round() / unit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(found: &[&str], relevant: &[&str]) -> Outcome {
        let own = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        let scores = (0..found.len()).map(|place| 0.9 - place as f32 / 10.0).collect();
        let (found, relevant) = (own(found), own(relevant));
        Outcome { kind: "photo".into(), found, scores, relevant, milliseconds: 1.0, overlaps: vec![] }
    }

    #[test]
    fn a_piece_found_first_scores_one_everywhere() {
        let outcome = outcome(&["a", "b", "c"], &["a"]);
        assert_eq!((outcome.recall(1), outcome.reciprocal_rank(), outcome.average_precision()), (1.0, 1.0, 1.0));
    }

    #[test]
    fn a_piece_not_found_scores_nothing() {
        let outcome = outcome(&["b", "c"], &["a"]);
        assert_eq!((outcome.recall(10), outcome.reciprocal_rank(), outcome.average_precision()), (0.0, 0.0, 0.0));
        assert_eq!(outcome.first_place(), None);
    }

    #[test]
    fn the_textbooks_example() {
        // Relevant at places 1, 3 and 6 of 10, with 4 relevant in all: (1/1 + 2/3 + 3/6) / 4.
        let found = ["r1", "n", "r2", "n2", "n3", "r3", "n4", "n5", "n6", "n7"];
        let outcome = outcome(&found, &["r1", "r2", "r3", "r4"]);
        assert!((outcome.average_precision() - (1.0 + 2.0 / 3.0 + 0.5) / 4.0).abs() < 1e-12);
        assert_eq!(outcome.recall(1), 0.25);
        assert_eq!(outcome.recall(5), 0.5);
        assert_eq!(outcome.recall(10), 0.75);
    }

    #[test]
    fn precision_counts_empty_places() {
        let outcome = outcome(&["a", "x", "b"], &["a", "b", "c"]);
        assert_eq!((outcome.precision(1), outcome.precision(2), outcome.precision(10)), (1.0, 0.5, 0.2));
    }

    #[test]
    fn the_best_scores_are_of_the_first_right_and_the_first_wrong() {
        let first = outcome(&["a", "x", "b"], &["b", "a"]);
        assert_eq!(first.best_scores(), (Some(first.scores[0]), Some(first.scores[1])));
        assert_eq!(outcome(&["x"], &["a"]).best_scores(), (None, Some(0.9)));
        assert_eq!(outcome(&[], &["a"]).best_scores(), (None, None));
    }

    #[test]
    fn the_reciprocal_rank_is_that_of_the_best() {
        assert_eq!(outcome(&["x", "a", "b"], &["b", "a"]).reciprocal_rank(), 0.5);
    }

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let times: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!((percentile(&times, 50.0), percentile(&times, 95.0), percentile(&times, 99.0)), (50.0, 95.0, 99.0));
        assert_eq!(percentile(&[7.0], 99.0), 7.0);
        assert_eq!(percentile(&[1.0, 2.0], 50.0), 1.0);
    }

    #[test]
    fn the_json_is_that_of_the_design() {
        let mut screenshot = outcome(&["a"], &["a"]);
        screenshot.kind = "screenshot".into();
        screenshot.overlaps = vec![Overlap { iou: 0.9, sure: true }, Overlap { iou: 0.5, sure: true }];
        let evaluation = Evaluation::of(&[screenshot, outcome(&["b"], &["a"])]).unwrap();
        let json = serde_json::to_value(&evaluation).unwrap();
        assert_eq!(json["queries"], 2);
        assert_eq!(json["recall"], serde_json::json!({"1": 0.5, "5": 0.5, "10": 0.5}));
        assert_eq!(json["precision"], serde_json::json!({"1": 0.5, "10": 0.05}));
        assert_eq!(json["kinds"]["screenshot"]["mrr"], 1.0);
        assert_eq!(json["kinds"]["photo"]["map"], 0.0);
        assert_eq!(json["locator"], serde_json::json!({"pictures": 2, "iou": 0.7, "unsure": 0.0}));
        assert!(json["kinds"]["photo"].get("locator").is_none());
        assert!(json["latency_ms"]["p99"].is_number());
        assert!(Evaluation::of(&[]).is_none());
    }
}
