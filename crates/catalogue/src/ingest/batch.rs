//! A batch of a run: read its photos, encode those that are new, write the listings that changed.

use super::{
    BATCH, Ingest, IngestError, IngestReport, blocking,
    photos::{self, Photo},
    source::Entry,
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
    /// In the listing's order; the vector where it is known already.
    photos: Vec<(MediaName, Option<Vector>)>,
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
        let known: HashMap<MediaName, Vector> = stored
            .values()
            .flat_map(|each| &each.photos)
            .map(|photo| (photo.media.clone(), photo.vector.clone()))
            .collect();
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
        for Read { line, photos } in reading.read {
            let refused = photos.iter().zip(&line.listing.photos).find_map(|((name, _), given)| {
                let error = encoded.get(name)?.as_ref().err()?;
                Some(format!("photo \"{given}\": {error}"))
            });
            if let Some(reason) = refused {
                report.skip(line.number, Some(line.listing.id.to_string()), reason);
                continue;
            }
            let reused = photos.iter().filter(|(_, vector)| vector.is_some()).count() as u64;
            report.photos_reused += reused;
            let photos: Vec<EncodedPhoto> = photos
                .into_iter()
                .filter_map(|(media, vector)| {
                    let vector = vector.or_else(|| encoded.get(&media)?.as_ref().ok().cloned())?;
                    Some(EncodedPhoto { media, vector })
                })
                .collect();
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

/// Reads the photos of a batch's listings.
fn read(batch: Batch, root: &Path, known: &HashMap<MediaName, Vector>, there: &dyn Fn(&MediaName) -> bool) -> Reading {
    let mut reading = Reading::default();
    let mut bytes = 0;
    for line in batch.lines {
        if bytes > BYTES {
            reading.left.push(line);
            continue;
        }
        let mut photos = Vec::with_capacity(line.listing.photos.len());
        let (mut new, mut lost, mut refused) = (Vec::new(), Vec::new(), None);
        for given in &line.listing.photos {
            let photo = match photos::read(root, given) {
                Ok(photo) => photo,
                Err(error) => {
                    refused = Some(format!("photo \"{given}\": {error}"));
                    break;
                }
            };
            let vector = known.get(&photo.media).cloned();
            photos.push((photo.media.clone(), vector.clone()));
            match vector {
                None => new.push(photo),
                Some(_) if !there(&photo.media) => lost.push(photo),
                Some(_) => {}
            }
        }
        match refused {
            Some(reason) => reading.refused.push((line, reason)),
            None => {
                bytes += new.iter().chain(&lost).map(|photo| photo.bytes.len()).sum::<usize>();
                reading.new.append(&mut new);
                reading.lost.append(&mut lost);
                reading.read.push(Read { line, photos });
            }
        }
    }
    reading
}
