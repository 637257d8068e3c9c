//! Rows of the table back to listings.

use crate::{CatalogueError, MediaName, schema::column};
use arrow_array::{
    Array, FixedSizeListArray, Float32Array, Float64Array, Int32Array, ListArray, RecordBatch, StringArray,
};
use domain::{Currency, Dealer, Listing, ListingId, Price, Vector};
use std::str::FromStr;

/// A batch of rows, read by column name.
pub(crate) struct Rows<'a>(pub(crate) &'a RecordBatch);

impl<'a> Rows<'a> {
    fn column<T: Array + 'static>(&self, name: &str) -> Result<&'a T, CatalogueError> {
        self.0
            .column_by_name(name)
            .and_then(|array| array.as_any().downcast_ref())
            .ok_or_else(|| CatalogueError::Row(format!("no column {name} of the right type")))
    }

    pub(crate) fn text(&self, name: &str, row: usize) -> Result<&'a str, CatalogueError> {
        Ok(self.column::<StringArray>(name)?.value(row))
    }

    pub(crate) fn maybe(&self, name: &str, row: usize) -> Result<Option<&'a str>, CatalogueError> {
        let column = self.column::<StringArray>(name)?;
        Ok((!column.is_null(row)).then(|| column.value(row)))
    }

    pub(crate) fn words(&self, name: &str, row: usize) -> Result<Vec<String>, CatalogueError> {
        let words = self.column::<ListArray>(name)?.value(row);
        let words: &StringArray = words
            .as_any()
            .downcast_ref()
            .ok_or_else(|| CatalogueError::Row(format!("column {name} does not hold words")))?;
        Ok(words.iter().flatten().map(str::to_owned).collect())
    }

    pub(crate) fn photo(&self, row: usize) -> Result<i32, CatalogueError> {
        Ok(self.column::<Int32Array>(column::PHOTO)?.value(row))
    }

    pub(crate) fn number(&self, name: &str, row: usize) -> Result<f32, CatalogueError> {
        Ok(self.column::<Float32Array>(name)?.value(row))
    }

    pub(crate) fn amount(&self, name: &str, row: usize) -> Result<Option<f64>, CatalogueError> {
        let amounts = self.column::<Float64Array>(name)?;
        Ok((!amounts.is_null(row)).then(|| amounts.value(row)))
    }

    pub(crate) fn row_id(&self, row: usize) -> Result<u64, CatalogueError> {
        Ok(self.column::<arrow_array::UInt64Array>("_rowid")?.value(row))
    }

    pub(crate) fn id(&self, row: usize) -> Result<ListingId, CatalogueError> {
        let id = self.text(column::LISTING, row)?;
        ListingId::new(id).map_err(|error| CatalogueError::Row(error.to_string()))
    }

    pub(crate) fn media(&self, row: usize) -> Result<MediaName, CatalogueError> {
        media(self.text(column::MEDIA, row)?)
    }

    pub(crate) fn vector(&self, row: usize) -> Result<Vector, CatalogueError> {
        let values = self.column::<FixedSizeListArray>(column::VECTOR)?.value(row);
        let values: &Float32Array =
            values.as_any().downcast_ref().ok_or_else(|| CatalogueError::Row("the vector is not of f32".into()))?;
        Vector::normalise(values.values().to_vec()).map_err(|error| CatalogueError::Row(error.to_string()))
    }

    /// The length of a row's vector before it is normalised: 1 within rounding, unless it is damaged.
    pub(crate) fn vector_length(&self, row: usize) -> Result<f64, CatalogueError> {
        let values = self.column::<FixedSizeListArray>(column::VECTOR)?.value(row);
        let values: &Float32Array =
            values.as_any().downcast_ref().ok_or_else(|| CatalogueError::Row("the vector is not of f32".into()))?;
        Ok(values.values().iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt())
    }

    /// The listing of a row, its photos as addresses under /media/.
    pub(crate) fn listing(&self, row: usize) -> Result<Listing, CatalogueError> {
        let text = |name| self.text(name, row).map(str::to_owned);
        let maybe = |name| Ok::<_, CatalogueError>(self.maybe(name, row)?.map(str::to_owned));
        let photos = self.words(column::PHOTOS, row)?;
        Ok(Listing {
            id: self.id(row)?,
            dealer: Dealer { id: text(column::DEALER_ID)?, name: text(column::DEALER_NAME)? },
            title: text(column::TITLE)?,
            description: text(column::DESCRIPTION)?,
            category: word(self.text(column::CATEGORY, row)?)?,
            period: self.maybe(column::PERIOD, row)?.map(word).transpose()?,
            metals: self.words(column::METALS, row)?,
            stones: self.words(column::STONES, row)?,
            motifs: self.words(column::MOTIFS, row)?,
            price: self.price(row)?,
            status: word(self.text(column::STATUS, row)?)?,
            listed: maybe(column::LISTED)?,
            url: maybe(column::URL)?,
            photos: photos.iter().map(|name| Ok(media(name)?.address())).collect::<Result<_, CatalogueError>>()?,
        })
    }

    fn price(&self, row: usize) -> Result<Option<Price>, CatalogueError> {
        let Some(amount) = self.amount(column::PRICE, row)? else { return Ok(None) };
        let damaged = |error: domain::PriceError| CatalogueError::Row(error.to_string());
        let currency = match self.maybe(column::CURRENCY, row)? {
            Some(code) => Currency::new(code).map_err(damaged)?,
            None => Currency::GBP,
        };
        Price::new(amount, currency).map(Some).map_err(damaged)
    }
}

fn media(name: &str) -> Result<MediaName, CatalogueError> {
    MediaName::parse(name).ok_or_else(|| CatalogueError::Row(format!("\"{name}\" is not a photo's name")))
}

fn word<W: FromStr<Err = domain::UnknownWord>>(word: &str) -> Result<W, CatalogueError> {
    word.parse().map_err(|error: domain::UnknownWord| CatalogueError::Row(error.to_string()))
}
