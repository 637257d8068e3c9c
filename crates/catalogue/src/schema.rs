//! The table `photos`: its columns, and listings to rows.
//!
//! A row is a photo, with all of its listing beside the vector, so that one query filters, ranks and answers. Key: `listing_id`
//! and `photo`. docs/CATALOGUE.md has the columns in words. Rows back to listings: rows.rs.

use crate::{CatalogueError, EncodedListing, ModelStamp};
use arrow_array::{
    ArrayRef, FixedSizeListArray, Float64Array, Int32Array, RecordBatch, StringArray,
    builder::{ListBuilder, StringBuilder},
    types::Float32Type,
};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use std::{collections::HashMap, sync::Arc};

/// The table's name.
pub(crate) const TABLE: &str = "photos";

/// Version of this layout; another one is refused rather than guessed at.
const LAYOUT: &str = "2";

/// Column names.
pub(crate) mod column {
    pub(crate) const LISTING: &str = "listing_id";
    /// The photo's number in its listing, from 1.
    pub(crate) const PHOTO: &str = "photo";
    /// The photo's name in the media folder.
    pub(crate) const MEDIA: &str = "media";
    pub(crate) const VECTOR: &str = "vector";
    pub(crate) const DEALER_ID: &str = "dealer_id";
    pub(crate) const DEALER_NAME: &str = "dealer_name";
    pub(crate) const TITLE: &str = "title";
    pub(crate) const DESCRIPTION: &str = "description";
    pub(crate) const CATEGORY: &str = "category";
    pub(crate) const PERIOD: &str = "period";
    pub(crate) const METALS: &str = "metals";
    pub(crate) const STONES: &str = "stones";
    pub(crate) const MOTIFS: &str = "motifs";
    pub(crate) const PRICE: &str = "price";
    pub(crate) const CURRENCY: &str = "currency";
    pub(crate) const STATUS: &str = "status";
    pub(crate) const LISTED: &str = "listed";
    pub(crate) const URL: &str = "url";
    /// Names of all photos of the listing, in order.
    pub(crate) const PHOTOS: &str = "photos";
    /// Everything said of the listing, for the full-text index.
    pub(crate) const WORDS: &str = "words";
    /// What an answer needs: all but the vector and the words.
    pub(crate) const LISTING_COLUMNS: [&str; 18] = [
        LISTING,
        PHOTO,
        MEDIA,
        DEALER_ID,
        DEALER_NAME,
        TITLE,
        DESCRIPTION,
        CATEGORY,
        PERIOD,
        METALS,
        STONES,
        MOTIFS,
        PRICE,
        CURRENCY,
        STATUS,
        LISTED,
        URL,
        PHOTOS,
    ];
}

mod key {
    pub(super) const LAYOUT: &str = "vitrine:layout";
    pub(super) const MODEL: &str = "vitrine:model";
    pub(super) const DIGEST: &str = "vitrine:model_digest";
    pub(super) const DIMENSION: &str = "vitrine:dimension";
}

fn words(name: &str) -> Field {
    Field::new(name, DataType::List(Arc::new(Field::new("item", DataType::Utf8, true))), false)
}

fn vector_type(dimension: usize) -> DataType {
    // Dimensions are at most domain::limits::VECTOR_DIMENSION, far below i32's range.
    DataType::FixedSizeList(Arc::new(Field::new("item", DataType::Float32, true)), dimension as i32)
}

/// The table's schema for a model, which its metadata names.
pub(crate) fn schema(model: &ModelStamp) -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, false);
    let maybe = |name: &str| Field::new(name, DataType::Utf8, true);
    let fields = vec![
        text(column::LISTING),
        Field::new(column::PHOTO, DataType::Int32, false),
        text(column::MEDIA),
        Field::new(column::VECTOR, vector_type(model.dimension), false),
        text(column::DEALER_ID),
        text(column::DEALER_NAME),
        text(column::TITLE),
        text(column::DESCRIPTION),
        text(column::CATEGORY),
        maybe(column::PERIOD),
        words(column::METALS),
        words(column::STONES),
        words(column::MOTIFS),
        Field::new(column::PRICE, DataType::Float64, true),
        maybe(column::CURRENCY),
        text(column::STATUS),
        maybe(column::LISTED),
        maybe(column::URL),
        words(column::PHOTOS),
        text(column::WORDS),
    ];
    let metadata = HashMap::from([
        (key::LAYOUT.to_owned(), LAYOUT.to_owned()),
        (key::MODEL.to_owned(), model.id.clone()),
        (key::DIGEST.to_owned(), model.digest.clone()),
        (key::DIMENSION.to_owned(), model.dimension.to_string()),
    ]);
    Arc::new(Schema::new_with_metadata(fields, metadata))
}

/// The model that a table's schema names; an error says what about the schema is not ours.
pub(crate) fn stamp(schema: &Schema) -> Result<ModelStamp, String> {
    let get = |key: &str| schema.metadata().get(key).ok_or_else(|| format!("its table does not say its {key}"));
    match get(key::LAYOUT)?.as_str() {
        LAYOUT => {}
        other => {
            return Err(format!("its table has layout {other}, and this version of Vitrine reads layout {LAYOUT}"));
        }
    }
    let dimension = get(key::DIMENSION)?.parse().map_err(|_| "its table's dimension is not a number".to_owned())?;
    let stamp = ModelStamp { id: get(key::MODEL)?.clone(), digest: get(key::DIGEST)?.clone(), dimension };
    for expected in self::schema(&stamp).fields() {
        match schema.field_with_name(expected.name()) {
            Ok(found) if found.data_type() == expected.data_type() => {}
            _ => return Err(format!("its table's column \"{}\" is missing or of another type", expected.name())),
        }
    }
    Ok(stamp)
}

/// The rows of listings, in order. Every vector must have the table's dimension (checked by the caller).
pub(crate) fn batch(schema: &SchemaRef, listings: &[EncodedListing]) -> Result<RecordBatch, CatalogueError> {
    let rows: Vec<_> =
        listings.iter().flat_map(|each| each.photos.iter().map(move |photo| (&each.listing, photo))).collect();
    let rows = || rows.iter().copied();
    let text = |of: &dyn Fn(&domain::Listing) -> String| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(rows().map(|(listing, _)| of(listing))))
    };
    let maybe = |of: &dyn Fn(&domain::Listing) -> Option<String>| -> ArrayRef {
        Arc::new(rows().map(|(listing, _)| of(listing)).collect::<StringArray>())
    };
    let words = |of: &dyn Fn(&EncodedListing) -> Vec<String>| -> ArrayRef {
        let mut builder = ListBuilder::new(StringBuilder::new());
        for each in listings {
            let words = of(each);
            for _ in &each.photos {
                builder.append_value(words.iter().map(Some));
            }
        }
        Arc::new(builder.finish())
    };
    let dimension = rows().next().map_or(0, |(_, photo)| photo.vector.dimension());
    let vectors = rows().map(|(_, photo)| Some(photo.vector.as_slice().iter().copied().map(Some)));
    let columns: Vec<ArrayRef> = vec![
        text(&|l| l.id.to_string()),
        Arc::new(Int32Array::from(listings.iter().flat_map(|each| 1..=each.photos.len() as i32).collect::<Vec<_>>())),
        Arc::new(StringArray::from_iter_values(rows().map(|(_, photo)| photo.media.as_str()))),
        Arc::new(FixedSizeListArray::from_iter_primitive::<Float32Type, _, _>(vectors, dimension as i32)),
        text(&|l| l.dealer.id.clone()),
        text(&|l| l.dealer.name.clone()),
        text(&|l| l.title.clone()),
        text(&|l| l.description.clone()),
        text(&|l| l.category.to_string()),
        maybe(&|l| l.period.map(|p| p.to_string())),
        words(&|each| each.listing.metals.clone()),
        words(&|each| each.listing.stones.clone()),
        words(&|each| each.listing.motifs.clone()),
        Arc::new(rows().map(|(l, _)| l.price.map(|p| p.amount())).collect::<Float64Array>()),
        maybe(&|l| l.price.map(|p| p.currency().as_str().to_owned())),
        text(&|l| l.status.to_string()),
        maybe(&|l| l.listed.clone()),
        maybe(&|l| l.url.clone()),
        words(&|each| each.photos.iter().map(|photo| photo.media.to_string()).collect()),
        text(&crate::words::said),
    ];
    Ok(RecordBatch::try_new(schema.clone(), columns)?)
}
