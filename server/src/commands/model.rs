//! `vitrine model list | show | verify | fetch`

use super::{fetch, open};
use crate::{cli, config::Config, output};
use anyhow::{Context, Result};
use encoder::{Bundle, Manifest};
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Looks at bundles.
pub async fn run(config: &Config, action: cli::Model) -> Result<u8> {
    match action {
        cli::Model::List { json } => list(config, json),
        cli::Model::Show { name, json } => show(&config.places.folder_of(&name), json),
        cli::Model::Verify { name } => verify(config, &name),
        cli::Model::Fetch(options) => fetch::run(config, options).await,
    }
}

fn list(config: &Config, as_json: bool) -> Result<u8> {
    let models = &config.places.models;
    let mut folders: Vec<PathBuf> = fs::read_dir(models)
        .with_context(|| format!("cannot read the models folder {}. Say where it is with --models", models.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("model.toml").exists())
        .collect();
    folders.sort();
    let manifests = folders.iter().map(|folder| (folder, Bundle::read_manifest(folder)));
    if as_json {
        let bundles: Vec<_> = manifests
            .map(|(folder, manifest)| match manifest {
                Ok(manifest) => json!({"folder": folder, "id": manifest.id, "family": manifest.family,
                    "dimension": manifest.dimension, "licence": manifest.licence}),
                Err(error) => json!({"folder": folder, "error": error.to_string()}),
            })
            .collect();
        output::json(&json!({ "bundles": bundles }))?;
        return Ok(crate::DONE);
    }
    if folders.is_empty() {
        output::line(format!("There are no model bundles in {}.", models.display()))?;
        return Ok(crate::DONE);
    }
    let mut rows = vec![["name", "family", "dimensions", "licence", "source"].map(String::from).to_vec()];
    for (folder, manifest) in manifests {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        rows.push(match manifest {
            Ok(manifest) => {
                vec![
                    name,
                    manifest.family,
                    manifest.dimension.to_string(),
                    manifest.licence,
                    output::cut(&manifest.source, 50),
                ]
            }
            Err(error) => {
                vec![name, "cannot be used".into(), String::new(), String::new(), output::cut(&error.to_string(), 60)]
            }
        });
    }
    output::line(output::table(&rows, &[2]).trim_end())?;
    Ok(crate::DONE)
}

fn show(folder: &Path, as_json: bool) -> Result<u8> {
    let manifest = Bundle::read_manifest(folder)
        .with_context(|| format!("cannot read the model bundle in {}", folder.display()))?;
    if as_json {
        output::json(&manifest)?;
    } else {
        output::line(describe(&manifest, folder))?;
    }
    Ok(crate::DONE)
}

fn describe(manifest: &Manifest, folder: &Path) -> String {
    let (photo, text) = (manifest.calibration.photo, manifest.calibration.text);
    let rows = [
        ("id", manifest.id.clone()),
        ("folder", folder.display().to_string()),
        ("family", manifest.family.clone()),
        ("source", manifest.source.clone()),
        ("revision", manifest.revision.clone()),
        ("licence", manifest.licence.clone()),
        ("dimensions", manifest.dimension.to_string()),
        ("pictures", format!("{0} x {0} px", manifest.image.size)),
        ("texts", format!("{} tokens", manifest.text.context_length)),
        ("same piece", format!("from {}", photo.same_piece)),
        ("same design", format!("from {}", photo.same_design)),
        ("similar", format!("from {} for pictures, {} for words", photo.similar, text.similar)),
    ];
    let rows: Vec<Vec<String>> = rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    output::table(&rows, &[]).trim_end().to_owned()
}

fn verify(config: &Config, name: &str) -> Result<u8> {
    let folder = config.places.folder_of(name);
    let bundle = open::bundle_in(&folder, &config.places.models)?;
    let encoder = open::encoder(&config.runtime, &bundle)?;
    output::line(format!(
        "{}: every file is the one that model.toml was written for, and the model runs ({} dimensions).",
        bundle.id(),
        encoder.dimension()
    ))?;
    Ok(crate::DONE)
}
