//! Photos as a file of listings names them: paths under a folder, and never out of it.

use super::{IngestError, PhotoError};
use crate::MediaName;
use domain::limits;
use imaging::ImagingError;
use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Component, Path, PathBuf},
    sync::Arc,
};

/// A photo's bytes, its header checked.
#[derive(Debug, Clone)]
pub(super) struct Photo {
    pub(super) media: MediaName,
    pub(super) bytes: Arc<[u8]>,
    /// Width times height.
    pub(super) pixels: u64,
}

impl Photo {
    /// Checks size and header; decodes nothing.
    pub(super) fn new(bytes: Vec<u8>) -> Result<Self, ImagingError> {
        let header = imaging::probe(&bytes)?;
        Ok(Self {
            media: MediaName::of(&bytes, header.format),
            pixels: u64::from(header.width) * u64::from(header.height),
            bytes: bytes.into(),
        })
    }
}

/// The photos folder, with every link in its path resolved.
pub(super) fn root(folder: &Path) -> Result<PathBuf, IngestError> {
    let root = folder.canonicalize().map_err(|error| IngestError::file(folder, error))?;
    if root.is_dir() { Ok(root) } else { Err(IngestError::file(folder, io::Error::from(io::ErrorKind::NotADirectory))) }
}

/// Reads a photo by its path under `root`.
pub(super) fn read(root: &Path, given: &str) -> Result<Photo, PhotoError> {
    let path = resolve(root, given)?;
    let metadata = fs::metadata(&path).map_err(PhotoError::Unreadable)?;
    // Anything but a file might never end (a device) or never begin (a pipe).
    if !metadata.is_file() {
        return Err(PhotoError::NotAFile);
    }
    if metadata.len() > limits::PICTURE_BYTES as u64 {
        return Err(ImagingError::TooManyBytes.into());
    }
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    let file = File::open(&path).map_err(PhotoError::Unreadable)?;
    // One byte more than allowed shows a file that has grown since.
    file.take(limits::PICTURE_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(PhotoError::Unreadable)?;
    Ok(Photo::new(bytes)?)
}

fn resolve(root: &Path, given: &str) -> Result<PathBuf, PhotoError> {
    let path = Path::new(given);
    // A backslash separates folders on some systems and is part of a name on others; neither has it in a photo's name.
    let stays = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !stays || given.contains(['\\', '\0']) {
        return Err(PhotoError::Climbs);
    }
    match root.join(path).canonicalize() {
        Ok(path) if path.starts_with(root) => Ok(path),
        Ok(_) => Err(PhotoError::Climbs),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Err(PhotoError::Missing)
        }
        Err(error) => Err(PhotoError::Unreadable(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out_of_the_folder() {
        let outside = tempfile::tempdir().unwrap();
        let root = root(outside.path()).unwrap().join("photos");
        fs::create_dir_all(root.join("deep")).unwrap();
        fs::write(outside.path().join("secret.jpg"), b"x").unwrap();
        fs::write(root.join("deep/a.jpg"), b"x").unwrap();
        let absolute = outside.path().join("secret.jpg");
        for path in [
            "../secret.jpg",
            "deep/../../secret.jpg",
            "..",
            "/etc/passwd",
            absolute.to_str().unwrap(),
            "..\\secret.jpg",
            "a\0b",
        ] {
            assert!(matches!(resolve(&root, path), Err(PhotoError::Climbs)), "{path}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(outside.path(), root.join("way-out")).unwrap();
            std::os::unix::fs::symlink(root.join("deep"), root.join("shortcut")).unwrap();
            assert!(matches!(resolve(&root, "way-out/secret.jpg"), Err(PhotoError::Climbs)));
            assert!(resolve(&root, "shortcut/a.jpg").is_ok());
        }
        assert!(resolve(&root, "deep/a.jpg").is_ok() && resolve(&root, "./deep/a.jpg").is_ok());
        assert!(matches!(resolve(&root, "deep/b.jpg"), Err(PhotoError::Missing)));
        assert!(matches!(resolve(&root, "deep/a.jpg/b.jpg"), Err(PhotoError::Missing)));
        assert!(matches!(read(&root, "deep"), Err(PhotoError::NotAFile)));
    }

    #[test]
    fn a_huge_file_is_refused_before_it_is_read() {
        let root = tempfile::tempdir().unwrap();
        File::create(root.path().join("huge.jpg")).unwrap().set_len(1 << 40).unwrap();
        let error = read(&super::root(root.path()).unwrap(), "huge.jpg").unwrap_err();
        assert!(matches!(error, PhotoError::Picture(ImagingError::TooManyBytes)), "{error}");
    }
}
