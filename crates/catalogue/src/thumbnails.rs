//! Photos in the sizes that pages show, made when first asked for and kept.
//!
//! `thumbnails/ab/ab12...ef-320.webp` and `.jpg`: named by the photo's digest and the longest side, in the form that whoever asks can show. A cache: it may be deleted at any time,
//! needs no backup, and `maintain` removes what belongs to no photo. An empty file says that the photo itself is the smaller one.
//! Beside them `ab12...ef-blur.webp`: the photo in a few pixels, some hundred bytes, which a page holds itself and shows until the photo comes.

use crate::{CatalogueError, MediaName, durable, media::write_aside};
use imaging::{ImagingError, Interpolation, Picture};
use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::sync::Semaphore;

/// JPEG quality.
const JPEG_QUALITY: u8 = 82;
/// WebP quality, on a scale of its own: about as good to look at.
const WEBP_QUALITY: u8 = 80;
/// Longest side and WebP quality of what a page shows until the photo comes.
const BLUR_SIDE: u32 = 16;
const BLUR_QUALITY: u8 = 40;

/// How a smaller photo is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ThumbnailFormat {
    /// What everything can show.
    Jpeg,
    /// About a third smaller; every browser of the last years can show it.
    WebP,
}

impl ThumbnailFormat {
    fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::WebP => "webp",
        }
    }
}

/// A data folder's `thumbnails`.
#[derive(Debug, Clone)]
pub(crate) struct Thumbnails {
    root: PathBuf,
    /// Photos decoded at once: each may take hundreds of megabytes.
    turns: Arc<Semaphore>,
}

impl Thumbnails {
    pub(crate) fn new(data: &Path) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, |cores| cores.get());
        Self { root: data.join("thumbnails"), turns: Arc::new(Semaphore::new(cores.clamp(1, 8))) }
    }

    fn path(&self, name: &MediaName, side: u32, format: ThumbnailFormat) -> PathBuf {
        let digest = name.digest();
        self.root.join(digest.get(..2).unwrap_or_default()).join(format!("{digest}-{side}.{}", format.extension()))
    }

    fn blur_path(&self, name: &MediaName) -> PathBuf {
        let digest = name.digest();
        self.root.join(digest.get(..2).unwrap_or_default()).join(format!("{digest}-blur.webp"))
    }

    /// A photo in a few pixels, as WebP; `None` until its first thumbnail was made. Blocking.
    pub(crate) fn blur(&self, name: &MediaName) -> Option<Vec<u8>> {
        fs::read(self.blur_path(name)).ok()
    }

    /// The file to send for a photo at most `side` pixels long and high: a thumbnail, or the photo itself where it is no larger.
    /// What cannot be made (a full disk, a damaged photo) is no reason to show nothing: then, too, the photo itself.
    pub(crate) async fn of(
        &self,
        name: &MediaName,
        photo: PathBuf,
        side: u32,
        format: ThumbnailFormat,
    ) -> Result<PathBuf, CatalogueError> {
        let path = self.path(name, side, format);
        let kept = |path: &Path| fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|file| file.len());
        match kept(&path) {
            Some(0) => return Ok(photo),
            Some(_) => return Ok(path),
            None => {}
        }
        let blur = self.blur_path(name);
        let _turn = self.turns.acquire().await.map_err(|_| CatalogueError::Closing)?;
        let made = tokio::task::spawn_blocking(move || {
            // Made by whoever had the turn before.
            if kept(&path).is_none()
                && let Err(reason) = make(&photo, &path, &blur, side, format)
            {
                tracing::warn!(photo = %photo.display(), %reason, "no thumbnail could be made");
                return photo;
            }
            if kept(&path).is_some_and(|length| length > 0) { path } else { photo }
        });
        made.await.map_err(|_| CatalogueError::Closing)
    }

    /// Removes what belongs to no photo of `named`; gives how many files and bytes. Blocking.
    pub(crate) fn sweep(&self, named: &HashSet<MediaName>) -> Result<(usize, u64), CatalogueError> {
        let digests: HashSet<&str> = named.iter().map(MediaName::digest).collect();
        let mut swept = (0, 0);
        for shard in entries(&self.root)? {
            for path in entries(&shard)? {
                let digest = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.get(..64));
                if digest.is_some_and(|digest| digests.contains(digest)) {
                    continue;
                }
                let length = fs::metadata(&path).map_or(0, |file| file.len());
                match fs::remove_file(&path) {
                    Ok(()) => swept = (swept.0 + 1, swept.1 + length),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(CatalogueError::folder(&path)(error)),
                }
            }
        }
        Ok(swept)
    }
}

/// What is in a folder; nothing where there is no such folder.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, CatalogueError> {
    match fs::read_dir(folder) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(Vec::new()),
        read => read
            .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
            .map_err(CatalogueError::folder(folder)),
    }
}

fn make(
    photo: &Path,
    path: &Path,
    blur: &Path,
    side: u32,
    format: ThumbnailFormat,
) -> Result<(), Box<dyn std::error::Error>> {
    let bytes = fs::read(photo)?;
    let header = imaging::probe(&bytes)?;
    let folder = path.parent().ok_or("no folder")?;
    let (is_small, is_blurred) = (header.width.max(header.height) <= side, blur.is_file());
    let mut small = Vec::new();
    if !(is_small && is_blurred) {
        let picture = imaging::decode(&bytes)?;
        durable::create_folder(folder)?;
        if !is_blurred {
            write_aside(folder, blur, &within(&picture, BLUR_SIDE)?.to_webp(BLUR_QUALITY)?)?;
        }
        if !is_small {
            let picture = within(&picture, side)?;
            small = match format {
                ThumbnailFormat::Jpeg => picture.to_jpeg(JPEG_QUALITY)?,
                ThumbnailFormat::WebP => picture.to_webp(WEBP_QUALITY)?,
            };
        }
    }
    let kept: &[u8] = if small.len() < bytes.len() { &small } else { &[] };
    write_aside(folder, path, kept)?;
    Ok(())
}

/// A picture brought to the size at which its longest side is `side`.
fn within(picture: &Picture, side: u32) -> Result<Picture, ImagingError> {
    let (width, height) = fitted(picture.width(), picture.height(), side);
    picture.resize(width, height, Interpolation::Bicubic)
}

/// The size of a picture whose longest side is `side`; no side is 0.
fn fitted(width: u32, height: u32, side: u32) -> (u32, u32) {
    let longest = u64::from(width.max(height).max(1));
    let scaled = |length: u32| {
        let rounded = (u64::from(length) * u64::from(side) + longest / 2) / longest;
        u32::try_from(rounded).unwrap_or(side).max(1)
    };
    (scaled(width), scaled(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_side_fits_and_none_vanishes() {
        assert_eq!(fitted(1000, 600, 320), (320, 192));
        assert_eq!(fitted(600, 1000, 320), (192, 320));
        assert_eq!(fitted(12_000, 3, 320), (320, 1));
    }
}
