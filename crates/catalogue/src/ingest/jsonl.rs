//! JSON lines: a listing a line. A line that is too long is passed over as it is read, so that it never fills memory.

use super::source::{Entry, Input, Rejected};
use domain::{Listing, limits};
use serde::Deserialize;
use std::io::{self, BufRead};

pub(super) struct JsonLines {
    input: Input,
    line: u64,
    buffer: Vec<u8>,
}

/// What of a broken listing may still be read.
#[derive(Deserialize)]
struct OnlyId {
    id: Option<String>,
}

impl JsonLines {
    pub(super) fn new(input: Input) -> Self {
        Self { input, line: 0, buffer: Vec::new() }
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Entry>> {
        loop {
            self.buffer.clear();
            let Some(whole) = read_line(&mut self.input, &mut self.buffer, limits::LINE_BYTES)? else {
                return Ok(None);
            };
            self.line += 1;
            let mut bytes = self.buffer.as_slice();
            if self.line == 1 {
                bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
            }
            if !whole {
                let reason = format!("the line is longer than {} bytes", limits::LINE_BYTES);
                return Ok(Some(Entry { line: self.line, listing: Err(Rejected::new(reason)) }));
            }
            if !bytes.trim_ascii().is_empty() {
                return Ok(Some(Entry { line: self.line, listing: parse(bytes) }));
            }
        }
    }
}

pub(super) fn parse(bytes: &[u8]) -> Result<Listing, Rejected> {
    let only_id = || serde_json::from_slice::<OnlyId>(bytes).ok().and_then(|only| only.id);
    match serde_json::from_slice::<Listing>(bytes) {
        Ok(listing) => {
            let id = Some(listing.id.to_string());
            listing.validate().map_err(|error| Rejected { id, reason: error.to_string() })
        }
        Err(error) => {
            let message = error.to_string().replace(" at line 1 column", " at character");
            let what = if error.is_data() { "not a listing" } else { "not valid JSON" };
            Err(Rejected { id: only_id(), reason: format!("{what}: {message}") })
        }
    }
}

/// Reads a line without its end into `line`. `None` at the end of the input; false where it is longer than `most` and was
/// passed over.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>, most: usize) -> io::Result<Option<bool>> {
    let (mut any, mut whole) = (false, true);
    loop {
        let available = match input.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if available.is_empty() {
            return Ok(any.then_some(whole));
        }
        any = true;
        let end = available.iter().position(|b| *b == b'\n');
        let piece = &available[..end.unwrap_or(available.len())];
        if whole && line.len() + piece.len() <= most {
            line.extend_from_slice(piece);
        } else {
            whole = false;
        }
        let used = end.map_or(available.len(), |end| end + 1);
        input.consume(used);
        if end.is_some() {
            return Ok(Some(whole));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_too_long_is_passed_over_and_the_next_is_read() {
        let mut input = io::BufReader::with_capacity(3, &b"short\nmuch too long\nend"[..]);
        let mut line = Vec::new();
        let mut seen = Vec::new();
        while let Some(whole) = read_line(&mut input, &mut line, 6).unwrap() {
            assert!(line.len() <= 6);
            seen.push((whole, String::from_utf8(std::mem::take(&mut line)).unwrap()));
        }
        assert_eq!(seen.iter().map(|(whole, _)| *whole).collect::<Vec<_>>(), [true, false, true]);
        assert_eq!((seen[0].1.as_str(), seen[2].1.as_str()), ("short", "end"));
    }

    #[test]
    fn what_is_wrong_with_a_line_is_said() {
        let reason = |line: &str| parse(line.as_bytes()).unwrap_err();
        assert!(reason("{").reason.starts_with("not valid JSON"));
        assert!(reason(r#"{"id":"a"}"#).reason.contains("missing field"));
        assert_eq!(reason(r#"{"id":"a"}"#).id.as_deref(), Some("a"));
        assert!(reason("[]").reason.starts_with("not a listing"));
        assert!(parse(b"\xff\xfe").is_err());
    }
}
