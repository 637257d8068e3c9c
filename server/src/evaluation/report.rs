//! One self-contained page with the figures and the worst failures, pictures and all: it can be kept, sent and compared.

use super::{
    distribution::Distribution,
    metrics::{DEPTHS, Evaluation, Figures, PRECISION_DEPTHS},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use imaging::Interpolation;
use std::fmt::Write;

/// Longest side of a thumbnail, in pixels.
const THUMBNAIL: u32 = 160;
/// JPEG quality of a thumbnail.
const QUALITY: u8 = 80;

/// A query that was not answered as it should have been.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// Its line in the queries' file.
    pub line: usize,
    /// Its kind.
    pub kind: String,
    /// Its words.
    pub text: Option<String>,
    /// Its first photo, as a data address.
    pub photo: Option<String>,
    /// The place of the best relevant listing, from 1.
    pub place: Option<usize>,
    /// What should have been found.
    pub relevant: Piece,
    /// What was found instead, best first.
    pub found: Vec<Piece>,
}

/// A listing in the report.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Its id.
    pub id: String,
    /// Its photo, as a data address.
    pub photo: Option<String>,
    /// What is said under it.
    pub note: String,
}

/// A picture small enough to stand in the page, as a data address; none where it cannot be read.
pub fn thumbnail(bytes: &[u8]) -> Option<String> {
    let picture = imaging::decode(bytes).ok()?;
    let longest = picture.width().max(picture.height()).max(1);
    let side = |length: u32| ((u64::from(length) * u64::from(THUMBNAIL) / u64::from(longest)) as u32).max(1);
    let small = if longest > THUMBNAIL {
        picture.resize(side(picture.width()), side(picture.height()), Interpolation::Bicubic).ok()?
    } else {
        picture
    };
    Some(format!("data:image/jpeg;base64,{}", STANDARD.encode(small.to_jpeg(QUALITY).ok()?)))
}

/// The page.
pub fn page(
    title: &str,
    model: &str,
    evaluation: &Evaluation,
    distributions: &[(&str, Distribution)],
    failures: &[Failure],
) -> Result<String, std::fmt::Error> {
    let mut html = String::new();
    write!(
        html,
        "<!DOCTYPE html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\
         <title>{0}</title><style>{STYLE}</style></head><body>\n<h1>{0}</h1>\n<p>Model {1}, {2} queries. Recall at k: the share \
         of the relevant pieces among the first k. Precision at k: the share of the first k that is relevant. MRR: mean reciprocal rank. MAP: mean average precision. Times are of \
         the whole search, in milliseconds. Box: how far the part of the picture that was searched with is the true box round the piece \
         (mean intersection over union), where that is known.</p>\n",
        escape(title),
        escape(model),
        evaluation.overall.queries
    )?;
    html.push_str("<table><thead><tr><th>Kind</th><th>Queries</th>");
    for depth in DEPTHS {
        write!(html, "<th>Recall@{depth}</th>")?;
    }
    for depth in PRECISION_DEPTHS {
        write!(html, "<th>Precision@{depth}</th>")?;
    }
    html.push_str("<th>MRR</th><th>MAP</th><th>p50</th><th>p95</th><th>p99</th><th>Box</th></tr></thead><tbody>\n");
    for (kind, figures) in &evaluation.kinds {
        row(&mut html, kind, figures)?;
    }
    row(&mut html, "all", &evaluation.overall)?;
    html.push_str("</tbody></table>\n");
    let drawn: Vec<String> = distributions
        .iter()
        .filter_map(|(name, distribution)| Some(format!("<h3>{name}</h3>\n{}\n", distribution.svg(name)?)))
        .collect();
    if !drawn.is_empty() {
        html.push_str(
            "<h2>Scores</h2>\n<p><span class=\"right\">Right</span>: each query's best relevant piece. \
             <span class=\"wrong\">Wrong</span>: its best other piece. Lines: from which score a verdict is given.</p>\n",
        );
        html.extend(drawn);
    }
    if failures.is_empty() {
        html.push_str("<p>Every query found a relevant piece first.</p>\n");
    } else {
        html.push_str("<h2>The worst failures</h2>\n");
        for failure in failures {
            section(&mut html, failure)?;
        }
    }
    html.push_str("</body></html>\n");
    Ok(html)
}

fn row(html: &mut String, kind: &str, figures: &Figures) -> std::fmt::Result {
    write!(html, "<tr><th>{}</th><td>{}</td>", escape(kind), figures.queries)?;
    for depth in DEPTHS {
        write!(html, "<td>{:.3}</td>", figures.recall.get(&depth).copied().unwrap_or_default())?;
    }
    for depth in PRECISION_DEPTHS {
        write!(html, "<td>{:.3}</td>", figures.precision.get(&depth).copied().unwrap_or_default())?;
    }
    let latency = figures.latency_ms;
    writeln!(
        html,
        "<td>{:.3}</td><td>{:.3}</td><td>{:.0}</td><td>{:.0}</td><td>{:.0}</td><td>{}</td></tr>",
        figures.mrr,
        figures.map,
        latency.p50,
        latency.p95,
        latency.p99,
        figures.locator.map(|located| format!("{:.3}", located.iou)).unwrap_or_default()
    )
}

fn section(html: &mut String, failure: &Failure) -> std::fmt::Result {
    let place = failure.place.map_or_else(|| "not found".into(), |place| format!("found at place {place}"));
    write!(html, "<section><h3>Line {}, {}: {place}</h3><div>", failure.line, escape(&failure.kind))?;
    figure(html, failure.photo.as_deref(), "the query", failure.text.as_deref().unwrap_or_default())?;
    figure(html, failure.relevant.photo.as_deref(), &failure.relevant.id, &failure.relevant.note)?;
    for piece in &failure.found {
        figure(html, piece.photo.as_deref(), &piece.id, &piece.note)?;
    }
    html.push_str("</div></section>\n");
    Ok(())
}

fn figure(html: &mut String, photo: Option<&str>, name: &str, note: &str) -> std::fmt::Result {
    html.push_str("<figure>");
    if let Some(photo) = photo {
        write!(html, "<img src=\"{photo}\" alt=\"\">")?;
    }
    write!(html, "<figcaption><b>{}</b><br>{}</figcaption></figure>", escape(name), escape(note))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;color:#1C1A17;background:#FBFAF7;max-width:72rem;margin:2rem auto;\
padding:0 1rem}h1,h2{font-family:Georgia,serif;font-weight:400}table{border-collapse:collapse;font-variant-numeric:tabular-nums}\
th,td{border-bottom:1px solid #E4E0D8;padding:.25rem .75rem;text-align:right}th:first-child{text-align:left}\
section{border-top:1px solid #E4E0D8;margin-top:1rem}section div{display:flex;flex-wrap:wrap;gap:1rem}\
h3{font-size:1rem;font-weight:600}figure{margin:0;width:160px}figcaption{font-size:.8rem;color:#6B665E;overflow-wrap:anywhere}\
img{max-width:160px;display:block}svg{width:100%;max-width:45rem;font-size:12px}rect{opacity:.55}svg .right{fill:#12493A}\
svg .wrong{fill:#8A6A2F}p .right{color:#12493A;font-weight:600}p .wrong{color:#8A6A2F;font-weight:600}\
svg line{stroke:#1C1A17;stroke-dasharray:4 3}svg text{fill:#6B665E}";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::metrics::Outcome;

    #[test]
    fn the_page_stands_on_its_own_and_repeats_no_markup() {
        let outcome = Outcome {
            kind: "<b>".into(),
            found: vec!["B".into()],
            scores: vec![0.7],
            relevant: vec!["A".into()],
            milliseconds: 12.0,
            overlaps: vec![],
        };
        let failure = Failure {
            line: 3,
            kind: "<b>".into(),
            text: Some("<script>alert(1)</script>".into()),
            photo: None,
            place: None,
            relevant: Piece { id: "A".into(), photo: None, note: "should be found".into() },
            found: vec![],
        };
        let scores = Distribution { right: vec![], wrong: vec![0.7], thresholds: vec![("similar", 0.5)] };
        let evaluation = Evaluation::of(&[outcome]).unwrap();
        let page = page("Evaluation", "starter", &evaluation, &[("Photos", scores)], &[failure]).unwrap();
        assert!(page.contains("<svg") && page.contains("similar 0.50"));
        assert!(!page.contains("<script") && page.contains("&lt;script&gt;") && page.contains("not found"));
        assert!(!page.contains("http://") && !page.contains("https://"));
    }

    #[test]
    fn a_thumbnail_fits_its_square() {
        let picture = imaging::Picture::new(640, 320, vec![128; 640 * 320 * 3]).unwrap();
        let thumbnail = thumbnail(&picture.to_jpeg(90).unwrap()).unwrap();
        let bytes = STANDARD.decode(thumbnail.strip_prefix("data:image/jpeg;base64,").unwrap()).unwrap();
        let header = imaging::probe(&bytes).unwrap();
        assert_eq!((header.width, header.height), (160, 80));
        assert_eq!(super::thumbnail(b"not a picture"), None);
    }
}
