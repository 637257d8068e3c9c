//! `vitrine evaluate`

use super::{
    open::{self, Opened},
    progress::Shown,
    search::read_photo,
};
use crate::{
    cli,
    config::Config,
    evaluation::{
        distribution::Distribution,
        located::Overlap,
        metrics::{DEPTHS, Evaluation, Figures, Outcome, PRECISION_DEPTHS},
        queries::{self, LabelledQuery},
        report::{self, Failure, Piece},
    },
    output,
};
use anyhow::{Context, Result};
use catalogue::{Query, SearchService};
use domain::{Calibration, Hit, ListingId, limits};
use std::{collections::HashSet, fs, time::Instant};

/// Failures shown in the report.
const FAILURES: usize = 30;
/// Hits shown beside each.
const SHOWN: usize = 5;

/// Asks every query and tells how well it was answered.
pub async fn run(config: &Config, options: cli::Evaluate) -> Result<u8> {
    let queries = queries::read(&options.queries)?;
    let opened = open::existing(config).await?;
    let service = opened.service();
    note_unknown(&opened, &queries).await?;
    // The first search pays for what is loaded lazily; nobody's figure should.
    if let Some(first) = queries.first() {
        ask(&service, first, options.depth).await?;
    }
    let mut shown = Shown::new("Searching");
    let mut outcomes = Vec::with_capacity(queries.len());
    let mut answers = Vec::with_capacity(queries.len());
    for query in &queries {
        let (hits, milliseconds) = ask(&service, query, options.depth).await?;
        outcomes.push(Outcome {
            kind: query.kind.clone(),
            found: hits.iter().map(|hit| hit.listing.id.to_string()).collect(),
            scores: hits.iter().map(|hit| hit.score.unwrap_or_default()).collect(),
            relevant: query.relevant.iter().map(ToString::to_string).collect(),
            milliseconds,
            overlaps: overlaps(&opened, query)?,
        });
        answers.push(hits);
        let (done, all) = (answers.len(), queries.len());
        shown.update(done as u64, all as u64, &format!("{done} of {all} queries asked"));
    }
    shown.finish();
    let evaluation = Evaluation::of(&outcomes).context("cannot evaluate: there are no queries")?;
    if options.json {
        output::json(&evaluation)?;
    } else {
        output::line(table(&evaluation))?;
    }
    if let Some(path) = &options.report {
        let failures = failures(&opened, &queries, &outcomes, &answers).await?;
        let distributions = distributions(&queries, &outcomes, &opened.bundle.calibration());
        let name = options.queries.file_name().unwrap_or_default().to_string_lossy();
        let page =
            report::page(&format!("Evaluation of {name}"), opened.bundle.id(), &evaluation, &distributions, &failures)?;
        fs::write(path, page).with_context(|| format!("cannot write the report to {}", path.display()))?;
        output::note(format!("The report is in {}.", path.display()));
    }
    Ok(crate::DONE)
}

/// The first `depth` listings, less the query's exceptions, and how long the first page of them took, in milliseconds.
async fn ask(service: &SearchService, query: &LabelledQuery, depth: usize) -> Result<(Vec<Hit>, f64)> {
    let photos = query.photos.iter().map(|path| read_photo(path)).collect::<Result<Vec<_>>>()?;
    let wanted = (depth + query.except.len()).min(limits::PAGING_DEPTH);
    let mut page = Query {
        photos,
        text: query.text.clone(),
        filters: query.filters.clone(),
        beyond: true,
        limit: wanted.min(limits::PAGE_MOST),
        ..Query::default()
    };
    let mut hits: Vec<Hit> = Vec::new();
    let mut milliseconds = None;
    loop {
        let began = Instant::now();
        let answer = service
            .search(page)
            .await
            .with_context(|| format!("cannot search with the query in line {}", query.line))?;
        milliseconds.get_or_insert(began.elapsed().as_secs_f64() * 1000.0);
        hits.extend(answer.hits);
        if !answer.more || hits.len() >= wanted {
            break;
        }
        // What a picture became is in the token, and is not encoded again; words are not, and are said again.
        page = Query {
            token: Some(answer.query.token).filter(|_| !query.photos.is_empty()),
            text: query.text.clone(),
            filters: query.filters.clone(),
            beyond: true,
            offset: hits.len(),
            limit: (wanted - hits.len()).min(limits::PAGE_MOST),
            ..Query::default()
        };
    }
    hits.retain(|hit| !query.except.contains(&hit.listing.id));
    hits.truncate(depth);
    Ok((hits, milliseconds.unwrap_or_default()))
}

/// How well the piece is located in the query's pictures; nothing where pictures are searched whole, or it is not known where the piece is.
fn overlaps(opened: &Opened, query: &LabelledQuery) -> Result<Vec<Overlap>> {
    if !opened.encoder.locates() {
        return Ok(Vec::new());
    }
    let known = query.photos.iter().zip(&query.boxes).filter_map(|(path, piece)| Some((path, (*piece)?)));
    known
        .map(|(path, piece)| {
            let locating = || format!("cannot locate the piece in {}", path.display());
            let picture = imaging::decode(&read_photo(path)?).with_context(locating)?;
            Ok(Overlap::of(opened.encoder.locate(&picture).with_context(locating)?, piece))
        })
        .collect()
}

/// The scores of right and wrong answers to photos and to words, which have thresholds of their own.
fn distributions(
    queries: &[LabelledQuery],
    outcomes: &[Outcome],
    calibration: &Calibration,
) -> Vec<(&'static str, Distribution)> {
    let photo = calibration.photo;
    let of = |with_photo: bool, thresholds: Vec<(&'static str, f32)>| {
        let chosen = queries.iter().zip(outcomes).filter(|(query, _)| query.photos.is_empty() != with_photo);
        let scores: Vec<_> = chosen.map(|(_, outcome)| outcome.best_scores()).collect();
        Distribution {
            right: scores.iter().filter_map(|scores| scores.0).collect(),
            wrong: scores.iter().filter_map(|scores| scores.1).collect(),
            thresholds,
        }
    };
    vec![
        (
            "Photos",
            of(
                true,
                vec![("same piece", photo.same_piece), ("same design", photo.same_design), ("similar", photo.similar)],
            ),
        ),
        ("Words", of(false, vec![("similar", calibration.text.similar)])),
    ]
}

/// A relevant listing that is not in the catalogue can never be found: the figures would be too low, and nobody would know why.
async fn note_unknown(opened: &Opened, queries: &[LabelledQuery]) -> Result<()> {
    let asked: HashSet<ListingId> = queries.iter().flat_map(|query| query.relevant.iter().cloned()).collect();
    let known = opened.catalogue.known(&asked).await.context("cannot read the catalogue")?;
    let unknown: Vec<String> = queries
        .iter()
        .flat_map(|query| query.relevant.iter().map(move |id| (id, query.line)))
        .filter(|(id, _)| !known.contains(*id))
        .map(|(id, line)| format!("{id} (line {line})"))
        .collect();
    if !unknown.is_empty() {
        let shown = unknown.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
        output::note(format!(
            "{} relevant listings are not in this catalogue and count as not found: {shown}",
            unknown.len()
        ));
    }
    Ok(())
}

fn table(evaluation: &Evaluation) -> String {
    let mut rows = vec![vec!["kind".to_owned(), "queries".into()]];
    rows[0].extend(DEPTHS.iter().map(|depth| format!("recall@{depth}")));
    rows[0].extend(PRECISION_DEPTHS.iter().map(|depth| format!("precision@{depth}")));
    rows[0].extend(["MRR", "MAP", "p50 ms", "p95 ms", "p99 ms"].map(String::from));
    let located = evaluation.overall.locator.is_some();
    rows[0].extend(located.then(|| "box IoU".to_owned()));
    let all = evaluation.kinds.iter().map(|(kind, figures)| (kind.as_str(), figures));
    rows.extend(all.chain([("all", &evaluation.overall)]).map(|(kind, figures)| {
        let mut row = row(kind, figures);
        let iou = || figures.locator.map_or_else(String::new, |located| format!("{:.3}", located.iou));
        row.extend(located.then(iou));
        row
    }));
    let right: Vec<usize> = (1..rows[0].len()).collect();
    output::table(&rows, &right).trim_end().to_owned()
}

fn row(kind: &str, figures: &Figures) -> Vec<String> {
    let mut row = vec![kind.to_owned(), figures.queries.to_string()];
    row.extend(DEPTHS.iter().map(|depth| format!("{:.3}", figures.recall.get(depth).copied().unwrap_or_default())));
    row.extend(
        PRECISION_DEPTHS
            .iter()
            .map(|depth| format!("{:.3}", figures.precision.get(depth).copied().unwrap_or_default())),
    );
    row.extend([figures.mrr, figures.map].map(|value| format!("{value:.3}")));
    let latency = figures.latency_ms;
    row.extend([latency.p50, latency.p95, latency.p99].map(|value| format!("{value:.1}")));
    row
}

/// The queries that found no relevant listing first, the worst first.
async fn failures(
    opened: &Opened,
    queries: &[LabelledQuery],
    outcomes: &[Outcome],
    answers: &[Vec<Hit>],
) -> Result<Vec<Failure>> {
    let mut worst: Vec<usize> = (0..outcomes.len()).filter(|n| outcomes[*n].first_place() != Some(1)).collect();
    worst.sort_by_key(|n| std::cmp::Reverse(outcomes[*n].first_place().unwrap_or(usize::MAX)));
    let mut failures = Vec::new();
    for n in worst.into_iter().take(FAILURES) {
        let (query, hits) = (&queries[n], &answers[n]);
        let relevant = match query.relevant.first() {
            Some(id) => opened.catalogue.listing(id).await?,
            None => None,
        };
        let wanted = relevant.as_ref().and_then(|listing| listing.photos.first());
        failures.push(Failure {
            line: query.line,
            kind: query.kind.clone(),
            text: query.text.clone(),
            photo: query.photos.first().and_then(|path| report::thumbnail(&fs::read(path).ok()?)),
            place: outcomes[n].first_place(),
            relevant: Piece {
                id: query.relevant.first().map(ToString::to_string).unwrap_or_default(),
                photo: wanted.and_then(|address| stored(opened, address)),
                note: "should be found".into(),
            },
            found: hits
                .iter()
                .take(SHOWN)
                .map(|hit| Piece {
                    id: hit.listing.id.to_string(),
                    photo: stored(opened, &hit.photo),
                    note: hit.score.map(|score| format!("{score:.3}")).unwrap_or_default(),
                })
                .collect(),
        });
    }
    Ok(failures)
}

/// A thumbnail of a listing's photo.
fn stored(opened: &Opened, address: &str) -> Option<String> {
    let path = opened.catalogue.media(address.strip_prefix("/media/")?)?;
    report::thumbnail(&fs::read(path).ok()?)
}
