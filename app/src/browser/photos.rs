//! The shopper's photos themselves, as files of the browser's, beside what the page knows of them ([`Photo`]); and what was made of each
//! to be sent, so that only what changes is made again.

use super::prepare;
use crate::{
    Problem,
    album::{Album, Photo, Sent},
    crop::Area,
};
use std::cell::RefCell;
use web_sys::{Blob, Url};

/// One photo.
struct Kept {
    id: u32,
    picture: Blob,
    /// The part that was last sent, and what was sent.
    ready: (Area, Vec<u8>),
}

thread_local! {
    static KEPT: RefCell<Vec<Kept>> = const { RefCell::new(Vec::new()) };
    static ALBUM: RefCell<Album> = const { RefCell::new(Album::new()) };
    static LAST_ID: RefCell<u32> = const { RefCell::new(0) };
}

/// Takes in a picture, and gives what is to be sent of it. What this browser cannot read is sent as it is, if it is small enough: the
/// server may read it, and if not, says why.
pub async fn take_in(picture: Blob) -> Result<(Photo, Vec<u8>), Problem> {
    if picture.size() == 0.0 {
        return Err(Problem::EmptyPicture);
    }
    let (size, area, pieces, sent, file) = match prepare::draw(&picture, None).await {
        Ok(drawn) => (Some(drawn.size), drawn.area, drawn.pieces, Some(drawn.sent), drawn.jpeg),
        Err(_) => (None, Area::WHOLE, Vec::new(), None, picture.clone()),
    };
    let bytes = prepare::bytes(&file).await?;
    let id = LAST_ID.with_borrow_mut(|last| {
        *last += 1;
        *last
    });
    let url = Url::create_object_url_with_blob(&picture).unwrap_or_default();
    let sent = Sent { size: sent, bytes: bytes.len() };
    KEPT.with_borrow_mut(|kept| kept.push(Kept { id, picture, ready: (area, bytes.clone()) }));
    Ok((Photo { id, url, size, proposed: area, area, pieces, sent }, bytes))
}

/// What is to be sent of a photo for the part that it says.
pub async fn bytes_of(photo: &mut Photo) -> Result<Vec<u8>, Problem> {
    let Some((picture, (area, bytes))) = KEPT.with_borrow(|kept| {
        kept.iter().find(|kept| kept.id == photo.id).map(|kept| (kept.picture.clone(), kept.ready.clone()))
    }) else {
        return Err(Problem::DamagedPicture);
    };
    if area == photo.area {
        return Ok(bytes);
    }
    let drawn = prepare::draw(&picture, Some(photo.area)).await.map_err(|_| Problem::DamagedPicture)?;
    let bytes = prepare::bytes(&drawn.jpeg).await?;
    photo.sent = Sent { size: Some(drawn.sent), bytes: bytes.len() };
    KEPT.with_borrow_mut(|kept| {
        if let Some(kept) = kept.iter_mut().find(|kept| kept.id == photo.id) {
            kept.ready = (photo.area, bytes.clone());
        }
    });
    Ok(bytes)
}

/// The photos that became a token.
pub fn of(token: &str) -> Vec<Photo> {
    ALBUM.with_borrow(|album| album.photos_of(token).to_vec())
}

/// Remembers photos by the token that they became.
pub fn remember(token: &str, photos: Vec<Photo>) {
    forget(&ALBUM.with_borrow_mut(|album| album.remember(token.to_owned(), photos)));
}

/// Lets photos go.
pub fn forget(photos: &[Photo]) {
    for photo in photos {
        let _ = Url::revoke_object_url(&photo.url);
    }
    KEPT.with_borrow_mut(|kept| kept.retain(|kept| !photos.iter().any(|photo| photo.id == kept.id)));
}
