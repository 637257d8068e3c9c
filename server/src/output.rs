//! What the commands print: to the standard output what was asked for, to the error stream everything else.
//!
//! `println!` panics when the reader of a pipe has gone (`vitrine search ... | head -1`); this does not.

use anyhow::Result;
use serde::Serialize;
use std::io::{self, IsTerminal, Write};

/// Writes one line to the standard output.
pub fn line(text: impl AsRef<str>) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_ref().as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()?;
    Ok(())
}

/// Writes a value as one line of JSON to the standard output.
pub fn json(value: &impl Serialize) -> Result<()> {
    line(serde_json::to_string(value)?)
}

/// Writes one line to the error stream. A closed error stream is nothing to stop for.
pub fn note(text: impl AsRef<str>) {
    let mut out = io::stderr().lock();
    let _ = writeln!(out, "{}", text.as_ref());
}

/// Says what went wrong, with its causes, in one sentence.
pub fn complain(error: &anyhow::Error) {
    let mut said = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        // Some libraries repeat their cause in their own message.
        if !said.contains(&cause) {
            said.push_str(if said.is_empty() { "" } else { ": " });
            said.push_str(&cause);
        }
    }
    note(format!("vitrine: {said}"));
}

/// Whether the standard output is a person's terminal.
pub fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether the command ended because whoever read its output went away.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe))
}

/// Lays out rows in columns, the first row being the headings. Columns named in `right` are set flush right.
pub fn table(rows: &[Vec<String>], right: &[usize]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|c| rows.iter().filter_map(|r| r.get(c)).map(|t| t.chars().count()).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().enumerate().map(|(c, cell)| {
            let width = widths[c];
            if right.contains(&c) { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// Cuts `text` to at most `most` characters, marking the cut.
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = [["id", "price"], ["a", "£5"], ["abc", "£1,000"]].map(|row| row.map(String::from).to_vec());
        assert_eq!(table(&rows, &[1]), "id    price\na        £5\nabc  £1,000\n");
    }

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        assert_eq!(cut("Emerald ring", 8), "Emerald…");
        assert_eq!(cut("Ring", 8), "Ring");
    }

    #[test]
    fn a_closed_pipe_is_told_from_other_failures() {
        let closed = anyhow::Error::from(io::Error::from(io::ErrorKind::BrokenPipe)).context("cannot print");
        assert!(is_closed_pipe(&closed));
        assert!(!is_closed_pipe(&anyhow::anyhow!("the disk is full")));
    }
}
