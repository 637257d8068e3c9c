//! The folder of photos: each under the SHA-256 of its bytes, so that the same photo is kept once and never changes.
//!
//! `media/ab/ab12...ef.jpg`: a subfolder for each of the first two hex digits keeps folders small. A file appears whole or not
//! at all (written aside, flushed, renamed, folder flushed), and before any row that names it.

use crate::{CatalogueError, durable};
use imaging::Format;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeSet, HashSet},
    fmt, fs,
    io::{self, Write},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

/// Files that no row names are kept this long: an ingest may have written them and not yet the rows.
const SWEEP_AGE: Duration = Duration::from_secs(60 * 60);

/// The name of a photo in the media folder: 64 hex digits in lower case (SHA-256 of the bytes), a dot, and jpg, png or webp.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MediaName(String);

impl MediaName {
    /// Reads a name; `None` where it is anything else than such a name.
    pub fn parse(name: &str) -> Option<Self> {
        let (digest, extension) = name.split_once('.')?;
        let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        let known = matches!(extension, "jpg" | "png" | "webp");
        (digest.len() == 64 && digest.bytes().all(hex) && known).then(|| Self(name.to_owned()))
    }

    /// Reads an address as hits have it: "/media/" and a name.
    pub fn parse_address(address: &str) -> Option<Self> {
        Self::parse(address.strip_prefix("/media/")?)
    }

    /// The name of a picture of this kind with these bytes.
    pub fn of(bytes: &[u8], format: Format) -> Self {
        Self(format!("{}.{}", hex::encode(Sha256::digest(bytes)), format.extension()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where the photo is served: "/media/" and the name.
    pub fn address(&self) -> String {
        format!("/media/{}", self.0)
    }

    /// SHA-256 of the bytes, in hex.
    pub fn digest(&self) -> &str {
        self.0.split('.').next().unwrap_or_default()
    }

    fn shard(&self) -> &str {
        self.0.get(..2).unwrap_or_default()
    }
}

impl fmt::Display for MediaName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What [`MediaFolder::sweep`] did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Swept {
    pub(crate) removed: usize,
    pub(crate) bytes: u64,
}

/// A data folder's `media`. Blocking: call it off the async threads.
#[derive(Debug, Clone)]
pub(crate) struct MediaFolder {
    root: PathBuf,
}

impl MediaFolder {
    pub(crate) fn new(data: &Path) -> Self {
        Self { root: data.join("media") }
    }

    pub(crate) fn path(&self, name: &MediaName) -> PathBuf {
        self.root.join(name.shard()).join(name.as_str())
    }

    pub(crate) fn exists(&self) -> bool {
        self.root.is_dir()
    }

    /// Whether the folder is there with anything in it.
    pub(crate) fn holds_anything(&self) -> bool {
        fs::read_dir(&self.root).is_ok_and(|mut entries| entries.next().is_some())
    }

    pub(crate) fn create(&self) -> Result<(), CatalogueError> {
        durable::create_folder(&self.root).map_err(CatalogueError::folder(&self.root))
    }

    /// Stores photos; durable when it returns. A photo already there (same name, same size) is not written again, but is made
    /// young, so that no sweep takes it before a row names it.
    pub(crate) fn store(&self, photos: &[(&MediaName, &[u8])]) -> Result<(), CatalogueError> {
        let mut folders = BTreeSet::new();
        for (name, bytes) in photos {
            let path = self.path(name);
            if fs::metadata(&path).is_ok_and(|file| file.is_file() && file.len() == bytes.len() as u64) {
                let file = fs::File::options().append(true).open(&path).map_err(CatalogueError::folder(&path))?;
                file.set_modified(SystemTime::now()).map_err(CatalogueError::folder(&path))?;
                continue;
            }
            let folder = self.root.join(name.shard());
            durable::create_folder(&folder).map_err(CatalogueError::folder(&folder))?;
            write_aside(&folder, &path, bytes).map_err(CatalogueError::folder(&path))?;
            folders.insert(folder);
        }
        for folder in folders {
            durable::sync_folder(&folder).map_err(CatalogueError::folder(&folder))?;
        }
        Ok(())
    }

    /// Every photo there is, with its size and age; other files (left by a crash) have no name.
    pub(crate) fn list(&self) -> Result<Vec<(PathBuf, Option<MediaName>, fs::Metadata)>, CatalogueError> {
        let mut found = Vec::new();
        for shard in read_folder(&self.root)? {
            if !shard.is_dir() {
                continue;
            }
            for path in read_folder(&shard)? {
                // Gone since the folder was read: another process swept it.
                let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
                let name = path.file_name().and_then(|name| name.to_str()).and_then(MediaName::parse);
                found.push((path, name, metadata));
            }
        }
        Ok(found)
    }

    /// Removes what is older than an hour and not in `named`.
    pub(crate) fn sweep(&self, named: &HashSet<MediaName>) -> Result<Swept, CatalogueError> {
        let mut swept = Swept::default();
        for (path, name, metadata) in self.list()? {
            let young = metadata.modified().ok().and_then(|at| at.elapsed().ok()).is_none_or(|age| age < SWEEP_AGE);
            if young || !metadata.is_file() || name.is_some_and(|name| named.contains(&name)) {
                continue;
            }
            fs::remove_file(&path).map_err(CatalogueError::folder(&path))?;
            swept.removed += 1;
            swept.bytes += metadata.len();
        }
        Ok(swept)
    }
}

fn read_folder(folder: &Path) -> Result<Vec<PathBuf>, CatalogueError> {
    fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .map_err(CatalogueError::folder(folder))
}

/// A file that appears whole or not at all.
pub(crate) fn write_aside(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = tempfile::Builder::new().prefix(".aside-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    #[cfg(unix)]
    {
        // tempfile makes files that only their owner can read; a web server beside this process may have to.
        use std::os::unix::fs::PermissionsExt;
        file.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_digest_and_a_known_extension_is_a_name() {
        let digest = "0123456789abcdef".repeat(4);
        for good in ["jpg", "png", "webp"] {
            assert!(MediaName::parse(&format!("{digest}.{good}")).is_some());
        }
        for bad in [
            String::new(),
            digest.clone(),
            format!("{digest}.gif"),
            format!("{digest}.jpg.jpg"),
            format!("{}.jpg", digest.to_uppercase()),
            format!("{}.jpg", &digest[1..]),
            format!("../{digest}.jpg"),
            format!("..%2f{digest}.jpg"),
            format!("{}/.jpg", &digest[..62]),
            format!("{digest}.jpg\0"),
            "é".repeat(32) + ".jpg",
        ] {
            assert_eq!(MediaName::parse(&bad), None, "{bad}");
        }
    }

    #[test]
    fn a_photo_is_stored_once_under_its_digest() {
        let data = tempfile::tempdir().unwrap();
        let media = MediaFolder::new(data.path());
        media.create().unwrap();
        let name = MediaName::of(b"bytes", Format::Png);
        media.store(&[(&name, b"bytes"), (&name, b"bytes")]).unwrap();
        assert_eq!(fs::read(media.path(&name)).unwrap(), b"bytes");
        assert_eq!(media.list().unwrap().len(), 1);
        // A copy cut short (by a failing disk, say) is made whole again.
        fs::write(media.path(&name), b"by").unwrap();
        media.store(&[(&name, b"bytes")]).unwrap();
        assert_eq!(fs::read(media.path(&name)).unwrap(), b"bytes");
    }

    #[test]
    fn a_sweep_takes_only_old_files_that_nothing_names() {
        let data = tempfile::tempdir().unwrap();
        let media = MediaFolder::new(data.path());
        media.create().unwrap();
        let names: Vec<_> = [b"named", b"young", b"stale"].iter().map(|b| MediaName::of(*b, Format::Jpeg)).collect();
        for (name, bytes) in names.iter().zip([b"named", b"young", b"stale"]) {
            media.store(&[(name, bytes)]).unwrap();
        }
        let old = SystemTime::now() - Duration::from_secs(7200);
        for name in [&names[0], &names[2]] {
            fs::File::options().append(true).open(media.path(name)).unwrap().set_modified(old).unwrap();
        }
        let swept = media.sweep(&HashSet::from([names[0].clone()])).unwrap();
        assert_eq!(swept, Swept { removed: 1, bytes: 5 });
        assert!(media.path(&names[0]).exists() && media.path(&names[1]).exists() && !media.path(&names[2]).exists());
        // Stored again, an old photo is young: its row is about to be written.
        media.store(&[(&names[0], b"named")]).unwrap();
        assert_eq!(media.sweep(&HashSet::new()).unwrap().removed, 0);
    }
}
