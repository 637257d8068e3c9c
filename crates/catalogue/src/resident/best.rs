//! The best of many, without sorting them all.

/// Candidates by score: block and row.
pub(super) struct Best {
    most: usize,
    kept: Vec<(f32, u64, u32)>,
    /// What must be exceeded to be among them.
    least: f32,
}

impl Best {
    pub(super) fn new(most: usize) -> Self {
        Self { most, kept: Vec::with_capacity(2 * most), least: f32::NEG_INFINITY }
    }

    #[inline]
    pub(super) fn offer(&mut self, score: f32, block: u64, row: u32) {
        if score > self.least {
            self.kept.push((score, block, row));
            if self.kept.len() >= 2 * self.most {
                self.cut();
            }
        }
    }

    fn cut(&mut self) {
        if self.kept.len() > self.most {
            let (_, last, _) = self.kept.select_nth_unstable_by(self.most - 1, |a, b| b.0.total_cmp(&a.0));
            self.least = last.0;
            self.kept.truncate(self.most);
        }
    }

    pub(super) fn into_iter(mut self) -> impl Iterator<Item = (f32, u64, u32)> {
        self.cut();
        self.kept.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_are_kept_however_they_come() {
        for (most, offered) in [(3, 0), (3, 2), (3, 100), (10, 15)] {
            let mut best = Best::new(most);
            let scores: Vec<f32> = (0..offered).map(|n| ((n * 37) % 101) as f32).collect();
            scores.iter().enumerate().for_each(|(row, score)| best.offer(*score, 0, row as u32));
            let mut found: Vec<f32> = best.into_iter().map(|(score, _, _)| score).collect();
            let mut wanted = scores;
            found.sort_by(|a, b| b.total_cmp(a));
            wanted.sort_by(|a, b| b.total_cmp(a));
            wanted.truncate(most);
            assert_eq!(found, wanted);
        }
    }
}
