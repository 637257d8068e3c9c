//! Queries with known answers, one JSON object a line. All are read and checked before the first is asked: a typing error in
//! line 900 should not cost the time of 899 searches.

use anyhow::{Context, Result, bail};
use domain::{Filters, ListingId, limits};
use encoder::Area;
use serde::Deserialize;
use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

/// One query.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelledQuery {
    /// Its line in the file, from 1.
    pub line: usize,
    /// What kind of query, such as "screenshot".
    pub kind: String,
    /// Its pictures; they exist.
    pub photos: Vec<PathBuf>,
    /// Where in each of its pictures the piece is; empty where that is not known. None of a picture that shows nothing of it.
    pub boxes: Vec<Option<Area>>,
    /// Its words.
    pub text: Option<String>,
    /// What it is narrowed to.
    pub filters: Filters,
    /// The listings that should be found; at least one, no repeats.
    pub relevant: Vec<ListingId>,
    /// Listings taken out of what was found before it is judged: the query's own, where its photo is in the catalogue.
    pub except: Vec<ListingId>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    kind: String,
    #[serde(default)]
    photos: Vec<PathBuf>,
    #[serde(default)]
    boxes: Vec<Option<[f32; 4]>>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    filters: Filters,
    relevant: Vec<ListingId>,
    #[serde(default)]
    except: Vec<ListingId>,
}

/// Reads the file; photos are relative to it. An error names its line.
pub fn read(path: &Path) -> Result<Vec<LabelledQuery>> {
    let file = File::open(path).with_context(|| format!("cannot read the queries in {}", path.display()))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut queries = Vec::new();
    for (index, text) in BufReader::new(file).lines().enumerate() {
        let line = index + 1;
        let text = text.with_context(|| format!("cannot read {}, line {line}", path.display()))?;
        if !text.trim().is_empty() {
            queries.push(
                parse(&text, line, folder).with_context(|| format!("cannot use {}, line {line}", path.display()))?,
            );
        }
    }
    if queries.is_empty() {
        bail!("cannot evaluate {}: it has no queries", path.display());
    }
    Ok(queries)
}

fn parse(text: &str, line: usize, folder: &Path) -> Result<LabelledQuery> {
    if text.len() > limits::LINE_BYTES {
        bail!("it is longer than {} bytes", limits::LINE_BYTES);
    }
    let Line { kind, photos, boxes, text, filters, relevant, except } = serde_json::from_str(text)?;
    let text = text.filter(|text| !text.trim().is_empty());
    if photos.is_empty() && text.is_none() {
        bail!("it has neither photos nor text");
    }
    if photos.len() > limits::QUERY_PHOTOS {
        bail!("it has {} photos, at most {} are searched with at once", photos.len(), limits::QUERY_PHOTOS);
    }
    if !boxes.is_empty() && boxes.len() != photos.len() {
        bail!("it has {} boxes for {} photos", boxes.len(), photos.len());
    }
    let boxes = boxes.into_iter().map(|edges| edges.map(area).transpose()).collect::<Result<_>>()?;
    filters.validate()?;
    let mut unique: Vec<ListingId> = Vec::with_capacity(relevant.len());
    for id in relevant {
        if !unique.contains(&id) {
            unique.push(id);
        }
    }
    if unique.is_empty() {
        bail!("it names no relevant listing");
    }
    if let Some(both) = unique.iter().find(|id| except.contains(id)) {
        bail!("it names {both} as relevant and as an exception");
    }
    let photos: Vec<PathBuf> = photos.into_iter().map(|photo| folder.join(photo)).collect();
    if let Some(missing) = photos.iter().find(|photo| !photo.is_file()) {
        bail!("the photo {} is not there", missing.display());
    }
    Ok(LabelledQuery { line, kind, photos, boxes, text, filters, relevant: unique, except })
}

fn area(edges: [f32; 4]) -> Result<Area> {
    Area::new(edges).with_context(|| {
        format!(
            "{edges:?} is no box: left, top, right and bottom are shares of the picture, from 0 to 1, in this order"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn read_text(text: &str) -> Result<Vec<LabelledQuery>> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("q.jpg"), b"x").unwrap();
        let path = folder.path().join("queries.jsonl");
        fs::write(&path, text).unwrap();
        read(&path)
    }

    #[test]
    fn a_query_is_read_with_its_answers() {
        let queries = read_text(
            "{\"kind\":\"screenshot\",\"photos\":[\"q.jpg\"],\"text\":null,\"filters\":{},\"relevant\":[\"A\",\"A\",\"B\"]}\n\n\
             {\"kind\":\"words\",\"text\":\"leaf brooch\",\"relevant\":[\"C\"]}\n",
        )
        .unwrap();
        assert_eq!(queries.len(), 2);
        assert_eq!(queries[0].relevant.len(), 2);
        assert_eq!((queries[1].line, queries[1].photos.len()), (3, 0));
    }

    #[test]
    fn a_query_may_say_where_its_piece_is() {
        let queries = read_text(
            "{\"kind\":\"photo\",\"photos\":[\"q.jpg\",\"q.jpg\"],\"boxes\":[[0.1,0.2,0.5,1.0],null],\"relevant\":[\"A\"]}\n",
        )
        .unwrap();
        assert_eq!(queries[0].boxes, [Area::new([0.1, 0.2, 0.5, 1.0]), None]);
    }

    #[test]
    fn what_cannot_be_asked_is_an_error_with_its_line() {
        let good = "{\"kind\":\"words\",\"text\":\"leaf\",\"relevant\":[\"C\"]}\n";
        for (bad, reason) in [
            ("{\"kind\":\"photo\",\"photos\":[\"gone.jpg\"],\"relevant\":[\"A\"]}", "gone.jpg"),
            ("{\"kind\":\"words\",\"text\":\"leaf\",\"relevant\":[]}", "no relevant"),
            ("{\"kind\":\"words\",\"relevant\":[\"A\"]}", "neither photos nor text"),
            ("{\"kind\":\"words\",\"text\":\"leaf\",\"relevant\":[\"C\"],\"except\":[\"C\"]}", "exception"),
            ("{\"kind\":", "EOF"),
            (
                "{\"kind\":\"photo\",\"photos\":[\"q.jpg\"],\"boxes\":[null,null],\"relevant\":[\"A\"]}",
                "2 boxes for 1 photo",
            ),
            ("{\"kind\":\"photo\",\"photos\":[\"q.jpg\"],\"boxes\":[[0.5,0,0.2,1]],\"relevant\":[\"A\"]}", "is no box"),
            (
                "{\"kind\":\"photo\",\"photos\":[\"q.jpg\"],\"boxes\":[[10,0,200,120]],\"relevant\":[\"A\"]}",
                "shares of the picture",
            ),
        ] {
            let error = format!("{:#}", read_text(&format!("{good}{bad}\n")).unwrap_err());
            assert!(error.contains("line 2") && error.contains(reason), "{error}");
        }
        assert!(read_text("\n").is_err());
    }
}
