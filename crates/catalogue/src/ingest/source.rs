//! A file of listings, whatever its format, read entry by entry in bounded memory.

use super::{IngestError, csv::Csv, jsonl::JsonLines, parquet::Parquet};
use domain::Listing;
use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Why a line is not a listing.
#[derive(Debug)]
pub(super) struct Rejected {
    pub(super) id: Option<String>,
    pub(super) reason: String,
}

impl Rejected {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self { id: None, reason: reason.into() }
    }
}

/// One line, read and checked.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) line: u64,
    pub(super) listing: Result<Listing, Rejected>,
}

/// The reader below the formats that are read from front to back.
pub(super) type Input = BufReader<Counted>;

enum Format {
    JsonLines(JsonLines),
    Csv(Box<Csv>),
    Parquet(Box<Parquet>),
}

/// An open file of listings.
pub(super) struct Source {
    format: Format,
    read: Arc<AtomicU64>,
    total: u64,
}

impl Source {
    pub(super) fn open(path: &Path) -> Result<Self, IngestError> {
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
        if !matches!(extension.as_str(), "jsonl" | "ndjson" | "csv" | "parquet") {
            return Err(IngestError::Format { path: path.to_owned() });
        }
        let failed = |error| IngestError::file(path, error);
        let file = File::open(path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        if metadata.is_dir() {
            return Err(failed(io::Error::from(io::ErrorKind::IsADirectory)));
        }
        let read = Arc::new(AtomicU64::new(0));
        if extension == "parquet" {
            let format = Format::Parquet(Box::new(Parquet::open(file, path)?));
            return Ok(Self { format, read, total: metadata.len() });
        }
        let input = BufReader::with_capacity(64 * 1024, Counted { file, read: read.clone() });
        let format = match extension.as_str() {
            "csv" => Format::Csv(Box::new(Csv::open(input, path)?)),
            _ => Format::JsonLines(JsonLines::new(input)),
        };
        Ok(Self { format, read, total: metadata.len() })
    }

    /// The next entries, up to `count`; fewer only at the end of the file.
    pub(super) fn read(&mut self, count: usize) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::with_capacity(count);
        while entries.len() < count {
            let entry = match &mut self.format {
                Format::JsonLines(lines) => lines.next()?,
                Format::Csv(records) => records.next()?,
                Format::Parquet(rows) => rows.next()?,
            };
            match entry {
                Some(entry) => entries.push(entry),
                None => break,
            }
        }
        Ok(entries)
    }

    pub(super) fn ignored_columns(&self) -> Vec<String> {
        match &self.format {
            Format::JsonLines(_) => Vec::new(),
            Format::Csv(records) => records.ignored().to_vec(),
            Format::Parquet(rows) => rows.ignored().to_vec(),
        }
    }

    pub(super) fn bytes_read(&self) -> u64 {
        match &self.format {
            // Read here and there, not from front to back: by the share of its rows.
            Format::Parquet(rows) => (rows.share_read() * self.total as f64) as u64,
            _ => self.read.load(Ordering::Relaxed),
        }
    }

    pub(super) fn bytes_total(&self) -> u64 {
        self.total
    }
}

/// A file that counts what is read of it.
#[derive(Debug)]
pub(super) struct Counted {
    file: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
