//! The queue gives what the encoder gives, refuses at once when it is full, and forgets who has gone away.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

mod common;

use common::{encoder, picture, pictures};
use encoder::{EncoderError, EncoderQueue, QueueOptions};
use std::sync::Arc;
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_each_get_their_own_vector() {
    let encoder = encoder("tiny-clip");
    let queue = EncoderQueue::start(Arc::clone(&encoder), QueueOptions { capacity: 100, batch: 4 });
    let mut tasks = JoinSet::new();
    for (number, (_, picture)) in pictures().into_iter().cycle().take(60).enumerate() {
        let queue = queue.clone();
        tasks.spawn(async move { (number, queue.picture(picture).await.unwrap().vector) });
    }
    let pictures: Vec<_> = pictures().into_iter().map(|(_, picture)| picture).collect();
    let wanted = encoder.pictures(&pictures).unwrap();
    while let Some(done) = tasks.join_next().await {
        let (number, vector) = done.unwrap();
        assert!(vector.cosine(&wanted[number % wanted.len()]) > 0.99999, "picture {number} got another's vector");
    }
    let text = queue.text("gold ring".into()).await.unwrap();
    assert!(text.cosine(&encoder.texts(&["gold ring"]).unwrap()[0]) > 0.99999);
}

#[tokio::test]
async fn what_comes_on_top_of_a_full_queue_is_refused_at_once() {
    let queue = EncoderQueue::start(encoder("tiny-clip"), QueueOptions { capacity: 2, batch: 16 });
    let mut tasks = JoinSet::new();
    for _ in 0..50 {
        let queue = queue.clone();
        tasks.spawn(async move { queue.picture(picture("large")).await });
    }
    let ends = tasks.join_all().await;
    let refused = ends.iter().filter(|end| **end == Err(EncoderError::Overloaded)).count();
    let encoded = ends.iter().filter(|end| end.is_ok()).count();
    assert_eq!(refused + encoded, 50);
    assert!(encoded >= 2 && refused > 0, "{encoded} encoded, {refused} refused");
    assert!(queue.text("gold".into()).await.is_ok(), "pictures do not take the texts' places");
    assert!(queue.picture(picture("small")).await.is_ok(), "the queue is empty again");
}

#[tokio::test]
async fn whoever_goes_away_gives_up_the_place() {
    let queue = EncoderQueue::start(encoder("tiny-clip"), QueueOptions { capacity: 1, batch: 1 });
    for _ in 0..20 {
        // The first poll takes the only place; then the request is dropped, as when a shopper closes the page.
        let gone = tokio::time::timeout(std::time::Duration::ZERO, queue.picture(picture("large"))).await;
        assert!(!matches!(gone, Ok(Err(EncoderError::Stopped | EncoderError::Runtime(_)))), "{gone:?}");
        while queue.picture(picture("small")).await == Err(EncoderError::Overloaded) {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn a_text_that_is_too_long_harms_no_one_else() {
    let queue = EncoderQueue::start(encoder("tiny-clip"), QueueOptions::default());
    let long = "x".repeat(domain::limits::ENCODER_TEXT_BYTES + 1);
    let (refused, encoded) = tokio::join!(queue.text(long), queue.text("gold".into()));
    assert!(matches!(refused, Err(EncoderError::Input(_))));
    assert!(encoded.is_ok());
}

#[tokio::test]
async fn a_stopped_queue_refuses_and_a_dropped_one_leaves_nothing_behind() {
    let encoder = encoder("tiny-clip");
    let queue = EncoderQueue::start(Arc::clone(&encoder), QueueOptions::default());
    let other = queue.clone();
    assert!(queue.text("gold".into()).await.is_ok());
    queue.stop();
    assert_eq!(other.text("gold".into()).await, Err(EncoderError::Stopped));
    assert_eq!(other.picture(picture("small")).await, Err(EncoderError::Stopped));
    drop((queue, other));
    assert_eq!(Arc::strong_count(&encoder), 1, "a thread still holds the encoder");
}
