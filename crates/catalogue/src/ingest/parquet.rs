//! Parquet: a row a listing, as a warehouse exports it.
//!
//! Columns are named as in JSON lines (nested: `dealer.id`, `price.amount`, lists as lists) or flat as in CSV (`dealer_id`, `price_amount`, lists as text
//! joined by ';'); other columns are passed over. Decoded a few rows at a time by the parquet crate, Arrow's own.

use super::{
    IngestError,
    csv::{COLUMNS, REQUIRED},
    jsonl::parse,
    source::{Entry, Rejected},
};
use arrow_json::{LineDelimitedWriter, WriterBuilder, writer::LineDelimited};
use arrow_schema::DataType;
use domain::limits;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use serde_json::{Map, Value};
use std::{collections::VecDeque, fs::File, io, path::Path};

/// Rows decoded at once.
const ROWS: usize = 32;
/// Columns of text in which CSV joins several words.
const LISTS: [&str; 4] = ["metals", "stones", "motifs", "photos"];

pub(super) struct Parquet {
    batches: ParquetRecordBatchReader,
    /// Decoded and not yet given.
    waiting: VecDeque<Entry>,
    row: u64,
    rows: u64,
    ignored: Vec<String>,
}

impl Parquet {
    pub(super) fn open(file: File, path: &Path) -> Result<Self, IngestError> {
        let wrong = |reason: String| IngestError::Header { path: path.to_owned(), reason };
        let unreadable =
            |error: &dyn std::fmt::Display| wrong(format!("it is not a Parquet file that can be read: {error}"));
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| unreadable(&error))?;
        let rows = u64::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or_default();
        let (mut known, mut columns, mut ignored) = (Vec::new(), Vec::new(), Vec::new());
        for (place, field) in builder.schema().fields().iter().enumerate() {
            match meaning(field.name(), matches!(field.data_type(), DataType::Struct(_))) {
                Some(names) => {
                    known.extend(names);
                    columns.push(place);
                }
                None => ignored.push(field.name().chars().filter(|c| !c.is_control()).take(60).collect()),
            }
        }
        let missing: Vec<&str> = REQUIRED.into_iter().filter(|name| !known.contains(name)).collect();
        if !missing.is_empty() {
            return Err(wrong(format!("columns are missing: {}", missing.join(", "))));
        }
        let wanted = ProjectionMask::roots(builder.parquet_schema(), columns);
        let batches =
            builder.with_projection(wanted).with_batch_size(ROWS).build().map_err(|error| unreadable(&error))?;
        Ok(Self { batches, waiting: VecDeque::new(), row: 0, rows, ignored })
    }

    pub(super) fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// The share of its rows that was read, from 0 to 1.
    pub(super) fn share_read(&self) -> f64 {
        if self.rows == 0 { 1.0 } else { self.row as f64 / self.rows as f64 }
    }

    /// The next row; "lines" are rows, from 1.
    pub(super) fn next(&mut self) -> io::Result<Option<Entry>> {
        while self.waiting.is_empty() {
            let Some(batch) = self.batches.next() else { return Ok(None) };
            let batch = batch.map_err(io::Error::other)?;
            let mut writer: LineDelimitedWriter<Vec<u8>> = WriterBuilder::new().build::<_, LineDelimited>(Vec::new());
            writer.write(&batch).and_then(|()| writer.finish()).map_err(io::Error::other)?;
            let lines = writer.into_inner();
            for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
                self.row += 1;
                self.waiting.push_back(Entry { line: self.row, listing: listing(line) });
            }
        }
        Ok(self.waiting.pop_front())
    }
}

/// Which of CSV's columns a column is: several where it is a structure of them.
fn meaning(name: &str, is_struct: bool) -> Option<Vec<&'static str>> {
    let name = name.to_lowercase();
    if is_struct {
        let inner: Vec<&str> = COLUMNS
            .iter()
            .map(|names| names[0])
            .filter(|full| full.split_once('.').is_some_and(|(outer, _)| outer == name))
            .collect();
        return (!inner.is_empty()).then_some(inner);
    }
    COLUMNS.iter().find(|names| names.contains(&name.as_str())).map(|names| vec![names[0]])
}

/// A row as JSON to a listing.
fn listing(row: &[u8]) -> Result<domain::Listing, Rejected> {
    if row.len() > limits::LINE_BYTES {
        return Err(Rejected::new(format!("the row is longer than {} bytes", limits::LINE_BYTES)));
    }
    let row: Map<String, Value> = serde_json::from_slice(row).map_err(|error| Rejected::new(error.to_string()))?;
    let mut listing = Map::new();
    for (name, value) in row {
        let lower = name.to_lowercase();
        // A structure is what JSON lines have as well.
        let flat = !value.is_object();
        let Some(full) = COLUMNS.iter().find(|names| flat && names.contains(&lower.as_str())).map(|names| names[0])
        else {
            listing.insert(lower, value);
            continue;
        };
        let value = match value {
            Value::String(text) if LISTS.contains(&full) => {
                text.split(';').map(str::trim).filter(|word| !word.is_empty()).map(Value::from).collect()
            }
            // Decimals come as text.
            Value::String(text) if full == "price.amount" => {
                text.trim().parse::<f64>().map_or(Value::String(text), Value::from)
            }
            other => other,
        };
        match full.split_once('.') {
            None => drop(listing.insert(full.to_owned(), value)),
            Some((outer, inner)) => {
                if let Value::Object(outer) = listing.entry(outer).or_insert_with(|| Value::Object(Map::new())) {
                    outer.insert(inner.to_owned(), value);
                }
            }
        }
    }
    // A price without an amount is none, and a dealer without a name goes by the id.
    if listing.get("price").is_some_and(|price| price.get("amount").is_none_or(Value::is_null)) {
        listing.remove("price");
    }
    if let Some(Value::Object(dealer)) = listing.get_mut("dealer")
        && dealer.get("name").is_none_or(Value::is_null)
        && let Some(id) = dealer.get("id").cloned()
    {
        dealer.insert("name".to_owned(), id);
    }
    let row = serde_json::to_vec(&listing).map_err(|error| Rejected::new(error.to_string()))?;
    parse(&row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_and_nested_rows_are_the_same_listing() {
        let flat = listing(
            br#"{"id":"A-1","dealer_id":"d","title":"Ring","category":"ring","metals":"gold; silver","price":"12.50","price_currency":"EUR","photos":"a.jpg"}"#,
        );
        let nested = listing(
            br#"{"id":"A-1","dealer":{"id":"d"},"title":"Ring","category":"ring","metals":["gold","silver"],"price":{"amount":12.5,"currency":"EUR"},"photos":["a.jpg"]}"#,
        );
        assert_eq!(flat.unwrap(), nested.unwrap());
    }

    #[test]
    fn what_is_wrong_with_a_row_is_said() {
        let reason = |row: &str| listing(row.as_bytes()).unwrap_err();
        let rejected = reason(r#"{"id":"A-1","dealer_id":"d","title":"Ring","category":"tiara","photos":"a.jpg"}"#);
        assert_eq!(rejected.id.as_deref(), Some("A-1"));
        assert!(rejected.reason.contains("tiara"), "{}", rejected.reason);
        let dear = r#"{"id":"A-1","dealer_id":"d","title":"R","category":"ring","price":"dear","photos":"a.jpg"}"#;
        assert!(reason(dear).reason.starts_with("not a listing"), "{}", reason(dear).reason);
        assert!(reason(&format!("{{\"id\":\"{}\"}}", "x".repeat(limits::LINE_BYTES))).reason.contains("longer"));
    }

    #[test]
    fn a_structure_means_the_columns_in_it() {
        assert_eq!(meaning("Dealer", true).unwrap(), ["dealer.id", "dealer.name"]);
        assert_eq!(meaning("price", false).unwrap(), ["price.amount"]);
        assert_eq!(meaning("colour", false), None);
        assert_eq!(meaning("seo", true), None);
    }
}
