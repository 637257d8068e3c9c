//! CSV: a record a listing, columns named by the first record, lists joined by ';'.
//!
//! Read with csv-core rather than csv, which would hold a whole record in memory however long it is: here a record's fields are
//! cut off at the line limit, and the record is passed over.

use super::{
    IngestError,
    source::{Entry, Input, Rejected},
};
use csv_core::{ReadRecordResult, Reader};
use domain::{Currency, Dealer, Listing, ListingId, Price, Status, limits};
use std::{
    io::{self, BufRead},
    path::Path,
};

/// A column: what it is called here, and the names that also do.
pub(super) type Names = &'static [&'static str];

/// Every column that is read.
pub(super) const COLUMNS: [Names; 16] = [
    &["id"],
    &["dealer.id", "dealer_id"],
    &["dealer.name", "dealer_name"],
    &["title"],
    &["description"],
    &["category"],
    &["period"],
    &["metals"],
    &["stones"],
    &["motifs"],
    &["price.amount", "price_amount", "price"],
    &["price.currency", "price_currency", "currency"],
    &["status"],
    &["listed"],
    &["url"],
    &["photos"],
];
/// Columns without which there is no listing.
pub(super) const REQUIRED: [&str; 5] = ["id", "dealer.id", "title", "category", "photos"];

/// Most fields of a record.
const FIELDS: usize = 256;

pub(super) struct Csv {
    records: Records,
    /// For each of [`COLUMNS`], which field of a record it is.
    places: [Option<usize>; COLUMNS.len()],
    fields: usize,
    ignored: Vec<String>,
}

impl Csv {
    pub(super) fn open(input: Input, path: &Path) -> Result<Self, IngestError> {
        let wrong = |reason: String| IngestError::Header { path: path.to_owned(), reason };
        let mut records = Records::new(input);
        let header = match records.next().map_err(|error| IngestError::file(path, error))? {
            Some((_, Ok(header))) => header,
            Some((_, Err(reason))) => return Err(wrong(format!("the first line: {reason}"))),
            None => return Err(wrong("it is empty; the first line must name the columns".into())),
        };
        let mut places = [None; COLUMNS.len()];
        let mut ignored = Vec::new();
        for (place, name) in header.iter().enumerate() {
            let name = name.trim_start_matches('\u{feff}').trim().to_lowercase();
            match COLUMNS.iter().position(|names| names.contains(&name.as_str())) {
                Some(column) if places[column].is_some() => {
                    return Err(wrong(format!("the column {} is there twice", COLUMNS[column][0])));
                }
                Some(column) => places[column] = Some(place),
                None => ignored.push(name.chars().filter(|c| !c.is_control()).take(60).collect()),
            }
        }
        let missing: Vec<&str> = COLUMNS
            .iter()
            .zip(&places)
            .filter(|(names, place)| place.is_none() && REQUIRED.contains(&names[0]))
            .map(|(names, _)| names[0])
            .collect();
        if !missing.is_empty() {
            let known = COLUMNS.map(|names| names[0]).join(", ");
            let reason =
                format!("the first line must name the columns; missing: {}. Columns: {known}", missing.join(", "));
            return Err(wrong(reason));
        }
        Ok(Self { records, places, fields: header.len(), ignored })
    }

    pub(super) fn ignored(&self) -> &[String] {
        &self.ignored
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Entry>> {
        let Some((line, record)) = self.records.next()? else { return Ok(None) };
        let listing = match record {
            Ok(fields) if fields.len() == self.fields => self.listing(&fields),
            Ok(fields) => {
                Err(Rejected::new(format!("it has {} fields, the first line has {}", fields.len(), self.fields)))
            }
            Err(reason) => Err(Rejected::new(reason)),
        };
        Ok(Some(Entry { line, listing }))
    }

    fn listing(&self, fields: &[String]) -> Result<Listing, Rejected> {
        let get = |name: &str| {
            let column = COLUMNS.iter().position(|names| names[0] == name)?;
            fields.get(self.places[column]?).map(|field| field.trim()).filter(|field| !field.is_empty())
        };
        let id = get("id").map(|id| id.chars().take(limits::LISTING_ID_BYTES).collect::<String>());
        let rejected = |reason: String| Rejected { id: id.clone(), reason };
        let text = |name| get(name).unwrap_or_default().to_owned();
        let list = |name| -> Vec<String> {
            get(name)
                .into_iter()
                .flat_map(|field| field.split(';'))
                .map(|w| w.trim().to_owned())
                .filter(|w| !w.is_empty())
                .collect()
        };
        let price = match get("price.amount") {
            None => None,
            Some(amount) => {
                let amount: f64 = amount
                    .parse()
                    .map_err(|_| rejected("price.amount is not a number such as 4250 or 12.50".into()))?;
                let currency = match get("price.currency") {
                    Some(code) => Currency::new(code).map_err(|error| rejected(error.to_string()))?,
                    None => Currency::GBP,
                };
                Some(Price::new(amount, currency).map_err(|error| rejected(error.to_string()))?)
            }
        };
        let status = match get("status") {
            Some(status) => status.parse().map_err(|error: domain::UnknownWord| rejected(error.to_string()))?,
            None => Status::Available,
        };
        let period = get("period").map(str::parse).transpose();
        let dealer = text("dealer.id");
        let listing = Listing {
            id: ListingId::new(text("id")).map_err(|error| rejected(error.to_string()))?,
            dealer: Dealer { name: get("dealer.name").map_or_else(|| dealer.clone(), str::to_owned), id: dealer },
            title: text("title"),
            description: text("description"),
            category: text("category").parse().map_err(|error: domain::UnknownWord| rejected(error.to_string()))?,
            period: period.map_err(|error: domain::UnknownWord| rejected(error.to_string()))?,
            metals: list("metals"),
            stones: list("stones"),
            motifs: list("motifs"),
            price,
            status,
            listed: get("listed").map(str::to_owned),
            url: get("url").map(str::to_owned),
            photos: list("photos"),
        };
        listing.validate().map_err(|error| rejected(error.to_string()))
    }
}

/// A record and the number of its first line; an error says why its fields cannot be had.
type Record = (u64, Result<Vec<String>, String>);

/// Records of fields, each at most [`limits::LINE_BYTES`] long.
struct Records {
    input: Input,
    core: Reader,
    /// Number of the line that the next byte is on.
    line: u64,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Records {
    fn new(input: Input) -> Self {
        Self { input, core: Reader::new(), line: 1, text: vec![0; 16 * 1024], ends: vec![0; FIELDS] }
    }

    fn next(&mut self) -> io::Result<Option<Record>> {
        self.skip_line_ends()?;
        let line = self.line;
        let (mut length, mut fields, mut fault) = (0, 0, None);
        loop {
            let input = self.input.fill_buf()?;
            let (result, read, written, ended) =
                self.core.read_record(input, &mut self.text[length..], &mut self.ends[fields..]);
            self.line += input[..read].iter().filter(|b| **b == b'\n').count() as u64;
            self.input.consume(read);
            length += written;
            fields += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.text.len() < limits::LINE_BYTES => {
                    self.text.resize((self.text.len() * 2).min(limits::LINE_BYTES), 0);
                }
                ReadRecordResult::OutputFull => {
                    fault =
                        Some(format!("it is longer than {} bytes; is a quotation mark left open?", limits::LINE_BYTES));
                    length = 0;
                }
                ReadRecordResult::OutputEndsFull => {
                    fault = Some(format!("it has more than {FIELDS} fields"));
                    fields = 0;
                }
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(None),
            }
        }
        if let Some(fault) = fault {
            return Ok(Some((line, Err(fault))));
        }
        let mut begin = 0;
        let mut record = Vec::with_capacity(fields);
        for end in &self.ends[..fields] {
            match std::str::from_utf8(&self.text[begin..*end]) {
                Ok(field) => record.push(field.to_owned()),
                Err(_) => return Ok(Some((line, Err("it is not UTF-8; save the file as UTF-8".into())))),
            }
            begin = *end;
        }
        Ok(Some((line, Ok(record))))
    }

    /// Passes over the end of the last record and blank lines, so that `line` is where the next record begins.
    fn skip_line_ends(&mut self) -> io::Result<()> {
        loop {
            let input = self.input.fill_buf()?;
            let count = input.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
            self.line += input[..count].iter().filter(|b| **b == b'\n').count() as u64;
            let through = count > 0 && count == input.len();
            self.input.consume(count);
            if !through {
                return Ok(());
            }
        }
    }
}
