//! The dealer's bench: unlabelled pieces, what is known about each, and what the dealer decided. It lives in the page's memory alone:
//! nothing is stored on the server, and what is to be kept is saved as a file.
//!
//! `names` tells which photos are of one piece, `export` writes the files; both are plain functions over text. The fields that a dealer
//! fills in are the browser's own: what they hold is kept in [`Work`] as it changes, and put back when the page is shown again.

mod export;
mod names;

pub use export::{House, Record, csv, jsonl, queries};
pub use names::{Grouping, Piecemeal, group, is_picture};

use crate::Problem;
use leptos::prelude::*;

/// How far a piece has come.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// Its turn has not come.
    Waiting,
    /// It is being looked up.
    Looking,
    /// It could not be looked up.
    Failed(Problem),
    /// It has been looked up.
    Found,
}

/// What is known about a piece, and what the dealer says of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Work {
    /// The names of its photos, as in the folder.
    pub photos: Vec<String>,
    /// Object URLs of what was sent of them.
    pub shown: Vec<String>,
    /// Its form, as the server rendered it.
    pub html: String,
    /// The lines of the sheet: what each is about, and the guess, or nothing.
    pub guesses: Vec<(String, String)>,
    /// What the form's fields hold, by their names, where that is not nothing: see `crate::fragments`.
    pub fields: Vec<(String, String)>,
}

impl Work {
    /// What a field holds.
    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Puts something into a field.
    pub fn fill(&mut self, name: &str, value: &str) {
        self.fields.retain(|(known, _)| known != name);
        if !value.is_empty() {
            self.fields.push((name.to_owned(), value.to_owned()));
        }
    }

    /// The words of an aspect that were confirmed, or written instead.
    pub fn decided(&self, aspect: &str) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for (n, (_, guess)) in self.guesses.iter().enumerate().filter(|(_, (about, _))| about == aspect) {
            let of = |what: &str| self.field(&[what, n.to_string().as_str()].concat());
            let said: Vec<&str> = match of("choice-") {
                "confirm" => vec![guess],
                // Several may be written in one line. Where there was no guess, writing is deciding.
                "correct" => of("other-").split([',', ';']).collect(),
                _ if guess.is_empty() => of("other-").split([',', ';']).collect(),
                _ => Vec::new(),
            };
            for word in said.into_iter().map(str::trim).filter(|word| !word.is_empty()) {
                if !words.iter().any(|known| known == word) {
                    words.push(word.to_owned());
                }
            }
        }
        words
    }
}

/// One piece on the bench. Clones share it; it belongs to no page.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Its number: no other piece on the bench has it.
    pub key: usize,
    /// How far it has come.
    pub stage: ArcRwSignal<Stage>,
    /// What is known about it.
    pub work: ArcStoredValue<Work>,
}

/// The bench. It outlives its page: whoever looks at a listing and comes back finds everything as it was.
#[derive(Clone, Copy)]
pub struct Bench {
    /// The pieces, in the order in which they came.
    pub pieces: RwSignal<Vec<Piece>>,
    /// Whether pieces are being looked up.
    pub running: RwSignal<bool>,
    /// What there is to say about what was just done.
    pub note: RwSignal<String>,
    /// Whether there is anything that was not saved: of the pieces, and of the confirmations.
    pub unsaved: StoredValue<(bool, bool)>,
    /// Who will list the pieces, asked once.
    pub house: StoredValue<House>,
    /// Counts the rounds begun and ended, so that an answer that comes after its round is passed over.
    pub turn: StoredValue<u32>,
}

impl Default for Bench {
    fn default() -> Self {
        Self::new()
    }
}

impl Bench {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            pieces: RwSignal::new(Vec::new()),
            running: RwSignal::new(false),
            note: RwSignal::new(String::new()),
            unsaved: StoredValue::new((false, false)),
            house: StoredValue::new(House::default()),
            turn: StoredValue::new(0),
        }
    }

    /// Begins or ends a round; what is under way belongs to the one before.
    pub fn next_turn(self) -> u32 {
        self.turn.update_value(|turn| *turn = turn.wrapping_add(1));
        self.turn.get_value()
    }

    /// Whether leaving now would lose anything.
    pub fn is_unsaved(self) -> bool {
        let (pieces, confirmations) = self.unsaved.get_value();
        pieces || confirmations
    }

    /// How many pieces are found, failed and waiting (the one that is being looked up among them).
    pub fn counts(self) -> [usize; 3] {
        let mut counts = [0; 3];
        for piece in self.pieces.get() {
            counts[piece.stage.with(|stage| match stage {
                Stage::Found => 0,
                Stage::Failed(_) => 1,
                Stage::Waiting | Stage::Looking => 2,
            })] += 1;
        }
        counts
    }
}

/// What a button of the bench does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Ends the round; what was not looked up waits.
    Stop,
    /// Looks up what waits.
    GoOn,
    /// Looks up again what failed.
    Retry,
    /// Takes everything off the bench.
    Clear,
    /// Takes one piece off the bench.
    Remove(usize),
    /// Confirms every guess about a piece.
    ConfirmAll(usize),
    /// Saves the pieces as CSV.
    Csv,
    /// Saves the pieces as JSON lines.
    Jsonl,
    /// Saves the confirmations as queries.
    Queries,
}
