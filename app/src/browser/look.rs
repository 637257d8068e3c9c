//! Looking for a picture: shrink it, send it, go to what was found.

use super::shrink;
use crate::{
    Problem, Search,
    api::find_by_picture,
    state::{Pictures, Seen, Shown, Stage},
};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use serde_bytes::ByteBuf;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, Url};

/// What to run with a picture to look for it. Call where the contexts are in reach.
pub fn looker() -> UnsyncCallback<Blob> {
    let pictures = expect_context::<Pictures>();
    let seen = expect_context::<Seen>();
    let navigate = use_navigate();
    UnsyncCallback::new(move |picture: Blob| {
        let navigate = navigate.clone();
        let turn = begin(pictures, &picture);
        spawn_local(async move {
            let found = look(pictures, turn, picture).await;
            if !is_current(pictures, turn) {
                return;
            }
            match found {
                Ok(results) => {
                    let search = Search::token(&results.token);
                    let token = results.token.clone();
                    pictures.pieces.set(Some(results.pieces));
                    seen.forget(&search);
                    seen.keep(&search, results);
                    keep_picture(pictures, token);
                    pictures.stage.set(Stage::Idle);
                    navigate(&search.href(), Default::default());
                }
                Err(problem) => pictures.stage.set(Stage::Failed(problem)),
            }
        });
    })
}

async fn look(pictures: Pictures, turn: u32, picture: Blob) -> Result<crate::api::Results, Problem> {
    let bytes = shrink::to_send(picture).await?;
    if is_current(pictures, turn) {
        pictures.stage.set(Stage::Looking);
    }
    find_by_picture(ByteBuf::from(bytes)).await
}

/// Shows the picture on the tray, and gives its turn: what answers after a newer turn has begun is passed over.
fn begin(pictures: Pictures, picture: &Blob) -> u32 {
    pictures.turn.update_value(|turn| *turn = turn.wrapping_add(1));
    let before = pictures.preview.get_untracked();
    let in_use = pictures.shown.with_untracked(|shown| shown.as_ref().map(|shown| shown.url.clone()));
    if let Some(before) = before.filter(|before| in_use.as_ref() != Some(before)) {
        let _ = Url::revoke_object_url(&before);
    }
    pictures.preview.set(Url::create_object_url_with_blob(picture).ok());
    pictures.stage.set(Stage::Reading);
    pictures.turn.get_value()
}

fn is_current(pictures: Pictures, turn: u32) -> bool {
    pictures.turn.get_value() == turn
}

/// The picture on the tray becomes the picture of the results; the one before it is let go.
fn keep_picture(pictures: Pictures, token: String) {
    let before = pictures.shown.get_untracked();
    let url = pictures.preview.get_untracked();
    if let Some(before) = before.filter(|before| Some(&before.url) != url.as_ref()) {
        let _ = Url::revoke_object_url(&before.url);
    }
    pictures.shown.set(url.map(|url| Shown { url, token }));
}
