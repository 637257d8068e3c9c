//! An acknowledged write outlives the process: a child that stores listings is killed in the middle, and everything it was told
//! was stored is there, with a table that is whole.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

mod common;

use catalogue::Catalogue;
use common::{fill, listing, stamp};
use domain::ListingId;
use std::{
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Command, Stdio},
};

const FOLDER: &str = "VITRINE_TEST_CRASH_FOLDER";
const SEED: &str = "VITRINE_TEST_CRASH_SEED";

/// Not a test by itself: the child that is killed. It stores listings for ever and says each once it is acknowledged.
#[tokio::test]
#[ignore = "run by the test below, in a process of its own"]
async fn child() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let seed = std::env::var(SEED).unwrap();
    let catalogue = Catalogue::open(&folder, &stamp()).await.unwrap();
    for number in 0.. {
        let (a, b) = (format!("{seed}-{number}-a"), format!("{seed}-{number}-b"));
        fill(&catalogue, [(listing(&a, |_| {}), vec![0.0, 1.0, 2.0]), (listing(&b, |_| {}), vec![3.0])]).await;
        // Each replaces an earlier one, too: deletions must survive as additions do.
        fill(&catalogue, [(listing(&format!("{seed}-again"), |_| {}), vec![number as f32; 1 + number % 3])]).await;
        if number % 10 == 9 {
            catalogue.maintain().await.unwrap();
        }
        writeln!(std::io::stderr(), "stored {a} {b}").unwrap();
    }
}

#[tokio::test]
async fn what_was_acknowledged_before_a_kill_is_there_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged: Vec<String> = Vec::new();
    for (round, stop_after) in [3, 1, 12].into_iter().enumerate() {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--ignored", "--nocapture"])
            .env(FOLDER, folder.path())
            .env(SEED, format!("r{round}"))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut told = 0;
        for line in BufReader::new(child.stderr.take().unwrap()).lines() {
            let line = line.unwrap();
            if let Some(ids) = line.strip_prefix("stored ") {
                acknowledged.extend(ids.split(' ').map(str::to_owned));
                told += 1;
                if told == stop_after {
                    // In the middle of whatever it does next; each round at another moment of it.
                    tokio::time::sleep(std::time::Duration::from_millis(7 * round as u64)).await;
                    child.kill().unwrap();
                }
            }
        }
        child.wait().unwrap();
        assert!(told >= stop_after, "the child ended by itself");

        let catalogue = Catalogue::open(folder.path(), &stamp()).await.unwrap();
        let report = catalogue.check().await.unwrap();
        assert!(report.is_whole(), "{:?}", report.problems);
        for id in &acknowledged {
            let stored = catalogue.listing(&ListingId::new(id.as_str()).unwrap()).await.unwrap();
            let photos = if id.ends_with('a') { 3 } else { 1 };
            assert_eq!(stored.unwrap_or_else(|| panic!("{id} is lost")).photos.len(), photos);
        }
        // The dead process's lock is free, and writing goes on.
        fill(&catalogue, [(listing(&format!("after-{round}"), |_| {}), vec![5.0])]).await;
        catalogue.maintain().await.unwrap();
    }
}
