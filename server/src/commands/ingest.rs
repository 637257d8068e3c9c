//! `vitrine ingest`

use super::{open, progress::Shown};
use crate::{
    cli::{self, Upkeep},
    config::Config,
    output,
};
use anyhow::{Context, Result, bail};
use catalogue::{Catalogue, IngestReport, Progress};
use serde_json::json;
use std::path::{Path, PathBuf};

/// So many new listings are read beside the indexes by every search until upkeep: enough to be felt.
const MANY: u64 = 500;
/// Skipped lines and repeated ids that are told one by one.
const TOLD: usize = 50;

/// Takes listings in, and tells what was skipped and why.
pub async fn run(config: &Config, options: cli::Ingest) -> Result<u8> {
    let file = &options.listings;
    if !file.is_file() {
        bail!("cannot read the listings in {}: there is no such file", file.display());
    }
    let photos = photos_folder(file, options.photos)?;
    let opened = open::everything(config).await?;
    let mut shown = Shown::new("Ingesting");
    let report =
        opened.ingest().run(file, &photos, &mut |progress| show(&mut shown, progress)).await.with_context(|| {
            format!("cannot ingest {}. What was taken in so far is safe; run the same command again", file.display())
        });
    shown.finish();
    let report = report?;
    let seconds = shown.seconds();
    tell_skipped(&report);
    let kept_up = match options.upkeep {
        Upkeep::Auto if report.listings < MANY => false,
        Upkeep::Never => false,
        Upkeep::Auto | Upkeep::Always => upkeep(&opened.catalogue).await,
    };
    if options.json {
        output::json(&as_json(&report, seconds, kept_up))?;
    } else {
        output::line(summary(&report, seconds))?;
    }
    Ok(if report.skipped_count > 0 { crate::SOME_SKIPPED } else { crate::DONE })
}

/// Brings the indexes up to date; whether that worked. The listings are safe either way.
async fn upkeep(catalogue: &Catalogue) -> bool {
    output::note("Bringing the indexes up to date.");
    match catalogue.maintain().await {
        Ok(_) => true,
        Err(error) => {
            output::note(format!(
                "The listings are in, but the indexes are not up to date: {error}. Run: vitrine maintain"
            ));
            false
        }
    }
}

/// The folder given, else "photos" beside the listings.
fn photos_folder(file: &Path, given: Option<PathBuf>) -> Result<PathBuf> {
    let was_given = given.is_some();
    let folder = given.unwrap_or_else(|| file.parent().unwrap_or(Path::new("")).join("photos"));
    if !folder.is_dir() {
        let advice = if was_given { "" } else { ". Say where the photos are with --photos" };
        bail!("cannot find the photos folder {}{advice}", folder.display());
    }
    Ok(folder)
}

/// How far it is. The file says how many bytes it has, not how many listings: the time left goes by bytes.
fn show(shown: &mut Shown, progress: Progress) {
    let rate = progress.lines as f64 / shown.seconds().max(0.001);
    let says = format!(
        "{} listings, {} photos encoded, {} unchanged, {} skipped, {rate:.0} listings/s",
        progress.lines, progress.photos_encoded, progress.photos_reused, progress.skipped,
    );
    shown.update(progress.bytes_read, progress.bytes_total, &says);
}

fn tell_skipped(report: &IngestReport) {
    for skipped in report.skipped.iter().take(TOLD) {
        let id = skipped.id.as_deref().map(|id| format!(" ({id})")).unwrap_or_default();
        output::note(format!("line {}{id} skipped: {}", skipped.line, skipped.reason));
    }
    more(report.skipped_count, "skipped lines");
    for repeated in report.repeated.iter().take(TOLD) {
        output::note(format!("line {}: {} came before; this later one counts", repeated.line, repeated.id));
    }
    more(report.repeated_count, "repeated ids");
    if !report.ignored_columns.is_empty() {
        output::note(format!("columns that mean nothing here: {}", report.ignored_columns.join(", ")));
    }
}

fn more(count: u64, what: &str) {
    let untold = count.saturating_sub(TOLD as u64);
    if untold > 0 {
        output::note(format!("... and {untold} more {what}"));
    }
}

fn summary(report: &IngestReport, seconds: f64) -> String {
    format!(
        "{} listings taken in, {} unchanged, {} skipped; {} photos encoded, {} known already; {seconds:.1} s",
        report.listings, report.unchanged, report.skipped_count, report.photos_encoded, report.photos_reused
    )
}

fn as_json(report: &IngestReport, seconds: f64, upkeep: bool) -> serde_json::Value {
    let skipped: Vec<_> =
        report.skipped.iter().map(|s| json!({"line": s.line, "id": s.id, "reason": s.reason})).collect();
    let repeated: Vec<_> = report.repeated.iter().map(|r| json!({"line": r.line, "id": r.id})).collect();
    json!({
        "listings": report.listings,
        "unchanged": report.unchanged,
        "skipped_count": report.skipped_count,
        "skipped": skipped,
        "repeated_count": report.repeated_count,
        "repeated": repeated,
        "ignored_columns": report.ignored_columns,
        "photos": {"encoded": report.photos_encoded, "reused": report.photos_reused},
        "upkeep": upkeep,
        "seconds": (seconds * 100.0).round() / 100.0,
    })
}
