//! `/about`: how it works, and what becomes of a picture.

use crate::components::head::PageHead;
use leptos::prelude::*;

/// The page about the shop's eyes and its discretion.
#[component]
pub fn AboutPage() -> impl IntoView {
    view! {
        <PageHead
            title="How it works".into()
            description="How Vitrine finds a piece of jewellery from a picture or a few words, and what becomes of your picture.".into()
        />
        <article class="prose">
            <h1>"How it works"</h1>
            <p>
                "Show Vitrine a picture of a piece you like: a screenshot, a photo from your phone, a page out of a catalogue. Or "
                "describe it in your own words. It looks through every photo that dealers have listed and lays out the pieces that "
                "look most like it, the closest first."
            </p>
            <p>
                "It goes by what it sees: the shape, the stones, the metal, the way a thing is made. It does not go by what a dealer "
                "happened to call it. Where it is sure, it says “the same piece” or “the same design”. Where nothing comes close, it "
                "says that too, and shows the nearest."
            </p>
            <h2>"For a good match"</h2>
            <p>
                "One piece, filling most of the picture, is best. A plain background helps but is not needed. Of a screenshot the app’s "
                "own bars are trimmed away by themselves; beside the results you can choose any other part of your picture, and add up "
                "to three more photos of the same piece. You can also " <a href="/camera">"take the photo here"</a> "."
            </p>
            <h2>"Your picture stays yours"</h2>
            <p>
                "Your picture is redrawn in your browser before it is sent, no larger than it takes to look at it, and only the part that is "
                "searched. That leaves out where and when it was taken, too; a receipt beside the results says what was sent. "
                "It is looked at once, in memory, on this shop’s own machine, and then it is gone. It is never stored, never written "
                "to a log, and never sent to anyone else."
            </p>
            <p>
                "The link to a page of results holds a short description of what the piece looked like, in numbers. It lets you "
                "come back to the page or share it. It is not your picture, nor a small copy of it."
            </p>
            <p>"There are no trackers here and no cookies."</p>
        </article>
    }
    .into_any()
}
