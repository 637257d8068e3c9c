//! The writer's lock: one process at a time writes to a catalogue, and the others read on.
//!
//! The lock is the operating system's, on the file `writer.lock`; it goes away with the process that holds it, however that
//! process ends. It is taken for a batch, not for a run, so that `vitrine ingest` works beside `vitrine serve`.

use crate::CatalogueError;
use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::time::{Instant, sleep};

const RETRY: Duration = Duration::from_millis(20);

#[derive(Debug, Clone)]
pub(crate) struct WriterLock {
    path: PathBuf,
    wait: Duration,
}

/// Held until dropped.
#[derive(Debug)]
pub(crate) struct Held(#[expect(dead_code, reason = "closing the file gives the lock back")] File);

impl WriterLock {
    /// The lock of a data folder, waited for at most `wait`.
    pub(crate) fn new(folder: &Path, wait: Duration) -> Self {
        Self { path: folder.join("writer.lock"), wait }
    }

    pub(crate) async fn take(&self) -> Result<Held, CatalogueError> {
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&self.path)
            .map_err(CatalogueError::folder(&self.path))?;
        let began = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Held(file)),
                Err(TryLockError::WouldBlock) if began.elapsed() < self.wait => sleep(RETRY).await,
                Err(TryLockError::WouldBlock) => return Err(CatalogueError::Busy { waited: began.elapsed() }),
                Err(TryLockError::Error(error)) => return Err(CatalogueError::folder(&self.path)(error)),
            }
        }
    }
}
