//! `/bench`: a dealer's unlabelled pieces, one photo or a whole folder of them, each looked up and labelled by hand.
//!
//! What is on the bench, and how it is written to files, is in `crate::bench`; reading files, sending and saving in
//! `crate::browser::bench`. A piece's form is rendered by the server (`crate::fragments`); its fields keep what they hold by themselves, and
//! say so to their piece by their names.

use crate::{
    bench::{Act, Bench, Grouping, House, Piece, Stage},
    components::head::PageHead,
};
use leptos::{ev, prelude::*};

#[cfg(feature = "hydrate")]
use crate::browser::bench as hands;

/// The bench.
#[component]
pub fn BenchPage() -> impl IntoView {
    let bench = expect_context::<Bench>();
    // Until scripts have taken over, nothing here can be pressed.
    let ready = RwSignal::new(false);
    Effect::new(move |_| {
        #[cfg(feature = "hydrate")]
        hands::attend(bench);
        ready.set(true);
    });
    view! {
        <PageHead
            title="The bench".into()
            description="Photos of unlabelled pieces, looked up one by one: the closest listings, and what they say each piece is.".into()
        />
        <div class="bench" data-wake="">
            <h1 class="results-title">"The bench"</h1>
            <p class="bench-lead">
                "For pieces that have no label yet. Each is looked up, and the listings that look most like it say what it may be. You "
                "decide. Nothing is kept here: your work is in this page until you save it as a file."
            </p>
            <p class="bench-scripts">
                "The bench works inside your browser and needs scripts, which are off. Without them, the picture button looks up one "
                "photo at a time, and programs can ask at /api/v1/identify."
            </p>
            {intake(bench, ready)} {progress(bench)}
            <ol class="bench-pieces">
                {move || bench.pieces.get().into_iter().map(|piece| card(bench, piece)).collect::<Vec<AnyView>>()}
            </ol>
            {saving(bench)}
        </div>
    }
    .into_any()
}

fn act(bench: Bench, what: Act) {
    #[cfg(feature = "hydrate")]
    hands::act(bench, what);
    #[cfg(not(feature = "hydrate"))]
    let _ = (bench, what);
}

fn button(bench: Bench, name: &'static str, what: Act, shown: fn(Bench) -> bool) -> AnyView {
    view! {
        <button type="button" class="button" hidden=move || !shown(bench) on:click=move |_| act(bench, what)>
            {name}
        </button>
    }
    .into_any()
}

/// Where photos come in.
fn intake(bench: Bench, ready: RwSignal<bool>) -> AnyView {
    let how = StoredValue::new(Grouping::ByName);
    let over = RwSignal::new(false);
    let chosen = move |event: ev::Event| {
        #[cfg(feature = "hydrate")]
        hands::chosen(bench, how.get_value(), &event);
        #[cfg(not(feature = "hydrate"))]
        let _ = (bench, event);
    };
    let dropped = move |event: ev::DragEvent| {
        over.set(false);
        #[cfg(feature = "hydrate")]
        hands::dropped(bench, how.get_value(), &event);
        #[cfg(not(feature = "hydrate"))]
        let _ = event;
    };
    let grouping = move |value: Grouping, name: &'static str, example: &'static str| {
        let usual = value == Grouping::ByName;
        view! {
            <label class="bench-how">
                <input
                    type="radio"
                    name="how"
                    checked=usual
                    on:change=move |_| how.set_value(value)
                />
                <span>{name} " " <small class="quiet">{example}</small></span>
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset
            class="bench-intake"
            class:bench-intake--over=over
            disabled=move || !ready.get()
            on:dragover=move |event| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=dropped
        >
            <legend class="hidden">"Put photos on the bench"</legend>
            <div class="bench-ways">
                <label class="button">
                    <input class="hidden" type="file" id="bench-photos" accept="image/*" multiple on:change=chosen />
                    "Choose photos"
                </label>
                <label class="button">
                    <input class="hidden" type="file" id="bench-folder" multiple prop:webkitdirectory=true on:change=chosen />
                    "Choose a folder"
                </label>
                <span class="quiet bench-drop">"or drop either here"</span>
            </div>
            <div class="bench-hows" role="radiogroup" aria-label="Which photos are of one piece">
                {grouping(Grouping::ByName, "By their names", "HB-1042-1 and HB-1042-2 are one piece")}
                {grouping(Grouping::Each, "Each photo is a piece", "")}
                {grouping(Grouping::One, "All are of one piece", "up to four are looked at")}
            </div>
        </fieldset>
    }
    .into_any()
}

/// How far it has come, and what can be done about it.
fn progress(bench: Bench) -> AnyView {
    let all = move || bench.counts().iter().sum::<usize>();
    let done = move || all() - bench.counts()[2];
    let said = move || {
        let ([found, failed, _], all) = (bench.counts(), all());
        let mut said = String::new();
        if all > 0 {
            said = [found.to_string().as_str(), " of ", all.to_string().as_str(), " looked up"].concat();
            if failed > 0 {
                said = [said.as_str(), ", ", failed.to_string().as_str(), " failed"].concat();
            }
            said.push_str(". ");
        }
        said + &bench.note.get()
    };
    view! {
        <div class="bench-progress">
            <p role="status" class="bench-said">
                {said}
            </p>
            <progress
                max=move || all().max(1)
                prop:value=done
                hidden=move || all() == 0
                aria-label="Pieces looked up"
            ></progress>
            <p class="bench-acts">
                {button(bench, "Stop", Act::Stop, |bench| bench.running.get())}
                {button(bench, "Go on", Act::GoOn, |bench| !bench.running.get() && bench.counts()[2] > 0)}
                {button(bench, "Try the failed again", Act::Retry, |bench| !bench.running.get() && bench.counts()[1] > 0)}
                {button(bench, "Clear the bench", Act::Clear, |bench| !bench.running.get() && bench.counts() != [0; 3])}
            </p>
        </div>
    }
    .into_any()
}

/// One piece: its name and how far it has come, and once it was looked up, its form.
fn card(bench: Bench, piece: Piece) -> AnyView {
    let key = piece.key;
    let id = ["piece-", key.to_string().as_str()].concat();
    let name = piece.work.with_value(|work| work.field("id").to_owned());
    let (stage, form, of) = (piece.stage.clone(), piece.clone(), piece.clone());
    let said = move || match piece.stage.get() {
        Stage::Waiting => "Waiting for its turn".to_owned(),
        Stage::Looking => "Being looked up".to_owned(),
        Stage::Failed(problem) => [problem.headline(), problem.advice()].join(" "),
        Stage::Found => String::new(),
    };
    let html = move || match form.stage.get() {
        Stage::Found => form.work.with_value(|work| work.html.clone()),
        _ => String::new(),
    };
    let edited = move |event: ev::Event| {
        #[cfg(feature = "hydrate")]
        hands::edited(bench, &of, &event);
        #[cfg(not(feature = "hydrate"))]
        let _ = (&of, event);
    };
    let unfound = move || stage.get() != Stage::Found;
    view! {
        <li class="bench-piece" id=id>
            <h2 class="bench-name">{name}</h2>
            <p class="quiet bench-line">{said}</p>
            <form inner_html=html on:input=edited on:submit=|event| event.prevent_default()></form>
            <p class="bench-remove">
                <button
                    type="button"
                    class="button"
                    hidden=unfound
                    on:click=move |_| act(bench, Act::ConfirmAll(key))
                >
                    "Confirm every guess"
                </button>
                {button(bench, "Take off the bench", Act::Remove(key), |_| true)}
            </p>
        </li>
    }
    .into_any()
}

fn field(label: &'static str, name: &'static str, value: String) -> AnyView {
    view! {
        <label class="bench-field">
            <span>{label}</span>
            <input type="text" name=name value=value autocomplete="off" />
        </label>
    }
    .into_any()
}

/// Saving: who lists the pieces, asked once, and the files.
fn saving(bench: Bench) -> AnyView {
    let none = move || bench.counts()[0] == 0;
    let House { id, name, currency } = bench.house.get_value();
    let edited = move |event: ev::Event| {
        #[cfg(feature = "hydrate")]
        hands::house_edited(bench, &event);
        #[cfg(not(feature = "hydrate"))]
        let _ = event;
    };
    view! {
        <section class="bench-save" aria-labelledby="save" hidden=none on:input=edited>
            <h2 id="save">"Save"</h2>
            <p class="quiet">
                "What you confirmed or wrote is saved; what you declined or left open is not. The listings are for "
                <code>"vitrine ingest"</code> ", with the folder of the photos. The confirmations are questions with known answers, for "
                <code>"vitrine evaluate"</code> ": keep that file beside the photos."
            </p>
            <div class="bench-fields">
                {field("Dealer’s reference", "house-id", id)}
                {field("Dealer’s name", "house-name", name)}
                {field("Currency", "house-currency", currency)}
            </div>
            <p class="bench-acts">
                {button(bench, "Save as CSV", Act::Csv, |_| true)} {button(bench, "Save as JSONL", Act::Jsonl, |_| true)}
                {button(bench, "Save the confirmations", Act::Queries, |_| true)}
            </p>
            <p class="bench-said" aria-hidden="true">
                {move || bench.note.get()}
            </p>
        </section>
    }
    .into_any()
}
