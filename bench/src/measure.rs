//! Times of single calls, and what is said about them.

use std::time::Duration;

/// Times of many calls.
#[derive(Debug, Clone, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Adds one call's.
    pub fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// The time that `share` (0 to 1) of the calls did not exceed, in milliseconds; 0 where there was no call.
    pub fn percentile(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort();
        let last = sorted.len().saturating_sub(1);
        let place = (share * last as f64).round() as usize;
        sorted.get(place.min(last)).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_sorted_times() {
        let mut times = Times::default();
        assert_eq!(times.percentile(0.5), 0.0);
        for milliseconds in [5, 1, 4, 2, 3] {
            times.add(Duration::from_millis(milliseconds));
        }
        assert_eq!([0.0, 0.5, 1.0].map(|share| times.percentile(share)), [1.0, 3.0, 5.0]);
    }
}
