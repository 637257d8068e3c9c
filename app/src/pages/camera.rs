//! `/camera`: a photo of the piece, taken on the page. Where there is no camera to be had, the device's own camera app takes it.

use crate::components::icons::{PictureIcon, SwitchIcon};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};

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

/// The camera page.
#[component]
pub fn CameraPage() -> impl IntoView {
    view! {
        <Title text="Take a photo" />
        <Meta name="description" content="Take a photo of a piece of jewellery, and see what looks like it." />
        <div class="camera">
            <h1 class="results-title">"Take a photo"</h1>
            <Viewfinder />
        </div>
    }
    .into_any()
}

#[component]
fn Viewfinder() -> impl IntoView {
    let stage = RwSignal::new(Stage::Asking);
    let video = NodeRef::<leptos::html::Video>::new();
    #[cfg(feature = "hydrate")]
    let acts = live::acts(stage, video);
    #[cfg(not(feature = "hydrate"))]
    let acts = Acts::default();
    let Acts { able, light, act } = acts;
    let mirror = move || able.get().2;
    view! {
        <p class="camera-words" role="status">
            {move || words(stage.get())}
        </p>
        <div class="camera-stage" class:camera-stage--open=move || matches!(stage.get(), Stage::Open | Stage::Taken)>
            <video
                node_ref=video
                class="camera-picture"
                class:camera-picture--mirror=mirror
                prop:muted=true
                playsinline
                aria-label="What the camera sees"
                on:click=move |_| act.run(Act::Take)
            ></video>
        </div>
        <div class="camera-acts">
            <Show when=move || matches!(stage.get(), Stage::Asking | Stage::Without(_))>
                <button type="button" class="button camera-open" on:click=move |_| act.run(Act::Open)>
                    {move || if stage.get() == Stage::Asking { "Open the camera" } else { "Try the camera again" }}
                </button>
            </Show>
            <Show when=move || stage.get() == Stage::Open>
                <button type="button" class="camera-take" on:click=move |_| act.run(Act::Take)>
                    <span class="hidden">"Take the photo"</span>
                </button>
                <Show when=move || able.get().0>
                    <button type="button" class="button" on:click=move |_| act.run(Act::Switch)>
                        <SwitchIcon />
                        "Switch camera"
                    </button>
                </Show>
                <Show when=move || able.get().1>
                    <button
                        type="button"
                        class="button"
                        aria-pressed=move || if light.get() { "true" } else { "false" }
                        on:click=move |_| act.run(Act::Light)
                    >
                        "Light"
                    </button>
                </Show>
            </Show>
        </div>
        <Otherwise stage />
    }
    .into_any()
}

/// What the shopper does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Open,
    Switch,
    Light,
    Take,
}

/// What an open camera offers: whether it can be switched, has a light, is a mirror; whether the light is on; and what runs an act.
struct Acts {
    able: RwSignal<(bool, bool, bool)>,
    light: RwSignal<bool>,
    act: Callback<Act>,
}

#[cfg(not(feature = "hydrate"))]
impl Default for Acts {
    fn default() -> Self {
        Self { able: RwSignal::default(), light: RwSignal::new(false), act: Callback::new(|_| {}) }
    }
}

fn words(stage: Stage) -> &'static str {
    match stage {
        Stage::Asking => {
            "Your browser will ask whether this page may use the camera. What it sees stays on your device; only the photo you take is sent, \
             to this shop’s own machine, and not kept."
        }
        Stage::Opening => "Opening the camera. Your browser may ask you first.",
        Stage::Open => "The camera is open. One piece, filling most of the picture, is best.",
        Stage::Taken => "Taken.",
        Stage::Without(why) => why,
    }
}

/// The device's own camera app, or a file: a plain form, for browsers that have no camera for this page and for those without scripts.
#[component]
fn Otherwise(stage: RwSignal<Stage>) -> impl IntoView {
    let input = NodeRef::<leptos::html::Input>::new();
    #[cfg(feature = "hydrate")]
    let look = crate::browser::looker();
    let chosen = move || {
        #[cfg(feature = "hydrate")]
        if let Some(input) = input.get_untracked() {
            let file = input.files().and_then(|files| files.get(0));
            input.set_value("");
            if let Some(file) = file {
                look.run(crate::browser::Ask::Find(file.into()));
            }
        }
    };
    view! {
        <form
            class="camera-other"
            class:camera-other--first=move || matches!(stage.get(), Stage::Without(_))
            hidden=move || matches!(stage.get(), Stage::Open | Stage::Taken)
            action="/search/photo"
            method="post"
            enctype="multipart/form-data"
        >
            <input
                node_ref=input
                id="capture"
                class="hidden"
                type="file"
                name="photo"
                accept="image/*"
                capture="environment"
                required
                on:change=move |_| chosen()
            />
            <label class="textual camera-capture" for="capture">
                <PictureIcon />
                "Use your device’s camera app, or a picture you have"
            </label>
            <button class="button camera-send" type="submit">
                "Search with this picture"
            </button>
        </form>
    }
    .into_any()
}

#[cfg(feature = "hydrate")]
mod live {
    //! What the page does in a browser.

    use super::{Act, Acts, Stage};
    use crate::browser::{
        Ask,
        camera::{self, NoCamera},
        focus_soon, looker,
    };
    use leptos::{html::Video, prelude::*, task::spawn_local};

    pub(super) fn acts(stage: RwSignal<Stage>, video: NodeRef<Video>) -> Acts {
        let look = looker();
        let (able, light) = (RwSignal::new((false, false, false)), RwSignal::new(false));
        on_cleanup(camera::stop);
        // Allowed before: there is nothing left to ask.
        Effect::new(move |_| {
            spawn_local(async move {
                if camera::is_allowed().await && stage.try_get_untracked() == Some(Stage::Asking) {
                    open(stage, able, light, video, false).await;
                }
            });
        });
        let act = Callback::new(move |act: Act| match act {
            Act::Open => spawn_local(open(stage, able, light, video, false)),
            Act::Switch => spawn_local(open(stage, able, light, video, true)),
            Act::Light => spawn_local(async move {
                let wanted = !light.get_untracked();
                if camera::light(wanted).await {
                    let _ = light.try_set(wanted);
                }
            }),
            Act::Take => spawn_local(async move {
                let Some(seen) = video.get_untracked() else { return };
                if stage.get_untracked() != Stage::Open {
                    return;
                }
                let Ok(picture) = camera::take(&seen).await else { return };
                // The picture freezes on what was taken; the camera has nothing more to do.
                let _ = seen.pause();
                camera::stop();
                let _ = stage.try_set(Stage::Taken);
                let _ = look.try_run(Ask::Find(picture));
            }),
        });
        // Back from a search that failed or was stopped: the camera can be opened again.
        let pictures = expect_context::<crate::state::Pictures>();
        Effect::new(move |before: Option<bool>| {
            let busy = pictures.is_busy();
            if before == Some(true) && !busy && stage.get_untracked() == Stage::Taken {
                stage.set(Stage::Asking);
            }
            busy
        });
        Acts { able, light, act }
    }

    async fn open(
        stage: RwSignal<Stage>,
        able: RwSignal<(bool, bool, bool)>,
        light: RwSignal<bool>,
        video: NodeRef<Video>,
        next: bool,
    ) {
        let Some(seen) = video.get_untracked() else { return };
        stage.set(Stage::Opening);
        light.set(false);
        let opened = camera::open(&seen, next).await;
        let now = match opened {
            Ok(can) => {
                let _ = able.try_set((can.switch, can.light, can.mirror));
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
        let _ = stage.try_set(now);
    }
}
