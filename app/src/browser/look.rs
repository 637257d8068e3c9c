//! Looking for photos: make of them what is sent, send it, go to what was found. And looking again, when their parts or their number change.

use super::photos;
use crate::{
    Problem, Search,
    api::{Results, find_by_pictures},
    crop::Area,
    state::{Asked, Photo, Pictures, Seen, Stage},
};
use domain::limits;
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, Url};

/// What can be asked with photos.
pub enum Ask {
    /// Look for this picture.
    Find(Blob),
    /// Look with these pictures too: they show the same piece as those of the results on the page.
    Add(Vec<Blob>),
    /// Look for this part of the photo of that id.
    Crop(u32, Area),
    /// Look without the photo of that id.
    Remove(u32),
}

type Go = Rc<dyn Fn(&str, NavigateOptions)>;

/// What to run to look for photos. Call where the contexts are in reach.
pub fn looker() -> UnsyncCallback<Ask> {
    let pictures = expect_context::<Pictures>();
    let seen = expect_context::<Seen>();
    let go: Go = Rc::new(use_navigate());
    UnsyncCallback::new(move |ask| match ask {
        Ask::Find(picture) => begin(pictures, seen, go.clone(), picture),
        other => again(pictures, seen, go.clone(), other),
    })
}

/// Begins a new search, for one picture.
fn begin(pictures: Pictures, seen: Seen, go: Go, picture: Blob) {
    let turn = pictures.begin(Stage::Reading, None);
    show(pictures, Url::create_object_url_with_blob(&picture).ok());
    spawn_local(async move {
        let found = look(pictures, turn, picture).await;
        if !pictures.is_current(turn) {
            if let Ok((photo, _)) = found {
                photos::forget(&[photo]);
            }
            return;
        }
        match found {
            Ok((photo, results)) => {
                let next = Search::token(&results.token);
                arrive(pictures, vec![photo], &results);
                seen.forget(&next);
                seen.keep(&next, results);
                pictures.stage.set(Stage::Idle);
                show(pictures, None);
                go(&next.href(), NavigateOptions::default());
            }
            Err(problem) => pictures.stage.set(Stage::Failed(problem)),
        }
    });
}

async fn look(pictures: Pictures, turn: u32, picture: Blob) -> Result<(Photo, Results), Problem> {
    let (photo, bytes) = photos::take_in(picture).await?;
    if pictures.is_current(turn) {
        pictures.stage.set(Stage::Looking);
    }
    match find_by_pictures(vec![bytes], Search::default()).await {
        Ok(results) => Ok((photo, results)),
        Err(problem) => {
            photos::forget(&[photo]);
            Err(problem)
        }
    }
}

/// Puts a picture on the tray, in place of the one before.
fn show(pictures: Pictures, url: Option<String>) {
    if let Some(before) = pictures.preview.get_untracked() {
        let _ = Url::revoke_object_url(&before);
    }
    pictures.preview.set(url);
}

/// Looks again with the photos of the results on the page, changed as asked. The search around them stays as it is.
fn again(pictures: Pictures, seen: Seen, go: Go, ask: Ask) {
    let Some(search) = pictures.now.get_untracked().map(|search| search.from(0)) else { return };
    let before = untrack(|| pictures.photos_of(&search.token));
    let words = match &ask {
        Ask::Add(_) => "Adding your photo",
        _ => "Looking again",
    };
    // A box is moved many times over: going Back past each of them would be tedious.
    let replace = matches!(ask, Ask::Crop(..));
    let turn = pictures.begin(Stage::Idle, Some(words));
    spawn_local(async move {
        let found = change(before, ask, &search).await;
        if !pictures.is_current(turn) {
            return;
        }
        pictures.refining.set(None);
        let (photos, results) = match found {
            Ok(found) => found,
            Err(problem) => return pictures.stage.set(Stage::Failed(problem)),
        };
        // Gone to another page meanwhile: nobody is to be called back from there.
        let Some(now) = pictures.now.get_untracked().filter(|now| now.token == search.token) else { return };
        let next = Search { token: results.token.clone(), ..now.from(0) };
        arrive(pictures, photos, &results);
        // Narrowed meanwhile: the page then asks for itself.
        if now.from(0) == search {
            seen.forget(&next);
            seen.keep(&next, results);
        }
        go(&next.href(), NavigateOptions { replace, scroll: false, ..Default::default() });
    });
}

/// The photos changed as asked, and what is found with them.
async fn change(before: Vec<Photo>, ask: Ask, search: &Search) -> Result<(Vec<Photo>, Results), Problem> {
    let mut photos = before.clone();
    let found = find_changed(&mut photos, ask, search).await;
    if found.is_err() {
        // What was added is not to be kept for nothing.
        photos.retain(|photo| before.iter().all(|kept| kept.id != photo.id));
        photos::forget(&photos);
    }
    found.map(|results| (photos, results))
}

async fn find_changed(photos: &mut Vec<Photo>, ask: Ask, search: &Search) -> Result<Results, Problem> {
    match ask {
        Ask::Crop(id, area) => photos.iter_mut().filter(|photo| photo.id == id).for_each(|photo| photo.area = area),
        Ask::Remove(id) => photos.retain(|photo| photo.id != id),
        Ask::Add(pictures) => {
            let room = limits::QUERY_PHOTOS.saturating_sub(photos.len());
            for picture in pictures.into_iter().take(room) {
                photos.push(photos::take_in(picture).await?.0);
            }
        }
        Ask::Find(_) => {}
    }
    let mut bytes = Vec::with_capacity(photos.len());
    for photo in photos {
        bytes.push(photos::bytes_of(photo).await?);
    }
    find_by_pictures(bytes, search.clone()).await
}

/// Remembers the photos by the token that they became.
fn arrive(pictures: Pictures, photos: Vec<Photo>, results: &Results) {
    pictures.pieces.set(Some(results.pieces));
    photos::forget(&pictures.remember(Asked { token: results.token.clone(), photos }));
}
