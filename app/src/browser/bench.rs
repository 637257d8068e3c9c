//! Working at the bench: taking files in, looking pieces up one after another, keeping what the dealer says, saving.

use super::{dropped, focus_soon, prepare};
use crate::{
    Problem,
    api::{Identified, identify},
    bench::{Act, Bench, Grouping, House, Piece, Record, Stage, Work, csv, group, is_picture, jsonl, queries},
};
use domain::{ListingId, limits};
use js_sys::{Array, Promise, Reflect, Uint8Array};
use leptos::{ev, prelude::*};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, Element, File, FileList, HtmlAnchorElement, HtmlElement, HtmlInputElement, Url};

/// How long to wait where the shop is too busy, in milliseconds, and how often.
const PAUSE: i32 = 4_000;
const PAUSES: usize = 30;

thread_local! {
    /// The photos of the pieces, by key. Handles, not bytes: a folder may hold gigabytes.
    static FILES: RefCell<Vec<(usize, Vec<File>)>> = const { RefCell::new(Vec::new()) };
    static ATTENDED: RefCell<bool> = const { RefCell::new(false) };
}

/// The page is shown: puts everything back into it, and from the first time on asks who leaves with work that was not saved.
pub fn attend(bench: Bench) {
    put_back(bench);
    if ATTENDED.replace(true) {
        return;
    }
    let _ = window_event_listener(ev::beforeunload, move |event| {
        if bench.is_unsaved() {
            event.prevent_default();
        }
    });
}

/// Files were chosen.
pub fn chosen(bench: Bench, how: Grouping, event: &ev::Event) {
    let input = event_target::<HtmlInputElement>(event);
    if let Some(files) = input.files() {
        take(bench, how, with_paths(&files));
    }
    // Emptied, so that choosing the same again is a change again.
    input.set_value("");
}

/// Files were dropped, or folders.
pub fn dropped(bench: Bench, how: Grouping, event: &ev::DragEvent) {
    event.prevent_default();
    let Some(carried) = event.data_transfer() else { return };
    if let Some(entries) = dropped::with_folders(&carried) {
        bench.note.set("Reading the folder…".into());
        spawn_local(async move { take(bench, how, dropped::files_in(entries).await) });
    } else if let Some(files) = carried.files() {
        take(bench, how, with_paths(&files));
    }
}

/// Files with their paths within the folder that was chosen.
fn with_paths(files: &FileList) -> Vec<(String, File)> {
    (0..files.length()).filter_map(|n| files.get(n)).map(|file| (path(&file), file)).collect()
}

fn take(bench: Bench, how: Grouping, all: Vec<(String, File)>) {
    let count = all.len();
    let mut pictures: Vec<(String, File)> =
        all.into_iter().filter(|(_, file)| is_picture(&file.name(), &file.type_())).collect();
    pictures.sort_by(|a, b| a.0.cmp(&b.0));
    let left = count - pictures.len();
    let names: Vec<String> = pictures.iter().map(|(name, _)| name.clone()).collect();
    let mut pieces = bench.pieces.get_untracked();
    let taken: Vec<String> =
        pieces.iter().map(|piece| piece.work.with_value(|work| work.field("id").to_owned())).collect();
    for new in group(&names, how, &taken) {
        let key = pieces.last().map_or(0, |piece| piece.key + 1);
        let photos: Vec<&(String, File)> = new.photos.iter().filter_map(|place| pictures.get(*place)).collect();
        let mut work = Work { photos: photos.iter().map(|(name, _)| name.clone()).collect(), ..Work::default() };
        work.fill("id", &new.id);
        let files = photos.into_iter().map(|(_, file)| file.clone()).collect();
        FILES.with_borrow_mut(|all| all.push((key, files)));
        pieces.push(Piece { key, stage: ArcRwSignal::new(Stage::Waiting), work: ArcStoredValue::new(work) });
    }
    bench.pieces.set(pieces);
    put_back(bench);
    bench.note.set(match (left, count) {
        (left, count) if left == count => "There was no photo in that.".into(),
        (0, _) => String::new(),
        (1, _) => "1 file that is no picture was left out.".into(),
        (left, _) => [left.to_string().as_str(), " files that are no pictures were left out."].concat(),
    });
    run(bench);
}

/// The file's path within the folder that was chosen; its name where it was chosen by itself.
fn path(file: &File) -> String {
    let path = Reflect::get(file, &"webkitRelativePath".into()).ok().and_then(|path| path.as_string());
    path.filter(|path| !path.is_empty()).map_or_else(|| file.name(), |path| dropped::within(&path).to_owned())
}

/// Looks up what waits, piece by piece.
fn run(bench: Bench) {
    if bench.running.get_untracked() {
        return;
    }
    bench.running.set(true);
    let turn = bench.next_turn();
    spawn_local(async move {
        while let Some(piece) = next(bench) {
            piece.stage.set(Stage::Looking);
            let found = look_up(bench, turn, &piece).await;
            if bench.turn.get_value() != turn {
                return;
            }
            let lost = matches!(found, Err(Problem::Unreachable));
            match found {
                Ok(found) => lay_out(bench, &piece, found),
                Err(problem) => piece.stage.set(Stage::Failed(problem)),
            }
            if lost {
                bench.note.set("We cannot reach the shop. The rest waits.".into());
                break;
            }
        }
        bench.running.set(false);
    });
}

fn next(bench: Bench) -> Option<Piece> {
    let pieces = bench.pieces.get_untracked();
    pieces.into_iter().find(|piece| piece.stage.with_untracked(|stage| *stage == Stage::Waiting))
}

async fn look_up(bench: Bench, turn: u32, piece: &Piece) -> Result<Identified, Problem> {
    let files = FILES.with_borrow(|all| all.iter().find(|(key, _)| *key == piece.key).map(|(_, files)| files.clone()));
    let mut sent = Vec::new();
    let mut shown = Vec::new();
    for file in files.unwrap_or_default().into_iter().take(limits::QUERY_PHOTOS) {
        let bytes = prepare::to_send(file.into()).await?;
        // What is shown is what is sent: a folder of originals would fill the memory.
        shown.extend(object_url(&Uint8Array::from(bytes.as_slice())));
        sent.push(bytes);
    }
    piece.work.update_value(|work| let_go(std::mem::replace(&mut work.shown, shown)));
    for _ in 0..PAUSES {
        match identify(sent.clone()).await {
            Err(Problem::Busy) if bench.turn.get_value() == turn => {
                bench.note.set("The shop is busy just now; going on in a moment.".into());
                pause().await;
                bench.note.set(String::new());
            }
            answered => return answered,
        }
    }
    Err(Problem::Busy)
}

async fn pause() {
    let promise = Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, PAUSE);
    });
    let _ = JsFuture::from(promise).await;
}

/// What was found about a piece becomes the dealer's to decide on.
fn lay_out(bench: Bench, piece: &Piece, found: Identified) {
    let Identified { html, guesses, title } = found;
    piece.work.update_value(|work| {
        (work.html, work.guesses) = (html, guesses);
        let title = if title.is_empty() { work.field("id").to_owned() } else { title };
        work.fill("title", &title);
    });
    bench.unsaved.update_value(|unsaved| unsaved.0 = true);
    piece.stage.set(Stage::Found);
    put_back(bench);
}

/// Puts into the forms, once they are on the page, what their fields held: the server's part of them is always as it came.
fn put_back(bench: Bench) {
    request_animation_frame(move || {
        for piece in bench.pieces.get_untracked() {
            let selector = ["#piece-", piece.key.to_string().as_str(), " form"].concat();
            if let Ok(Some(form)) = document().query_selector(&selector) {
                piece.work.with_value(|work| fill(&form, work));
            }
        }
    });
}

fn fill(form: &Element, work: &Work) {
    for (name, value) in &work.fields {
        for field in all::<HtmlInputElement>(form, &["[name=", name, "]"].concat()) {
            if field.type_() == "radio" {
                field.set_checked(field.value() == *value);
            } else if field.value() != *value {
                field.set_value(value);
            }
        }
    }
    for ((picture, url), name) in all::<Element>(form, ".bench-photos img").iter().zip(&work.shown).zip(&work.photos) {
        let _ = picture.set_attribute("src", url);
        let _ = picture.set_attribute("alt", name);
    }
}

/// Every element of a kind that a selector finds within another.
fn all<T: JsCast>(within: &Element, selector: &str) -> Vec<T> {
    let Ok(found) = within.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|n| found.get(n)?.dyn_into().ok()).collect()
}

/// A field of a piece's form was changed.
pub fn edited(bench: Bench, piece: &Piece, event: &ev::Event) {
    let field = event_target::<HtmlInputElement>(event);
    let name = field.name();
    piece.work.update_value(|work| work.fill(&name, &field.value()));
    bench.unsaved.update_value(|unsaved| if name == "same" { unsaved.1 = true } else { unsaved.0 = true });
}

/// A field about the dealer was changed.
pub fn house_edited(bench: Bench, event: &ev::Event) {
    let field = event_target::<HtmlInputElement>(event);
    let value = field.value().trim().to_owned();
    bench.house.update_value(|house| match field.name().as_str() {
        "house-id" => house.id = value,
        "house-name" => house.name = value,
        _ => house.currency = value,
    });
}

/// A button was pressed.
pub fn act(bench: Bench, what: Act) {
    match what {
        Act::Stop => stop(bench),
        Act::GoOn => run(bench),
        Act::Retry => {
            for piece in bench.pieces.get_untracked() {
                if piece.stage.with_untracked(|stage| matches!(stage, Stage::Failed(_))) {
                    piece.stage.set(Stage::Waiting);
                }
            }
            run(bench);
        }
        Act::Clear => {
            if bench.is_unsaved() && !sure("Take everything off the bench? What you have not saved is lost.") {
                return;
            }
            forget(bench, |_| true);
            bench.unsaved.set_value((false, false));
        }
        Act::Remove(key) => forget(bench, |piece| piece.key == key),
        Act::ConfirmAll(key) => return confirm_all(key),
        Act::Csv | Act::Jsonl | Act::Queries => return save(bench, what),
    }
    // The button that was pressed may be gone.
    focus_soon(".bench-acts button:not([hidden])".into());
}

fn sure(question: &str) -> bool {
    window().confirm_with_message(question).unwrap_or(true)
}

fn stop(bench: Bench) {
    bench.next_turn();
    for piece in bench.pieces.get_untracked() {
        if piece.stage.with_untracked(|stage| *stage == Stage::Looking) {
            piece.stage.set(Stage::Waiting);
        }
    }
    bench.running.set(false);
    bench.note.set(String::new());
}

/// Takes pieces off the bench, and lets go of their photos.
fn forget(bench: Bench, which: impl Fn(&Piece) -> bool) {
    let (gone, kept): (Vec<Piece>, Vec<Piece>) = bench.pieces.get_untracked().into_iter().partition(which);
    for piece in &gone {
        FILES.with_borrow_mut(|all| all.retain(|(key, _)| *key != piece.key));
        piece.work.update_value(|work| let_go(std::mem::take(&mut work.shown)));
    }
    bench.note.set(String::new());
    bench.pieces.set(kept);
    put_back(bench);
}

fn let_go(urls: Vec<String>) {
    for url in urls {
        let _ = Url::revoke_object_url(&url);
    }
}

/// Presses "Confirm" on every line of a piece that has it, as a hand would.
fn confirm_all(key: usize) {
    let selector = ["#piece-", key.to_string().as_str(), " form"].concat();
    if let Ok(Some(form)) = document().query_selector(&selector) {
        for button in all::<HtmlElement>(&form, "[value=confirm]") {
            button.click();
        }
    }
}

/// Writes a file, and says what is in it and what is not.
fn save(bench: Bench, what: Act) {
    let found = bench.pieces.get_untracked().into_iter();
    let found = found.filter(|piece| piece.stage.with_untracked(|stage| *stage == Stage::Found));
    let works: Vec<Work> = found.map(|piece| piece.work.get_value()).collect();
    let house = bench.house.get_value();
    let (saved, name, text, lacking) = if what == Act::Queries {
        let confirmed: Vec<(Vec<String>, String)> =
            works.iter().map(|work| (work.photos.clone(), work.field("same").to_owned())).collect();
        let confirmed: Vec<(Vec<String>, String)> =
            confirmed.into_iter().filter(|(_, same)| !same.is_empty()).collect();
        (confirmed.len(), "bench-queries.jsonl", queries(&confirmed), Vec::new())
    } else {
        if let Err(reason) = fit(&house) {
            bench.note.set(reason.into());
            focus_soon("[name=house-id]".into());
            return;
        }
        let (records, lacking) = records(&works);
        match what {
            Act::Csv => (records.len(), "bench.csv", csv(&house, &records), lacking),
            _ => (records.len(), "bench.jsonl", jsonl(&house, &records), lacking),
        }
    };
    let mut said = if saved == 0 {
        "Nothing to save yet.".to_owned()
    } else {
        [saved.to_string().as_str(), if saved == 1 { " piece" } else { " pieces" }, " saved as ", name, "."].concat()
    };
    for (id, reason) in &lacking {
        said = [said.as_str(), " ", id, ": ", reason, "."].concat();
    }
    if saved > 0 {
        download(name, &text);
        // Whatever is still lacking was not saved.
        bench.unsaved.update_value(|unsaved| {
            if what == Act::Queries { unsaved.1 = false } else { unsaved.0 = !lacking.is_empty() }
        });
    }
    bench.note.set(said);
}

/// The pieces that can be listed, and those that cannot, with what they lack.
fn records(works: &[Work]) -> (Vec<Record>, Vec<(String, String)>) {
    let (mut records, mut lacking): (Vec<Record>, Vec<(String, String)>) = (Vec::new(), Vec::new());
    for work in works {
        match Record::of(work) {
            Ok(record) if records.iter().any(|other| other.id == record.id) => {
                lacking.push((record.id, "another piece has its reference".into()));
            }
            Ok(record) => records.push(record),
            Err(reason) => lacking.push((work.field("id").to_owned(), reason)),
        }
    }
    (records, lacking)
}

/// Whether a dealer can list under this name.
fn fit(house: &House) -> Result<(), &'static str> {
    if ListingId::new(house.id.as_str()).is_err() {
        return Err("First say whose pieces they are: the dealer’s reference, letters, digits, “-”, “_” and “.” only.");
    }
    if !house.currency.is_empty() && domain::Currency::new(&house.currency).is_err() {
        return Err("The currency is three letters, such as GBP.");
    }
    Ok(())
}

fn object_url(part: &JsValue) -> Option<String> {
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(part)).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

/// Hands the browser a file to keep.
fn download(name: &str, text: &str) {
    let Some(url) = object_url(&Uint8Array::from(text.as_bytes())) else { return };
    if let Some(link) = document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) {
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
    // Not let go of at once: the browser may still be reading it.
    set_timeout(move || let_go(vec![url]), std::time::Duration::from_secs(60));
}
