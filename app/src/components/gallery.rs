//! A listing's photos: one large, to look at closer, the others as links to it.
//!
//! Without scripts the large photo is a link to its file. With them a tap, a click or Enter brings it closer on its mat, around
//! the spot that was tapped; a mouse, a finger, a wheel or the arrow keys then move it, and Escape or another tap steps back. What is closer
//! is only wider than its mat, which scrolls, so that everything moves it the way it moves everything else. Pinching enlarges the page, as it
//! does everywhere.

use crate::components::wording;
use domain::Listing;
use leptos::{ev, prelude::*};
use leptos_router::hooks::use_location;

/// The photos. The arrow keys go through them.
#[component]
pub fn Gallery(listing: Listing) -> impl IntoView {
    let location = use_location();
    let path = ["/listings/", listing.id.as_str()].concat();
    let count = listing.photos.len();
    let here = path.clone();
    let chosen = Memo::new(move |before: Option<&usize>| {
        // On the way to another page the address is already that page's.
        if location.pathname.with(|path| *path != here) {
            return before.copied().unwrap_or_default();
        }
        let number =
            location.query.with(|query| query.get_str("photo").and_then(|number| number.parse::<usize>().ok()));
        number.unwrap_or(1).clamp(1, count.max(1)) - 1
    });
    let closer = RwSignal::new(false);
    // Another photo is first seen whole.
    Effect::new(move |before: Option<usize>| {
        let now = chosen.get();
        if before.is_some_and(|before| before != now) {
            closer.set(false);
        }
        now
    });
    let alt = wording::photo_alt(listing.category, &listing.title);
    let photos = StoredValue::new(listing.photos.clone());
    let shown = move || photos.with_value(|photos| photos.get(chosen.get()).cloned().unwrap_or_default());
    let frame = NodeRef::<leptos::html::Div>::new();
    let toggle = move |event: ev::MouseEvent| {
        event.prevent_default();
        closer.update(|closer| *closer = !*closer);
        #[cfg(feature = "hydrate")]
        if closer.get_untracked()
            && let Some(frame) = frame.get_untracked()
        {
            crate::browser::come_closer(&frame, &event);
        }
    };
    let look = move |event: ev::MouseEvent| {
        #[cfg(feature = "hydrate")]
        if closer.get_untracked()
            && let Some(frame) = frame.get_untracked()
        {
            crate::browser::look_around(&frame, &event);
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = event;
    };
    let keys = move |event: ev::KeyboardEvent| {
        let key = event.key();
        if closer.get_untracked() {
            // The arrows move the photo on its mat, as the browser scrolls.
            if key == "Escape" {
                event.prevent_default();
                event.stop_propagation();
                closer.set(false);
            }
            return;
        }
        let to = match key.as_str() {
            "ArrowRight" => chosen.get_untracked() + 1,
            "ArrowLeft" => chosen.get_untracked().wrapping_sub(1),
            _ => return,
        };
        if to < count {
            event.prevent_default();
            #[cfg(feature = "hydrate")]
            crate::browser::press(&["[data-photo='", to.to_string().as_str(), "']"].concat());
        }
    };
    let thumbs: Vec<AnyView> = listing
        .photos
        .iter()
        .enumerate()
        .map(|(n, photo)| {
            let number = (n + 1).to_string();
            let href = if n == 0 { path.clone() } else { [path.as_str(), "?photo=", &number].concat() };
            view! {
                <li>
                    <a
                        class="mat thumb"
                        href=href
                        data-photo=n
                        data-noscroll="true"
                        prop:replace=true
                        aria-label=format!("Photo {number} of {count}")
                        aria-current=move || (chosen.get() == n).then_some("true")
                    >
                        <img
                            srcset=wording::sides(photo)
                            sizes="6rem"
                            src=photo.clone()
                            alt=""
                            width="512"
                            height="512"
                            decoding="async"
                        />
                    </a>
                </li>
            }
            .into_any()
        })
        .collect();
    let main_alt =
        move || if count > 1 { format!("{alt}, photo {} of {count}", chosen.get() + 1) } else { alt.clone() };
    view! {
        <div class="listing-photos" on:keydown=keys>
            <div node_ref=frame class="mat listing-photo" class:listing-photo--closer=closer>
                <a
                    class="listing-zoom"
                    href=shown
                    rel="external"
                    title=move || if closer.get() { "Step back" } else { "Look closer" }
                    on:click=toggle
                    on:mousemove=look
                >
                    <img
                        srcset=move || wording::sides(&shown())
                        sizes=move || if closer.get() { "250vw" } else { "(min-width: 56rem) 46vw, 90vw" }
                        src=shown
                        alt=main_alt
                        width="512"
                        height="512"
                        decoding="async"
                        draggable="false"
                    />
                </a>
            </div>
            <p class="listing-hint quiet" role="status">
                {move || {
                    if closer.get() {
                        "Move over it, or use the arrow keys, to look around. Tap, or press Escape, to step back."
                    } else {
                        "Tap the photo to look closer."
                    }
                }}
            </p>
            {(count > 1).then(|| view! { <ul class="thumbs" aria-label="Photos">{thumbs}</ul> })}
        </div>
    }
    .into_any()
}
