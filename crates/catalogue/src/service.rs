//! The one way to search: what a shopper sent, checked, encoded, blended, looked up and judged.
//!
//! Queries live in memory only for the length of a call, and no error holds any part of a picture.

use crate::{Catalogue, CatalogueError, FoundListing, Page, PageError, search::Ask};
use domain::{
    Answer, Calibration, FilterError, Filters, Hit, ListingId, QueryEcho, QueryKind, QueryToken, SimilarPieces, Sort,
    Timings, TokenError, Vector, Verdict, limits,
};
use encoder::{Bundle, EncoderError, EncoderQueue};
use futures::future::try_join_all;
use imaging::{ImagingError, Picture};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::Semaphore;

/// What is asked. With no photo, text, token or listing: the newest listings, hits without score and verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// Pictures of one piece, as files; at most [`limits::QUERY_PHOTOS`].
    pub photos: Vec<Vec<u8>>,
    /// Words, at most [`limits::QUERY_TEXT_BYTES`]. Blank is none.
    pub text: Option<String>,
    /// The vector of an earlier query, from a link ([`QueryToken`]). Counts as a photo beside the words. Empty is none.
    pub token: Option<String>,
    /// A listing that is asked for the like of, by all of its photos. Counts as a photo beside the words; it is left out itself.
    pub like: Option<ListingId>,
    /// How much the words count where there is a photo, token or listing too, from 0 (not at all) to 1 (alone).
    pub weight: f32,
    /// Listings to lead away from, at most [`limits::QUERY_UNLIKE`]; they are left out themselves. Only where something is looked for.
    pub unlike: Vec<ListingId>,
    /// What the hits are narrowed to.
    pub filters: Filters,
    /// In which order they stand. Any but closeness orders the closest [`limits::SORTED`].
    pub sort: Sort,
    /// Whether to go on past where relevance ends.
    pub beyond: bool,
    /// Whether words are taken as they are: seen by the model and looked up in the dealers' texts, but not read for what they mean of a
    /// listing's fields.
    pub literal: bool,
    /// How many hits to pass over.
    pub offset: usize,
    /// How many hits to give, 1 to [`limits::PAGE_MOST`].
    pub limit: usize,
}

impl Default for Query {
    fn default() -> Self {
        Self {
            photos: Vec::new(),
            text: None,
            token: None,
            like: None,
            weight: 0.5,
            unlike: Vec::new(),
            filters: Filters::default(),
            sort: Sort::Closest,
            beyond: false,
            literal: false,
            offset: 0,
            limit: limits::PAGE_DEFAULT,
        }
    }
}

/// What about a query cannot be used; always the asker's to change.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum QueryError {
    /// More photos than [`limits::QUERY_PHOTOS`].
    #[error("at most {} photos can be searched with at once, not {given}", limits::QUERY_PHOTOS, given = .0)]
    Photos(usize),
    /// Longer than [`limits::QUERY_TEXT_BYTES`].
    #[error("the description is too long; at most {} bytes are read", limits::QUERY_TEXT_BYTES)]
    Text,
    /// More listings to lead away from than [`limits::QUERY_UNLIKE`].
    #[error("a search can lead away from at most {} listings, not {given}", limits::QUERY_UNLIKE, given = .0)]
    Unlike(usize),
    /// A listing to find the like of that is not there, or no longer.
    #[error("there is no listing {0} to find the like of")]
    Like(ListingId),
    /// Outside 0 to 1.
    #[error("weight must be a number from 0 to 1")]
    Weight,
    /// Words and pictures that cancel each other out: nothing is left to look for.
    #[error("the photos and words of this query cancel each other out; leave one of them away")]
    Nothing,
    /// Filters that cannot be used.
    #[error(transparent)]
    Filters(#[from] FilterError),
    /// A link that cannot be used.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// A page that cannot be had.
    #[error(transparent)]
    Page(#[from] PageError),
}

/// Why a search has no answer, and whose fault it is.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// A picture that cannot be used: the sender's.
    #[error(transparent)]
    Picture(ImagingError),
    /// A query that cannot be used: the sender's.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// Too many at once: nobody's; trying again in a moment helps.
    #[error("too many searches at once; please try again in a moment")]
    Overloaded,
    /// The catalogue or the model failed: ours.
    #[error("the search failed: {0}")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<EncoderError> for SearchError {
    fn from(error: EncoderError) -> Self {
        match error {
            EncoderError::Overloaded => Self::Overloaded,
            other => Self::Internal(Box::new(other)),
        }
    }
}

impl From<ImagingError> for SearchError {
    fn from(error: ImagingError) -> Self {
        if error.is_senders_fault() { Self::Picture(error) } else { Self::Internal(Box::new(error)) }
    }
}

impl From<CatalogueError> for SearchError {
    fn from(error: CatalogueError) -> Self {
        match error {
            CatalogueError::Page(page) => Self::Query(page.into()),
            other => Self::Internal(Box::new(other)),
        }
    }
}

/// How far a search is moved away from what it is told not to look like, as a share of its own length.
const AWAY: f32 = 0.4;
/// From this weight on, words beside a picture are taken at their word: what they are true of comes first.
const TOLD: f32 = 0.3;

/// What to look for, and how long it took to get it.
struct Aim {
    /// What the link holds: the pictures, or else the words, as the model sees them.
    link: String,
    /// What is searched with: the link's vector, and the words beside it.
    vector: Vector,
    kind: QueryKind,
    /// The words, where nothing else was asked with.
    words: Option<String>,
    /// The words that were said beside a picture.
    beside: Option<String>,
    timings: Timings,
}

/// Searches one catalogue with one model. Clones share everything.
#[derive(Clone)]
pub struct SearchService {
    catalogue: Catalogue,
    encoder: EncoderQueue,
    pub(crate) calibration: Calibration,
    /// The first four bytes of the bundle's digest: what tokens are bound to.
    pub(crate) model: [u8; 4],
    /// Pictures decoded at once: each may take hundreds of megabytes.
    decoding: Arc<Semaphore>,
}

impl SearchService {
    /// A service over a catalogue that was opened with this bundle's stamp, and a queue of this bundle's encoder.
    pub fn new(catalogue: Catalogue, encoder: EncoderQueue, bundle: &Bundle) -> Self {
        let mut model = [0; 4];
        // A digest is 64 hex digits; were it not, tokens would be bound to zeros and still be refused by dimension.
        let _ = hex::decode_to_slice(bundle.digest().get(..8).unwrap_or("00000000"), &mut model);
        let cores = std::thread::available_parallelism().map_or(2, |cores| cores.get());
        Self {
            catalogue,
            encoder,
            calibration: bundle.calibration(),
            model,
            decoding: Arc::new(Semaphore::new(cores.clamp(2, 16))),
        }
    }

    /// The catalogue searched.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Answers a query.
    pub async fn search(&self, query: Query) -> Result<Answer, SearchError> {
        let page = Page::new(query.offset, query.limit).map_err(QueryError::Page)?;
        query.filters.validate().map_err(QueryError::Filters)?;
        if query.unlike.len() > limits::QUERY_UNLIKE {
            return Err(QueryError::Unlike(query.unlike.len()).into());
        }
        let (filters, unlike) = (query.filters.clone(), query.unlike.clone());
        let but_not: Vec<ListingId> = unlike.iter().chain(&query.like).cloned().collect();
        let (sort, beyond, literal) = (query.sort, query.beyond, query.literal);
        match self.aim(query).await? {
            None => self.browse(&filters, sort, page).await,
            Some(aim) => {
                let began = Instant::now();
                let Aim { kind, vector, .. } = aim;
                let vector = self.away_from(&vector, &unlike).await?.unwrap_or(vector);
                let (words, beside) = (aim.words.as_deref(), aim.beside.as_deref());
                let (vector, filters, but_not) = (&vector, &filters, but_not.as_slice());
                let ask = Ask { vector, words, beside, literal, filters, but_not, sort, beyond, page };
                let answered = self.catalogue.answer(ask).await?;
                let told = !answered.understood.is_empty() && beside.is_some();
                let judge = |hit| if told { self.judge_told(kind, hit) } else { self.judge(kind, hit) };
                let hits = answered.found.hits.into_iter().map(judge).collect();
                let took_ms = Timings { search: milliseconds(began.elapsed()), ..aim.timings };
                let query = QueryEcho { token: aim.link };
                let (more, ended) = (answered.found.more, answered.ended);
                let unclear = kind == QueryKind::Unclear;
                let (read_as, facets) = (answered.understood, answered.facets);
                Ok(Answer { query, hits, more, ended, unclear, read_as, facets, took_ms })
            }
        }
    }

    /// The pieces most like a listing, by all of its photos, itself left out. `None` where there is no such listing.
    pub async fn similar(&self, id: &ListingId, page: Page) -> Result<Option<SimilarPieces>, SearchError> {
        let Some(vector) = self.looks_of(id).await? else { return Ok(None) };
        let found = self.catalogue.search(&vector, &Filters::default(), page, std::slice::from_ref(id)).await?;
        let hits = found.hits.into_iter().map(|hit| self.judge(QueryKind::Photo, hit)).collect();
        Ok(Some(SimilarPieces { hits }))
    }

    /// What a listing looks like, by all of its photos. `None` where there is no such listing.
    pub(crate) async fn looks_of(&self, id: &ListingId) -> Result<Option<Vector>, CatalogueError> {
        let vectors = self.catalogue.photo_vectors(id).await?;
        // Photos that cancel each other out leave the first to go by.
        Ok(mean(&vectors).or_else(|| vectors.into_iter().next()))
    }

    /// The vector moved away from listings, after Rocchio (Relevance feedback in information retrieval, 1971); none where there is
    /// nothing to move away from. Listings that are gone are passed over.
    async fn away_from(&self, vector: &Vector, unlike: &[ListingId]) -> Result<Option<Vector>, SearchError> {
        let mut seen = Vec::new();
        for id in unlike {
            seen.extend(mean(&self.catalogue.photo_vectors(id).await?));
        }
        let Some(others) = mean(&seen) else { return Ok(None) };
        Ok(Vector::blend(&[(vector, 1.0), (&others, -AWAY)]).ok())
    }

    async fn browse(&self, filters: &Filters, sort: Sort, page: Page) -> Result<Answer, SearchError> {
        let began = Instant::now();
        let browsed = self.catalogue.browse_sorted(filters, sort, page).await?;
        let facets = self.catalogue.facets_within(filters).await?;
        let hit = |listing: domain::Listing| {
            let photo = listing.photos.first().cloned().unwrap_or_default();
            Hit { listing, photo, score: None, verdict: None }
        };
        let took_ms = Timings { search: milliseconds(began.elapsed()), ..Timings::default() };
        let hits = browsed.listings.into_iter().map(hit).collect();
        // Paging ends where a search's would.
        let more = browsed.more && Page::new(page.end(), 1).is_ok();
        let query = QueryEcho { token: String::new() };
        let (ended, unclear, read_as) = (false, false, Vec::new());
        Ok(Answer { query, hits, more, ended, unclear, read_as, facets, took_ms })
    }

    pub(crate) fn judge(&self, kind: QueryKind, hit: FoundListing) -> Hit {
        let verdict = match kind {
            QueryKind::Photo => self.calibration.photo(hit.score),
            QueryKind::Unclear => self.calibration.unclear(hit.score),
            // It is what was asked for by its own dealer's word, whatever the model makes of its looks.
            QueryKind::Text if hit.says_so => Verdict::Similar,
            QueryKind::Text => self.calibration.text(hit.score),
        };
        Hit { listing: hit.listing, photo: hit.photo, score: Some(hit.score), verdict: Some(verdict) }
    }

    /// The verdict where words beside a picture were understood. What they are true of is what was asked for; what they are not true of is
    /// another piece, however near it looks.
    fn judge_told(&self, kind: QueryKind, hit: FoundListing) -> Hit {
        let asked_for = hit.says_so;
        let mut hit = self.judge(kind, hit);
        hit.verdict = hit
            .verdict
            .map(|verdict| if asked_for { verdict.min(Verdict::Similar) } else { verdict.max(Verdict::Similar) });
        hit
    }

    /// The query's vector; `None` where nothing is asked for but filters.
    async fn aim(&self, query: Query) -> Result<Option<Aim>, SearchError> {
        let Query { photos, text, token, like, weight, .. } = query;
        if photos.len() > limits::QUERY_PHOTOS {
            return Err(QueryError::Photos(photos.len()).into());
        }
        if !(0.0..=1.0).contains(&weight) {
            return Err(QueryError::Weight.into());
        }
        let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        if text.as_ref().is_some_and(|text| text.len() > limits::QUERY_TEXT_BYTES) {
            return Err(QueryError::Text.into());
        }
        let dimension = self.catalogue.model().dimension;
        let token = token
            .filter(|token| !token.is_empty())
            .map(|token| QueryToken::read(&token, self.model, dimension))
            .transpose()
            .map_err(QueryError::Token)?;

        let like = match like {
            Some(id) => Some(self.looks_of(&id).await?.ok_or(QueryError::Like(id))?),
            None => None,
        };

        // What an earlier query's words were is not in its token.
        let from_token = token.is_some() && weight < 1.0;

        let mut timings = Timings::default();
        let began = Instant::now();
        let pictures = try_join_all(photos.into_iter().map(|photo| self.decode(photo))).await?;
        timings.decode = milliseconds(began.elapsed());

        let began = Instant::now();
        let of_token = token.as_ref().map(|token| token.kind);
        let of_like = like.as_ref().map(|_| QueryKind::Photo);
        let seen = try_join_all(pictures.into_iter().map(|picture| self.encoder.picture(picture)));
        let read = async {
            match text.clone() {
                Some(text) => self.encoder.text(text).await.map(Some),
                None => Ok(None),
            }
        };
        let (seen, read) = futures::try_join!(seen, read)?;
        timings.encode = milliseconds(began.elapsed());
        let of_pictures = seen.iter().map(|seen| if seen.piece { QueryKind::Photo } else { QueryKind::Unclear });
        let looks = of_pictures.chain(of_token).chain(of_like).reduce(clearest).unwrap_or(QueryKind::Text);
        let mut seen: Vec<Vector> = seen.into_iter().map(|seen| seen.vector).collect();
        seen.extend(token.map(|token| token.vector));
        seen.extend(like);

        let nothing = || SearchError::from(QueryError::Nothing);
        let by_pictures = if seen.is_empty() { None } else { Some(mean(&seen).ok_or_else(nothing)?) };
        let (held, kind) = match (by_pictures, &read) {
            (None, None) => return Ok(None),
            (None, Some(words)) => (words.clone(), QueryKind::Text),
            (Some(pictures), _) => (pictures, looks),
        };
        // Searched with what the link will hold, quantised, so that the pages that follow by the link fit to this one.
        let link = QueryToken { kind, model: self.model, vector: held }.to_string();
        let held = QueryToken::read(&link, self.model, dimension).map_err(QueryError::Token)?;
        let (link, held) = (held.to_string(), held.vector);
        let (vector, kind) = match read {
            Some(words) if !seen.is_empty() && weight == 1.0 => (words, QueryKind::Text),
            Some(words) if !seen.is_empty() => {
                (Vector::blend(&[(&held, 1.0 - weight), (&words, weight)]).map_err(|_| nothing())?, kind)
            }
            _ => (held, kind),
        };
        // A picture's description is to change what is seen, not to be looked up; what it means is true or not.
        let alone = kind == QueryKind::Text && !from_token;
        let (words, beside) = match text {
            Some(text) if alone => (Some(text), None),
            Some(text) if weight >= TOLD => (None, Some(text)),
            _ => (None, None),
        };
        Ok(Some(Aim { link, vector, kind, words, beside, timings }))
    }

    async fn decode(&self, photo: Vec<u8>) -> Result<Picture, SearchError> {
        // The cheap checks first, so that what cannot be used waits for nobody.
        imaging::probe(&photo)?;
        let _turn = self.decoding.acquire().await.map_err(|error| SearchError::Internal(Box::new(error)))?;
        let decoded = tokio::task::spawn_blocking(move || imaging::decode(&photo)).await;
        Ok(decoded.map_err(|error| SearchError::Internal(Box::new(error)))??)
    }
}

/// What a query of two kinds at once is: a piece in any of its pictures is enough.
fn clearest(one: QueryKind, other: QueryKind) -> QueryKind {
    match (one, other) {
        (QueryKind::Photo, _) | (_, QueryKind::Photo) => QueryKind::Photo,
        (QueryKind::Unclear, _) | (_, QueryKind::Unclear) => QueryKind::Unclear,
        (QueryKind::Text, QueryKind::Text) => QueryKind::Text,
    }
}

/// The mean direction; `None` where there is none.
fn mean(vectors: &[Vector]) -> Option<Vector> {
    match vectors {
        [] => None,
        [one] => Some(one.clone()),
        several => Vector::blend(&several.iter().map(|vector| (vector, 1.0)).collect::<Vec<_>>()).ok(),
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
