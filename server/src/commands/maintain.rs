//! `vitrine maintain`

use super::open;
use crate::{cli, config::Config, output};
use anyhow::{Context, Result};
use serde_json::json;
use std::time::Instant;

/// Compacts the table, brings its indexes up to date, drops what nobody needs any more. Safe while the server runs.
pub async fn run(config: &Config, options: cli::Maintain) -> Result<u8> {
    open::must_exist(&config.places.data)?;
    let bundle = open::bundle(config)?;
    let catalogue = open::catalogue(config, &bundle).await?;
    let began = Instant::now();
    let report =
        catalogue.maintain().await.with_context(|| format!("cannot maintain {}", config.places.data.display()))?;
    let seconds = began.elapsed().as_secs_f64();
    if options.json {
        output::json(&json!({
            "files_merged": report.files_merged,
            "indexes_built": report.indexes_built,
            "indexes_updated": report.indexes_updated,
            "versions_pruned": report.versions_pruned,
            "media_removed": report.media_removed,
            "thumbnails_removed": report.thumbnails_removed,
            "bytes_freed": report.bytes_freed,
            "seconds": (seconds * 100.0).round() / 100.0,
        }))?;
        return Ok(crate::DONE);
    }
    let list = |names: &[String]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    output::line(format!("files merged     {}", report.files_merged))?;
    output::line(format!("indexes built    {}", list(&report.indexes_built)))?;
    output::line(format!("indexes updated  {}", list(&report.indexes_updated)))?;
    output::line(format!("versions pruned  {}", report.versions_pruned))?;
    output::line(format!("photos removed   {}", report.media_removed))?;
    output::line(format!("copies removed   {}", report.thumbnails_removed))?;
    output::line(format!("space freed      {} KB, in {seconds:.1} s", report.bytes_freed / 1024))?;
    Ok(crate::DONE)
}
