//! The shopper's photos on a page of results: small, each with the part that is searched; one of them large with its crop box; what can be
//! done with them, and what of them left the device. Only a browser has it.

use super::crop_box::{CropBox, percent};
use crate::{
    browser::{Ask, looker},
    components::{
        icons::{CrossIcon, PictureIcon, PlusIcon},
        receipt::receipt,
    },
    crop::Area,
    state::{Photo, Pictures, Stage},
};
use domain::limits;
use leptos::{html::Input, prelude::*};
use std::time::Duration;

/// How long a box has to rest until what it holds is looked for.
const REST: Duration = Duration::from_millis(350);

/// What is being done on the panel.
#[derive(Clone, Copy)]
struct Panel {
    photos: Memo<Vec<Photo>>,
    /// The id of the photo that is shown large.
    chosen: RwSignal<u32>,
    /// Where its box is.
    area: RwSignal<Area>,
    /// Counts the box's moves that were not asked with yet.
    moves: StoredValue<u32>,
    look: UnsyncCallback<Ask>,
}

impl Panel {
    /// The photo that is shown large.
    fn photo(self) -> Option<Photo> {
        self.photos.with(|photos| photos.iter().find(|photo| photo.id == self.chosen.get()).cloned())
    }

    /// Looks for what the box holds now.
    fn ask(self) {
        // Gone with the page meanwhile, or nothing has moved.
        if self.moves.try_get_value().unwrap_or_default() == 0 {
            return;
        }
        self.moves.set_value(0);
        let (id, area) = (self.chosen.get_untracked(), self.area.get_untracked());
        if untrack(|| self.photo()).is_some_and(|photo| photo.area != area) {
            self.look.run(Ask::Crop(id, area));
        }
    }

    /// The box was moved: once it rests, what it holds is looked for.
    fn moved(self) {
        self.moves.update_value(|moves| *moves += 1);
        let moves = self.moves.get_value();
        set_timeout(
            move || {
                if self.moves.try_get_value() == Some(moves) {
                    self.ask();
                }
            },
            REST,
        );
    }

    fn set(self, area: Area) {
        self.area.set(area);
        self.moves.update_value(|moves| *moves += 1);
        self.ask();
    }

    fn choose(self, photo: &Photo) {
        self.ask();
        self.chosen.set(photo.id);
        self.area.set(photo.area);
    }
}

/// The panel.
pub fn panel(photos: Memo<Vec<Photo>>) -> AnyView {
    let pictures = expect_context::<Pictures>();
    let last = photos.with_untracked(|photos| photos.last().map(|photo| (photo.id, photo.area)));
    let (id, area) = last.unwrap_or((0, Area::WHOLE));
    let panel = Panel {
        photos,
        chosen: RwSignal::new(id),
        area: RwSignal::new(area),
        moves: StoredValue::new(0),
        look: looker(),
    };
    follow(panel, pictures);
    let opened = RwSignal::new(false);
    let several = Memo::new(move |_| photos.with(|photos| photos.len() > 1));
    // The box stays as long as its photo does: it is being dragged while results come.
    let large = Memo::new(move |_| panel.photo().filter(|photo| photo.size.is_some()).map(|photo| photo.id));
    let undo = Memo::new(move |_| undo(panel));
    let moved = UnsyncCallback::new(move |()| panel.moved());
    view! {
        <section
            class="looked looked--photos"
            class:looked--open=opened
            class:looked--several=several
            aria-label="Your picture"
        >
            <ul class="looked-thumbs">
                {move || {
                    let several = several.get();
                    photos.get().into_iter().map(|photo| thumb(panel, photo, several, opened)).collect_view()
                }}
            </ul>
            <div id="crop" class="looked-large">
                {move || {
                    large
                        .get()
                        .and_then(|_| untrack(|| panel.photo()))
                        .map(|photo| view! { <CropBox photo area=panel.area moved /> })
                }}
            </div>
            <div class="looked-say">
                <p class="looked-words" role="status">
                    {move || pictures.refining.get().unwrap_or_else(|| words(panel))}
                </p>
                <p class="looked-acts">
                    <button
                        type="button"
                        class="act looked-toggle"
                        aria-expanded=move || if opened.get() { "true" } else { "false" }
                        aria-controls="crop"
                        hidden=move || large.get().is_none()
                        on:click=move |_| opened.update(|opened| *opened = !*opened)
                    >
                        {move || if opened.get() { "Done" } else { "Choose the part" }}
                    </button>
                    {move || undo.get().map(|(words, area)| undo_button(panel, words, area))}
                    {move || (photos.with(Vec::len) < limits::QUERY_PHOTOS).then(|| add_button(panel))}
                </p>
            </div>
            {move || receipt(&photos.get())}
        </section>
    }
    .into_any()
}

/// Follows the query on the page: after Back, after an answer, and after a search that failed the box is where what is shown was found. One
/// that is being moved is left alone.
fn follow(panel: Panel, pictures: Pictures) {
    Effect::new(move |before: Option<Vec<u32>>| {
        let failed = pictures.stage.with(|stage| matches!(stage, Stage::Failed(_)));
        let ids: Vec<u32> = panel.photos.with(|photos| photos.iter().map(|photo| photo.id).collect());
        let added = before.and_then(|before| ids.iter().rfind(|id| !before.contains(id)).copied());
        let chosen = panel.chosen.get_untracked();
        let next = added.or_else(|| ids.contains(&chosen).then_some(chosen)).or(ids.last().copied());
        if let Some(next) = next.filter(|next| *next != chosen) {
            panel.moves.set_value(0);
            panel.chosen.set(next);
        }
        if panel.moves.get_value() == 0 || failed {
            panel.moves.set_value(0);
            if let Some(photo) = untrack(|| panel.photo()) {
                panel.area.set(photo.area);
            }
        }
        ids
    });
}

/// A photo, small: the part of it that is searched. Pressing it shows it large.
fn thumb(panel: Panel, photo: Photo, several: bool, opened: RwSignal<bool>) -> AnyView {
    let (place, count) = panel.photos.with_untracked(|photos| {
        (photos.iter().position(|other| other.id == photo.id).unwrap_or_default() + 1, photos.len())
    });
    let id = photo.id;
    let name = if several { format!("Photo {place} of {count}") } else { "Your picture".to_owned() };
    let without = format!("Remove photo {place}");
    let current = move || (several && panel.chosen.get() == id).then_some("true");
    let picture = match photo.size {
        Some(size) => part(&photo, size, name),
        None => view! { <PictureIcon /> <span class="hidden">{name}</span> }.into_any(),
    };
    let press = move |_| {
        panel.choose(&photo);
        opened.set(true);
    };
    let remove = several.then(|| {
        view! {
            <button type="button" class="looked-remove" aria-label=without on:click=move |_| panel.look.run(Ask::Remove(id))>
                <CrossIcon />
            </button>
        }
    });
    view! {
        <li>
            <button type="button" class="looked-thumb" aria-current=current on:click=press>
                {picture}
            </button>
            {remove}
        </li>
    }
    .into_any()
}

/// The part of a photo that is searched, whole in a square.
fn part(photo: &Photo, (width, height): (u32, u32), name: String) -> AnyView {
    let area = photo.area;
    let (across, down) = (area.width() * f64::from(width), area.height() * f64::from(height));
    let longest = across.max(down);
    // The photo's size and place where the square's side is 1 and the part fills it one way.
    let (wide, high) = (f64::from(width) / longest, f64::from(height) / longest);
    let left = (1.0 - across / longest) / 2.0 - area.left * wide;
    let top = (1.0 - down / longest) / 2.0 - area.top * high;
    let mut rest = String::from("inset(");
    for share in [area.top, 1.0 - area.right, 1.0 - area.bottom, area.left] {
        rest.push_str(&percent(share));
        rest.push(' ');
    }
    rest.push(')');
    view! {
        <img
            src=photo.url.clone()
            alt=name
            style:width=percent(wide)
            style:height=percent(high)
            style:left=percent(left)
            style:top=percent(top)
            style:clip-path=rest
        />
    }
    .into_any()
}

fn words(panel: Panel) -> &'static str {
    let whole = panel.photos.with(|photos| photos.iter().all(|photo| photo.area.is_whole()));
    match (whole, panel.photos.with(Vec::len)) {
        (true, 1) => "All of your picture is searched.",
        (false, 1) => "Only this part of your picture is searched.",
        _ => "Searched as photos of one and the same piece.",
    }
}

/// What undoes the box with one tap: all of the picture, or where that is searched, the part that was proposed.
fn undo(panel: Panel) -> Option<(&'static str, Area)> {
    let proposed = panel.photo().filter(|photo| photo.size.is_some())?.proposed;
    if !panel.area.with(|area| area.is_whole()) {
        return Some(("Whole picture", Area::WHOLE));
    }
    (!proposed.is_whole()).then_some(("Trim it again", proposed))
}

fn undo_button(panel: Panel, words: &'static str, area: Area) -> AnyView {
    view! {
        <button type="button" class="act" on:click=move |_| panel.set(area)>
            {words}
        </button>
    }
    .into_any()
}

fn add_button(panel: Panel) -> AnyView {
    let input = NodeRef::<Input>::new();
    let chosen = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let files = input.files();
        let added = files.iter().flat_map(|files| (0..files.length()).filter_map(|n| files.get(n)));
        let added: Vec<web_sys::Blob> = added.map(Into::into).collect();
        input.set_value("");
        if !added.is_empty() {
            panel.look.run(Ask::Add(added));
        }
    };
    view! {
        <span class="looked-add">
            <input
                node_ref=input
                id="another"
                class="hidden"
                type="file"
                accept="image/*"
                multiple
                on:change=chosen
            />
            <label class="act" for="another">
                <PlusIcon />
                "Add another photo"
            </label>
        </span>
    }
    .into_any()
}
