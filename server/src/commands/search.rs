//! `vitrine search`

use super::open;
use crate::{cli, config::Config, output};
use anyhow::{Context, Result, bail};
use catalogue::Query;
use domain::{Answer, Filters, Hit, Verdict, limits};
use std::{fs, path::Path};

/// Searches, and prints the hits.
pub async fn run(config: &Config, options: cli::Search) -> Result<u8> {
    let mut filters = Filters::default();
    for filter in &options.filter {
        let Some((key, value)) = filter.split_once('=') else {
            bail!("cannot use the filter \"{filter}\": write it as KEY=VALUE, as in category=ring");
        };
        filters.add(key.trim(), value).with_context(|| format!("cannot use the filter \"{filter}\""))?;
    }
    if options.photo.len() > limits::QUERY_PHOTOS {
        bail!("cannot search with {} photos: at most {} at once", options.photo.len(), limits::QUERY_PHOTOS);
    }
    let photos = options.photo.iter().map(|path| read_photo(path)).collect::<Result<Vec<_>>>()?;
    let opened = open::existing(config).await?;
    let query = Query {
        photos,
        text: options.text.filter(|text| !text.trim().is_empty()),
        weight: options.weight,
        filters,
        sort: options.sort,
        beyond: options.beyond,
        literal: options.literal,
        limit: options.limit,
        ..Query::default()
    };
    let answer = opened.service().search(query).await.context("cannot search")?;
    if options.json {
        output::json(&answer)?;
    } else {
        print(&answer)?;
    }
    Ok(crate::DONE)
}

/// Reads a picture, but not more of it than a picture may have.
pub fn read_photo(path: &Path) -> Result<Vec<u8>> {
    let reading = || format!("cannot read the photo {}", path.display());
    let size = fs::metadata(path).with_context(reading)?.len();
    if size > limits::PICTURE_BYTES as u64 {
        bail!(
            "{}: it has {} MB, at most {} are taken",
            reading(),
            size / (1024 * 1024),
            limits::PICTURE_BYTES / (1024 * 1024)
        );
    }
    fs::read(path).with_context(reading)
}

fn print(answer: &Answer) -> Result<()> {
    if answer.hits.is_empty() {
        return output::line("Nothing matches. Try fewer filters.");
    }
    if output::is_terminal() && answer.hits.iter().all(|hit| hit.verdict == Some(Verdict::Weak)) {
        output::line(if answer.unclear {
            "No piece can be made out in this picture. These are the nearest.\n"
        } else {
            "Nothing very close. These are the nearest.\n"
        })?;
    }
    let mut rows = vec![["score", "verdict", "price", "id", "title", "dealer"].map(String::from).to_vec()];
    rows.extend(answer.hits.iter().map(row));
    output::line(output::table(&rows, &[0, 2]).trim_end())
}

fn row(hit: &Hit) -> Vec<String> {
    let listing = &hit.listing;
    vec![
        hit.score.map(|score| format!("{score:.3}")).unwrap_or_default(),
        hit.verdict.map(said).unwrap_or_default().to_owned(),
        listing.price.map_or_else(|| "on request".into(), |price| price.to_string()),
        listing.id.to_string(),
        output::cut(&listing.title, 60),
        output::cut(&listing.dealer.name, 30),
    ]
}

fn said(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::SamePiece => "same piece",
        Verdict::SameDesign => "same design",
        Verdict::Similar => "similar",
        Verdict::Weak => "weak",
    }
}
