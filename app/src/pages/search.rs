//! `/search`: results of words, of a picture or of filters alone; and every way a search can go wrong.

use crate::{
    Problem, Search,
    api::{Card, Results, find},
    components::{
        filters::{Chips, FilterForm},
        head::PageHead,
        looked::Looked,
        narrow::Suggested,
        pieces::PieceGrid,
        problem_note::ProblemNote,
        refine::{BESIDE_ID, Refine},
        search_bar::{PICTURE_ID, WORDS_ID},
        wording,
    },
    state::{NextPlace, Pictures, Seen},
};
use domain::{Filters, Verdict, limits};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Meta;
use leptos_router::hooks::use_query_map;

/// The results page.
#[component]
pub fn SearchPage() -> impl IntoView {
    let params = use_query_map();
    let search = Memo::new(move |_| params.with(Search::read));
    let seen = expect_context::<Seen>();
    let pictures = expect_context::<Pictures>();
    let results = Resource::new(move || search.get(), move |search| look_up(seen, search));
    let pending = RwSignal::new(false);
    Effect::new(move |_| {
        if let (Ok(search), Some(Ok(results))) = (search.get_untracked(), results.get()) {
            pictures.pieces.set(Some(results.pieces));
            // What the server rendered is as good as what was fetched.
            if seen.recall(&search).is_none() {
                seen.keep(&search, results);
            }
        }
    });
    focus_next_place(results);
    let words = move || match pictures.pieces.get() {
        Some(pieces) => format!("Looking through {}", wording::pieces(pieces)),
        None => "Looking through the vitrine".to_owned(),
    };
    let busy = move || pending.get() || pictures.again().is_some();
    let robots =
        move || if search.with(|search| matches!(search, Ok(search) if search.is_shelf())) { "all" } else { "noindex" };
    view! {
        <Meta name="robots" content=robots />
        <div class="results" class:results--pending=busy>
            <Looked search />
            <p class="results-progress" role="status">
                {move || busy().then(words)}
            </p>
            <Transition
                set_pending=pending
                fallback=move || view! { <p class="results-first quiet">{words}</p> }
            >
                {move || Suspend::new(async move {
                    let found = results.await;
                    match (search.get_untracked(), found) {
                        (Ok(search), Ok(found)) => Either::Left(view! { <Found search found /> }),
                        (Err(problem), _) | (_, Err(problem)) => {
                            let again = Callback::new(move |()| results.refetch());
                            Either::Right(view! { <ProblemNote problem again titled=true /> })
                        }
                    }
                })}
            </Transition>
        </div>
    }
    .into_any()
}

/// A search's results: as seen before, or asked for.
async fn look_up(seen: Seen, search: Result<Search, Problem>) -> Result<Results, Problem> {
    let search = search?;
    if let Some(results) = seen.recall(&search) {
        return Ok(results);
    }
    let page = find(search.clone()).await?;
    Ok(if cfg!(feature = "hydrate") { seen.keep(&search, page) } else { page })
}

/// After "Show more", attention goes to the first of the pieces that were added.
fn focus_next_place(results: Resource<Result<Results, Problem>>) {
    let NextPlace(next) = expect_context();
    Effect::new(move |_| {
        let shown = results.with(|results| matches!(results, Some(Ok(results)) if next.get_untracked().is_some_and(|place| place < results.end())));
        if let (true, Some(place)) = (shown, next.get_untracked()) {
            next.set(None);
            #[cfg(feature = "hydrate")]
            crate::browser::focus_soon(format!("[data-place='{place}'] a"));
            #[cfg(not(feature = "hydrate"))]
            let _ = place;
        }
    });
}

/// What the page is called in tabs and histories.
fn title(search: &Search, found: &Results) -> String {
    match (search.text.is_empty(), &found.like, search.has_looks()) {
        (false, ..) => search.text.clone(),
        (true, Some((_, title)), _) => format!("Pieces like {title}"),
        (true, None, true) => "Pieces like your picture".into(),
        (true, None, false) => wording::browsing(search),
    }
}

#[component]
fn Found(search: Search, found: Results) -> impl IntoView {
    let browsing = search.is_browsing();
    let by_closeness = search.is_by_closeness();
    // In another order the closest may be on a later page.
    let weak = by_closeness && found.cards.first().is_some_and(|card| card.verdict == Some(Verdict::Weak));
    let dealer = match search.filters.dealer.as_slice() {
        [only] => found.cards.iter().find(|card| card.dealer.0 == *only).map(|card| card.dealer.1.clone()),
        _ => None,
    };
    let shown = shown(&search, &found);
    let title = title(&search, &found);
    let (before, after) = (earlier(&search, &found), later(&search, &found));
    let end = (found.ended && after.is_none()).then(|| (search.from(found.end()).going(true).href(), found.end()));
    let picture = found.cards.first().map(|card| card.photo.clone());
    let read = read_as(&search, &found.read_as);
    let description = if browsing {
        format!("{title}, out of {} in the vitrine.", wording::pieces(found.pieces))
    } else {
        format!("The pieces most like it, out of {} in the vitrine.", wording::pieces(found.pieces))
    };
    view! {
        <PageHead title description picture />
        <div class="results-head">
            <div>
                <Heading search=search.clone() like=found.like />
                <p class="quiet" role="status">
                    {shown}
                </p>
                {read}
            </div>
        </div>
        {search.has_looks().then(|| view! { <Refine search=search.clone() /> })}
        <FilterForm search=search.clone() facets=found.facets.clone() />
        <div class="narrowing">
            <Chips search=search.clone() dealer unlike=found.unlike />
            <Suggested search=search.clone() facets=found.facets />
        </div>
        {weak.then(|| view! { <Weak has_picture=!search.token.is_empty() unclear=found.unclear /> })}
        {before
            .map(|href| {
                view! {
                    <p class="more">
                        <a class="button" href=href>
                            "Back to those before"
                        </a>
                    </p>
                }
            })}
        {if found.cards.is_empty() {
            Either::Left(view! { <Empty search=search.clone() /> })
        } else {
            Either::Right(grid(found.cards, found.first, by_closeness, (!browsing).then_some(search)))
        }}
        {after.map(|(href, place)| more(href, place, "Show more"))}
        {end.map(|(href, place)| view! { <End href place /> })}
    }
    .into_any()
}

/// The pieces found; of a search each with a way to lead it elsewhere, and in bands where they stand by closeness.
fn grid(cards: Vec<Card>, first: usize, banded: bool, search: Option<Search>) -> AnyView {
    match search {
        Some(search) => view! { <PieceGrid cards first banded search /> }.into_any(),
        None => view! { <PieceGrid cards first /> }.into_any(),
    }
}

const PAGE: usize = limits::PAGE_DEFAULT;

/// How many are shown, and in what order.
fn shown(search: &Search, found: &Results) -> String {
    let order = wording::order(search);
    match (found.cards.len(), found.first) {
        (0, _) => "No pieces".into(),
        (1, 0) if !found.more => "1 piece".into(),
        (n, 0) if found.more => format!("The first {}, {order}", wording::number(n)),
        (n, 0) => format!("{}, {order}", wording::pieces(n)),
        (n, first) => format!("Pieces {} to {}, {order}", wording::number(first + 1), wording::number(first + n)),
    }
}

fn earlier(search: &Search, found: &Results) -> Option<String> {
    (found.first > 0).then(|| search.from(found.first.saturating_sub(PAGE)).href())
}

fn later(search: &Search, found: &Results) -> Option<(String, usize)> {
    let within = found.end() + PAGE <= limits::PAGING_DEPTH;
    (found.more && within).then(|| (search.from(found.end()).href(), found.end()))
}

/// What was asked. `like` is the listing whose like it is, which leads back to it.
#[component]
fn Heading(search: Search, like: Option<(String, String)>) -> impl IntoView {
    if search.is_browsing() {
        return view! { <h1 class="results-title">{wording::browsing(&search)}</h1> }.into_any();
    }
    let text = search.text.clone();
    let quoted = !text.is_empty();
    let looks = match (like, search.has_looks()) {
        (Some((id, title)), _) => {
            let href = format!("/listings/{id}");
            view! { {if quoted { "Like " } else { "Pieces like " }} <a href=href>{title}</a> }.into_any()
        }
        (None, true) if quoted => "Like your picture".into_any(),
        (None, true) => "Pieces like your picture".into_any(),
        (None, false) => ().into_any(),
    };
    let words = quoted.then(|| view! { {search.has_looks().then_some(", ")} <q>{text}</q> });
    view! { <h1 class="results-title">{looks} {words}</h1> }.into_any()
}

/// What the words were read as, and the other way to take them.
fn read_as(search: &Search, labels: &[String]) -> Option<AnyView> {
    if search.text.is_empty() || (labels.is_empty() && !search.literal) {
        return None;
    }
    let href = search.taking_words(!search.literal).href();
    let (said, way) = match search.literal {
        true => ("Your words are taken as they are.".to_owned(), "Read them for what they mean"),
        false => (format!("Read as: {}.", labels.join(" · ")), "Take the words as they are"),
    };
    let view = view! {
        <p class="results-read quiet">
            {said} " " <a href=href>{way}</a>
        </p>
    };
    Some(view.into_any())
}

/// A way to the pieces that follow, from `place` on, on the same page.
fn more(href: String, place: usize, words: &'static str) -> AnyView {
    let NextPlace(next) = expect_context();
    view! {
        <p class="more">
            <a
                class="button"
                href=href
                data-noscroll="true"
                prop:replace=true
                on:click=move |_| next.set(Some(place))
            >
                {words}
            </a>
        </p>
    }
    .into_any()
}

/// Where the likeness ends, and a way past it.
#[component]
fn End(href: String, place: usize) -> impl IntoView {
    view! {
        <section class="results-end" aria-label="The end of the results">
            <p class="results-end-words">"That is where the likeness ends."</p>
            {more(href, place, "Show pieces further off")}
        </section>
    }
    .into_any()
}

/// Nothing is close: said, with what to do about it.
#[component]
fn Weak(has_picture: bool, unclear: bool) -> impl IntoView {
    let advice = if unclear {
        "Bring the piece closer, or draw the frame around it; even light and a plain background help."
    } else if has_picture {
        "A crop closer to the piece helps most, then a word or two about it."
    } else {
        "Fewer words often find more, and a picture says most of all."
    };
    let words = if has_picture { BESIDE_ID } else { WORDS_ID };
    view! {
        <section class="results-weak" aria-label="Nothing very close">
            <p class="results-weak-words">
                {if unclear {
                    "We cannot make out a piece in this picture. These are the nearest."
                } else {
                    "Nothing very close. These are the nearest."
                }}
            </p>
            <p class="quiet">{advice}</p>
            <p class="results-ways">
                <label class="textual" for=words>
                    {if has_picture { "Add words" } else { "Say it otherwise" }}
                </label>
                <label class="textual" for=PICTURE_ID>
                    {if has_picture { "Try another picture" } else { "Try a picture" }}
                </label>
                <a href="/search">"Browse every piece"</a>
            </p>
        </section>
    }
    .into_any()
}

/// No results, and what to do about it.
#[component]
fn Empty(search: Search) -> impl IntoView {
    let narrowed = !search.filters.is_empty();
    let wide = search.with(Filters::default()).href();
    view! {
        <section class="note">
            <h2 class="note-headline">"Nothing here just now."</h2>
            <p>
                {if narrowed {
                    "No piece passes all of these filters."
                } else {
                    "Nothing is listed yet. Pieces appear here as dealers bring them in."
                }}
            </p>
            {narrowed
                .then(|| {
                    view! {
                        <p class="note-ways">
                            <a class="button" href=wide>
                                "Search without filters"
                            </a>
                        </p>
                    }
                })}
        </section>
    }
    .into_any()
}
