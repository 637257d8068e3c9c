//! The encoder: a bundle's two towers and what feeds them. Blocking; [`crate::EncoderQueue`] serves asynchronous callers.

use crate::{
    Area, Bundle, Device, EncoderError, Preprocessor, Tokeniser,
    locate::Locator,
    runtime,
    session::{Expected, Plan, Tower},
    tokenise::Tokens,
};
use domain::Vector;
use imaging::Picture;
use ort::{
    session::SessionInputValue,
    value::{TensorElementType, TensorRef},
};
use std::{borrow::Cow, path::PathBuf};

/// How to run a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncoderOptions {
    /// The path of ONNX Runtime's library; `None` for the one that the variable ORT_DYLIB_PATH names.
    pub runtime: Option<PathBuf>,
    /// Threads that one run uses; 0 for one a core.
    pub threads: usize,
    /// What to run on.
    pub device: Device,
    /// Most pictures, or texts, that go through the model at once: bounds the memory of a run. At least 1.
    pub batch: usize,
    /// Whether a bundle's locator, where it has one, finds the piece in a picture first. Vectors with and without are of the same
    /// model and yet not to be mixed; for measuring.
    pub locate: bool,
}

impl Default for EncoderOptions {
    fn default() -> Self {
        Self { runtime: None, threads: 0, device: Device::Auto, batch: 32, locate: true }
    }
}

/// What the image tower makes of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// The picture's vector.
    pub vector: Vector,
    /// Whether there is a piece in the picture at all: false only where the bundle has a locator and it is less sure of one than
    /// the manifest's `piece_confidence`.
    pub piece: bool,
}

/// A picture as the image tower takes it.
pub(crate) struct Prepared {
    pub(crate) tensor: Vec<f32>,
    /// As [`Seen::piece`].
    pub(crate) piece: bool,
}

/// A model, ready to encode. Can be shared between threads: pictures wait for pictures, texts for texts.
#[derive(Debug)]
pub struct Encoder {
    preprocessor: Preprocessor,
    tokeniser: Tokeniser,
    locator: Option<Locator>,
    image: Tower,
    text: Tower,
    image_input: String,
    text_input: String,
    mask_input: String,
    dimension: usize,
    batch: usize,
    device: Device,
}

impl Encoder {
    /// Loads a bundle's tokeniser and graphs, checks them against its manifest, and encodes one picture and one text to see
    /// that it all works.
    ///
    /// # Errors
    /// [`EncoderError::RuntimeMissing`] where ONNX Runtime cannot be loaded, [`EncoderError::Model`] where the bundle does not
    /// fit its manifest, [`EncoderError::Runtime`] where the device asked for does not work.
    pub fn load(bundle: &Bundle, options: &EncoderOptions) -> Result<Self, EncoderError> {
        let library = runtime::library(options.runtime.as_deref())?;
        let environment = runtime::environment(&library)?;
        let plan = |cuda| Plan { environment: &environment, threads: options.threads, cuda };
        match options.device {
            Device::Cpu => Self::build(bundle, options, plan(false)),
            Device::Cuda => Self::build(bundle, options, plan(true)),
            Device::Auto if runtime::has_cuda(&library) => Self::build(bundle, options, plan(true)).or_else(|error| {
                tracing::warn!(%error, "the GPU cannot be used; going on with the CPU");
                Self::build(bundle, options, plan(false))
            }),
            Device::Auto => Self::build(bundle, options, plan(false)),
        }
    }

    fn build(bundle: &Bundle, options: &EncoderOptions, plan: Plan<'_>) -> Result<Self, EncoderError> {
        let manifest = bundle.manifest();
        let (image, text) = (&manifest.image, &manifest.text);
        let side = image.size as usize;
        let pixels = Expected { name: &image.input, kind: TensorElementType::Float32, shape: &[3, side, side] };
        let length = [text.context_length];
        let words: Vec<_> = ([&text.input, &text.attention_mask].into_iter().filter(|name| !name.is_empty()))
            .map(|name| Expected { name, kind: TensorElementType::Int64, shape: &length })
            .collect();
        let dimension = manifest.dimension;
        let encoder = Self {
            preprocessor: Preprocessor::new(image),
            tokeniser: Tokeniser::open(bundle)?,
            locator: match (&manifest.files.locator, &manifest.locator) {
                (Some(file), Some(input)) if options.locate => Some(Locator::load(&bundle.path(file), input, plan)?),
                _ => None,
            },
            image: Tower::load(&bundle.path(&manifest.files.image), plan, &[pixels], &image.output, dimension)?,
            text: Tower::load(&bundle.path(&manifest.files.text), plan, &words, &text.output, dimension)?,
            image_input: image.input.clone(),
            text_input: text.input.clone(),
            mask_input: text.attention_mask.clone(),
            dimension,
            batch: options.batch.max(1),
            device: if plan.cuda { Device::Cuda } else { Device::Cpu },
        };
        // Graphs often do not say what shape comes out, and some faults (an id beyond the vocabulary) only show when run.
        encoder.run_pictures(&[vec![0.0; 3 * side * side]])?;
        encoder.texts(&["jewellery"])?;
        tracing::info!(model = bundle.id(), device = ?encoder.device, dimension, "the model is loaded");
        Ok(encoder)
    }

    /// One vector a picture, in order. Runs in batches; blocks until all are done.
    ///
    /// # Errors
    /// [`EncoderError::Runtime`] where the model fails; then no vectors at all.
    pub fn pictures(&self, pictures: &[Picture]) -> Result<Vec<Vector>, EncoderError> {
        let mut vectors = Vec::with_capacity(pictures.len());
        for batch in pictures.chunks(self.batch) {
            let tensors = batch
                .iter()
                .map(|picture| Ok(self.prepare(picture)?.tensor))
                .collect::<Result<Vec<_>, EncoderError>>()?;
            vectors.extend(self.run_pictures(&tensors)?);
        }
        Ok(vectors)
    }

    /// One vector a text, in order; an empty text has one, too. Runs in batches; blocks until all are done.
    ///
    /// # Errors
    /// [`EncoderError::Input`] where a text is longer than [`domain::limits::ENCODER_TEXT_BYTES`], [`EncoderError::Runtime`]
    /// where the model fails; then no vectors at all.
    pub fn texts(&self, texts: &[&str]) -> Result<Vec<Vector>, EncoderError> {
        let mut vectors = Vec::with_capacity(texts.len());
        for batch in texts.chunks(self.batch) {
            let tokens = batch.iter().map(|text| self.tokeniser.tokens(text)).collect::<Result<Vec<_>, _>>()?;
            vectors.extend(self.run_texts(&tokens)?);
        }
        Ok(vectors)
    }

    /// Where in the picture the piece is; `None` where the bundle has no locator, or it is not sure.
    ///
    /// # Errors
    /// [`EncoderError::Input`] where the picture cannot be brought to the locator's size, [`EncoderError::Runtime`] where it fails.
    pub fn locate(&self, picture: &Picture) -> Result<Option<Area>, EncoderError> {
        self.locator.as_ref().map_or(Ok(None), |locator| locator.area(picture))
    }

    /// Whether pictures are cut to the piece: the bundle has a locator, and it is not switched off.
    pub fn locates(&self) -> bool {
        self.locator.is_some()
    }

    /// The image tower's input for a picture, cut to the piece where the bundle has a locator that is sure of it.
    pub(crate) fn prepare(&self, picture: &Picture) -> Result<Prepared, EncoderError> {
        let Some(locator) = &self.locator else {
            return Ok(Prepared { tensor: self.preprocessor.tensor(picture)?, piece: true });
        };
        let cut = locator.cut(picture)?;
        let piece = cut.as_ref().is_some_and(|cut| cut.piece);
        let tensor = self.preprocessor.tensor(cut.as_ref().map_or(picture, |cut| &cut.picture))?;
        Ok(Prepared { tensor, piece })
    }

    /// Numbers in a vector.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// What the model runs on: [`Device::Cpu`] or [`Device::Cuda`].
    pub fn device(&self) -> Device {
        self.device
    }

    /// What prepares pictures.
    pub fn preprocessor(&self) -> &Preprocessor {
        &self.preprocessor
    }

    /// What prepares texts.
    pub fn tokeniser(&self) -> &Tokeniser {
        &self.tokeniser
    }

    /// Vectors of prepared pictures.
    pub(crate) fn run_pictures(&self, tensors: &[Vec<f32>]) -> Result<Vec<Vector>, EncoderError> {
        let side = i64::from(self.preprocessor.size());
        in_batches(tensors, self.image.most().min(self.batch), |batch| {
            let joined = batch.concat();
            let shape = [batch.len() as i64, 3, side, side];
            let value = TensorRef::from_array_view((shape, &*joined)).map_err(failed)?;
            self.image.run(batch.len(), vec![(Cow::from(&self.image_input), SessionInputValue::from(value))])
        })
    }

    /// Vectors of tokenised texts.
    pub(crate) fn run_texts(&self, tokens: &[Tokens]) -> Result<Vec<Vector>, EncoderError> {
        in_batches(tokens, self.text.most().min(self.batch), |batch| {
            let ids: Vec<i64> = batch.iter().flat_map(|text| &text.ids).copied().collect();
            let mask: Vec<i64> = batch.iter().flat_map(|text| &text.mask).copied().collect();
            let shape = [batch.len() as i64, (ids.len() / batch.len()) as i64];
            let value = TensorRef::from_array_view((shape, &*ids)).map_err(failed)?;
            let mut inputs = vec![(Cow::from(&self.text_input), SessionInputValue::from(value))];
            if !self.mask_input.is_empty() {
                let value = TensorRef::from_array_view((shape, &*mask)).map_err(failed)?;
                inputs.push((Cow::from(&self.mask_input), SessionInputValue::from(value)));
            }
            self.text.run(batch.len(), inputs)
        })
    }
}

fn in_batches<T>(
    items: &[T],
    most: usize,
    run: impl Fn(&[T]) -> Result<Vec<Vector>, EncoderError>,
) -> Result<Vec<Vector>, EncoderError> {
    let mut vectors = Vec::with_capacity(items.len());
    for batch in items.chunks(most.max(1)) {
        vectors.extend(run(batch)?);
    }
    Ok(vectors)
}

fn failed(error: ort::Error) -> EncoderError {
    EncoderError::Runtime(error.to_string())
}
