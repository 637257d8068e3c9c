//! The encoder for asynchronous callers: gathers what waits into batches, and refuses at once when too much waits.
//!
//! Two lanes, pictures and texts, so that typed words do not wait behind photographs. Each lane has a thread of its own and a
//! bound on what is in it, prepared or running. Nothing waits for a batch to fill: whatever has gathered while the last one
//! ran is the next one.

use crate::{Encoder, EncoderError, Seen, tokenise::Tokens};
use domain::Vector;
use imaging::Picture;
use std::{
    panic::{self, AssertUnwindSafe},
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError, oneshot},
    task,
};

/// How much may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueOptions {
    /// Most pictures, and most texts, that are in the queue or being encoded at once; what comes on top is refused. At least 1.
    pub capacity: usize,
    /// Most that are encoded in one go. At least 1.
    pub batch: usize,
}

impl Default for QueueOptions {
    fn default() -> Self {
        Self { capacity: 64, batch: 16 }
    }
}

/// A queue in front of an [`Encoder`]. Clones share it; when the last is dropped, what is running ends and the threads with it.
#[derive(Debug, Clone)]
pub struct EncoderQueue {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    encoder: Arc<Encoder>,
    pictures: Lane<Vec<f32>>,
    texts: Lane<Tokens>,
}

impl EncoderQueue {
    /// Starts the queue's threads.
    pub fn start(encoder: Arc<Encoder>, options: QueueOptions) -> Self {
        let pictures = {
            let encoder = Arc::clone(&encoder);
            Lane::start("encode-pictures", options, move |batch: &[Vec<f32>]| encoder.run_pictures(batch))
        };
        let texts = {
            let encoder = Arc::clone(&encoder);
            Lane::start("encode-texts", options, move |batch: &[Tokens]| encoder.run_texts(batch))
        };
        Self { shared: Arc::new(Shared { encoder, pictures, texts }) }
    }

    /// The vector of a picture, and whether there is a piece in it. Must be called within a Tokio runtime; dropping the future takes the picture out of the queue.
    ///
    /// # Errors
    /// [`EncoderError::Overloaded`] at once when the queue is full, [`EncoderError::Stopped`] after [`EncoderQueue::stop`],
    /// else those of [`Encoder::pictures`].
    pub async fn picture(&self, picture: Picture) -> Result<Seen, EncoderError> {
        let place = self.shared.pictures.place()?;
        let encoder = Arc::clone(&self.shared.encoder);
        // Off the lane's thread: pictures are prepared on all cores, and only the small tensors wait in the queue.
        let prepared = task::spawn_blocking(move || encoder.prepare(&picture)).await.map_err(lost)??;
        let vector = self.shared.pictures.run(prepared.tensor, place).await?;
        Ok(Seen { vector, piece: prepared.piece })
    }

    /// The vector of a text. Must be called within a Tokio runtime; dropping the future takes the text out of the queue.
    ///
    /// # Errors
    /// As [`EncoderQueue::picture`], and [`EncoderError::Input`] where the text is too long.
    pub async fn text(&self, text: String) -> Result<Vector, EncoderError> {
        let place = self.shared.texts.place()?;
        let encoder = Arc::clone(&self.shared.encoder);
        let tokens = task::spawn_blocking(move || encoder.tokeniser().tokens(&text)).await.map_err(lost)??;
        self.shared.texts.run(tokens, place).await
    }

    /// How many pictures and texts are in the queue or being encoded just now.
    pub fn waiting(&self) -> usize {
        self.shared.pictures.waiting() + self.shared.texts.waiting()
    }

    /// Refuses whatever comes from now on, with [`EncoderError::Stopped`]. What is in the queue is still encoded.
    pub fn stop(&self) {
        self.shared.pictures.places.close();
        self.shared.texts.places.close();
    }
}

/// One input on its way, with where its vector goes and its place in the queue, given up when it is answered or dropped.
struct Job<T> {
    input: T,
    answer: oneshot::Sender<Result<Vector, EncoderError>>,
    _place: OwnedSemaphorePermit,
}

#[derive(Debug)]
struct Lane<T> {
    places: Arc<Semaphore>,
    /// How many places there are, taken or not.
    capacity: usize,
    /// `None` only while the lane is being dropped.
    jobs: Option<mpsc::Sender<Job<T>>>,
    thread: Option<JoinHandle<()>>,
}

impl<T: Send + 'static> Lane<T> {
    fn start(
        name: &str,
        options: QueueOptions,
        encode: impl Fn(&[T]) -> Result<Vec<Vector>, EncoderError> + Send + 'static,
    ) -> Self {
        let (jobs, waiting) = mpsc::channel::<Job<T>>();
        let most = options.batch.max(1);
        let work = move || {
            while let Ok(first) = waiting.recv() {
                let gathered = std::iter::once(first).chain(waiting.try_iter());
                let batch: Vec<Job<T>> = gathered.filter(|job| !job.answer.is_closed()).take(most).collect();
                answer(batch, &encode);
            }
        };
        let thread = thread::Builder::new().name(name.to_owned()).spawn(work);
        if let Err(error) = &thread {
            tracing::error!(%error, name, "the encoder's thread cannot be started");
        }
        let capacity = options.capacity.clamp(1, Semaphore::MAX_PERMITS);
        Self { places: Arc::new(Semaphore::new(capacity)), capacity, jobs: Some(jobs), thread: thread.ok() }
    }

    fn waiting(&self) -> usize {
        self.capacity.saturating_sub(self.places.available_permits())
    }

    /// A place in the queue, or at once the reason why there is none.
    fn place(&self) -> Result<OwnedSemaphorePermit, EncoderError> {
        Arc::clone(&self.places).try_acquire_owned().map_err(|error| match error {
            TryAcquireError::NoPermits => EncoderError::Overloaded,
            TryAcquireError::Closed => EncoderError::Stopped,
        })
    }

    async fn run(&self, input: T, place: OwnedSemaphorePermit) -> Result<Vector, EncoderError> {
        let (answer, answered) = oneshot::channel();
        let job = Job { input, answer, _place: place };
        // Both fail only where the lane's thread is gone.
        self.jobs.as_ref().and_then(|jobs| jobs.send(job).ok()).ok_or(EncoderError::Stopped)?;
        answered.await.map_err(|_| EncoderError::Stopped)?
    }
}

/// Encodes one batch and sends each its vector.
fn answer<T>(batch: Vec<Job<T>>, encode: &impl Fn(&[T]) -> Result<Vec<Vector>, EncoderError>) {
    if batch.is_empty() {
        return;
    }
    let (mut inputs, mut waiting) = (Vec::with_capacity(batch.len()), Vec::with_capacity(batch.len()));
    for Job { input, answer, _place } in batch {
        inputs.push(input);
        waiting.push((answer, _place));
    }
    // A panic must not end the thread: the lane would refuse everything from then on.
    let encoded = panic::catch_unwind(AssertUnwindSafe(|| encode(&inputs)))
        .unwrap_or_else(|_| Err(EncoderError::Runtime("encoding ended in a panic".into())));
    // Whoever has gone away meanwhile is not told: a failed send is no error.
    match encoded {
        Ok(vectors) => waiting.into_iter().zip(vectors).for_each(|((answer, place), vector)| {
            drop(place);
            let _ = answer.send(Ok(vector));
        }),
        Err(error) => waiting.into_iter().for_each(|(answer, place)| {
            drop(place);
            let _ = answer.send(Err(error.clone()));
        }),
    }
}

impl<T> Drop for Lane<T> {
    /// Ends the lane's thread and waits for it, so that no thread is inside ONNX Runtime when the process ends.
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the encoder's thread ended in a panic");
        }
    }
}

fn lost(error: task::JoinError) -> EncoderError {
    EncoderError::Runtime(format!("preparing the input was broken off: {error}"))
}
