//! What was taken in, and what was not.

use super::source::Source;
use domain::ListingId;
use std::collections::HashSet;

/// Entries of each list that are kept; of the rest only the number.
const KEPT: usize = 1_000;

/// A line that was passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Its number, from 1; of the first, where a CSV record spans several.
    pub line: u64,
    /// The listing's id, where it could be read.
    pub id: Option<String>,
    /// Why, in words for whoever wrote the line.
    pub reason: String,
}

/// An id that came again; the later line counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// The later line.
    pub line: u64,
    /// The id.
    pub id: String,
}

/// How far a run is, after a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the file read so far.
    pub bytes_read: u64,
    /// Bytes of the file.
    pub bytes_total: u64,
    /// Listings read so far, skipped ones included.
    pub lines: u64,
    /// Photos encoded so far.
    pub photos_encoded: u64,
    /// Photos whose vectors were already there.
    pub photos_reused: u64,
    /// Listings skipped so far.
    pub skipped: u64,
}

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IngestReport {
    /// Listings written: new or changed.
    pub listings: u64,
    /// Listings that were there already, exactly so.
    pub unchanged: u64,
    /// Photos encoded.
    pub photos_encoded: u64,
    /// Photos whose vectors were already there.
    pub photos_reused: u64,
    /// Lines passed over: the first thousand.
    pub skipped: Vec<Skipped>,
    /// How many lines were passed over.
    pub skipped_count: u64,
    /// Ids that came more than once: the first thousand.
    pub repeated: Vec<Repeated>,
    /// How often an id came again.
    pub repeated_count: u64,
    /// Columns of a CSV file that mean nothing here.
    pub ignored_columns: Vec<String>,
    lines: u64,
    ids: HashSet<ListingId>,
}

impl IngestReport {
    /// A line has been read.
    pub(super) fn line(&mut self) {
        self.lines += 1;
    }

    /// A line goes back to be read again.
    pub(super) fn unline(&mut self) {
        self.lines -= 1;
    }

    /// Whether no line of this run had this id before.
    pub(super) fn first_time(&mut self, id: &ListingId) -> bool {
        self.ids.insert(id.clone())
    }

    pub(super) fn skip(&mut self, line: u64, id: Option<String>, reason: impl Into<String>) {
        self.skipped_count += 1;
        if self.skipped.len() < KEPT {
            self.skipped.push(Skipped { line, id, reason: presentable(&reason.into()) });
        }
    }

    pub(super) fn repeat(&mut self, line: u64, id: &str) {
        self.repeated_count += 1;
        if self.repeated.len() < KEPT {
            self.repeated.push(Repeated { line, id: id.to_owned() });
        }
    }

    pub(super) fn progress(&self, source: &Source) -> Progress {
        Progress {
            bytes_read: source.bytes_read(),
            bytes_total: source.bytes_total(),
            lines: self.lines,
            photos_encoded: self.photos_encoded,
            photos_reused: self.photos_reused,
            skipped: self.skipped_count,
        }
    }
}

/// A reason may quote what a stranger wrote: not too long, and nothing that a terminal would act on.
fn presentable(reason: &str) -> String {
    let mut clean: String =
        reason.chars().take(300).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect();
    if reason.chars().nth(300).is_some() {
        clean.push('…');
    }
    clean
}
