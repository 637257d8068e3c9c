//! The camera: one stream at a time, held here and nowhere else, so that it is certain to be stopped when the page is left.

use super::prepare;
use js_sys::{Array, Function, JSON, Reflect};
use leptos::prelude::window;
use std::cell::{Cell, RefCell};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlVideoElement, MediaStream, MediaStreamConstraints, MediaStreamTrack, MediaTrackConstraints};

thread_local! {
    static STREAM: RefCell<Option<MediaStream>> = const { RefCell::new(None) };
    /// Counts what was begun: a camera that the browser hands over after the page was left is stopped at once.
    static TURN: Cell<u32> = const { Cell::new(0) };
}

/// Why there is no camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCamera {
    /// The shopper, or the browser for them, said no.
    Refused,
    /// There is none, or not on this page: it may not be asked for where the connection is not secure.
    Absent,
    /// Another program has it.
    Taken,
    /// The page was left meanwhile.
    Left,
}

/// What an open camera can do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Able {
    /// There is another one to switch to.
    pub switch: bool,
    /// It has a light.
    pub light: bool,
    /// It looks at whoever holds it, who then expects a mirror.
    pub mirror: bool,
}

/// Whether the shopper has allowed the camera before, so that it can be opened without asking first. Browsers that do not tell have not.
pub async fn is_allowed() -> bool {
    async fn state() -> Result<JsValue, JsValue> {
        let permissions = Reflect::get(&window().navigator(), &"permissions".into())?;
        let query: Function = Reflect::get(&permissions, &"query".into())?.dyn_into()?;
        let asked = JSON::parse(r#"{"name":"camera"}"#)?;
        let promise: js_sys::Promise = query.call1(&permissions, &asked)?.dyn_into()?;
        Reflect::get(&JsFuture::from(promise).await?, &"state".into())
    }
    state().await.is_ok_and(|state| state == "granted")
}

/// Opens the camera at the back where there is one, or the one after that which is open, and shows it.
pub async fn open(video: &HtmlVideoElement, next: bool) -> Result<Able, NoCamera> {
    let turn = TURN.get().wrapping_add(1);
    TURN.set(turn);
    let id = if next { next_camera().await } else { None };
    let wanted = match id {
        Some(id) => format!(r#"{{"video":{{"deviceId":{{"exact":"{id}"}},"width":{{"ideal":1920}}}}}}"#),
        None => r#"{"video":{"facingMode":"environment","width":{"ideal":1920}}}"#.to_owned(),
    };
    if TURN.get() != turn {
        return Err(NoCamera::Left);
    }
    // Most phones hand out one camera at a time.
    if let Some(before) = STREAM.take() {
        halt(&before);
    }
    let stream = ask(&wanted).await.map_err(|error| reason(&error))?;
    if TURN.get() != turn {
        halt(&stream);
        return Err(NoCamera::Left);
    }
    video.set_src_object(Some(&stream));
    STREAM.set(Some(stream));
    if let Ok(playing) = video.play() {
        // It begins to play when it can; a page that is in the background waits.
        let _ = JsFuture::from(playing).await;
    }
    let track = track();
    let mirror = track.as_ref().is_some_and(|track| setting(track, "facingMode").as_deref() == Some("user"));
    let light = track
        .as_ref()
        .and_then(|track| call(track, "getCapabilities"))
        .is_some_and(|able| Reflect::get(&able, &"torch".into()).is_ok_and(|torch| torch.is_truthy()));
    let switch = cameras().await.len() > 1;
    Ok(Able { switch, light, mirror })
}

/// What the camera sees now, as a picture.
pub async fn take(video: &HtmlVideoElement) -> Result<Blob, JsValue> {
    let (width, height) = (f64::from(video.video_width()), f64::from(video.video_height()));
    if width < 1.0 || height < 1.0 {
        return Err(JsValue::from_str("nothing is seen yet"));
    }
    let (canvas, context) = prepare::paper(width, height)?;
    context.draw_image_with_html_video_element_and_dw_and_dh(video, 0.0, 0.0, width, height)?;
    prepare::to_jpeg(&canvas, 0.95).await
}

/// Switches the light; whether that worked.
pub async fn light(on: bool) -> bool {
    let Some(track) = track() else { return false };
    let wanted = if on { r#"{"advanced":[{"torch":true}]}"# } else { r#"{"advanced":[{"torch":false}]}"# };
    let Ok(wanted) = JSON::parse(wanted) else { return false };
    match track.apply_constraints_with_constraints(wanted.unchecked_ref::<MediaTrackConstraints>()) {
        Ok(done) => JsFuture::from(done).await.is_ok(),
        Err(_) => false,
    }
}

/// Stops the camera, and whatever is still being opened.
pub fn stop() {
    TURN.set(TURN.get().wrapping_add(1));
    if let Some(stream) = STREAM.take() {
        halt(&stream);
    }
}

fn halt(stream: &MediaStream) {
    for track in stream.get_tracks() {
        track.unchecked_into::<MediaStreamTrack>().stop();
    }
}

async fn ask(wanted: &str) -> Result<MediaStream, JsValue> {
    let wanted: MediaStreamConstraints = JSON::parse(wanted)?.unchecked_into();
    let given = window().navigator().media_devices()?.get_user_media_with_constraints(&wanted)?;
    JsFuture::from(given).await?.dyn_into()
}

fn reason(error: &JsValue) -> NoCamera {
    match text(error, "name").as_deref() {
        Some("NotAllowedError" | "SecurityError") => NoCamera::Refused,
        Some("NotReadableError" | "AbortError") => NoCamera::Taken,
        _ => NoCamera::Absent,
    }
}

fn track() -> Option<MediaStreamTrack> {
    STREAM.with_borrow(|stream| stream.as_ref()?.get_tracks().get(0).dyn_into().ok())
}

/// The ids of the cameras there are.
async fn cameras() -> Vec<String> {
    let Ok(asked) = window().navigator().media_devices().and_then(|devices| devices.enumerate_devices()) else {
        return Vec::new();
    };
    let Ok(devices) = JsFuture::from(asked).await else { return Vec::new() };
    let devices: Array = devices.unchecked_into();
    let is_camera = |device: &JsValue| text(device, "kind").as_deref() == Some("videoinput");
    devices.iter().filter(is_camera).filter_map(|device| text(&device, "deviceId")).collect()
}

/// The camera after the one that is open.
async fn next_camera() -> Option<String> {
    let now = track().and_then(|track| setting(&track, "deviceId"));
    let all = cameras().await;
    let place = all.iter().position(|id| Some(id) == now.as_ref()).map_or(0, |place| place + 1);
    // Browsers make ids of letters, digits and the like; anything else is not put into a request.
    let is_plain = |id: &String| id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=-_".contains(&byte));
    all.get(place % all.len().max(1)).filter(|id| is_plain(id)).cloned()
}

fn setting(track: &MediaStreamTrack, name: &str) -> Option<String> {
    text(&call(track, "getSettings")?, name)
}

fn call(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok()?.dyn_into::<Function>().ok()?.call0(of).ok()
}

fn text(of: &JsValue, name: &str) -> Option<String> {
    Reflect::get(of, &name.into()).ok()?.as_string()
}
