//! Photos to vectors: decoded side by side, encoded together, in bounded memory.

use super::{Ingest, IngestError, blocking, photos::Photo};
use crate::MediaName;
use domain::Vector;
use futures::{StreamExt, TryStreamExt, future::try_join_all, stream};
use imaging::{ImagingError, Picture};
use std::collections::HashMap;

/// Pictures encoded together.
const TOGETHER: usize = 16;
/// Pixels decoded at once, unless a single picture has more; three bytes each.
const PIXELS: u64 = 64_000_000;

/// For each photo, its vector, or why it cannot be decoded.
pub(super) type Encoded = HashMap<MediaName, Result<Vector, ImagingError>>;

impl Ingest {
    /// Encodes these photos, each once however often it is there.
    pub(super) async fn encode(&self, photos: Vec<Photo>) -> Result<Encoded, IngestError> {
        let mut encoded = Encoded::new();
        // While one group is encoded, the next is decoded.
        let mut decoded = stream::iter(groups(photos)).map(decode).buffered(2);
        while let Some(group) = decoded.try_next().await? {
            let (mut names, mut pictures) = (Vec::new(), Vec::new());
            for (name, picture) in group {
                match picture {
                    Ok(picture) => {
                        names.push(name);
                        pictures.push(picture);
                    }
                    Err(error) => drop(encoded.insert(name, Err(error))),
                }
            }
            if pictures.is_empty() {
                continue;
            }
            let encoder = self.encoder.clone();
            let vectors = blocking(move || encoder.pictures(&pictures)).await??;
            encoded.extend(names.into_iter().zip(vectors.into_iter().map(Ok)));
        }
        Ok(encoded)
    }
}

fn groups(photos: Vec<Photo>) -> Vec<Vec<Photo>> {
    let mut seen = std::collections::HashSet::new();
    let mut groups: Vec<Vec<Photo>> = Vec::new();
    let mut pixels = 0;
    for photo in photos {
        if !seen.insert(photo.media.clone()) {
            continue;
        }
        pixels += photo.pixels;
        match groups.last_mut() {
            Some(group) if group.len() < TOGETHER && pixels <= PIXELS => group.push(photo),
            _ => {
                pixels = photo.pixels;
                groups.push(vec![photo]);
            }
        }
    }
    groups
}

type Decoded = (MediaName, Result<Picture, ImagingError>);

async fn decode(group: Vec<Photo>) -> Result<Vec<Decoded>, IngestError> {
    try_join_all(group.into_iter().map(|photo| {
        blocking(move || {
            let picture = imaging::decode(&photo.bytes);
            (photo.media, picture)
        })
    }))
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use imaging::Format;

    fn photo(bytes: &[u8], pixels: u64) -> Photo {
        Photo { media: MediaName::of(bytes, Format::Jpeg), bytes: bytes.into(), pixels }
    }

    #[test]
    fn groups_stay_small_in_number_and_in_pixels() {
        let many: Vec<Photo> = (0..40_u8).map(|n| photo(&[n], 1)).collect();
        assert_eq!(groups(many).iter().map(Vec::len).collect::<Vec<_>>(), [16, 16, 8]);
        let large: Vec<Photo> = (0..3_u8).map(|n| photo(&[n], 40_000_000)).collect();
        assert_eq!(groups(large).iter().map(Vec::len).collect::<Vec<_>>(), [1, 1, 1]);
        assert_eq!(groups(vec![photo(b"a", 1), photo(b"a", 1)]).concat().len(), 1);
    }
}
