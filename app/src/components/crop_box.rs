//! A photo with a box on it: what lies in the box is searched, the rest is dimmed. It is dragged, resized by its corners and edges, drawn
//! anew beside it, pinched with two fingers, or moved with the arrow keys. Only a browser has it.

use crate::{
    crop::{Area, BOTTOM, Grip, LEFT, Point, RIGHT, TOP},
    state::Photo,
};
use leptos::{ev, html::Div, prelude::*};
use web_sys::{Element, FocusOptions, HtmlElement};

/// Where the box can be held: the name of the handle, and the edges that it moves.
const HANDLES: [(&str, u8); 8] = [
    ("crop-handle crop-handle--top", TOP),
    ("crop-handle crop-handle--right", RIGHT),
    ("crop-handle crop-handle--bottom", BOTTOM),
    ("crop-handle crop-handle--left", LEFT),
    ("crop-handle crop-corner crop-corner--top-left", TOP | LEFT),
    ("crop-handle crop-corner crop-corner--top-right", TOP | RIGHT),
    ("crop-handle crop-corner crop-corner--bottom-right", BOTTOM | RIGHT),
    ("crop-handle crop-corner crop-corner--bottom-left", BOTTOM | LEFT),
];

/// The fingers on the picture, and how it was when the last of them came down or left.
#[derive(Clone, Copy)]
struct Held {
    /// Id and place of at most two.
    fingers: [Option<(i32, Point)>; 2],
    from: [Point; 2],
    grip: Grip,
    start: Area,
}

impl Held {
    fn again(&mut self, area: Area) {
        self.start = area;
        self.from = self.fingers.map(|finger| finger.map(|(_, place)| place).unwrap_or_default());
    }

    /// The area, with the fingers where they are now.
    fn area(&self) -> Area {
        match self.fingers {
            [Some((_, one)), Some((_, other))] => self.start.pinched(self.from, [one, other]),
            [Some((_, place)), None] => self.start.dragged(self.grip, self.from[0], place),
            [None, Some((_, place))] => self.start.dragged(self.grip, self.from[1], place),
            [None, None] => self.start,
        }
    }
}

/// The photo with its box. `area` is where the box is; `moved` runs each time the shopper has moved it.
#[component]
pub fn CropBox(photo: Photo, area: RwSignal<Area>, moved: UnsyncCallback<()>) -> impl IntoView {
    let frame = NodeRef::<Div>::new();
    let shape = NodeRef::<Div>::new();
    let said = RwSignal::new(String::new());
    let (width, height) = photo.size.unwrap_or((1, 1));
    Effect::new(move |_| {
        if let Some(frame) = frame.get() {
            let ratio = (f64::from(width) / f64::from(height) * 1000.0).round() / 1000.0;
            style(&frame, "--ratio", &ratio.to_string());
        }
    });
    Effect::new(move |_| {
        let area = area.get();
        if let Some(shape) = shape.get() {
            let edges =
                [("left", area.left), ("top", area.top), ("right", 1.0 - area.right), ("bottom", 1.0 - area.bottom)];
            for (edge, share) in edges {
                style(&shape, edge, &percent(share));
            }
        }
    });
    let held =
        StoredValue::new(Held { fingers: [None; 2], from: [(0.0, 0.0); 2], grip: Grip::Inside, start: Area::WHOLE });
    let down = move |event: ev::PointerEvent| {
        let Some(frame) = frame.get_untracked().filter(|_| event.button() == 0) else { return };
        // No selecting, no dragging of the picture itself; and the keyboard goes on from here.
        event.prevent_default();
        let _ = frame.set_pointer_capture(event.pointer_id());
        if let Some(shape) = shape.get_untracked() {
            let still = FocusOptions::new();
            still.set_prevent_scroll(true);
            let _ = shape.focus_with_options(&still);
        }
        let place = place(&event, &frame);
        held.update_value(|held| {
            if let Some(free) = held.fingers.iter_mut().find(|finger| finger.is_none()) {
                *free = Some((event.pointer_id(), place));
                held.grip = grip(&event_target::<Element>(&event));
                held.again(area.get_untracked());
            }
        });
    };
    let drag = move |event: ev::PointerEvent| {
        let Some(frame) = frame.get_untracked() else { return };
        let place = place(&event, &frame);
        let now = held.try_update_value(|held| {
            let finger = held.fingers.iter_mut().flatten().find(|finger| finger.0 == event.pointer_id())?;
            finger.1 = place;
            Some(held.area())
        });
        if let Some(now) = now.flatten().filter(|now| *now != area.get_untracked()) {
            area.set(now);
            moved.run(());
        }
    };
    let up = move |event: ev::PointerEvent| {
        held.update_value(|held| {
            for finger in &mut held.fingers {
                if finger.is_some_and(|(id, _)| id == event.pointer_id()) {
                    *finger = None;
                }
            }
            // The finger that stays goes on by moving the box, from where it is.
            held.grip = Grip::Inside;
            held.again(area.get_untracked());
        });
    };
    let key = move |event: ev::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let Some(now) = area.get_untracked().pressed(&event.key(), event.shift_key()) else { return };
        event.prevent_default();
        said.set(now.in_words());
        if now != area.get_untracked() {
            area.set(now);
            moved.run(());
        }
    };
    let handles =
        HANDLES.map(|(class, edges)| view! { <span class=class data-grip=edges.to_string()></span> }).collect_view();
    view! {
        <div
            node_ref=frame
            class="crop"
            on:pointerdown=down
            on:pointermove=drag
            on:pointerup=up
            on:pointercancel=up
        >
            <img class="crop-picture" src=photo.url alt="Your picture" draggable="false" />
            <div
                node_ref=shape
                class="crop-box"
                tabindex="0"
                role="application"
                aria-roledescription="crop box"
                aria-label="The part of your picture that is searched"
                aria-describedby="crop-help"
                data-grip="0"
                on:keydown=key
            >
                {handles}
            </div>
        </div>
        <p id="crop-help" class="hidden">
            "Arrow keys move the box. With Shift they resize it. Plus and minus make it larger and smaller."
        </p>
        <p class="hidden" aria-live="polite">
            {said}
        </p>
    }
    .into_any()
}

/// Sets a style as a script does: what stands in the markup, the page's policy forbids.
fn style(element: &HtmlElement, name: &str, value: &str) {
    let _ = element.style().set_property(name, value);
}

/// A share as a style has it.
pub fn percent(share: f64) -> String {
    let mut text = ((share * 10_000.0).round() / 100.0).to_string();
    text.push('%');
    text
}

/// Where a finger is, as shares of the picture.
fn place(event: &ev::PointerEvent, frame: &Element) -> Point {
    let bounds = frame.get_bounding_client_rect();
    let share = |at: i32, start: f64, length: f64| ((f64::from(at) - start) / length.max(1.0)).clamp(0.0, 1.0);
    (share(event.client_x(), bounds.left(), bounds.width()), share(event.client_y(), bounds.top(), bounds.height()))
}

/// What of the box is held at an element.
fn grip(element: &Element) -> Grip {
    match element.get_attribute("data-grip").and_then(|edges| edges.parse().ok()) {
        Some(0) => Grip::Inside,
        Some(edges) => Grip::Edges(edges),
        None => Grip::Outside,
    }
}
