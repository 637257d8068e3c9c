//! Is everything whole? Reads every row and every photo, changes nothing.

use crate::{
    Catalogue, CatalogueError, Counts, MediaName, ModelStamp,
    media::MediaFolder,
    rows::Rows,
    schema::{self, column},
};
use domain::{Listing, ListingId, Status, limits};
use futures::TryStreamExt;
use lancedb::{
    Table,
    query::{ExecutableQuery, QueryBase, Select},
};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, HashMap},
    fmt, fs,
    io::{self, Read},
    path::Path,
};

/// Problems that are told one by one; of the rest only the number.
const TOLD: usize = 100;

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The table, or a part of it, cannot be read.
    Table(String),
    /// A listing's rows do not make sense.
    Listing {
        /// Which.
        id: String,
        /// What is wrong.
        reason: String,
    },
    /// A photo that a listing names is not there or not what it was.
    Photo {
        /// Which listing names it.
        id: ListingId,
        /// The photo.
        media: MediaName,
        /// What is wrong.
        reason: String,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(reason) => write!(f, "the table cannot be read: {reason}"),
            Self::Listing { id, reason } => write!(f, "listing {id}: {reason}"),
            Self::Photo { id, media, reason } => write!(f, "listing {id}, photo {media}: {reason}"),
        }
    }
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckReport {
    /// The model whose vectors the table holds.
    pub model: ModelStamp,
    /// What was read.
    pub counts: Counts,
    /// Columns with an index.
    pub indexes: Vec<String>,
    /// What is wrong: the first hundred.
    pub problems: Vec<Problem>,
    /// How much is wrong.
    pub problem_count: usize,
    /// Files in the media folder that no listing names. No harm: `maintain` removes them once they are an hour old.
    pub orphans: usize,
    /// Their size in bytes.
    pub orphan_bytes: u64,
}

impl CheckReport {
    /// Whether nothing is wrong.
    pub fn is_whole(&self) -> bool {
        self.problem_count == 0
    }

    fn add(&mut self, problem: Problem) {
        self.problem_count += 1;
        if self.problems.len() < TOLD {
            self.problems.push(problem);
        }
    }
}

/// What the rows of one listing said so far.
struct Seen {
    listing: Listing,
    photos: Vec<i32>,
}

impl Catalogue {
    /// Reads every row and every photo. Problems are in the report; an error means that not even that could be found out.
    pub async fn check(&self) -> Result<CheckReport, CatalogueError> {
        let snapshot = self.snapshot().await?;
        let mut report = CheckReport {
            model: self.model().clone(),
            counts: Counts::default(),
            indexes: Vec::new(),
            problems: Vec::new(),
            problem_count: 0,
            orphans: 0,
            orphan_bytes: 0,
        };
        match schema::stamp(&*snapshot.schema().await?) {
            Ok(stamp) if stamp == *self.model() => {}
            Ok(stamp) => report.add(Problem::Table(format!("it is now of the model {stamp}"))),
            Err(reason) => report.add(Problem::Table(reason)),
        }
        match snapshot.list_indices().await {
            Ok(indexes) => report.indexes = indexes.into_iter().flat_map(|index| index.columns).collect(),
            Err(error) => report.add(Problem::Table(error.to_string())),
        }
        report.indexes.sort();
        let named = read_rows(&snapshot, &mut report).await?;
        let media = self.media_folder().clone();
        let report = tokio::task::spawn_blocking(move || read_photos(&media, named, report));
        report.await.map_err(|_| CatalogueError::Closing)?
    }
}

async fn read_rows(
    snapshot: &Table,
    report: &mut CheckReport,
) -> Result<BTreeMap<MediaName, ListingId>, CatalogueError> {
    let mut columns = column::LISTING_COLUMNS.to_vec();
    columns.push(column::VECTOR);
    let mut named = BTreeMap::new();
    let mut listings: HashMap<ListingId, Seen> = HashMap::new();
    let mut batches = match snapshot.query().select(Select::columns(&columns)).execute().await {
        Ok(batches) => batches,
        Err(error) => {
            report.add(Problem::Table(error.to_string()));
            return Ok(named);
        }
    };
    loop {
        let batch = match batches.try_next().await {
            Ok(Some(batch)) => batch,
            Ok(None) => break,
            Err(error) => {
                report.add(Problem::Table(error.to_string()));
                break;
            }
        };
        let rows = Rows(&batch);
        report.counts.photos += batch.num_rows();
        for row in 0..batch.num_rows() {
            if let Err(reason) = read_row(&rows, row, &mut named, &mut listings) {
                let id = rows.text(column::LISTING, row).unwrap_or("?").to_owned();
                report.add(Problem::Listing { id, reason });
            }
        }
    }
    report.counts.listings = listings.len();
    report.counts.for_sale = listings.values().filter(|seen| seen.listing.status != Status::Sold).count();
    for (id, mut seen) in listings {
        seen.photos.sort_unstable();
        let expected = 1..=seen.listing.photos.len() as i32;
        if !seen.photos.iter().copied().eq(expected) {
            let reason = format!("it has {} photos and rows for {:?}", seen.listing.photos.len(), seen.photos);
            report.add(Problem::Listing { id: id.to_string(), reason });
        }
    }
    Ok(named)
}

fn read_row(
    rows: &Rows<'_>,
    row: usize,
    named: &mut BTreeMap<MediaName, ListingId>,
    listings: &mut HashMap<ListingId, Seen>,
) -> Result<(), String> {
    let text = |error: CatalogueError| error.to_string();
    let listing = rows.listing(row).map_err(text)?;
    let (number, media) = (rows.photo(row).map_err(text)?, rows.media(row).map_err(text)?);
    let length = rows.vector_length(row).map_err(text)?;
    if (length - 1.0).abs() > 1e-3 {
        return Err(format!("the vector of photo {number} has length {length}, not 1"));
    }
    let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    if place.and_then(|place| listing.photos.get(place)) != Some(&media.address()) {
        return Err(format!("photo {number} is not {media} in its list of photos"));
    }
    named.entry(media).or_insert_with(|| listing.id.clone());
    let seen =
        listings.entry(listing.id.clone()).or_insert_with(|| Seen { listing: listing.clone(), photos: Vec::new() });
    seen.photos.push(number);
    if seen.listing != listing {
        return Err("its rows do not agree with each other".into());
    }
    Ok(())
}

fn read_photos(
    folder: &MediaFolder,
    mut named: BTreeMap<MediaName, ListingId>,
    mut report: CheckReport,
) -> Result<CheckReport, CatalogueError> {
    for (path, name, metadata) in folder.list()? {
        match name.and_then(|name| named.remove_entry(&name)) {
            None => {
                report.orphans += 1;
                report.orphan_bytes += metadata.len();
            }
            Some((media, id)) => {
                if let Some(reason) = fault(&path, &media) {
                    report.add(Problem::Photo { id, media, reason });
                }
            }
        }
    }
    for (media, id) in named {
        report.add(Problem::Photo { id, media, reason: "it is not in the media folder".into() });
    }
    Ok(report)
}

/// What is wrong with a photo's file.
fn fault(path: &Path, media: &MediaName) -> Option<String> {
    let digest = || -> io::Result<String> {
        let mut hasher = Sha256::new();
        io::copy(&mut fs::File::open(path)?.take(2 * limits::PICTURE_BYTES as u64), &mut hasher)?;
        Ok(hex::encode(hasher.finalize()))
    };
    match digest() {
        Ok(digest) if digest == media.digest() => None,
        Ok(_) => Some("its bytes have changed".into()),
        Err(error) => Some(format!("it cannot be read: {error}")),
    }
}
