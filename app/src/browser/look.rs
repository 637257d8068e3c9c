//! Looking for photos: make of them what is sent, send it, go to what was found. And looking again, when their parts or their number change.

use super::{forms::is_here, photos};
use crate::{
    Problem, Search,
    album::Photo,
    api::{Results, find_by_pictures},
    crop::Area,
    state::{Pictures, Seen, Stage},
};
use domain::limits;
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, Url};

/// How the photos of the results on the page are to change.
pub enum Change {
    /// These pictures too: they show the same piece.
    Add(Vec<Blob>),
    /// This part of the photo of that id.
    Crop(u32, Area),
    /// Without the photo of that id.
    Remove(u32),
}

type Go = Rc<dyn Fn(&str, NavigateOptions)>;

/// What to run with a picture to look for it. Call where the contexts are in reach.
pub fn looker() -> UnsyncCallback<Blob> {
    let pictures = expect_context::<Pictures>();
    let seen = expect_context::<Seen>();
    let go: Go = Rc::new(use_navigate());
    UnsyncCallback::new(move |picture: Blob| {
        let go = go.clone();
        let turn = pictures.begin(Stage::Reading);
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
                    photos::remember(&results.token, vec![photo]);
                    pictures.pieces.set(Some(results.pieces));
                    seen.forget(&next);
                    seen.keep(&next, results);
                    pictures.stage.set(Stage::Idle);
                    show(pictures, None);
                    go_to(&go, &next.href(), false, true);
                }
                Err(problem) => pictures.stage.set(Stage::Failed(problem)),
            }
        });
    })
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

/// Goes to an address. After Forward the router may take where it goes for where it is, and leave the address as it was: that is put right.
fn go_to(go: &Go, href: &str, replace: bool, scroll: bool) {
    go(href, NavigateOptions { replace, scroll, ..Default::default() });
    if !replace && !is_here(href) {
        go(href, NavigateOptions { replace: true, scroll, ..Default::default() });
    }
}

/// Puts a picture on the tray, in place of the one before.
fn show(pictures: Pictures, url: Option<String>) {
    if let Some(before) = pictures.preview.get_untracked() {
        let _ = Url::revoke_object_url(&before);
    }
    pictures.preview.set(url);
}

/// What to run to look again with the photos of the results on the page, changed. The search around them stays as it is. Call where the
/// contexts are in reach.
pub fn changer(search: Memo<Result<Search, Problem>>) -> UnsyncCallback<Change> {
    let pictures = expect_context::<Pictures>();
    let seen = expect_context::<Seen>();
    let go: Go = Rc::new(use_navigate());
    // None once the page has been left.
    let now = move || search.try_get_untracked().and_then(Result::ok).map(|search| search.from(0).going(false));
    UnsyncCallback::new(move |change: Change| {
        let Some(asked) = now() else { return };
        let go = go.clone();
        let words = if matches!(change, Change::Add(_)) { "Adding your photo" } else { "Looking again" };
        // A box is moved many times over: going Back past each of them would be tedious.
        let replace = matches!(change, Change::Crop(..));
        let turn = pictures.begin(Stage::Again(words));
        spawn_local(async move {
            let found = changed(change, &asked).await;
            if !pictures.is_current(turn) {
                return;
            }
            let (photos, results) = match found {
                Ok(found) => found,
                Err(problem) => return pictures.stage.set(Stage::Failed(problem)),
            };
            // Gone to another page or another query meanwhile: nobody is to be called back from there.
            if let Some(now) = now().filter(|now| now.token == asked.token) {
                let next = Search { token: results.token.clone(), ..now.clone() };
                photos::remember(&results.token, photos);
                // Narrowed meanwhile: the page then asks for itself.
                if now == asked {
                    seen.forget(&next);
                    seen.keep(&next, results);
                }
                go_to(&go, &next.href(), replace, false);
            }
            pictures.stage.set(Stage::Idle);
        });
    })
}

/// The photos of a search, changed, and what is found with them.
async fn changed(change: Change, search: &Search) -> Result<(Vec<Photo>, Results), Problem> {
    let before = photos::of(&search.token);
    let mut photos = before.clone();
    let found = find_changed(&mut photos, change, search).await;
    if found.is_err() {
        // What was added is not to be kept for nothing.
        photos.retain(|photo| before.iter().all(|kept| kept.id != photo.id));
        photos::forget(&photos);
    }
    found.map(|results| (photos, results))
}

async fn find_changed(photos: &mut Vec<Photo>, change: Change, search: &Search) -> Result<Results, Problem> {
    match change {
        Change::Crop(id, area) => {
            if let Some(photo) = photos.iter_mut().find(|photo| photo.id == id) {
                photo.area = area;
            }
        }
        Change::Remove(id) => photos.retain(|photo| photo.id != id),
        Change::Add(pictures) => {
            let room = limits::QUERY_PHOTOS.saturating_sub(photos.len());
            for picture in pictures.into_iter().take(room) {
                photos.push(photos::take_in(picture).await?.0);
            }
        }
    }
    let mut bytes = Vec::with_capacity(photos.len());
    for photo in photos {
        bytes.push(photos::bytes_of(photo).await?);
    }
    find_by_pictures(bytes, search.clone()).await
}
