//! Looking closer at a photo: what is wider than its mat is scrolled so that the spot under the pointer stays there.

use leptos::{ev, prelude::request_animation_frame};
use web_sys::HtmlElement;

/// After a tap, once the photo is as wide as it will be. A press by key has no spot: the middle, then.
pub fn come_closer(mat: &HtmlElement, event: &ev::MouseEvent) {
    let mat = mat.clone();
    let (across, down) = if event.detail() == 0 { (0.5, 0.5) } else { spot(&mat, event) };
    request_animation_frame(move || show(&mat, across, down));
}

/// As a mouse moves over the photo.
pub fn look_around(mat: &HtmlElement, event: &ev::MouseEvent) {
    let (across, down) = spot(mat, event);
    show(mat, across, down);
}

/// Where on the mat the pointer is, each from 0 to 1.
fn spot(mat: &HtmlElement, event: &ev::MouseEvent) -> (f64, f64) {
    let around = mat.get_bounding_client_rect();
    let part = |at: i32, from: f64, side: f64| ((f64::from(at) - from) / side.max(1.0)).clamp(0.0, 1.0);
    (part(event.client_x(), around.left(), around.width()), part(event.client_y(), around.top(), around.height()))
}

fn show(mat: &HtmlElement, across: f64, down: f64) {
    let to = |part: f64, whole: i32, seen: i32| (part * f64::from(whole - seen)) as i32;
    mat.set_scroll_left(to(across, mat.scroll_width(), mat.client_width()));
    mat.set_scroll_top(to(down, mat.scroll_height(), mat.client_height()));
}
