//! The shopper's photos beside what was found with them: small, each with the part that is searched; one of them large with a box on it
//! that is dragged, resized by its corners and edges, drawn anew beside it, pinched, or moved with the arrow keys.
//!
//! Plain markup, and one set of listeners on it: a box that follows a finger has no use for a view that is compared and patched, and every
//! element of a view costs the bundle. What stands on it is drawn from [`State`] alone.

use super::{
    later::Later,
    look::{Change, changer},
    photos,
};
use crate::{
    Problem, Search,
    album::Photo,
    components::receipt,
    crop::{Area, Grip, Point},
    state::{Pictures, Stage},
};
use domain::limits;
use leptos::{ev, html, prelude::*};
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Blob, Element, Event, FocusOptions, HtmlElement, HtmlInputElement};

/// How long a box has to rest until what it holds is looked for.
const REST: Duration = Duration::from_millis(350);

/// What the panel is made of. The numbers at the box's handles are the edges that they move: [`crate::crop::LEFT`] and so on, added up.
const MARKUP: &str = r##"<ul class="looked-thumbs"></ul>
<div id="crop" class="looked-large"><div class="crop"><img class="crop-picture" alt="Your picture" draggable="false">
<div class="crop-box" tabindex="0" role="application" aria-roledescription="crop box" aria-label="The part of your picture that is searched" aria-describedby="crop-help" data-grip="0">
<span class="crop-handle crop-handle--top" data-grip="2"></span><span class="crop-handle crop-handle--right" data-grip="4"></span>
<span class="crop-handle crop-handle--bottom" data-grip="8"></span><span class="crop-handle crop-handle--left" data-grip="1"></span>
<span class="crop-handle crop-corner crop-corner--top-left" data-grip="3"></span><span class="crop-handle crop-corner crop-corner--top-right" data-grip="6"></span>
<span class="crop-handle crop-corner crop-corner--bottom-right" data-grip="12"></span><span class="crop-handle crop-corner crop-corner--bottom-left" data-grip="9"></span>
</div><div class="crop-dots" role="group" aria-label="Pieces in your picture"></div></div>
<p id="crop-help" class="hidden">Arrow keys move the box. With Shift they resize it. Plus and minus make it larger and smaller.</p>
<p class="hidden crop-said" aria-live="polite"></p></div>
<div class="looked-say"><p class="looked-words" role="status"></p><p class="looked-acts">
<button type="button" class="act looked-toggle" data-act="open" aria-controls="crop" aria-expanded="false">Choose the part</button>
<button type="button" class="act looked-undo" data-act="undo"></button>
<span class="looked-add"><input id="another" class="hidden" type="file" accept="image/*" multiple><label class="act" for="another"><svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="M8 2v12M2 8h12"/></svg>Add another photo</label></span>
</p></div>
<details class="receipt"><summary></summary><div></div></details>"##;

/// What is shown.
struct State {
    photos: Vec<Photo>,
    /// The id of the photo that is shown large.
    chosen: u32,
    /// Where its box is.
    area: Area,
    /// Whether the box was moved since it was last asked with.
    moved: bool,
    /// Whether the photo is shown large where there is little room.
    opened: bool,
    /// Ids and places of the fingers on the large photo, and where they and the box were when the last of them came down or left.
    fingers: [Option<(i32, Point)>; 2],
    from: [Point; 2],
    start: Area,
    grip: Grip,
}

impl State {
    /// The photo that is shown large.
    fn photo(&self) -> Option<&Photo> {
        self.photos.iter().find(|photo| photo.id == self.chosen)
    }

    /// What undoes the box with one tap: all of the picture, or where that is searched, the part that was proposed.
    fn undo(&self) -> Option<(&'static str, Area)> {
        let proposed = self.photo().filter(|photo| photo.size.is_some())?.proposed;
        if !self.area.is_whole() {
            return Some(("Whole picture", Area::WHOLE));
        }
        (!proposed.is_whole()).then_some(("Trim it again", proposed))
    }

    /// Takes over the photos of the query on the page. The box of a query that is `settled` is put where it was asked with, unless it has
    /// been moved since.
    fn follow(&mut self, photos: Vec<Photo>, settled: bool) {
        let added = photos.iter().rfind(|photo| self.photos.iter().all(|before| before.id != photo.id));
        let chosen = added.or(photos.iter().find(|photo| photo.id == self.chosen)).or(photos.last());
        let Some(chosen) = chosen.cloned() else { return };
        // Several pieces want to be told apart, for which they have to be seen.
        self.opened |= chosen.id != self.chosen && chosen.pieces.len() > 1;
        if (settled && !self.moved) || chosen.id != self.chosen {
            self.moved = false;
            self.area = chosen.area;
        }
        self.chosen = chosen.id;
        self.photos = photos;
    }

    /// The fingers are taken as they are from now on.
    fn hold(&mut self, grip: Grip) {
        self.grip = grip;
        self.start = self.area;
        self.from = self.fingers.map(|finger| finger.map(|(_, place)| place).unwrap_or_default());
    }

    /// Where the box is with the fingers where they are.
    fn held(&self) -> Area {
        match self.fingers {
            [Some((_, one)), Some((_, other))] => self.start.pinched(self.from, [one, other]),
            [Some((_, place)), None] => self.start.dragged(self.grip, self.from[0], place),
            [None, Some((_, place))] => self.start.dragged(self.grip, self.from[1], place),
            [None, None] => self.area,
        }
    }
}

/// The panel.
#[derive(Clone, Copy)]
pub struct Panel {
    state: StoredValue<State>,
    root: NodeRef<html::Section>,
    pictures: Pictures,
    change: UnsyncCallback<Change>,
    later: Later,
}

/// The panel for the search on the page. Call where the contexts are in reach.
pub fn panel(search: Memo<Result<Search, Problem>>) -> AnyView {
    let state = State {
        photos: Vec::new(),
        chosen: 0,
        area: Area::WHOLE,
        moved: false,
        opened: false,
        fingers: [None; 2],
        from: [(0.0, 0.0); 2],
        start: Area::WHOLE,
        grip: Grip::Inside,
    };
    let panel = Panel {
        state: StoredValue::new(state),
        root: NodeRef::new(),
        pictures: expect_context(),
        change: changer(search),
        later: Later::new(),
    };
    on_cleanup(move || panel.later.stop());
    // After an answer, after Back, and after a search that failed, the box is where what is shown was found.
    Effect::new(move |_| {
        let settled = panel.pictures.stage.with(|stage| !matches!(stage, Stage::Again(_)));
        let photos = search.with(|search| search.as_ref().map(|search| photos::of(&search.token)).unwrap_or_default());
        if let Some(root) = panel.root.get() {
            panel.state.update_value(|state| state.follow(photos, settled));
            panel.draw(&root);
        }
    });
    view! {
        <section
            node_ref=panel.root
            class="looked looked--photos"
            aria-label="Your picture"
            inner_html=MARKUP
            on:click=move |event| panel.click(&event)
            on:change=move |event| panel.add(&event)
            on:keydown=move |event| panel.key(&event)
            on:pointerdown=move |event| panel.down(&event)
            on:pointermove=move |event| panel.drag(&event)
            on:pointerup=move |event| panel.up(&event)
            on:pointercancel=move |event| panel.up(&event)
        ></section>
    }
    .into_any()
}

impl Panel {
    /// Draws everything.
    fn draw(self, root: &HtmlElement) {
        self.state.with_value(|state| {
            let several = state.photos.len() > 1;
            root.set_class_name(match (state.opened, several) {
                (false, false) => "looked looked--photos",
                (true, false) => "looked looked--photos looked--open",
                (false, true) => "looked looked--photos looked--several",
                (true, true) => "looked looked--photos looked--several looked--open",
            });
            draw_thumbs(root, state);
            draw_receipt(root, &state.photos);
            let size = state.photo().and_then(|photo| photo.size);
            show(root, "#crop", size.is_some());
            show(root, ".looked-toggle", size.is_some());
            show(root, ".looked-add", state.photos.len() < limits::QUERY_PHOTOS);
            if let (Some(photo), Some((width, height))) = (state.photo(), size) {
                set(root, ".crop-picture", "src", &photo.url);
                let ratio = (f64::from(width) / f64::from(height) * 1_000.0).round() / 1_000.0;
                style(root, ".crop", "--ratio", &ratio.to_string());
            }
            let opened = if state.opened { "true" } else { "false" };
            set(root, ".looked-toggle", "aria-expanded", opened);
            say(root, ".looked-toggle", if state.opened { "Done" } else { "Choose the part" });
            let count = state.photo().filter(|_| !several).map_or(0, |photo| photo.pieces.len());
            let said = self.pictures.again().map_or_else(|| words(&state.photos, count), str::to_owned);
            say(root, ".looked-words", &said);
            draw_dots(root, state);
            draw_box(root, state);
        });
    }

    /// Looks for what the box holds now.
    fn ask(self) {
        let asked = self.state.try_update_value(|state| {
            let (id, area) = (state.chosen, state.area);
            let differs = state.photo().is_some_and(|photo| photo.area != area);
            (std::mem::take(&mut state.moved) && differs).then_some(Change::Crop(id, area))
        });
        if let Some(change) = asked.flatten() {
            self.change.run(change);
        }
    }

    /// The box is somewhere else: it is drawn there, and once it rests, what it holds is looked for.
    fn move_to(self, area: Area) {
        let Some(root) = self.root.get_untracked() else { return };
        let moved = self.state.try_update_value(|state| {
            let moved = state.area != area;
            state.moved |= moved;
            state.area = area;
            draw_box(&root, state);
            moved
        });
        if moved == Some(true) {
            self.later.run(REST, move || self.ask());
        }
    }

    /// The box is put somewhere else, and what it holds is looked for at once.
    fn ask_for(self, area: Area) {
        self.move_to(area);
        self.later.stop();
        self.ask();
    }

    fn click(self, event: &ev::MouseEvent) {
        let Some(button) = target(event).and_then(|target| target.closest("[data-act]").ok().flatten()) else { return };
        let Some(root) = self.root.get_untracked() else { return };
        let id = button.get_attribute("data-id").and_then(|id| id.parse().ok()).unwrap_or_default();
        match button.get_attribute("data-act").as_deref() {
            Some("open") => self.state.update_value(|state| state.opened = !state.opened),
            Some("undo") => {
                if let Some((_, area)) = self.state.with_value(State::undo) {
                    return self.ask_for(area);
                }
            }
            Some("piece") => {
                let piece = self.state.with_value(|state| state.photo()?.pieces.get(id as usize).copied());
                if let Some(area) = piece {
                    return self.ask_for(area);
                }
            }
            Some("choose") => {
                self.later.stop();
                self.ask();
                self.state.update_value(|state| {
                    state.opened = true;
                    state.chosen = id;
                    state.area = state.photo().map_or(Area::WHOLE, |photo| photo.area);
                });
            }
            Some("remove") => return self.change.run(Change::Remove(id)),
            _ => return,
        }
        self.draw(&root);
    }

    fn add(self, event: &Event) {
        let Some(input) = target(event).and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        let files = input.files();
        let added = files.iter().flat_map(|files| (0..files.length()).filter_map(|n| files.get(n)));
        let added: Vec<Blob> = added.map(Into::into).collect();
        // Emptied, so that choosing the same picture again is a change again.
        input.set_value("");
        if !added.is_empty() {
            self.change.run(Change::Add(added));
        }
    }

    fn key(self, event: &ev::KeyboardEvent) {
        let on_box = target(event).is_some_and(|target| target.matches(".crop-box").unwrap_or_default());
        if !on_box || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let area = self.state.with_value(|state| state.area);
        if let (Some(area), Some(root)) = (area.pressed(&event.key(), event.shift_key()), self.root.get_untracked()) {
            event.prevent_default();
            say(&root, ".crop-said", &area.in_words());
            self.move_to(area);
        }
    }

    fn down(self, event: &ev::PointerEvent) {
        let Some((frame, place)) = self.place(event).filter(|_| event.button() == 0) else { return };
        let Some(target) = target(event).filter(|target| target.closest(".crop").is_ok_and(|frame| frame.is_some()))
        else {
            return;
        };
        // A dot is tapped, not dragged.
        if target.closest(".crop-dot").is_ok_and(|dot| dot.is_some()) {
            return;
        }
        // No selecting, no dragging of the picture itself; and the keyboard goes on from here.
        event.prevent_default();
        let _ = frame.set_pointer_capture(event.pointer_id());
        if let Some(shape) = find(&frame, ".crop-box") {
            let still = FocusOptions::new();
            still.set_prevent_scroll(true);
            let _ = shape.focus_with_options(&still);
        }
        self.state.update_value(|state| {
            if let Some(free) = state.fingers.iter_mut().find(|finger| finger.is_none()) {
                *free = Some((event.pointer_id(), place));
                state.hold(grip(&target));
            }
        });
    }

    fn drag(self, event: &ev::PointerEvent) {
        if self.state.with_value(|state| state.fingers == [None; 2]) {
            return;
        }
        let Some((_, place)) = self.place(event) else { return };
        let area = self.state.try_update_value(|state| {
            let finger = state.fingers.iter_mut().flatten().find(|finger| finger.0 == event.pointer_id())?;
            finger.1 = place;
            Some(state.held())
        });
        if let Some(area) = area.flatten() {
            self.move_to(area);
        }
    }

    fn up(self, event: &ev::PointerEvent) {
        self.state.update_value(|state| {
            let left = |finger: &Option<(i32, Point)>| finger.is_some_and(|(id, _)| id == event.pointer_id());
            if let Some(finger) = state.fingers.iter_mut().find(|finger| left(finger)) {
                *finger = None;
                // A finger that stays goes on by moving the box, from where it is.
                state.hold(Grip::Inside);
            }
        });
    }

    /// The large photo's frame, and where in it something happened, as shares of it.
    fn place(self, event: &ev::PointerEvent) -> Option<(HtmlElement, Point)> {
        let root = self.root.get_untracked()?;
        let frame = find(&root, ".crop")?;
        let bounds = frame.get_bounding_client_rect();
        let share = |at: i32, start: f64, length: f64| ((f64::from(at) - start) / length.max(1.0)).clamp(0.0, 1.0);
        let x = share(event.client_x(), bounds.left(), bounds.width());
        let y = share(event.client_y(), bounds.top(), bounds.height());
        Some((frame, (x, y)))
    }
}

/// Puts the box where it is, and offers to undo it.
fn draw_box(root: &HtmlElement, state: &State) {
    let Area { left, top, right, bottom } = state.area;
    for (edge, share) in [("left", left), ("top", top), ("right", 1.0 - right), ("bottom", 1.0 - bottom)] {
        style(root, ".crop-box", edge, &percent(share));
    }
    for (n, piece) in state.photo().iter().flat_map(|photo| photo.pieces.iter().enumerate()) {
        let dot = [".crop-dot:nth-child(", &(n + 1).to_string(), ")"].concat();
        set(root, &dot, "aria-pressed", if *piece == state.area { "true" } else { "false" });
    }
    let undo = state.undo();
    show(root, ".looked-undo", undo.is_some());
    say(root, ".looked-undo", undo.map_or("", |(words, _)| words));
}

/// A dot on each of the pieces that the large photo shows, if it shows several. Made anew only where their number changes.
fn draw_dots(root: &HtmlElement, state: &State) {
    let Some(dots) = find(root, ".crop-dots") else { return };
    let pieces = state.photo().map_or(&[][..], |photo| &photo.pieces);
    let count = pieces.len();
    if dots.child_element_count() as usize != count {
        let of = count.to_string();
        let dot = |n: usize| {
            let label = ["Search piece ", &(n + 1).to_string(), " of ", &of].concat();
            [
                r#"<button type="button" class="crop-dot" data-act="piece" data-id=""#,
                &n.to_string(),
                r#"" aria-label=""#,
                &label,
                r#""></button>"#,
            ]
            .concat()
        };
        dots.set_inner_html(&(0..count).map(dot).collect::<String>());
    }
    for (n, piece) in pieces.iter().enumerate() {
        let dot = [".crop-dot:nth-child(", &(n + 1).to_string(), ")"].concat();
        style(&dots, &dot, "left", &percent((piece.left + piece.right) / 2.0));
        style(&dots, &dot, "top", &percent((piece.top + piece.bottom) / 2.0));
    }
    show(root, ".crop-dots", count > 0);
}

/// The photos, small: of each the part that is searched, whole in a square. They are made anew only where their number changes, so that the
/// keyboard stays where it is.
fn draw_thumbs(root: &HtmlElement, state: &State) {
    let Some(list) = find(root, ".looked-thumbs") else { return };
    let count = state.photos.len();
    if list.child_element_count() as usize != count {
        let mut markup = String::new();
        for _ in &state.photos {
            markup
                .push_str(r#"<li><button type="button" class="looked-thumb" data-act="choose"><img alt=""></button>"#);
            if count > 1 {
                markup.push_str(r#"<button type="button" class="looked-remove" data-act="remove"><svg class="icon icon--small" viewBox="0 0 16 16" aria-hidden="true"><path d="M4 4l8 8M12 4l-8 8"/></svg></button>"#);
            }
            markup.push_str("</li>");
        }
        list.set_inner_html(&markup);
    }
    for (n, photo) in state.photos.iter().enumerate() {
        let place = (n + 1).to_string();
        let Some(item) = find(&list, &["li:nth-child(", &place, ")"].concat()) else { return };
        let id = photo.id.to_string();
        set(&item, "img", "src", &photo.url);
        set(&item, ".looked-thumb", "data-id", &id);
        if count == 1 {
            set(&item, "img", "alt", "Your picture");
        } else {
            set(&item, ".looked-thumb", "aria-label", &["Photo ", &place, " of ", &count.to_string()].concat());
            set(&item, ".looked-thumb", "aria-current", if photo.id == state.chosen { "true" } else { "false" });
            set(&item, ".looked-remove", "aria-label", &["Remove photo ", &place].concat());
            set(&item, ".looked-remove", "data-id", &id);
        }
        fit(&item, photo);
    }
}

/// Shows the part of a photo that is searched, whole in a square.
fn fit(item: &HtmlElement, photo: &Photo) {
    let (width, height) = photo.size.map_or((1.0, 1.0), |(width, height)| (f64::from(width), f64::from(height)));
    let area = photo.area;
    let (across, down) = (area.width() * width, area.height() * height);
    let longest = across.max(down);
    // The photo's size and place where the square's side is 1 and the part fills it one way.
    let (wide, high) = (width / longest, height / longest);
    let rest = [area.top, 1.0 - area.right, 1.0 - area.bottom, area.left].map(percent).join(" ");
    style(item, "img", "width", &percent(wide));
    style(item, "img", "height", &percent(high));
    style(item, "img", "left", &percent((1.0 - across / longest) / 2.0 - area.left * wide));
    style(item, "img", "top", &percent((1.0 - down / longest) / 2.0 - area.top * high));
    style(item, "img", "clip-path", &["inset(", &rest, ")"].concat());
}

/// What left the device, and what did not.
fn draw_receipt(root: &HtmlElement, photos: &[Photo]) {
    say(root, ".receipt summary", &receipt::summary(photos));
    let lines = photos.iter().map(receipt::line).collect::<Vec<_>>().join("</p><p>");
    if let Some(body) = find(root, ".receipt div") {
        // Numbers and our own words; nothing in them is the shopper's.
        let markup = ["<p>", &lines, "</p><p>", receipt::not_sent(photos), "</p><p>", receipt::GONE, "</p>"].concat();
        body.set_inner_html(&markup);
    }
}

/// What is searched of photos; `pieces` is how many the only one shows, where it shows several.
fn words(photos: &[Photo], pieces: usize) -> String {
    let as_found = photos.iter().all(|photo| photo.area == photo.proposed || photo.area.is_whole());
    match (photos.len(), photos.iter().all(|photo| photo.area.is_whole())) {
        (1, _) if pieces > 1 && as_found => {
            ["Your picture shows ", &pieces.to_string(), " pieces. Tap one to search it alone."].concat()
        }
        (1, true) => "All of your picture is searched.".to_owned(),
        (1, false) => "Only this part of your picture is searched.".to_owned(),
        _ => "Searched as photos of one and the same piece.".to_owned(),
    }
}

/// What of the box is held at an element.
fn grip(element: &Element) -> Grip {
    match element.get_attribute("data-grip").and_then(|edges| edges.parse().ok()) {
        Some(0) => Grip::Inside,
        Some(edges) => Grip::Edges(edges),
        None => Grip::Outside,
    }
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn find(root: &Element, selector: &str) -> Option<HtmlElement> {
    root.query_selector(selector).ok().flatten()?.dyn_into().ok()
}

/// Sets an attribute, unless it is so already: an image would be fetched again.
fn set(root: &Element, selector: &str, name: &str, value: &str) {
    if let Some(element) = find(root, selector).filter(|element| element.get_attribute(name).as_deref() != Some(value))
    {
        let _ = element.set_attribute(name, value);
    }
}

/// Says words, unless they are said already: they would be read out again.
fn say(root: &Element, selector: &str, words: &str) {
    if let Some(element) = find(root, selector).filter(|element| element.text_content().as_deref() != Some(words)) {
        element.set_text_content(Some(words));
    }
}

fn show(root: &Element, selector: &str, shown: bool) {
    if let Some(element) = find(root, selector) {
        element.set_hidden(!shown);
    }
}

/// Sets a style as a script does: what stands in the markup, the page's policy forbids.
fn style(root: &Element, selector: &str, name: &str, value: &str) {
    if let Some(element) = find(root, selector) {
        let _ = element.style().set_property(name, value);
    }
}

/// A share as a style has it.
fn percent(share: f64) -> String {
    let mut text = ((share * 10_000.0).round() / 100.0).to_string();
    text.push('%');
    text
}
