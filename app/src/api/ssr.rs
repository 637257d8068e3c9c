//! The server's side of the server functions: the service out of the context, the status into the response, the library's errors
//! into the shopper's words. Nothing here may put a picture or a shopper's words into a log.

use super::{Card, Results};
use crate::{Problem, Search};
use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::STANDARD};
use catalogue::{Catalogue, CatalogueError, Query, QueryError, SearchError, SearchService};
use domain::{Filters, ListingId, TokenError};
use imaging::ImagingError;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// The search service that the server provided.
pub(super) fn service() -> Result<SearchService, Problem> {
    use_context::<SearchService>().ok_or_else(|| {
        tracing::error!("no search service was provided to the page");
        said(Problem::Ours)
    })
}

/// A query of one page. What is no listing's id is like nothing that is here.
pub(super) fn query(search: &Search, limit: usize) -> Result<Query, Problem> {
    let like = given(&search.like).map(ListingId::new).transpose().map_err(|_| said(Problem::NotFound))?;
    Ok(Query {
        photos: Vec::new(),
        text: given(&search.text).map(str::to_owned),
        token: given(&search.token).map(str::to_owned),
        like,
        weight: f32::from(search.weight) / 100.0,
        // What is no listing's id leads nowhere.
        unlike: search.unlike.iter().filter_map(|id| ListingId::new(id).ok()).collect(),
        filters: again(&search.filters),
        sort: search.sort,
        beyond: search.beyond,
        literal: search.literal,
        offset: search.offset,
        limit,
    })
}

fn given(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// The filters as the server reads them: a browser knows the small letters of the Latin alphabet alone.
fn again(filters: &Filters) -> Filters {
    let mut read = Filters::default();
    for (key, value) in filters.pairs() {
        // Read back from what was valid a moment ago; what is no longer is left to be refused.
        if read.add(key, &value).is_err() {
            return filters.clone();
        }
    }
    read
}

/// Asks the service, and adds what a results page shows beside the hits.
pub(super) async fn results(query: Query) -> Result<Results, Problem> {
    let service = service()?;
    let first = query.offset;
    let (like, away) = (query.like.clone(), query.unlike.clone());
    let answer = service.search(query).await.map_err(refused)?;
    let catalogue = service.catalogue();
    let named = async |id: &ListingId| {
        let title = catalogue.listing(id).await.map_err(failed)?.map(|listing| listing.title);
        // A listing that is gone meanwhile is still in the address, and can be taken out of it.
        Ok((id.to_string(), title.unwrap_or_else(|| id.to_string())))
    };
    let mut unlike = Vec::with_capacity(away.len());
    for id in &away {
        unlike.push(named(id).await?);
    }
    let like = match &like {
        Some(id) => Some(named(id).await?),
        None => None,
    };
    Ok(Results {
        cards: blurred(catalogue, answer.hits.into_iter().map(Card::of_hit)).await,
        first,
        more: answer.more,
        ended: answer.ended,
        unclear: answer.unclear,
        read_as: answer.read_as,
        token: answer.query.token,
        like,
        unlike,
        pieces: catalogue.count().await.map_err(failed)?.for_sale,
        facets: answer.facets,
    })
}

/// Cards with what stands in for their photos until those come.
pub(super) async fn blurred(catalogue: &Catalogue, cards: impl Iterator<Item = Card>) -> Vec<Card> {
    let mut cards: Vec<Card> = cards.collect();
    let names = cards.iter().map(|card| card.photo.trim_start_matches("/media/").to_owned()).collect();
    for (card, blur) in cards.iter_mut().zip(catalogue.blurs(names).await) {
        card.blur = blur.map(|blur| STANDARD.encode(blur));
    }
    cards
}

/// A failed search as the shopper reads it; what is our own fault goes into the log.
pub(super) fn refused(error: SearchError) -> Problem {
    let problem = problem_of(&error);
    if problem == Problem::Ours {
        tracing::error!(%error, "a search failed");
    }
    said(problem)
}

/// The catalogue itself failed: our own fault, unless a page was asked for that cannot be had.
pub(super) fn failed(error: CatalogueError) -> Problem {
    if matches!(error, CatalogueError::Page(_)) {
        return said(Problem::TooFar);
    }
    tracing::error!(%error, "the catalogue could not be read");
    said(Problem::Ours)
}

/// Puts a problem's status into the response, of a page or of a server function, and gives it back.
pub(super) fn said(problem: Problem) -> Problem {
    say_status(&problem);
    problem
}

/// Gives the response that is being made a problem's status.
pub fn say_status(problem: &Problem) {
    if let (Some(response), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(problem.status())) {
        response.set_status(status);
    }
}

/// A search's error as the shopper reads it.
fn problem_of(error: &SearchError) -> Problem {
    match error {
        SearchError::Picture(error) => picture_problem(error),
        SearchError::Query(error) => query_problem(error),
        SearchError::Overloaded => Problem::Busy,
        SearchError::Internal(_) => Problem::Ours,
    }
}

fn query_problem(error: &QueryError) -> Problem {
    match error {
        QueryError::Text => Problem::TooManyWords,
        QueryError::Nothing => Problem::Contradiction,
        QueryError::Filters(reason) => Problem::Filter(reason.to_string()),
        QueryError::Token(TokenError::Damaged) => Problem::DamagedLink,
        QueryError::Token(TokenError::Expired) => Problem::ExpiredLink,
        QueryError::Unlike(_) => Problem::DamagedLink,
        QueryError::Like(_) => Problem::NotFound,
        QueryError::Page(_) => Problem::TooFar,
        // The page never sends more photos than may be, and reads the weight before it sends it.
        QueryError::Photos(_) | QueryError::Weight => Problem::Ours,
    }
}

fn picture_problem(error: &ImagingError) -> Problem {
    match error {
        ImagingError::Empty => Problem::EmptyPicture,
        ImagingError::TooManyBytes => Problem::TooManyBytes,
        ImagingError::NotAPicture => Problem::NotAPicture,
        ImagingError::Unsupported(kind) => Problem::UnreadableKind((*kind).to_owned()),
        ImagingError::TooLarge { .. } => Problem::TooManyPixels,
        ImagingError::Broken => Problem::DamagedPicture,
        ImagingError::Encode(_) | ImagingError::Geometry(_) => Problem::Ours,
    }
}
