//! Words to the text tower's input: clean, change case, tokenise, cut, pad.

use crate::{
    Bundle, EncoderError,
    manifest::{Case, TextInput},
    text,
};
use domain::limits;
use tokenizers::{Tokenizer, TruncationDirection, TruncationParams, TruncationStrategy};

/// Tokenises as one bundle wants it.
#[derive(Debug)]
pub struct Tokeniser {
    input: TextInput,
    tokenizer: Tokenizer,
}

/// What the text tower is given for one text: as many numbers each as the bundle's context length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// Token ids, padded on the right.
    pub ids: Vec<i64>,
    /// 1 for tokens, 0 for padding.
    pub mask: Vec<i64>,
}

impl Tokeniser {
    /// Loads the bundle's tokeniser.
    ///
    /// # Errors
    /// [`EncoderError::Model`] where its file is not one that the `tokenizers` library reads, or its special tokens leave
    /// no room for text.
    pub fn open(bundle: &Bundle) -> Result<Self, EncoderError> {
        let input = bundle.manifest().text.clone();
        let path = bundle.path(&bundle.manifest().files.tokenizer);
        let unusable =
            |error: tokenizers::Error| EncoderError::Model(format!("{} is not a tokeniser: {error}", path.display()));
        let mut tokenizer = Tokenizer::from_file(&path).map_err(unusable)?;
        // The manifest alone says how long texts are and how they are padded.
        tokenizer.with_padding(None);
        tokenizer
            .with_truncation(Some(TruncationParams {
                direction: TruncationDirection::Right,
                max_length: input.context_length,
                strategy: TruncationStrategy::LongestFirst,
                stride: 0,
            }))
            .map_err(unusable)?;
        Ok(Self { input, tokenizer })
    }

    /// The tokens of one text. Any text has some, an empty one too.
    ///
    /// # Errors
    /// [`EncoderError::Input`] where the text is longer than [`limits::ENCODER_TEXT_BYTES`]; [`EncoderError::Model`] where the
    /// tokeniser fails or gives more tokens than there is room for.
    pub fn tokens(&self, text: &str) -> Result<Tokens, EncoderError> {
        check_length(text)?;
        let cleaned = text::clean(text, self.input.clean);
        let cased = match self.input.case {
            Case::Keep => cleaned,
            Case::Lower => cleaned.to_lowercase().into(),
        };
        let failed = |error: tokenizers::Error| EncoderError::Model(format!("the tokeniser failed: {error}"));
        let encoding = self.tokenizer.encode_fast(cased.as_ref(), true).map_err(failed)?;
        let mut ids: Vec<i64> = encoding.get_ids().iter().map(|id| i64::from(*id)).collect();
        let length = self.input.context_length;
        if ids.len() > length {
            return Err(EncoderError::Model(format!("the tokeniser gave {} tokens where {length} fit", ids.len())));
        }
        let mut mask = vec![1; ids.len()];
        ids.resize(length, self.input.pad_id);
        mask.resize(length, 0);
        Ok(Tokens { ids, mask })
    }
}

/// Refuses a text that is too long before any work on it.
pub(crate) fn check_length(text: &str) -> Result<(), EncoderError> {
    if text.len() > limits::ENCODER_TEXT_BYTES {
        let most = limits::ENCODER_TEXT_BYTES;
        return Err(EncoderError::Input(format!(
            "the text is {} bytes long; at most {most} can be encoded",
            text.len()
        )));
    }
    Ok(())
}
