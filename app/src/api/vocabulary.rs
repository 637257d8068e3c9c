//! The words that the catalogue's listings use, to suggest while somebody types. The whole of it goes to the browser once, so that what
//! is typed stays there until it is searched for.

use super::json::Json;
use crate::Problem;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The catalogue's own words.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Vocabulary {
    /// Words with what each is ("period", "stone"), the most used first.
    pub words: Vec<(String, String)>,
    /// Dealers' names with their ids.
    pub dealers: Vec<(String, String)>,
}

/// Reads the catalogue's words.
#[server(prefix = "/fn", endpoint = "vocabulary", input = Json, output = Json)]
pub async fn read_vocabulary() -> Result<Vocabulary, Problem> {
    use super::ssr;
    let service = ssr::service()?;
    let facets = service.catalogue().facets().await.map_err(ssr::failed)?;
    let dealers = service.catalogue().dealers().await.map_err(ssr::failed)?;
    let mut words: Vec<(usize, String, &str)> = Vec::new();
    for (kind, counted) in facets.named() {
        words.extend(counted.iter().map(|(word, pieces)| (*pieces, word.clone(), kind)));
    }
    words.sort_by_key(|(pieces, ..)| std::cmp::Reverse(*pieces));
    // A word may be two things, as "coral" is a stone and a motif: it is suggested once.
    let mut said = std::collections::HashSet::new();
    words.retain(|(_, word, _)| said.insert(word.clone()));
    words.truncate(WORDS);
    Ok(Vocabulary {
        words: words.into_iter().map(|(_, word, kind)| (word, kind.to_owned())).collect(),
        dealers: dealers.into_iter().take(DEALERS).map(|summary| (summary.dealer.name, summary.dealer.id)).collect(),
    })
}

/// Most words sent: the least used of a great many are typed out soon enough.
#[cfg(feature = "ssr")]
const WORDS: usize = 500;
/// Most dealers sent.
#[cfg(feature = "ssr")]
const DEALERS: usize = 1_000;
