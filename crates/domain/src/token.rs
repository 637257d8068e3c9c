//! The query vector in a link: quantised to a byte a dimension, so that a photo search can be shared, reloaded and paged
//! with no picture kept anywhere.
//!
//! Layout before base64url (no padding): version (1), kind (1), first 4 bytes of the model bundle's digest, scale (f32 little endian),
//! then one signed byte a dimension. Symmetric linear quantisation: value = byte * scale.

use crate::{Vector, VectorError, limits};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use std::fmt;

const VERSION: u8 = 1;
const HEADER: usize = 10;

/// What a query was made of: decides which calibration its verdicts use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryKind {
    /// Words alone.
    Text,
    /// One or more pictures, with or without words.
    Photo,
    /// As [`QueryKind::Photo`], but the model is sure of no piece in any of the pictures: nothing there may be alike but by accident.
    Unclear,
}

/// A query vector bound to the model that made it.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryToken {
    /// What the query was made of.
    pub kind: QueryKind,
    /// The first four bytes of the digest of the model bundle.
    pub model: [u8; 4],
    /// The vector.
    pub vector: Vector,
}

/// Why a token cannot be used: always the link's fault, never the server's.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TokenError {
    /// Cut short, mistyped or made up.
    #[error("this search link is damaged or incomplete")]
    Damaged,
    /// Made by another version of the format or another model.
    #[error("this search link was made for another model and cannot be read any more")]
    Expired,
}

impl From<VectorError> for TokenError {
    fn from(_: VectorError) -> Self {
        Self::Damaged
    }
}

impl QueryToken {
    /// Reads a token made by [`QueryToken`]'s `Display`, for the model whose digest begins with `model` and that has `dimension` dimensions.
    pub fn read(token: &str, model: [u8; 4], dimension: usize) -> Result<Self, TokenError> {
        if token.len() > limits::TOKEN_CHARS {
            return Err(TokenError::Damaged);
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| TokenError::Damaged)?;
        let (Some(header), Some(values)) = (bytes.get(..HEADER), bytes.get(HEADER..)) else {
            return Err(TokenError::Damaged);
        };
        if header[0] != VERSION || header[2..6] != model {
            return Err(TokenError::Expired);
        }
        let kind = match header[1] {
            0 => QueryKind::Text,
            1 => QueryKind::Photo,
            2 => QueryKind::Unclear,
            _ => return Err(TokenError::Damaged),
        };
        if values.len() != dimension {
            return Err(TokenError::Damaged);
        }
        let vector = Vector::normalise(values.iter().map(|b| f32::from(b.cast_signed())).collect())?;
        Ok(Self { kind, model, vector })
    }
}

impl fmt::Display for QueryToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let most = self.vector.as_slice().iter().fold(f32::MIN_POSITIVE, |most, v| most.max(v.abs()));
        let scale = most / 127.0;
        let mut bytes = Vec::with_capacity(HEADER + self.vector.dimension());
        bytes.push(VERSION);
        bytes.push(match self.kind {
            QueryKind::Text => 0,
            QueryKind::Photo => 1,
            QueryKind::Unclear => 2,
        });
        bytes.extend(self.model);
        bytes.extend(scale.to_le_bytes());
        // Dividing by the scale keeps every value in -127..=127, so the cast cannot wrap.
        bytes.extend(self.vector.as_slice().iter().map(|v| ((v / scale).round() as i8).cast_unsigned()));
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> QueryToken {
        let vector = Vector::normalise((0..256).map(|n| ((n * 37 % 101) as f32) - 50.0).collect()).unwrap();
        QueryToken { kind: QueryKind::Photo, model: [1, 2, 3, 4], vector }
    }

    #[test]
    fn a_token_keeps_the_direction() {
        let token = token();
        let text = token.to_string();
        assert!(text.len() < 400, "{} characters", text.len());
        let read = QueryToken::read(&text, [1, 2, 3, 4], 256).unwrap();
        assert!(read.vector.cosine(&token.vector) > 0.9999);
        for kind in [QueryKind::Text, QueryKind::Photo, QueryKind::Unclear] {
            let text = QueryToken { kind, ..token.clone() }.to_string();
            assert_eq!(QueryToken::read(&text, [1, 2, 3, 4], 256).unwrap().kind, kind);
        }
    }

    #[test]
    fn reading_and_writing_again_gives_the_same_token() {
        let once = token().to_string();
        let twice = QueryToken::read(&once, [1, 2, 3, 4], 256).unwrap().to_string();
        let thrice = QueryToken::read(&twice, [1, 2, 3, 4], 256).unwrap().to_string();
        assert_eq!(twice, thrice);
    }

    #[test]
    fn a_damaged_or_foreign_token_is_refused() {
        let text = token().to_string();
        assert_eq!(QueryToken::read(&text, [9, 9, 9, 9], 256), Err(TokenError::Expired));
        assert_eq!(QueryToken::read(&text[..100], [1, 2, 3, 4], 256), Err(TokenError::Damaged));
        assert_eq!(QueryToken::read("", [1, 2, 3, 4], 256), Err(TokenError::Damaged));
        assert_eq!(QueryToken::read("é💍", [1, 2, 3, 4], 256), Err(TokenError::Damaged));
        assert_eq!(QueryToken::read(&"A".repeat(1_000_000), [1, 2, 3, 4], 256), Err(TokenError::Damaged));
    }
}
