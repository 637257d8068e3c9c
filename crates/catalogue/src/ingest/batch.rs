//! A batch of a run: read its photos, encode those that are new, write the listings that changed.

use super::{
    BATCH, Ingest, IngestError, IngestReport, blocking,
    photos::{self, Photo},
    source::Entry,
    together::together,
};
use crate::{CatalogueError, EncodedListing, EncodedPhoto, MediaName};
use domain::{Listing, ListingId, Vector};
use std::{
    collections::{HashMap, HashSet, VecDeque},
    path::Path,
};

/// Bytes of photos held at once, unless those of a single listing are more.
const BYTES: usize = 256 * 1024 * 1024;
/// How often a batch waits anew for another process that keeps the writer's lock (an index being built, say).
const PATIENCE: usize = 20;

/// A line that is a listing.
struct Line {
    number: u64,
    listing: Listing,
}

/// Listings with different ids, to be written together.
pub(super) struct Batch {
    lines: Vec<Line>,
}

/// A listing whose photos have been read.
struct Read {
    line: Line,
    /// In the listing's order.
    photos: Vec<MediaName>,
    /// Their vectors, where these very photos were encoded together before.
    vectors: Option<Vec<Vector>>,
}

/// What reading a batch's photos gave.
#[derive(Default)]
struct Reading {
    read: Vec<Read>,
    /// Photos to be encoded, and stored where they are not yet.
    new: Vec<Photo>,
    /// Photos whose vector is known but whose file has to be stored again.
    lost: Vec<Photo>,
    refused: Vec<(Line, String)>,
    /// Lines for which there was no room.
    left: Vec<Line>,
}

impl Batch {
    /// Takes listings from the front of `waiting`. Ends before an id that it has already, so that of two the later one is
    /// written later.
    pub(super) fn take(waiting: &mut VecDeque<Entry>, report: &mut IngestReport) -> Self {
        let (mut lines, mut ids): (Vec<Line>, HashSet<ListingId>) = (Vec::new(), HashSet::new());
        while lines.len() < BATCH {
            match waiting.pop_front() {
                None => break,
                Some(Entry { line, listing: Err(rejected) }) => {
                    report.line();
                    report.skip(line, rejected.id, rejected.reason);
                }
                Some(Entry { line, listing: Ok(listing) }) => {
                    if ids.contains(&listing.id) {
                        waiting.push_front(Entry { line, listing: Ok(listing) });
                        break;
                    }
                    report.line();
                    ids.insert(listing.id.clone());
                    lines.push(Line { number: line, listing });
                }
            }
        }
        Self { lines }
    }
}

impl Ingest {
    /// Takes a batch in; lines for which there was no room go back to the front of `waiting`.
    pub(super) async fn take_in(
        &self,
        batch: Batch,
        root: &Path,
        waiting: &mut VecDeque<Entry>,
        report: &mut IngestReport,
    ) -> Result<(), IngestError> {
        let ids: Vec<ListingId> = batch.lines.iter().map(|line| line.listing.id.clone()).collect();
        let stored = self.catalogue.stored(&ids).await?;
        let photos_of = |(id, each): (&ListingId, &EncodedListing)| (id.clone(), each.photos.clone());
        let known: HashMap<ListingId, Vec<EncodedPhoto>> = stored.iter().map(photos_of).collect();
        let (root, media) = (root.to_owned(), self.catalogue.media_folder().clone());
        let reading = blocking(move || {
            let there = |name: &MediaName| media.path(name).is_file();
            read(batch, &root, &known, &there)
        })
        .await?;
        for line in reading.left.into_iter().rev() {
            report.unline();
            waiting.push_front(Entry { line: line.number, listing: Ok(line.listing) });
        }
        for (line, reason) in reading.refused {
            report.skip(line.number, Some(line.listing.id.to_string()), reason);
        }

        let encoded = self.encode(reading.new.clone()).await?;
        let mut changed = Vec::new();
        for Read { line, photos, vectors } in reading.read {
            let refused = photos.iter().zip(&line.listing.photos).find_map(|(name, given)| {
                let error = encoded.get(name)?.as_ref().err()?;
                Some(format!("photo \"{given}\": {error}"))
            });
            if let Some(reason) = refused {
                report.skip(line.number, Some(line.listing.id.to_string()), reason);
                continue;
            }
            let photos: Vec<EncodedPhoto> = match vectors {
                Some(vectors) => {
                    report.photos_reused += vectors.len() as u64;
                    photos.into_iter().zip(vectors).map(|(media, vector)| EncodedPhoto { media, vector }).collect()
                }
                None => {
                    let vector = |media: &MediaName| encoded.get(media)?.as_ref().ok().cloned();
                    let photo = |media: MediaName| vector(&media).map(|vector| EncodedPhoto { media, vector });
                    together(photos.into_iter().filter_map(photo).collect())
                }
            };
            let mut listing = line.listing;
            if !report.first_time(&listing.id) {
                report.repeat(line.number, listing.id.as_str());
            }
            listing.photos = photos.iter().map(|photo| photo.media.address()).collect();
            if stored.get(&listing.id).is_some_and(|stored| stored.listing == listing) {
                report.unchanged += 1;
            } else {
                changed.push(EncodedListing { listing, photos });
            }
        }
        report.photos_encoded += encoded.values().filter(|vector| vector.is_ok()).count() as u64;

        let used: HashSet<MediaName> =
            changed.iter().flat_map(|each| &each.photos).map(|photo| photo.media.clone()).collect();
        let keep: Vec<Photo> =
            reading.new.into_iter().filter(|photo| used.contains(&photo.media)).chain(reading.lost).collect();
        self.store(keep).await?;
        let count = changed.len() as u64;
        self.upsert_patiently(changed).await?;
        report.listings += count;
        Ok(())
    }

    /// Stores photos in the media folder, before the rows that name them.
    pub(super) async fn store(&self, photos: Vec<Photo>) -> Result<(), IngestError> {
        let media = self.catalogue.media_folder().clone();
        blocking(move || {
            let photos: Vec<(&MediaName, &[u8])> = photos.iter().map(|photo| (&photo.media, &*photo.bytes)).collect();
            media.store(&photos)
        })
        .await??;
        Ok(())
    }

    async fn upsert_patiently(&self, listings: Vec<EncodedListing>) -> Result<(), IngestError> {
        for _ in 1..PATIENCE {
            match self.catalogue.upsert(listings.clone()).await {
                Err(CatalogueError::Busy { waited }) => {
                    tracing::info!(seconds = waited.as_secs(), "another process is writing to the catalogue; waiting");
                }
                done => return Ok(done?),
            }
        }
        Ok(self.catalogue.upsert(listings).await?)
    }
}

/// Reads the photos of a batch's listings; `known` are those that are stored.
fn read(
    batch: Batch,
    root: &Path,
    known: &HashMap<ListingId, Vec<EncodedPhoto>>,
    there: &dyn Fn(&MediaName) -> bool,
) -> Reading {
    let mut reading = Reading::default();
    let mut bytes = 0;
    for line in batch.lines {
        if bytes > BYTES {
            reading.left.push(line);
            continue;
        }
        let photo = |given: &String| photos::read(root, given).map_err(|error| format!("photo \"{given}\": {error}"));
        let photos: Vec<Photo> = match line.listing.photos.iter().map(photo).collect() {
            Ok(photos) => photos,
            Err(reason) => {
                reading.refused.push((line, reason));
                continue;
            }
        };
        let names: Vec<MediaName> = photos.iter().map(|photo| photo.media.clone()).collect();
        let vectors = known.get(&line.listing.id).and_then(|stored| vectors_of(stored, &names));
        let (mut lost, new) = match vectors {
            Some(_) => (photos.into_iter().filter(|photo| !there(&photo.media)).collect(), Vec::new()),
            None => (Vec::new(), photos),
        };
        bytes += new.iter().chain(&lost).map(|photo: &Photo| photo.bytes.len()).sum::<usize>();
        reading.new.extend(new);
        reading.lost.append(&mut lost);
        reading.read.push(Read { line, photos: names, vectors });
    }
    reading
}

/// The vectors of a listing's stored photos, where `names` are these photos, in whatever order: a vector leans to those of the other photos, and with
/// others it would be another.
pub(super) fn vectors_of(stored: &[EncodedPhoto], names: &[MediaName]) -> Option<Vec<Vector>> {
    let vector = |name: &MediaName| Some(stored.iter().find(|photo| photo.media == *name)?.vector.clone());
    let all_there = stored.len() == names.len() && stored.iter().all(|photo| names.contains(&photo.media));
    all_there.then(|| names.iter().map(vector).collect()).flatten()
}
