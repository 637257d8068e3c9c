//! Reads a multipart form, with a limit on everything: how many fields, how many files, how large each.

use super::fields::Fields;
use crate::error::{Kind, Problem, too_many_bytes};
use axum::extract::{Multipart, multipart::Field};
use catalogue::Upload;
use domain::limits;
use imaging::ImagingError;

/// Most parts of one form.
const PARTS: usize = 64;

/// A form: its files called `photo`, and its texts in order.
#[derive(Debug, Default)]
pub struct Form {
    /// The files; their names are only ever compared, never used as paths.
    pub photos: Vec<Upload>,
    /// Name and value of every other part.
    pub texts: Vec<(String, String)>,
}

/// Reads the form of a search.
pub async fn read(multipart: Multipart) -> Result<Fields, Problem> {
    let form = read_form(multipart, limits::QUERY_PHOTOS).await?;
    let mut fields =
        Fields { photos: form.photos.into_iter().map(|upload| upload.bytes).collect(), ..Fields::default() };
    for (key, value) in form.texts {
        fields.set(&key, value)?;
    }
    Ok(fields)
}

/// Reads a form of at most `photos` files. Where it cannot be used, the rest of it is still received and thrown away, so that the
/// sender reads the reason instead of finding the connection broken; the body's own limit bounds that.
pub async fn read_form(mut multipart: Multipart, photos: usize) -> Result<Form, Problem> {
    let form = parts(&mut multipart, photos).await;
    if form.is_err() {
        while let Ok(Some(mut rest)) = multipart.next_field().await {
            while let Ok(Some(_)) = rest.chunk().await {}
        }
    }
    form
}

async fn parts(multipart: &mut Multipart, photos: usize) -> Result<Form, Problem> {
    let mut form = Form::default();
    let mut parts = 0;
    while let Some(field) = multipart.next_field().await? {
        parts += 1;
        if parts > PARTS {
            return Err(Problem::field(format!("the form has more than {PARTS} parts")));
        }
        let Some(key) = field.name().map(str::to_owned) else {
            return Err(Problem::new(Kind::BadRequest, "A part of the form has no name."));
        };
        if key == "photo" {
            let name = field.file_name().unwrap_or_default().to_owned();
            let bytes = bytes(field, limits::PICTURE_BYTES).await?.ok_or(ImagingError::TooManyBytes)?;
            // What a browser sends for a file field that was left empty.
            if name.is_empty() && bytes.is_empty() {
                continue;
            }
            if form.photos.len() == photos {
                return Err(Problem::field(format!("there are more than {photos} photos")));
            }
            form.photos.push(Upload { name, bytes });
        } else {
            let bytes = bytes(field, limits::JSON_BYTES).await?.ok_or_else(|| too_many_bytes(limits::JSON_BYTES))?;
            let value = String::from_utf8(bytes)
                .map_err(|_| Problem::new(Kind::BadRequest, "A field of the form is not UTF-8 text."))?;
            form.texts.push((key, value));
        }
    }
    Ok(form)
}

/// The bytes of one part; none where there are more than `most`.
async fn bytes(mut field: Field<'_>, most: usize) -> Result<Option<Vec<u8>>, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await? {
        if bytes.len() + chunk.len() > most {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes))
}
