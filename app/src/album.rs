//! The shopper's photos as the page knows them, and the queries they were in. They live in this page's memory and nowhere else: the files
//! themselves are in `browser/photos.rs`.

use crate::crop::Area;

/// Queries remembered at once; the oldest is forgotten first.
const KEPT: usize = 8;

/// One of the shopper's photos of a piece.
#[derive(Debug, Clone, PartialEq)]
pub struct Photo {
    /// Which one, as long as the page is open.
    pub id: u32,
    /// Its object URL: an address that only this page, while it is open, can read.
    pub url: String,
    /// Its width and height in pixels, upright; none where this browser cannot read it.
    pub size: Option<(u32, u32)>,
    /// The part that was proposed.
    pub proposed: Area,
    /// The part that is searched.
    pub area: Area,
    /// Where the pieces are, if it shows several.
    pub pieces: Vec<Area>,
    /// What of it was sent.
    pub sent: Sent,
}

/// What left the device for one photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// Width and height in pixels; none where the file went as it is, because this browser cannot read it.
    pub size: Option<(u32, u32)>,
    /// How many bytes.
    pub bytes: usize,
}

/// The queries by photos that results were found by, the latest last: Back leads to earlier ones.
#[derive(Debug, Default)]
pub struct Album(Vec<(String, Vec<Photo>)>);

impl Album {
    /// None yet.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The photos that became a token; none after a reload, or where the link came from elsewhere.
    pub fn photos_of(&self, token: &str) -> &[Photo] {
        self.0.iter().rfind(|(kept, _)| kept == token).map_or(&[], |(_, photos)| photos)
    }

    /// Remembers photos by the token that they became. Gives back those that no query remembered needs any longer.
    pub fn remember(&mut self, token: String, photos: Vec<Photo>) -> Vec<Photo> {
        let same = self.0.iter().position(|(kept, _)| *kept == token);
        self.0.push((token, photos));
        // The very same picture looked for once more, or one query too many.
        let Some(place) = same.or((self.0.len() > KEPT).then_some(0)) else { return Vec::new() };
        let (_, mut let_go) = self.0.remove(place);
        let_go.retain(|photo| !self.0.iter().any(|(_, photos)| photos.iter().any(|kept| kept.id == photo.id)));
        let_go
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photos(ids: &[u32]) -> Vec<Photo> {
        let photo = |id: &u32| Photo {
            id: *id,
            url: format!("blob:{id}"),
            size: Some((400, 300)),
            proposed: Area::WHOLE,
            area: Area::WHOLE,
            pieces: Vec::new(),
            sent: Sent { size: Some((400, 300)), bytes: 20_000 },
        };
        ids.iter().map(photo).collect()
    }

    #[test]
    fn the_photos_of_an_earlier_query_are_still_there_on_the_way_back() {
        let mut album = Album::new();
        album.remember("one".into(), photos(&[1]));
        album.remember("two".into(), photos(&[1, 2]));
        assert_eq!(album.photos_of("one").len(), 1);
        assert_eq!(album.photos_of("two").len(), 2);
        assert!(album.photos_of("from elsewhere").is_empty());
    }

    #[test]
    fn a_photo_is_let_go_when_no_query_needs_it() {
        let mut album = Album::new();
        album.remember("first".into(), photos(&[1]));
        for n in 0..KEPT - 1 {
            assert!(album.remember(n.to_string(), photos(&[2])).is_empty());
        }
        let let_go: Vec<u32> = album.remember("last".into(), photos(&[2])).iter().map(|photo| photo.id).collect();
        assert_eq!(let_go, [1]);
        assert!(album.remember("more".into(), photos(&[3])).is_empty(), "the second is still in use");
    }

    #[test]
    fn the_same_picture_looked_for_twice_is_kept_once() {
        let mut album = Album::new();
        album.remember("same".into(), photos(&[1]));
        assert_eq!(album.remember("same".into(), photos(&[2])), photos(&[1]));
        assert_eq!(album.photos_of("same"), photos(&[2]));
    }
}
