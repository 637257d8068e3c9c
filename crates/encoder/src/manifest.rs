//! `model.toml`: what a bundle says about itself, and every check on it that needs no other file.

use crate::BundleError;
use domain::{Calibration, limits};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The format of `model.toml` that this version reads.
pub(crate) const FORMAT: i64 = 1;

/// Largest side of a tower's square, in pixels.
const IMAGE_SIZE: u32 = 1_024;
/// Most tokens of a text.
const CONTEXT_LENGTH: usize = 1_024;

/// A bundle's manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of this format: 1.
    pub format: i64,
    /// The bundle's name: lower-case letters, digits and hyphens.
    pub id: String,
    /// What kind of model it is, such as "open_clip". For people to read; behaviour comes from the keys below.
    pub family: String,
    /// Where the weights come from.
    pub source: String,
    /// Which revision of them.
    pub revision: String,
    /// The weights' licence, as an SPDX identifier where there is one.
    pub licence: String,
    /// Numbers in a vector.
    pub dimension: usize,
    /// The files beside the manifest.
    pub files: Files,
    /// How pictures are prepared.
    pub image: ImageInput,
    /// How words are prepared.
    pub text: TextInput,
    /// How the locator is fed and read; there where `files.locator` is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locator: Option<LocatorInput>,
    /// What similarities mean.
    pub calibration: Calibration,
}

/// The files of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// ONNX graph of the image tower.
    pub image: File,
    /// ONNX graph of the text tower.
    pub text: File,
    /// The tokeniser, as the `tokenizers` library writes it.
    pub tokenizer: File,
    /// ONNX graph that finds the piece in a picture, where the bundle has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locator: Option<File>,
}

impl Files {
    /// Each file, with its key in the manifest.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'static str, &File)> {
        let three = [("files.image", &self.image), ("files.text", &self.text), ("files.tokenizer", &self.tokenizer)];
        three.into_iter().chain(self.locator.iter().map(|file| ("files.locator", file)))
    }
}

/// One file of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Its name; it lies in the bundle's folder, never elsewhere.
    pub name: String,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
}

/// How a picture becomes the image tower's input: resize, crop or pad, then `(pixel / 255 - mean) / std` per channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageInput {
    /// Side of the square that the tower sees, in pixels.
    pub size: u32,
    /// How a picture of any ratio becomes that square.
    pub resize: Resize,
    /// The filter, Pillow's, with antialiasing, on 8-bit pixels.
    pub interpolation: Interpolation,
    /// What is cut off after the resize.
    pub crop: Crop,
    /// What is filled in around a picture that is not square, for [`Resize::Longest`]: red, green, blue.
    #[serde(default = "white")]
    pub fill: [u8; 3],
    /// Subtracted from each channel of pixels / 255.
    pub mean: [f32; 3],
    /// What each channel is then divided by.
    pub std: [f32; 3],
    /// Name of the graph's input: float32, N x 3 x size x size, RGB.
    pub input: String,
    /// Name of the graph's output: float32, N x dimension.
    pub output: String,
}

fn white() -> [u8; 3] {
    [255; 3]
}

/// How a picture of any ratio becomes a square.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Resize {
    /// The shorter side to `size`, ratio kept, then cropped: CLIP, OpenCLIP.
    Shortest,
    /// Both sides to `size`, ratio lost: SigLIP.
    Squash,
    /// The longer side to `size`, ratio kept, then padded with `fill`.
    Longest,
}

/// Pillow's filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Interpolation {
    /// `PIL.Image.Resampling.BICUBIC`
    Bicubic,
    /// `PIL.Image.Resampling.BILINEAR`
    Bilinear,
}

impl From<Interpolation> for imaging::Interpolation {
    fn from(value: Interpolation) -> Self {
        match value {
            Interpolation::Bicubic => Self::Bicubic,
            Interpolation::Bilinear => Self::Bilinear,
        }
    }
}

/// What is cut off a picture whose shorter side fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Crop {
    /// Nothing; only for [`Resize::Squash`] and [`Resize::Longest`].
    None,
    /// The square in the middle; where it cannot be exactly in the middle, its offset is rounded half to even (torchvision,
    /// and so OpenCLIP and timm).
    Centre,
    /// The same, its offset rounded down (Hugging Face's image processors).
    CentreFloor,
}

/// How a picture becomes the locator's input (the longer side to `size`, bicubic, padded with `fill`, then
/// `(pixel / 255 - mean) / std` per channel), and what its outputs are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocatorInput {
    /// Side of the square that the locator sees, in pixels.
    pub size: u32,
    /// What is filled in around a picture that is not square: red, green, blue.
    pub fill: [u8; 3],
    /// Subtracted from each channel of pixels / 255.
    pub mean: [f32; 3],
    /// What each channel is then divided by.
    pub std: [f32; 3],
    /// Name of the graph's input: float32, N x 3 x size x size, RGB.
    pub input: String,
    /// Name of the output that holds left, top, right and bottom as shares of the square: float32, N x 4.
    pub r#box: String,
    /// Name of the output that says how much of the truth the box is expected to cover (intersection over union): float32, N x 1.
    pub confidence: String,
    /// Below this confidence the whole picture is encoded, 0 to 1.
    pub least_confidence: f32,
    /// From this confidence on, the picture is taken to show a piece, `least_confidence` to 1; `least_confidence` where it is absent. A box that is
    /// too doubtful to claim anything by may still be the best cut there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub piece_confidence: Option<f32>,
    /// Room left around the box on every side, as a share of its longer side, 0 to 1.
    pub margin: f32,
    /// When and at what the locator looks a second time; without it, it looks once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closer: Option<CloserLook>,
}

/// A second, closer look: where the piece is small in its picture, the locator sees few pixels of it, and its box is as coarse.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloserLook {
    /// Below this share of the picture's longer side, the box's longer side is small, 0 to 1.
    pub below: f32,
    /// Room around the first box in the square that is then looked at, as a share of the box's longer side, 0 to 1.
    pub margin: f32,
}

/// How words become the text tower's input: clean, change case, tokenise, cut, pad.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextInput {
    /// Tokens that the tower sees; longer texts are cut (the end-of-text token is kept), shorter ones padded on the right.
    pub context_length: usize,
    /// The token that pads.
    pub pad_id: i64,
    /// What is cleaned away first.
    pub clean: Clean,
    /// What happens to capitals then.
    pub case: Case,
    /// Name of the graph's input: int64, N x context_length.
    pub input: String,
    /// Name of the graph's second input, int64, N x context_length, 1 for tokens and 0 for padding; empty if it has none.
    #[serde(default)]
    pub attention_mask: String,
    /// Name of the graph's output: float32, N x dimension.
    pub output: String,
}

/// What is cleaned away before tokenising.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Clean {
    /// Nothing; the tokeniser's own normaliser does all (Hugging Face's CLIP).
    None,
    /// OpenCLIP's "lower": text repaired, HTML entities resolved, white space collapsed and trimmed, lower case.
    Whitespace,
    /// OpenCLIP's "canonicalize", for SigLIP: the same, and punctuation removed.
    Canonicalize,
}

/// What happens to capitals before tokenising.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Case {
    /// Kept.
    Keep,
    /// Made small.
    Lower,
}

impl Manifest {
    /// Parses and checks the text of a `model.toml`; `path` is for messages.
    pub(crate) fn parse(text: &str, path: &Path) -> Result<Self, BundleError> {
        /// Read first, so that a bundle of another format is told so, and not that it has unknown keys.
        #[derive(Deserialize)]
        struct Version {
            format: i64,
        }
        let unreadable = |error: toml::de::Error| BundleError::Manifest {
            path: path.to_owned(),
            reason: error.to_string().trim_end().to_owned(),
        };
        let Version { format } = toml::from_str(text).map_err(unreadable)?;
        if format != FORMAT {
            return Err(BundleError::Format { path: path.to_owned(), found: format, known: FORMAT });
        }
        let manifest: Self = toml::from_str(text).map_err(unreadable)?;
        match manifest.fault() {
            Some((key, reason)) => Err(BundleError::Value { path: path.to_owned(), key, reason }),
            None => Ok(manifest),
        }
    }

    /// The first value that no model can have: its key, and what is wrong with it.
    fn fault(&self) -> Option<(&'static str, String)> {
        let id_like = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || self.id.len() > 64 || self.id.starts_with('-') || !self.id.chars().all(id_like) {
            return Some(("id", "must be 1 to 64 lower-case letters, digits and hyphens, the first no hyphen".into()));
        }
        if !(1..=limits::VECTOR_DIMENSION).contains(&self.dimension) {
            return Some((
                "dimension",
                format!("must be from 1 to {}, not {}", limits::VECTOR_DIMENSION, self.dimension),
            ));
        }
        self.files_fault()
            .or_else(|| self.image.fault())
            .or_else(|| self.text.fault())
            .or_else(|| self.locator_fault())
            .or_else(|| self.calibration_fault())
    }

    fn files_fault(&self) -> Option<(&'static str, String)> {
        self.files.all().find_map(|(key, file)| {
            // A plain name: nothing that any system reads as a way into another folder or a hidden file.
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            if file.name.is_empty()
                || file.name.len() > 100
                || file.name.starts_with('.')
                || !file.name.chars().all(plain)
            {
                let name: String = file.name.chars().take(100).collect();
                return Some((key, format!("must name a file in the bundle's own folder, not {name:?}")));
            }
            let hex = file.sha256.len() == 64 && file.sha256.bytes().all(|b| b.is_ascii_hexdigit());
            (!hex).then(|| (key, "must give the file's SHA-256 as 64 hex digits".into()))
        })
    }

    fn locator_fault(&self) -> Option<(&'static str, String)> {
        match (&self.files.locator, &self.locator) {
            (Some(_), Some(locator)) => locator.fault(),
            (None, None) => None,
            _ => Some(("locator", "and files.locator must both be there, or neither".into())),
        }
    }

    fn calibration_fault(&self) -> Option<(&'static str, String)> {
        let (photo, text) = (self.calibration.photo, self.calibration.text);
        let cosine = |value: f32| (-1.0..=1.0).contains(&value);
        if ![photo.same_piece, photo.same_design, photo.similar, text.similar].into_iter().all(cosine) {
            return Some(("calibration", "must be cosine similarities, from -1 to 1".into()));
        }
        (photo.same_piece < photo.same_design || photo.same_design < photo.similar).then(|| {
            (
                "calibration.photo",
                "must have same_piece no lower than same_design, and that no lower than similar".into(),
            )
        })
    }
}

impl ImageInput {
    fn fault(&self) -> Option<(&'static str, String)> {
        if !(1..=IMAGE_SIZE).contains(&self.size) {
            return Some(("image.size", format!("must be from 1 to {IMAGE_SIZE} pixels, not {}", self.size)));
        }
        if self.resize == Resize::Shortest && self.crop == Crop::None {
            return Some((
                "image.crop",
                "must be \"centre\" or \"centre-floor\" where image.resize is \"shortest\"".into(),
            ));
        }
        if !self.mean.iter().all(|value| value.is_finite()) {
            return Some(("image.mean", "must be three numbers".into()));
        }
        if !self.std.iter().all(|value| value.is_finite() && *value > 0.0) {
            return Some(("image.std", "must be three numbers above 0".into()));
        }
        (self.input.is_empty() || self.output.is_empty())
            .then(|| ("image.input and image.output", "must name an input and an output of the graph".into()))
    }
}

impl LocatorInput {
    /// How a picture becomes the locator's input.
    pub(crate) fn as_image(&self) -> ImageInput {
        ImageInput {
            size: self.size,
            resize: Resize::Longest,
            interpolation: Interpolation::Bicubic,
            crop: Crop::None,
            fill: self.fill,
            mean: self.mean,
            std: self.std,
            input: self.input.clone(),
            output: self.r#box.clone(),
        }
    }

    fn fault(&self) -> Option<(&'static str, String)> {
        if !(1..=IMAGE_SIZE).contains(&self.size) {
            return Some(("locator.size", format!("must be from 1 to {IMAGE_SIZE} pixels, not {}", self.size)));
        }
        if self.as_image().fault().is_some() || self.confidence.is_empty() {
            return Some((
                "locator",
                "must name an input and two outputs of the graph, three means, and three std above 0".into(),
            ));
        }
        let share = |value: f32| (0.0..=1.0).contains(&value);
        if !share(self.least_confidence) {
            return Some(("locator.least_confidence", "must be from 0 to 1".into()));
        }
        if self.piece_confidence.is_some_and(|piece| !(self.least_confidence..=1.0).contains(&piece)) {
            return Some(("locator.piece_confidence", "must be from least_confidence to 1".into()));
        }
        if !share(self.margin) {
            return Some(("locator.margin", "must be from 0 to 1".into()));
        }
        let wrong = self.closer.is_some_and(|closer| !share(closer.below) || !share(closer.margin));
        wrong.then(|| ("locator.closer", "must have a below and a margin from 0 to 1".into()))
    }
}

impl TextInput {
    fn fault(&self) -> Option<(&'static str, String)> {
        if !(2..=CONTEXT_LENGTH).contains(&self.context_length) {
            return Some((
                "text.context_length",
                format!("must be from 2 to {CONTEXT_LENGTH}, not {}", self.context_length),
            ));
        }
        if !(0..=i64::from(u32::MAX)).contains(&self.pad_id) {
            return Some(("text.pad_id", format!("must be a token id, not {}", self.pad_id)));
        }
        (self.input.is_empty() || self.output.is_empty())
            .then(|| ("text.input and text.output", "must name an input and an output of the graph".into()))
    }
}
