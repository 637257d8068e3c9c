//! Writing so that it is still there after a power cut.
//!
//! lance's own local store hands files to the operating system and returns: after a crash of the machine a committed table
//! version may point to files that never reached the disk. Here lance is given a store of its own extension point
//! ([`ObjectStoreProvider`]) for `file:` addresses that wraps `object_store`'s local file system with `with_fsync(true)`: every
//! file is flushed before it is renamed into place, and the folder after. As lance writes a version's data files first and
//! publishes its manifest last, a manifest that exists only names files that are on the disk, and a commit that returned is too.
//!
//! Only the writer pays for it. Readers keep lance's own store, which keeps file handles open.

use lance_io::object_store::{
    ObjectStore, ObjectStoreParams, ObjectStoreProvider, providers::local::FileStoreProvider,
};
use lancedb::{Connection, ObjectStoreRegistry, Session};
use object_store::{local::LocalFileSystem, path::Path as StorePath};
use std::{collections::HashMap, fs::File, io, path::Path, sync::Arc, time::Duration};
use url::Url;

/// Memory for indexes and for metadata that readers may keep, in bytes.
const READER_CACHES: (usize, usize) = (2 * 1024 * 1024 * 1024, 256 * 1024 * 1024);
/// The same for the writer, which reads little more than keys.
const WRITER_CACHES: (usize, usize) = (64 * 1024 * 1024, 64 * 1024 * 1024);

/// lance takes a shortcut past the object store where a local store has the prefix "file"; any other prefix goes through it.
const PREFIX: &str = "file$durable";

/// The provider of durable local stores.
#[derive(Debug)]
struct Durable;

#[async_trait::async_trait]
impl ObjectStoreProvider for Durable {
    async fn new_store(&self, base: Url, params: &ObjectStoreParams) -> lance_core::Result<ObjectStore> {
        let mut store = FileStoreProvider.new_store(base, params).await?;
        store.inner = Arc::new(LocalFileSystem::new().with_fsync(true));
        store.store_prefix = PREFIX.to_owned();
        Ok(store)
    }

    fn extract_path(&self, url: &Url) -> lance_core::Result<StorePath> {
        FileStoreProvider.extract_path(url)
    }

    fn calculate_object_store_prefix(
        &self,
        _url: &Url,
        _options: Option<&HashMap<String, String>>,
    ) -> lance_core::Result<String> {
        Ok(PREFIX.to_owned())
    }
}

/// A connection to the tables of `folder` whose every write reaches the disk before it returns.
pub(crate) async fn writing(folder: &str) -> lancedb::Result<Connection> {
    let registry = ObjectStoreRegistry::default();
    registry.insert("file", Arc::new(Durable));
    connect(folder, Session::new(WRITER_CACHES.0, WRITER_CACHES.1, Arc::new(registry))).await
}

/// A connection for reading the tables of `folder`. Never write through it.
pub(crate) async fn reading(folder: &str) -> lancedb::Result<Connection> {
    connect(folder, Session::new(READER_CACHES.0, READER_CACHES.1, Arc::new(ObjectStoreRegistry::default()))).await
}

async fn connect(folder: &str, session: Session) -> lancedb::Result<Connection> {
    lancedb::connect(folder)
        .session(Arc::new(session))
        // Every read looks for a newer version first, so that what another process wrote is seen.
        .read_consistency_interval(Duration::ZERO)
        .execute()
        .await
}

/// Flushes a folder's entries to the disk: what was created, renamed or removed in it stays so.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    // A folder can be opened as a file on Unix only; elsewhere its entries are flushed with the file.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Creates a folder and those above it that are missing, and flushes the entry of each.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    let missing: Vec<&Path> = folder.ancestors().take_while(|f| !f.as_os_str().is_empty() && !f.exists()).collect();
    std::fs::create_dir_all(folder)?;
    for created in missing {
        sync_folder(created)?;
        match created.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => sync_folder(parent)?,
            _ => sync_folder(Path::new("."))?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_writers_store_flushes_and_is_not_bypassed() {
        let url = Url::parse("file:///tmp").unwrap();
        let store = Durable.new_store(url, &ObjectStoreParams::default()).await.unwrap();
        assert!(format!("{:?}", store.inner).contains("fsync: true"), "{:?}", store.inner);
        assert!(store.is_local() && !store.has_direct_local_paths());
    }

    #[test]
    fn folders_are_created_all_the_way() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/b/c");
        create_folder(&deep).unwrap();
        create_folder(&deep).unwrap();
        assert!(deep.is_dir());
    }
}
