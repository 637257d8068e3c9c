//! `vitrine check`

use super::open;
use crate::{cli, config::Config, output};
use anyhow::{Context, Result};
use serde_json::json;

/// Reads every row and every photo, and says whether all is whole.
pub async fn run(config: &Config, options: cli::Check) -> Result<u8> {
    open::must_exist(&config.places.data)?;
    let bundle = open::bundle(config)?;
    let catalogue = open::catalogue(config, &bundle).await?;
    // That the model's files are what they should be is known; that they run is part of being whole.
    let encoder = open::encoder(&config.runtime, &bundle)?;
    let report = catalogue.check().await.with_context(|| format!("cannot check {}", config.places.data.display()))?;
    let status = if report.is_whole() { crate::DONE } else { crate::FAILED };
    let problems: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    if options.json {
        output::json(&json!({
            "whole": report.is_whole(),
            "listings": report.counts.listings,
            "photos": report.counts.photos,
            "model": {"id": report.model.id, "digest": report.model.digest, "dimension": report.model.dimension},
            "device": format!("{:?}", encoder.device()).to_lowercase(),
            "indexes": report.indexes,
            "problems": problems,
            "problem_count": report.problem_count,
            "orphans": {"files": report.orphans, "bytes": report.orphan_bytes},
        }))?;
        return Ok(status);
    }
    output::line(format!("model    {}: files and run are right", report.model))?;
    output::line(format!("table    {} listings, {} photos", report.counts.listings, report.counts.photos))?;
    if !report.indexes.is_empty() {
        output::line(format!("indexes  {}", report.indexes.join(", ")))?;
    }
    if report.orphans > 0 {
        output::line(format!(
            "spare    {} files ({} KB) that no listing names; no harm, `vitrine maintain` removes them",
            report.orphans,
            report.orphan_bytes / 1024
        ))?;
    }
    for problem in &problems {
        output::line(format!("PROBLEM  {problem}"))?;
    }
    if report.is_whole() {
        output::line("Everything is whole.")?;
    } else {
        output::line(format!(
            "{} problems. Ingest the listings concerned again, or restore the data folder from a backup.",
            report.problem_count
        ))?;
    }
    Ok(status)
}
