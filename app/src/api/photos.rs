//! How photos travel to a server function: as the bytes they are, one after the other, behind the search that they belong to.
//!
//! ```text
//! length of the search (4 bytes, most significant first), the search as JSON, then for each photo: its length (4 bytes), its bytes
//! ```
//! A buffered codec, on which the server's body limit holds. JSON for the search costs the browser no more code than it has anyway.

use super::{dealing::Identify, searches::FindByPictures};
use server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType, codec::Post};

/// The codec.
pub struct PhotosEncoding;

/// The codec, in the body of a `POST` request.
pub type Photos = Post<PhotosEncoding>;

impl ContentType for PhotosEncoding {
    const CONTENT_TYPE: &'static str = "application/octet-stream";
}

impl FormatType for PhotosEncoding {
    const FORMAT_TYPE: Format = Format::Binary;
}

impl Encodes<FindByPictures> for PhotosEncoding {
    type Error = serde_json::Error;

    fn encode(asked: &FindByPictures) -> Result<Bytes, Self::Error> {
        Ok(pack(serde_json::to_string(&asked.search)?.into_bytes(), &asked.photos))
    }
}

impl Decodes<FindByPictures> for PhotosEncoding {
    type Error = String;

    fn decode(body: Bytes) -> Result<FindByPictures, Self::Error> {
        let (search, photos) = unpack(&body)?;
        let search = serde_json::from_slice(search).map_err(|error| error.to_string())?;
        Ok(FindByPictures { photos, search })
    }
}

/// Nothing but photos: what would be the search is empty.
impl Encodes<Identify> for PhotosEncoding {
    type Error = serde_json::Error;

    fn encode(asked: &Identify) -> Result<Bytes, Self::Error> {
        Ok(pack(Vec::new(), &asked.pictures))
    }
}

impl Decodes<Identify> for PhotosEncoding {
    type Error = String;

    fn decode(body: Bytes) -> Result<Identify, Self::Error> {
        Ok(Identify { pictures: unpack(&body)?.1 })
    }
}

fn pack(search: Vec<u8>, photos: &[Vec<u8>]) -> Bytes {
    let mut body = Vec::with_capacity(4 + search.len() + photos.iter().map(|photo| 4 + photo.len()).sum::<usize>());
    for part in std::iter::once(&search).chain(photos) {
        body.extend_from_slice(&(part.len() as u32).to_be_bytes());
        body.extend_from_slice(part);
    }
    body.into()
}

fn unpack(body: &[u8]) -> Result<(&[u8], Vec<Vec<u8>>), String> {
    let mut rest = body;
    let search = take(&mut rest)?;
    let mut photos = Vec::new();
    // One more than may be asked with is enough to refuse it.
    while !rest.is_empty() && photos.len() <= domain::limits::QUERY_PHOTOS {
        photos.push(take(&mut rest)?.to_vec());
    }
    Ok((search, photos))
}

/// The next part of a body.
fn take<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], String> {
    let cut = "the body is cut short";
    let (length, after) = rest.split_first_chunk::<4>().ok_or(cut)?;
    let (part, after) = after.split_at_checked(u32::from_be_bytes(*length) as usize).ok_or(cut)?;
    *rest = after;
    Ok(part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Search;

    fn asked() -> FindByPictures {
        let mut search = Search::words("gold & \"leaf\" é");
        search.filters.add("price_max", "500").unwrap();
        FindByPictures { photos: vec![vec![1, 2, 3], Vec::new(), vec![255; 70_000]], search }
    }

    #[test]
    fn what_is_sent_arrives() {
        let sent = asked();
        let read: FindByPictures = PhotosEncoding::decode(PhotosEncoding::encode(&sent).unwrap()).unwrap();
        assert_eq!((read.photos, read.search), (sent.photos, sent.search));
        let sent = Identify { pictures: vec![vec![9; 300], vec![8]] };
        let read: Identify = PhotosEncoding::decode(PhotosEncoding::encode(&sent).unwrap()).unwrap();
        assert_eq!(read.pictures, sent.pictures);
    }

    #[test]
    fn a_body_that_is_cut_or_lies_about_its_length_is_refused() {
        let decode = |body| -> Result<FindByPictures, String> { PhotosEncoding::decode(body) };
        let whole = PhotosEncoding::encode(&asked()).unwrap();
        for length in [0, 3, 4, 20, whole.len() - 1] {
            assert!(decode(whole.slice(..length)).is_err(), "{length}");
        }
        assert!(decode(Bytes::from_static(&[255; 64])).is_err());
        assert!(decode(Bytes::from_static(&[0, 0, 0, 1, b'x'])).is_err());
    }

    #[test]
    fn no_more_photos_are_read_than_it_takes_to_refuse_them() {
        let many = FindByPictures { photos: vec![vec![0]; 1_000], search: Search::default() };
        let read: FindByPictures = PhotosEncoding::decode(PhotosEncoding::encode(&many).unwrap()).unwrap();
        assert_eq!(read.photos.len(), domain::limits::QUERY_PHOTOS + 1);
    }
}
