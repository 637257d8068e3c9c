//! `/camera`: a photo of the piece, taken on the page. Where there is no camera to be had, the device's own camera app takes it, by a plain
//! form that also works without scripts. What is shown when is up to the style, by the stage that the page is at.

use crate::components::head::PageHead;
use leptos::prelude::*;

/// How far it has come.
#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "only a browser opens a camera"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The shopper is told why the browser will ask.
    Asking,
    /// The browser asks, or opens it.
    Opening,
    /// It is open.
    Open,
    /// A photo was taken of it.
    Taken,
    /// There is none: why, and what to do.
    Without(&'static str),
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Self::Asking => "asking",
            Self::Opening => "opening",
            Self::Open => "open",
            Self::Taken => "taken",
            Self::Without(_) => "without",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Asking => {
                "Your browser will ask whether this page may use the camera. What it sees stays on your device; only the photo you take is \
                 sent, to this shop’s own machine, and not kept."
            }
            Self::Opening => "Opening the camera. Your browser may ask you first.",
            Self::Open => "The camera is open. One piece, filling most of the picture, is best.",
            Self::Taken => "Taken.",
            Self::Without(why) => why,
        }
    }
}

/// The camera page.
#[component]
pub fn CameraPage() -> impl IntoView {
    let stage = RwSignal::new(Stage::Asking);
    let root = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    let camera = live::Camera::new(stage, root);
    let click = move |event| {
        #[cfg(feature = "hydrate")]
        camera.click(&event);
        #[cfg(not(feature = "hydrate"))]
        let _: leptos::ev::MouseEvent = event;
    };
    let change = move |event| {
        #[cfg(feature = "hydrate")]
        camera.chosen(&event);
        #[cfg(not(feature = "hydrate"))]
        let _: leptos::ev::Event = event;
    };
    let description = "Take a photo of a piece of jewellery, and see what looks like it.".to_owned();
    view! {
        <PageHead title="Take a photo".to_owned() description />
        <div node_ref=root class="camera" data-wake="" data-stage=move || stage.get().name() on:click=click on:change=change>
            <h1 class="results-title">"Take a photo"</h1>
            <p class="camera-words" role="status">
                {move || stage.get().words()}
            </p>
            <div class="camera-stage">
                <video class="camera-picture" playsinline muted aria-label="What the camera sees" data-act="take"></video>
            </div>
            <div class="camera-acts">
                <button type="button" class="button camera-open" data-act="open">
                    "Open the camera"
                </button>
                <button type="button" class="camera-take" data-act="take">
                    <span class="hidden">"Take the photo"</span>
                </button>
                <button type="button" class="button camera-switch" data-act="switch">
                    "Switch camera"
                </button>
                <button type="button" class="button camera-light" data-act="light" aria-pressed="false">
                    "Light"
                </button>
            </div>
            <form class="camera-other" action="/search/photo" method="post" enctype="multipart/form-data">
                <input id="capture" class="hidden" type="file" name="photo" accept="image/*" capture="environment" required />
                <label class="camera-capture" for="capture">
                    "Use your device’s camera app, or a picture you have"
                </label>
                <button class="button camera-send" type="submit">
                    "Search with this picture"
                </button>
            </form>
        </div>
    }
    .into_any()
}

#[cfg(feature = "hydrate")]
mod live {
    //! What the page does in a browser.

    use super::Stage;
    use crate::{
        browser::{
            camera::{self, NoCamera},
            focus_soon, looker,
        },
        state::Pictures,
    };
    use leptos::{ev, html::Div, prelude::*};
    use wasm_bindgen::JsCast;
    use wasm_bindgen_futures::spawn_local;
    use web_sys::{Blob, Element, Event, HtmlInputElement, HtmlVideoElement};

    #[derive(Clone, Copy)]
    pub(super) struct Camera {
        stage: RwSignal<Stage>,
        root: NodeRef<Div>,
        look: UnsyncCallback<Blob>,
    }

    impl Camera {
        pub(super) fn new(stage: RwSignal<Stage>, root: NodeRef<Div>) -> Self {
            let this = Self { stage, root, look: looker() };
            on_cleanup(camera::stop);
            // Allowed before: there is nothing left to ask.
            Effect::new(move |_| {
                spawn_local(async move {
                    if camera::is_allowed().await && stage.try_get_untracked() == Some(Stage::Asking) {
                        this.open(false).await;
                    }
                });
            });
            // A search that failed or was stopped: the camera can be opened again.
            let pictures = expect_context::<Pictures>();
            Effect::new(move |before: Option<bool>| {
                let busy = pictures.is_busy();
                if before == Some(true) && !busy && stage.get_untracked() == Stage::Taken {
                    stage.set(Stage::Asking);
                }
                busy
            });
            this
        }

        pub(super) fn click(self, event: &ev::MouseEvent) {
            let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
            let act = target.and_then(|target| target.closest("[data-act]").ok().flatten());
            match act.and_then(|act| act.get_attribute("data-act")).as_deref() {
                Some("open") => spawn_local(self.open(false)),
                Some("switch") => spawn_local(self.open(true)),
                Some("light") => spawn_local(self.switch_light()),
                Some("take") if self.stage.get_untracked() == Stage::Open => spawn_local(self.take()),
                _ => {}
            }
        }

        /// A picture came from the device's own camera app, or from its files.
        pub(super) fn chosen(self, event: &Event) {
            let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else {
                return;
            };
            let file = input.files().and_then(|files| files.get(0));
            // Emptied, so that choosing the same picture again is a change again.
            input.set_value("");
            if let Some(file) = file {
                self.look.run(file.into());
            }
        }

        async fn open(self, next: bool) {
            let Some((root, video)) = self.elements() else { return };
            self.stage.set(Stage::Opening);
            let stage = match camera::open(&video, next).await {
                Ok(able) => {
                    let words = [(able.switch, "switch "), (able.light, "light "), (able.mirror, "mirror ")];
                    let words: String = words.into_iter().filter_map(|(is, word)| is.then_some(word)).collect();
                    let _ = root.set_attribute("data-able", &words);
                    press(&root, false);
                    focus_soon(".camera-take".into());
                    Stage::Open
                }
                Err(NoCamera::Left) => return,
                Err(NoCamera::Refused) => Stage::Without(
                    "The camera was refused. You can allow it for this page in your browser’s settings, or go on without it.",
                ),
                Err(NoCamera::Taken) => {
                    Stage::Without("Another program is using the camera. Close it there, then try again.")
                }
                Err(NoCamera::Absent) => Stage::Without("There is no camera that this page can use."),
            };
            let _ = self.stage.try_set(stage);
        }

        async fn switch_light(self) {
            let Some((root, _)) = self.elements() else { return };
            let on = root.query_selector(".camera-light[aria-pressed='true']").is_ok_and(|light| light.is_some());
            if camera::light(!on).await {
                press(&root, !on);
            }
        }

        async fn take(self) {
            let Some((_, video)) = self.elements() else { return };
            let Ok(picture) = camera::take(&video).await else { return };
            // What is seen stays as it was taken; the camera has nothing more to do.
            let _ = video.pause();
            camera::stop();
            if self.stage.try_set(Stage::Taken).is_none() {
                self.look.run(picture);
            }
        }

        fn elements(self) -> Option<(Element, HtmlVideoElement)> {
            let root: Element = self.root.try_get_untracked()??.unchecked_into();
            let video = root.query_selector("video").ok()??.dyn_into().ok()?;
            Some((root, video))
        }
    }

    /// Says whether the light is on.
    fn press(root: &Element, on: bool) {
        if let Ok(Some(light)) = root.query_selector(".camera-light") {
            let _ = light.set_attribute("aria-pressed", if on { "true" } else { "false" });
        }
    }
}
