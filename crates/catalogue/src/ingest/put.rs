//! Taking in one listing, with photos sent along or already here.

use super::{Ingest, IngestError, PhotoError, batch::vectors_of, blocking, photos::Photo, together::together};
use crate::{EncodedListing, EncodedPhoto, MediaName};
use domain::{Listing, Vector, limits};
use std::{collections::HashMap, fs, io};

/// A photo sent along with a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// What the listing's `photos` call it.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Ingest {
    /// Puts one listing in the place of what is stored under its id; on the disk when it returns. Each of its `photos` is the
    /// name of an upload, or the address of a photo that is already here ("/media/..."); where it names none, all uploads are its
    /// photos, in order. Gives the listing as it is stored now. Where its photos are those that it had, none is encoded again.
    pub async fn put(&self, mut listing: Listing, uploads: Vec<Upload>) -> Result<Listing, IngestError> {
        if uploads.len() > limits::LISTING_PHOTOS {
            return Err(IngestError::Photos(uploads.len()));
        }
        if listing.photos.is_empty() {
            listing.photos = uploads.iter().map(|upload| upload.name.clone()).collect();
        }
        let mut listing = listing.validate()?;
        let stored = self.catalogue.stored(std::slice::from_ref(&listing.id)).await?;
        let known: Vec<EncodedPhoto> = stored.into_values().flat_map(|each| each.photos).collect();

        let (given, media) = (listing.photos.clone(), self.catalogue.media_folder().clone());
        let sent = blocking(move || {
            let mut uploads: HashMap<String, Vec<u8>> =
                uploads.into_iter().map(|upload| (upload.name, upload.bytes)).collect();
            let mut photos: Vec<(String, Photo)> = Vec::new();
            for name in given {
                let result = match photos.iter().find(|(earlier, _)| *earlier == name) {
                    Some((_, photo)) => Ok(photo.clone()),
                    None => match (uploads.remove(&name), MediaName::parse_address(&name)) {
                        (Some(bytes), _) => Photo::new(bytes).map_err(PhotoError::from),
                        (None, Some(address)) => match fs::read(media.path(&address)) {
                            Ok(bytes) => Photo::new(bytes).map_err(PhotoError::from),
                            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(PhotoError::Unknown),
                            Err(error) => Err(PhotoError::Unreadable(error)),
                        },
                        (None, None) => Err(PhotoError::Unknown),
                    },
                };
                match result {
                    Ok(photo) => photos.push((name, photo)),
                    Err(source) => return Err(IngestError::Photo { name, source }),
                }
            }
            Ok(photos)
        })
        .await??;

        let names: Vec<MediaName> = sent.iter().map(|(_, photo)| photo.media.clone()).collect();
        let photos = match vectors_of(&known, &names) {
            Some(vectors) => {
                names.into_iter().zip(vectors).map(|(media, vector)| EncodedPhoto { media, vector }).collect()
            }
            None => {
                let encoded = self.encode(sent.iter().map(|(_, photo)| photo.clone()).collect()).await?;
                let mut vectors: HashMap<MediaName, Vector> = HashMap::new();
                for (media, vector) in encoded {
                    match vector {
                        Ok(vector) => drop(vectors.insert(media, vector)),
                        Err(error) => {
                            let name = sent.iter().find(|(_, photo)| photo.media == media);
                            let name = name.map(|(name, _)| name.clone()).unwrap_or_default();
                            return Err(IngestError::Photo { name, source: error.into() });
                        }
                    }
                }
                let photo =
                    |media: MediaName| vectors.get(&media).cloned().map(|vector| EncodedPhoto { media, vector });
                together(names.into_iter().filter_map(photo).collect())
            }
        };
        listing.photos = photos.iter().map(|photo| photo.media.address()).collect();
        self.store(sent.into_iter().map(|(_, photo)| photo).collect()).await?;
        self.catalogue.upsert(vec![EncodedListing { listing: listing.clone(), photos }]).await?;
        Ok(listing)
    }
}
