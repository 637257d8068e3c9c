//! How far long work has come: a bar on a terminal, now and then a line elsewhere.

use crate::output;
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    io::{self, IsTerminal},
    time::{Duration, Instant},
};

/// How often a line is printed where there is no terminal to draw on.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Work under way, on the error stream.
pub struct Shown {
    bar: ProgressBar,
    began: Instant,
    /// When the last line was printed; none on a terminal, where the bar is enough.
    line: Option<Instant>,
}

impl Shown {
    /// Work that begins now; `what` it is ("Ingesting").
    pub fn new(what: &str) -> Self {
        let bar = bar(what, None, "{prefix} {bar:30} {percent}% {wide_msg}");
        let began = Instant::now();
        Self { bar, began, line: (!io::stderr().is_terminal()).then_some(began) }
    }

    /// Seconds since it began.
    pub fn seconds(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    /// It begins: a line where there is no terminal, on which the bar says so.
    pub fn begin(&self, text: &str) {
        if self.line.is_some() {
            output::note(text);
        }
    }

    /// It is at `done` of `all`, in whatever unit; `says` it in words, to which the time that is left is added.
    pub fn update(&mut self, done: u64, all: u64, says: &str) {
        let text = format!("{says}, {} left", HumanDuration(left(self.seconds(), done, all)));
        self.bar.set_length(all);
        self.bar.set_position(done);
        self.bar.set_message(text.clone());
        if let Some(last) = &mut self.line
            && last.elapsed() >= LINE_EVERY
        {
            *last = Instant::now();
            output::note(text);
        }
    }

    /// It is over; the bar goes.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// A bar on the error stream, drawn only on a terminal; `template` is indicatif's.
fn bar(what: &str, length: Option<u64>, template: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_prefix(what.to_owned());
    bar
}

/// How long the rest takes, in whole seconds, if it goes on as in the `seconds` before.
fn left(seconds: f64, done: u64, all: u64) -> Duration {
    if done == 0 {
        return Duration::ZERO;
    }
    let share = all.saturating_sub(done) as f64 / done as f64;
    Duration::from_secs((seconds * share).min(1e7) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_goes_by_what_was_done() {
        assert_eq!(left(30.0, 10, 40), Duration::from_secs(90));
        assert_eq!(left(30.0, 40, 40), Duration::ZERO);
        assert_eq!(left(30.0, 50, 40), Duration::ZERO, "a file that has shrunk meanwhile");
        assert_eq!(left(30.0, 0, 40), Duration::ZERO, "nobody can tell yet");
        assert_eq!(left(1e9, 1, u64::MAX), Duration::from_secs(10_000_000));
    }
}
