//! A bundle's folder: reading its manifest and checking that every file is the one it was written for.

use crate::{BundleError, Manifest, manifest::File};
use domain::Calibration;
use sha2::{Digest, Sha256};
use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

/// Largest `model.toml`, in bytes.
const MANIFEST_BYTES: u64 = 64 * 1024;
/// Largest file of a bundle, in bytes: ONNX keeps a graph with its weights in one file up to 2 GiB.
const FILE_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// A checked `models/NAME` folder: its manifest makes sense and its files are the ones it was written for.
#[derive(Debug, Clone)]
pub struct Bundle {
    folder: PathBuf,
    manifest: Manifest,
    digest: String,
}

impl Bundle {
    /// Reads the manifest in `folder` and checks every file's digest. Reads all files once.
    ///
    /// # Errors
    /// Any [`BundleError`]; the first that is found.
    pub fn open(folder: &Path) -> Result<Self, BundleError> {
        let (manifest, digest) = read(folder)?;
        for (_, file) in manifest.files.all() {
            check(folder, file)?;
        }
        Ok(Self { folder: folder.to_owned(), manifest, digest })
    }

    /// Reads and checks `model.toml` alone; the other files may be missing or wrong.
    ///
    /// # Errors
    /// Any [`BundleError`] but those about digests.
    pub fn read_manifest(folder: &Path) -> Result<Manifest, BundleError> {
        read(folder).map(|(manifest, _)| manifest)
    }

    /// The bundle's name.
    pub fn id(&self) -> &str {
        &self.manifest.id
    }

    /// Hex SHA-256 of `model.toml`, which holds those of the other files: two bundles with the same digest are the same.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Numbers in a vector.
    pub fn dimension(&self) -> usize {
        self.manifest.dimension
    }

    /// What similarities mean.
    pub fn calibration(&self) -> Calibration {
        self.manifest.calibration
    }

    /// All that `model.toml` says.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The path of one of the bundle's files.
    pub(crate) fn path(&self, file: &File) -> PathBuf {
        self.folder.join(&file.name)
    }
}

/// Reads the manifest; gives it with the digest of its bytes.
fn read(folder: &Path) -> Result<(Manifest, String), BundleError> {
    let path = folder.join("model.toml");
    let mut bytes = Vec::new();
    let mut file = fs::File::open(&path).map_err(|error| unreadable(&path, &error))?;
    file.by_ref().take(MANIFEST_BYTES + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&path, &error))?;
    if bytes.len() as u64 > MANIFEST_BYTES {
        return Err(BundleError::TooLarge { path, limit: MANIFEST_BYTES });
    }
    let text = str::from_utf8(&bytes)
        .map_err(|_| BundleError::Manifest { path: path.clone(), reason: "it is not UTF-8 text".into() })?;
    Ok((Manifest::parse(text, &path)?, hex::encode(Sha256::digest(&bytes))))
}

/// Checks one file's size and digest.
fn check(folder: &Path, file: &File) -> Result<(), BundleError> {
    let path = folder.join(&file.name);
    let mut reader = fs::File::open(&path).map_err(|error| unreadable(&path, &error))?;
    let size = reader.metadata().map_err(|error| unreadable(&path, &error))?.len();
    if size > FILE_BYTES {
        return Err(BundleError::TooLarge { path, limit: FILE_BYTES });
    }
    let mut hasher = Sha256::new();
    io::copy(&mut reader, &mut hasher).map_err(|error| unreadable(&path, &error))?;
    let found = hex::encode(hasher.finalize());
    if found.eq_ignore_ascii_case(&file.sha256) {
        Ok(())
    } else {
        Err(BundleError::Digest { path, found, wanted: file.sha256.to_ascii_lowercase() })
    }
}

fn unreadable(path: &Path, error: &io::Error) -> BundleError {
    BundleError::Unreadable { path: path.to_owned(), reason: error.to_string() }
}
