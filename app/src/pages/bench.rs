//! `/bench`: a dealer's unlabelled pieces, one photo or a whole folder of them, each looked up and labelled by hand.
//!
//! What is on the bench, and how it is written to files, is in `crate::bench`; reading files, sending and saving in
//! `crate::browser::bench`. Fields keep what they hold by themselves and say so to the piece they belong to, by their names.

use crate::{
    api::Row,
    bench::{Act, Bench, Choice, Grouping, House, Piece, Stage, Work},
    components::{
        head::PageHead,
        near::{closeness, near_piece},
    },
};
use domain::{Category, Period};
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
        <div class="bench">
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
                <span class="quiet bench-drop">"or drop photos here"</span>
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

/// One piece.
fn card(bench: Bench, piece: Piece) -> AnyView {
    let (key, stage) = (piece.key, piece.stage.clone());
    let of = piece.clone();
    let edited = move |event: ev::Event| {
        #[cfg(feature = "hydrate")]
        hands::edited(bench, &of, &event);
        #[cfg(not(feature = "hydrate"))]
        let _ = (&of, event);
    };
    let body = move || {
        let work = piece.work.get_value();
        match stage.get() {
            Stage::Waiting => line(&work, "Waiting for its turn".into(), None),
            Stage::Looking => line(&work, "Being looked up".into(), None),
            Stage::Failed(problem) => line(&work, problem.headline(), Some(problem.advice())),
            Stage::Found => found(bench, key, work),
        }
    };
    view! {
        <li class="bench-piece" id=["piece-", key.to_string().as_str()].concat() on:input=edited>
            {body}
            <p class="bench-remove">{button(bench, "Take off the bench", Act::Remove(key), |_| true)}</p>
        </li>
    }
    .into_any()
}

/// A piece that has not been found yet, and why.
fn line(work: &Work, said: String, advice: Option<String>) -> AnyView {
    let failed = advice.is_some();
    view! {
        <h2 class="bench-name">{work.id.clone()}</h2>
        <p class="quiet bench-line" class:bench-line--failed=failed>
            {said} " " {advice}
        </p>
    }
    .into_any()
}

/// A piece that has been looked up.
fn found(bench: Bench, key: usize, work: Work) -> AnyView {
    let named = |what: &str| [what, "-", key.to_string().as_str()].concat();
    let pictures: Vec<AnyView> = work
        .shown
        .iter()
        .zip(&work.photos)
        .map(|(url, name)| {
            view! {
                <li class="mat">
                    <img src=url.clone() alt=name.clone() />
                </li>
            }
            .into_any()
        })
        .collect();
    let same = named("same");
    let near: Vec<AnyView> = work
        .near
        .iter()
        .map(|card| {
            let id = card.id.clone();
            let label = ["The same piece as ", card.title.as_str()].concat();
            let chosen = id == work.same;
            view! {
                <li>
                    {near_piece(card.clone(), closeness(card))}
                    <label class="bench-same">
                        <input type="radio" name=same.clone() checked=chosen value=id aria-label=label />
                        "This is the one"
                    </label>
                </li>
            }
            .into_any()
        })
        .collect();
    let rows: Vec<AnyView> = work
        .rows
        .iter()
        .zip(&work.decisions)
        .enumerate()
        .map(|(n, (row, decision))| sheet_row(key, n, row, decision))
        .collect();
    let (any_guess, none_same) = (work.rows.iter().any(|row| !row.guess.is_empty()), work.same.is_empty());
    let confirm = any_guess.then(|| button(bench, "Confirm every guess", Act::ConfirmAll(key), |_| true));
    let prices = work.prices.into_iter().map(|price| view! { <p class="market-price">{price}</p> }).collect_view();
    view! {
        <div class="bench-head">
            <ul class="bench-photos">{pictures}</ul>
            <div class="bench-fields">
                <h2 class="hidden">{work.id.clone()}</h2>
                {field("Reference", named("id"), work.id, "text")}
                {field("Title", named("title"), work.title, "text")}
                {field("Price", named("price"), work.price, "number")}
                {prices}
            </div>
        </div>
        <fieldset class="bench-near">
            <legend>"The closest listings"</legend>
            <ul class="nears">{near}</ul>
            <label class="bench-same">
                <input type="radio" name=same checked=none_same value="" />
                "None of them is this piece"
            </label>
        </fieldset>
        <div class="bench-sheet">
            <h3>"What it may be"</h3>
            {rows}
            <p class="bench-acts">{confirm}</p>
        </div>
    }
    .into_any()
}

fn field(label: &'static str, name: String, value: String, kind: &'static str) -> AnyView {
    view! {
        <label class="bench-field">
            <span>{label}</span>
            <input type=kind name=name value=value step="any" min="0" autocomplete="off" />
        </label>
    }
    .into_any()
}

/// A line of the sheet: the guess with its evidence, and what the dealer makes of it.
fn sheet_row(key: usize, n: usize, row: &Row, (choice, other): &(Choice, String)) -> AnyView {
    let named = |what: &str| [what, "-", key.to_string().as_str(), "-", n.to_string().as_str()].concat();
    let name = match row.aspect.as_str() {
        "category" => "Category",
        "period" => "Period",
        "metal" => "Metal",
        "stone" => "Stone",
        _ => "Motif",
    };
    let guessed = !row.guess.is_empty();
    let radio = |value: &'static str, shown: &'static str, is: Choice| {
        let chosen = *choice == is;
        view! {
            <label class="bench-choice">
                <input type="radio" name=named("choice") value=value checked=chosen />
                <span>{shown}</span>
            </label>
        }
        .into_any()
    };
    let choices = guessed.then(|| {
        view! {
            <div class="bench-choices">
                {radio("confirm", "Confirm", Choice::Confirmed)} {radio("correct", "Correct", Choice::Corrected)}
                {radio("decline", "Decline", Choice::Declined)}
            </div>
        }
        .into_any()
    });
    let evidence: Vec<AnyView> = row
        .evidence
        .iter()
        .map(|id| {
            view! {
                <li>
                    <a href=["/listings/", id.as_str()].concat()>{id.clone()}</a>
                </li>
            }
            .into_any()
        })
        .collect();
    let said = if evidence.is_empty() {
        view! { <p class="quiet bench-words">{row.words.clone()}</p> }.into_any()
    } else {
        view! {
            <details class="quiet bench-words">
                <summary>{row.words.clone()}</summary>
                <ul class="words">{evidence}</ul>
            </details>
        }
        .into_any()
    };
    let mut offered = row.others.clone();
    match row.aspect.as_str() {
        "category" => offered.extend(Category::ALL.iter().map(ToString::to_string)),
        "period" => offered.extend(Period::ALL.iter().map(ToString::to_string)),
        _ => {}
    }
    let options: Vec<AnyView> =
        offered.into_iter().map(|word| view! { <option value=word></option> }.into_any()).collect();
    let label = if guessed { [name, " instead of ", row.guess.as_str()].concat() } else { name.to_owned() };
    let hint = if guessed { "What is it, then?" } else { "Yours to fill in" };
    view! {
        <fieldset class="bench-row" class:bench-row--guess=guessed>
            <legend class="quiet">{name}</legend>
            <div class="bench-guess">
                {guessed.then(|| view! { <strong>{row.guess.clone()}</strong> })} {said}
            </div>
            {choices}
            <input
                class="bench-other"
                type="text"
                name=named("other")
                value=other.clone()
                list=named("words")
                placeholder=hint
                aria-label=label
                autocomplete="off"
            />
            <datalist id=named("words")>{options}</datalist>
        </fieldset>
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
                {field("Dealer’s reference", "house-id".into(), id, "text")}
                {field("Dealer’s name", "house-name".into(), name, "text")}
                {field("Currency", "house-currency".into(), currency, "text")}
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
