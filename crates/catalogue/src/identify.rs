//! What an unlabelled piece is: the closest listings, and what they say it is by vote.
//!
//! The vote is the distance-weighted k-nearest-neighbour rule of S. A. Dudani (IEEE Transactions on Systems, Man, and Cybernetics
//! 6(4), 1976): of k neighbours at distances d1 <= .. <= dk (here 1 minus the cosine), neighbour j weighs (dk - dj) / (dk - d1), from 1
//! for the closest to 0 for the farthest; where all are equally far, each weighs 1. Only hits that the bundle's calibration calls
//! at least similar are neighbours, a dozen at most, and fewer than three say nothing unless the closest is of the same design.
//! Category and period are one word each; every metal, stone and motif is voted on by itself. A word needs more than half of the weight: of
//! all neighbours for stones and motifs, which a piece may well lack, so that naming none speaks against them; of those that say anything for
//! the others, which every piece has, as long as those are half of the weight themselves. Otherwise there is no guess, but a reason.

use crate::{Query, SearchError, SearchService, prices::prices};
use domain::{
    Aspect, Filters, Guess, Hit, Identification, Listing, ListingId, Reason, Share, Sheet, Silence, Status, Verdict,
    limits,
};
use imaging::ImagingError;

/// Neighbours that vote, at most.
const NEIGHBOURS: usize = 12;
/// Fewer than these say nothing, unless the closest is of the same design.
const FEW: usize = 3;
/// Weights are sums of rounded numbers.
const ROUNDING: f32 = 1e-4;

impl SearchService {
    /// The closest `limit` listings to one to [`limits::QUERY_PHOTOS`] photos of one piece, what they say it is, and what such
    /// pieces cost. Sold pieces are as good a witness as others, so they are left out only where `filters` say so. No photo at
    /// all is an empty picture.
    pub async fn identify(
        &self,
        photos: Vec<Vec<u8>>,
        mut filters: Filters,
        limit: usize,
    ) -> Result<Identification, SearchError> {
        if photos.is_empty() {
            return Err(SearchError::Picture(ImagingError::Empty));
        }
        if filters.status.is_empty() {
            filters.status = Status::ALL.to_vec();
        }
        // A limit that cannot be had stays as it is, to be refused by the search.
        let wide = if limit == 0 { 0 } else { limit.max(limits::COMPARED) };
        let query = Query { photos, filters, beyond: true, limit: wide, ..Query::default() };
        let answer = self.search(query).await?;
        let (sheet, prices) = (sheet(&answer.hits), prices(&answer.hits));
        let mut hits = answer.hits;
        hits.truncate(limit);
        Ok(Identification { query: answer.query, hits, sheet, prices, took_ms: answer.took_ms })
    }
}

/// A neighbour and the weight of its word.
struct Voter<'a> {
    listing: &'a Listing,
    weight: f32,
}

/// What hits, closest first, say.
fn sheet(hits: &[Hit]) -> Sheet {
    let near: Vec<&Hit> =
        hits.iter().filter(|hit| hit.verdict.is_some_and(|verdict| verdict < Verdict::Weak)).take(NEIGHBOURS).collect();
    let sure = near.first().and_then(|hit| hit.verdict).is_some_and(|verdict| verdict <= Verdict::SameDesign);
    if near.len() < FEW && !sure {
        let silent = Aspect::ALL.map(|aspect| Silence { aspect, reason: Reason::NothingNear }).to_vec();
        return Sheet { silent, ..Sheet::default() };
    }
    let distances: Vec<f32> = near.iter().map(|hit| 1.0 - hit.score.unwrap_or_default()).collect();
    let voters: Vec<Voter<'_>> =
        near.iter().zip(weights(&distances)).map(|(hit, weight)| Voter { listing: &hit.listing, weight }).collect();
    let neighbours = near.iter().map(|hit| hit.listing.id.clone()).collect();
    let mut sheet = Sheet { neighbours, ..Sheet::default() };
    for aspect in Aspect::ALL {
        match vote(&voters, aspect) {
            Ok(guesses) => sheet.guesses.extend(guesses),
            Err(reason) => sheet.silent.push(Silence { aspect, reason }),
        }
    }
    sheet
}

/// Dudani's weights of neighbours at these distances, nearest first.
fn weights(distances: &[f32]) -> Vec<f32> {
    let (Some(first), Some(last)) = (distances.first(), distances.last()) else { return Vec::new() };
    let spread = last - first;
    distances.iter().map(|distance| if spread > 0.0 { (last - distance) / spread } else { 1.0 }).collect()
}

/// The words of one aspect that have more than half of the vote, the strongest first; or why there is none.
fn vote(voters: &[Voter<'_>], aspect: Aspect) -> Result<Vec<Guess>, Reason> {
    let all: f32 = voters.iter().map(|voter| voter.weight).sum();
    let mut said = 0.0;
    // In the order in which they are first said, by the closest.
    let mut words: Vec<(String, f32, Vec<ListingId>)> = Vec::new();
    for Voter { listing, weight } in voters {
        let theirs = aspect.said_of(listing);
        if !theirs.is_empty() {
            said += weight;
        }
        for word in theirs {
            match words.iter_mut().find(|(known, ..)| *known == word) {
                Some((_, sum, evidence)) => {
                    *sum += weight;
                    evidence.push(listing.id.clone());
                }
                None => words.push((word, *weight, vec![listing.id.clone()])),
            }
        }
    }
    if said < all / 2.0 - ROUNDING {
        return Err(Reason::Unsaid);
    }
    let whole = if matches!(aspect, Aspect::Stone | Aspect::Motif) { all } else { said };
    words.retain(|(_, weight, _)| *weight > whole / 2.0 + ROUNDING);
    if words.is_empty() {
        return Err(Reason::Disagree);
    }
    words.sort_by(|a, b| b.1.total_cmp(&a.1));
    let guess = |(value, weight, evidence)| Guess { aspect, value, share: share(weight / whole), evidence };
    Ok(words.into_iter().map(guess).collect())
}

fn share(part: f32) -> Share {
    match part {
        part if part >= 1.0 - ROUNDING => Share::All,
        part if part >= 0.85 => Share::NearlyAll,
        part if part >= 0.65 => Share::Most,
        _ => Share::OverHalf,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// Hits with these scores; the verdict by thresholds of 0.95, 0.9 and 0.7.
    fn hits(pieces: &[(f32, Value)]) -> Vec<Hit> {
        let one = |(n, (score, said)): (usize, &(f32, Value))| {
            let mut json = json!({"id": format!("l-{n}"), "dealer": {"id": "d", "name": "D"}, "title": "t", "category": "ring",
                "photos": ["p"]});
            for (key, value) in said.as_object().unwrap() {
                json[key] = value.clone();
            }
            let verdict = match *score {
                score if score >= 0.95 => Verdict::SamePiece,
                score if score >= 0.9 => Verdict::SameDesign,
                score if score >= 0.7 => Verdict::Similar,
                _ => Verdict::Weak,
            };
            let listing = serde_json::from_value(json).unwrap();
            Hit { listing, photo: "p".into(), score: Some(*score), verdict: Some(verdict) }
        };
        pieces.iter().enumerate().map(one).collect()
    }

    fn guessed(sheet: &Sheet, aspect: Aspect) -> Vec<(&str, Share, Vec<&str>)> {
        sheet
            .guesses
            .iter()
            .filter(|guess| guess.aspect == aspect)
            .map(|guess| (guess.value.as_str(), guess.share, guess.evidence.iter().map(|id| id.as_str()).collect()))
            .collect()
    }

    fn reason(sheet: &Sheet, aspect: Aspect) -> Option<Reason> {
        sheet.silent.iter().find(|silence| silence.aspect == aspect).map(|silence| silence.reason)
    }

    #[test]
    fn weights_fall_from_the_closest_to_the_farthest() {
        assert_eq!(weights(&[0.1, 0.2, 0.3]), [1.0, 0.5, 0.0]);
        assert_eq!(weights(&[0.2, 0.2]), [1.0, 1.0], "equally far: equal");
        assert_eq!(weights(&[0.0]), [1.0]);
        assert!(weights(&[]).is_empty());
    }

    #[test]
    fn the_neighbours_name_the_piece_and_are_its_evidence() {
        let emerald = json!({"period": "Art Deco", "metals": ["platinum"], "stones": ["emerald", "diamond"]});
        let sapphire = json!({"period": "Art Deco", "metals": ["platinum"], "stones": ["sapphire", "diamond"]});
        let sheet =
            sheet(&hits(&[(0.85, emerald.clone()), (0.84, emerald), (0.8, sapphire.clone()), (0.75, sapphire)]));
        assert_eq!(guessed(&sheet, Aspect::Category), [("ring", Share::All, vec!["l-0", "l-1", "l-2", "l-3"])]);
        assert_eq!(guessed(&sheet, Aspect::Period)[0].0, "Art Deco");
        // Weights 1, 0.9, 0.5 and 0: 1.9 of 2.4 say emerald, all say diamond.
        assert_eq!(
            guessed(&sheet, Aspect::Stone),
            [("diamond", Share::All, vec!["l-0", "l-1", "l-2", "l-3"]), ("emerald", Share::Most, vec!["l-0", "l-1"])]
        );
        assert_eq!(reason(&sheet, Aspect::Motif), Some(Reason::Unsaid));
        assert_eq!(sheet.neighbours.len(), 4);
    }

    #[test]
    fn a_close_neighbour_outvotes_several_far_ones() {
        let say = |metal: &str| json!({"metals": [metal]});
        let sheet = sheet(&hits(&[
            (0.94, say("platinum")),
            (0.76, say("silver")),
            (0.755, say("silver")),
            (0.75, say("silver")),
        ]));
        assert_eq!(guessed(&sheet, Aspect::Metal)[0].0, "platinum");
        assert_eq!(guessed(&sheet, Aspect::Metal)[0].2, ["l-0"]);
    }

    #[test]
    fn where_the_neighbours_disagree_there_is_no_guess() {
        let say = |period: &str| json!({"period": period});
        let far = [(0.80, say("Victorian")), (0.80, say("Georgian")), (0.80, say("Retro")), (0.80, say("Edwardian"))];
        assert_eq!(reason(&sheet(&hits(&far)), Aspect::Period), Some(Reason::Disagree));
        let tie =
            [(0.80, say("Victorian")), (0.80, say("Georgian")), (0.80, say("Victorian")), (0.80, say("Georgian"))];
        assert_eq!(reason(&sheet(&hits(&tie)), Aspect::Period), Some(Reason::Disagree));
    }

    #[test]
    fn what_few_of_them_say_is_not_guessed() {
        let leaf = json!({"motifs": ["leaf"], "period": "Retro"});
        let plain = json!({});
        let sheet = sheet(&hits(&[(0.8, leaf), (0.8, plain.clone()), (0.8, plain.clone()), (0.8, plain)]));
        assert_eq!(reason(&sheet, Aspect::Motif), Some(Reason::Unsaid));
        assert_eq!(reason(&sheet, Aspect::Period), Some(Reason::Unsaid));
    }

    #[test]
    fn pieces_without_stones_speak_against_stones() {
        let (ruby, plain) = (json!({"stones": ["ruby"]}), json!({}));
        let even =
            sheet(&hits(&[(0.8, ruby.clone()), (0.8, ruby.clone()), (0.8, plain.clone()), (0.8, plain.clone())]));
        assert_eq!(reason(&even, Aspect::Stone), Some(Reason::Disagree));
        let more = sheet(&hits(&[(0.8, ruby.clone()), (0.8, ruby.clone()), (0.8, ruby), (0.8, plain)]));
        assert_eq!(guessed(&more, Aspect::Stone), [("ruby", Share::Most, vec!["l-0", "l-1", "l-2"])]);
    }

    #[test]
    fn nothing_near_says_nothing_and_one_of_the_same_design_says_enough() {
        let ring = || json!({"metals": ["silver"]});
        let weak = sheet(&hits(&[(0.6, ring()), (0.5, ring()), (0.4, ring())]));
        assert!(weak.guesses.is_empty() && weak.neighbours.is_empty());
        assert_eq!(weak.silent.len(), Aspect::ALL.len());
        assert!(weak.silent.iter().all(|silence| silence.reason == Reason::NothingNear));
        let two = sheet(&hits(&[(0.8, ring()), (0.79, ring()), (0.4, ring())]));
        assert!(two.guesses.is_empty(), "two similar ones are too few");
        let one = sheet(&hits(&[(0.93, ring()), (0.4, ring())]));
        assert_eq!(guessed(&one, Aspect::Metal), [("silver", Share::All, vec!["l-0"])]);
    }
}
