//! Words looked up beside looks: what a model cannot see is found, what it can is still ranked by looks.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that cannot go on should say where

mod common;

use catalogue::{Catalogue, Found, MaintainOptions, Page};
use common::{at, by_words, fill, fill_many, listing, stamp};
use domain::{Filters, Listing};
use serde_json::json;

fn ids(found: &Found) -> Vec<&str> {
    found.hits.iter().map(|hit| hit.listing.id.as_str()).collect()
}

fn described(id: &str, title: &str, description: &str, dealer: &str) -> Listing {
    listing(id, |json| {
        json["title"] = json!(title);
        json["description"] = json!(description);
        let id: String = dealer.chars().filter(char::is_ascii_alphanumeric).collect();
        json["dealer"] = json!({"id": id.to_lowercase(), "name": dealer});
    })
}

/// Four pieces, the later the further from what is looked for (0 degrees).
async fn stocked(folder: &std::path::Path) -> Catalogue {
    let catalogue = Catalogue::open(folder, &stamp()).await.unwrap();
    let pieces = [
        (described("AA-1", "Emerald ring", "Stepped shoulders.", "North Quay"), vec![5.0]),
        (described("AA-2", "Emerald rings, a pair", "Worn for a century.", "Café Sørensen"), vec![10.0, 60.0]),
        (described("HB-1042", "Gold band", "Hallmarked Chester 1911.", "North Quay"), vec![20.0]),
        (described("ZZ-9", "Snake bracelet", "Scales of gold.", "Penhallow"), vec![90.0]),
    ];
    fill(&catalogue, pieces).await;
    catalogue
}

#[tokio::test]
async fn what_no_picture_shows_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = stocked(folder.path()).await;
    for indexed in [false, true] {
        if indexed {
            let options = MaintainOptions { scalar_index_from: 1, vector_index_from: usize::MAX };
            let report = catalogue.maintain_with(options).await.unwrap();
            assert!(report.indexes_updated.contains(&"words".to_owned()), "{report:?}");
        }
        for (words, first) in [
            ("HB-1042", "HB-1042"),
            ("hb 1042", "HB-1042"),
            ("hallmarked Chester", "HB-1042"),
            ("the hallmark of Chester!", "HB-1042"),
            ("north quay gold", "HB-1042"),
            ("snakes", "ZZ-9"),
            ("cafe sorensen", "AA-2"),
        ] {
            assert_eq!(by_words(&catalogue, words).await[0], first, "{words}, indexed: {indexed}");
        }
    }
    // Not in the index yet, and found all the same.
    fill(&catalogue, [(described("NEW-7", "Locket", "Inscribed Zebedee.", "Penhallow"), vec![120.0])]).await;
    assert_eq!(by_words(&catalogue, "zebedee").await[0], "NEW-7");
}

#[tokio::test]
async fn looks_rank_those_that_say_it_and_then_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = stocked(folder.path()).await;
    assert_eq!(by_words(&catalogue, "emerald ring").await, ["AA-1", "AA-2", "HB-1042", "ZZ-9"]);
    assert_eq!(by_words(&catalogue, "gold").await, ["HB-1042", "ZZ-9", "AA-1", "AA-2"]);
    let filters = Filters { dealer: vec!["penhallow".into()], ..Filters::default() };
    let found = catalogue.search_words("gold", &at(0.0), &filters, Page::default(), &[]).await.unwrap();
    assert_eq!(ids(&found), ["ZZ-9"]);
    // The score is that of the listing's best photo, whichever way it was found.
    let found =
        catalogue.search_words("emerald pair", &at(0.0), &Filters::default(), Page::first(1), &[]).await.unwrap();
    assert!(found.hits[0].says_so);
    assert!((found.hits[0].score - 10.0_f32.to_radians().cos()).abs() < 1e-5, "{}", found.hits[0].score);
}

#[tokio::test]
async fn words_that_nobody_says_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = stocked(folder.path()).await;
    let plain = catalogue.search(&at(0.0), &Filters::default(), Page::default(), &[]).await.unwrap();
    let long = "gold ".repeat(2_000);
    let odd = [
        "emerald zeppelin",
        "the",
        "of the",
        "!!!",
        "?",
        "💍",
        "'; drop table photos; --",
        "\u{202e}\u{0}",
        "\"",
        "*",
        long.trim(),
    ];
    for words in odd {
        assert_eq!(by_words(&catalogue, words).await, ids(&plain), "{words:?}");
    }
}

#[tokio::test]
async fn a_word_that_nobody_says_does_not_undo_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = stocked(folder.path()).await;
    for words in ["snake motif scales", "the snake motif", "gold snake, boho"] {
        assert_eq!(by_words(&catalogue, words).await[0], "ZZ-9", "{words}");
    }
    // Each said by somebody, by nobody together: a look is described, and looks rank.
    assert_eq!(by_words(&catalogue, "stepped snake").await[0], "AA-1");
    // Most of it unheard of: too little to go by.
    assert_eq!(by_words(&catalogue, "snake boho zeppelin steampunk").await[0], "AA-1");
}

#[tokio::test]
async fn pages_of_a_common_word_fit_together() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
    // More listings say "gold" than are looked up at once; a third do not say it.
    let pieces = (0..2_400_u32).map(|n| {
        let words = if n % 3 == 0 { "Silver." } else { "Gold." };
        (described(&format!("l-{n:04}"), "Band", words, "North Quay"), at(n as f32 / 20.0))
    });
    fill_many(&catalogue, pieces).await;
    let mut seen = Vec::new();
    for page in 0..10 {
        let page = Page::new(page * 100, 100).unwrap();
        let found = catalogue.search_words("gold", &at(0.0), &Filters::default(), page, &[]).await.unwrap();
        assert_eq!(found.hits.len(), 100);
        seen.extend(found.hits.into_iter().map(|hit| hit.listing));
    }
    // The nearest that say it come first, though there are more than are looked up.
    for (place, listing) in seen.iter().take(50).enumerate() {
        let expected = (0..).filter(|n| n % 3 != 0).nth(place).unwrap();
        assert_eq!(listing.id.as_str(), format!("l-{expected:04}"));
    }
    let mut unique: Vec<_> = seen.iter().map(|listing| listing.id.as_str().to_owned()).collect();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), 1_000, "a page repeats a listing");
}
