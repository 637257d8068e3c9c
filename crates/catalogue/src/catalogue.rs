//! A catalogue: a data folder with the table of photos, the photos themselves and the writer's lock.

use crate::{
    CatalogueError, Counts, EncodedListing, EncodedPhoto, MaintainOptions, MaintainReport, MediaName, ModelStamp, Page,
    durable, facets,
    lock::WriterLock,
    maintain,
    media::MediaFolder,
    narrow::{self, Narrowing},
    resident::{Resident, Residents},
    rows::Rows,
    schema::{self, TABLE, column},
    summary::{Summaries, Summary},
    thumbnails::{ThumbnailFormat, Thumbnails},
    writer::{Task, Writer},
};
use arrow_array::RecordBatch;
use domain::{DealerSummary, Facets, Filters, Listing, ListingId, ListingPage, Sort, Vector, limits};
use futures::TryStreamExt;
use imaging::Format;
use lancedb::{
    Table,
    expr::DfExpr,
    query::{ColumnOrdering, ExecutableQuery, QueryBase, Select},
};
use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::sync::{mpsc, oneshot};

/// Ids that one question to the table names at most.
const ASKED_AT_ONCE: usize = 1_000;

/// How a catalogue is opened.
#[derive(Debug, Clone, Copy)]
pub struct OpenOptions {
    /// How long a write waits for another process to let go of the writer's lock.
    pub lock_wait: Duration,
    /// Most memory, in bytes, for a copy of what searches read, with which they are exact and quicker: five bytes a dimension
    /// and some thousand for every photo. A catalogue for which that is not enough is searched by the table's index.
    pub in_memory: usize,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self { lock_wait: Duration::from_secs(30), in_memory: 2 << 30 }
    }
}

/// An open catalogue. Clones share it; each may be used from any thread. Reads see what other processes have written.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// For reading only: the writer has its own, on a connection that flushes to the disk.
    table: Table,
    model: Arc<ModelStamp>,
    media: MediaFolder,
    thumbnails: Thumbnails,
    tasks: mpsc::Sender<Task>,
    summaries: Arc<Summaries>,
    residents: Arc<Residents>,
}

impl Catalogue {
    /// Opens the catalogue in `folder` for this model; creates an empty one where there is none. A table made with another
    /// model, or a folder that has lost its table, is an error that says what to do.
    pub async fn open(folder: &Path, model: &ModelStamp) -> Result<Self, CatalogueError> {
        Self::open_with(folder, model, OpenOptions::default()).await
    }

    /// [`Catalogue::open`] with options.
    pub async fn open_with(folder: &Path, model: &ModelStamp, options: OpenOptions) -> Result<Self, CatalogueError> {
        let broken = |reason: String| CatalogueError::Broken { folder: folder.to_owned(), reason };
        if model.dimension == 0 || model.dimension > limits::VECTOR_DIMENSION {
            return Err(broken(format!("the model's vectors have {} dimensions", model.dimension)));
        }
        durable::create_folder(folder).map_err(CatalogueError::folder(folder))?;
        let folder = &folder.canonicalize().map_err(CatalogueError::folder(folder))?;
        let uri = folder.to_str().ok_or_else(|| broken("its path is not valid UTF-8; move it to another".into()))?;
        let media = MediaFolder::new(folder);
        let lock = WriterLock::new(folder, options.lock_wait);

        let reading = durable::reading(uri).await?;
        let table = match reading.open_table(TABLE).execute().await {
            Ok(table) => table,
            Err(lancedb::Error::TableNotFound { .. }) => {
                create(folder, uri, model, &media, &lock).await?;
                reading.open_table(TABLE).execute().await?
            }
            Err(error) => {
                return Err(broken(format!("its table cannot be opened ({error}); restore it from a backup")));
            }
        };
        let schema = table.schema().await?;
        let stamp = schema::stamp(&schema).map_err(broken)?;
        if stamp != *model {
            return Err(CatalogueError::OtherModel { table: stamp, given: model.clone() });
        }
        if !media.exists() {
            media.create()?;
        }
        let thumbnails = Thumbnails::new(folder);
        let writer = Writer {
            table: durable::writing(uri).await?.open_table(TABLE).execute().await?,
            schema: schema::schema(model),
            media: media.clone(),
            thumbnails: thumbnails.clone(),
            lock,
        };
        Ok(Self {
            table,
            residents: Arc::new(Residents::new(options.in_memory, stamp.dimension)),
            model: Arc::new(stamp),
            media,
            thumbnails,
            tasks: writer.start(),
            summaries: Arc::new(Summaries::default()),
        })
    }

    /// The model whose vectors the table holds.
    pub fn model(&self) -> &ModelStamp {
        &self.model
    }

    /// The table as it is now, and stays for whoever holds this: several queries of one answer see the same version.
    pub(crate) async fn snapshot(&self) -> Result<Table, CatalogueError> {
        Ok(self.table.query_snapshot().await?)
    }

    pub(crate) fn media_folder(&self) -> &MediaFolder {
        &self.media
    }

    /// Listings that the filters let through, newest first (undated ones last), equals in order of their ids.
    pub async fn browse(&self, filters: &Filters, page: Page) -> Result<ListingPage, CatalogueError> {
        self.browse_sorted(filters, Sort::Newest, page).await
    }

    /// [`Catalogue::browse`] in another order: with nothing to compare with, the closest are the newest.
    pub async fn browse_sorted(
        &self,
        filters: &Filters,
        sort: Sort,
        page: Page,
    ) -> Result<ListingPage, CatalogueError> {
        let snapshot = self.snapshot().await?;
        let predicate = Narrowing::of(filters).predicate().and(narrow::first_photos());
        let total = count(&snapshot, &predicate).await?;
        let first = match sort {
            Sort::Closest | Sort::Newest => ColumnOrdering::desc_nulls_last(column::LISTED.into()),
            Sort::PriceUp => ColumnOrdering::asc_nulls_last(column::PRICE.into()),
            Sort::PriceDown => ColumnOrdering::desc_nulls_last(column::PRICE.into()),
        };
        let order = vec![first, ColumnOrdering::asc_nulls_last(column::LISTING.into())];
        let query = snapshot
            .query()
            .only_if_expr(predicate)
            .order_by(Some(order))
            .offset(page.offset())
            .limit(page.limit())
            .select(Select::columns(&[column::LISTING, column::LISTED, column::PRICE]))
            .with_row_id();
        let mut places = Vec::new();
        for batch in collect(&query).await? {
            for row in 0..batch.num_rows() {
                places.push(Rows(&batch).row_id(row)?);
            }
        }
        let listings = take_listings(&snapshot, &places).await?;
        Ok(ListingPage { listings, total, more: page.end() < total })
    }

    /// One listing, its photos as addresses under /media/.
    pub async fn listing(&self, id: &ListingId) -> Result<Option<Listing>, CatalogueError> {
        let predicate = narrow::listings(std::iter::once(id)).and(narrow::first_photos());
        let query =
            self.table.query().only_if_expr(predicate).limit(1).select(Select::columns(&column::LISTING_COLUMNS));
        let batches = collect(&query).await?;
        batches.iter().find(|batch| batch.num_rows() > 0).map(|batch| Rows(batch).listing(0)).transpose()
    }

    /// Which of these listings there are, sold ones too.
    pub async fn known(&self, ids: &HashSet<ListingId>) -> Result<HashSet<ListingId>, CatalogueError> {
        let ids: Vec<&ListingId> = ids.iter().collect();
        let mut known = HashSet::with_capacity(ids.len());
        for some in ids.chunks(ASKED_AT_ONCE) {
            let predicate = narrow::listings(some.iter().copied()).and(narrow::first_photos());
            let query = self.table.query().only_if_expr(predicate).select(Select::columns(&[column::LISTING]));
            for batch in collect(&query).await? {
                let rows = Rows(&batch);
                for row in 0..batch.num_rows() {
                    known.insert(rows.id(row)?);
                }
            }
        }
        Ok(known)
    }

    /// The vectors of a listing's photos, in order; none where there is no such listing.
    pub async fn photo_vectors(&self, id: &ListingId) -> Result<Vec<Vector>, CatalogueError> {
        let stored = self.stored(std::slice::from_ref(id)).await?;
        Ok(stored.into_values().flat_map(|each| each.photos).map(|photo| photo.vector).collect())
    }

    /// What is stored of these listings, vectors and all.
    pub(crate) async fn stored(&self, ids: &[ListingId]) -> Result<HashMap<ListingId, EncodedListing>, CatalogueError> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let mut columns = column::LISTING_COLUMNS.to_vec();
        columns.push(column::VECTOR);
        let query = self.table.query().only_if_expr(narrow::listings(ids.iter())).select(Select::columns(&columns));
        let mut found: HashMap<ListingId, (Listing, Vec<(i32, EncodedPhoto)>)> = HashMap::new();
        for batch in collect(&query).await? {
            let rows = Rows(&batch);
            for row in 0..batch.num_rows() {
                let photo = (rows.photo(row)?, EncodedPhoto { media: rows.media(row)?, vector: rows.vector(row)? });
                match found.entry(rows.id(row)?) {
                    std::collections::hash_map::Entry::Occupied(mut entry) => entry.get_mut().1.push(photo),
                    std::collections::hash_map::Entry::Vacant(entry) => {
                        entry.insert((rows.listing(row)?, vec![photo]));
                    }
                }
            }
        }
        let in_order = |(id, (listing, mut photos)): (ListingId, (Listing, Vec<(i32, EncodedPhoto)>))| {
            photos.sort_by_key(|(number, _)| *number);
            (id, EncodedListing { listing, photos: photos.into_iter().map(|(_, photo)| photo).collect() })
        };
        Ok(found.into_iter().map(in_order).collect())
    }

    /// Every dealer by name, with the number of their listings, sold ones left out.
    pub async fn dealers(&self) -> Result<Vec<DealerSummary>, CatalogueError> {
        Ok(self.summary().await?.dealers.clone())
    }

    /// The words that listings use, sold ones left out.
    pub async fn facets(&self) -> Result<Facets, CatalogueError> {
        Ok(self.summary().await?.facets.clone())
    }

    /// The words of the listings that the filters let through.
    pub async fn facets_within(&self, filters: &Filters) -> Result<Facets, CatalogueError> {
        if filters.is_empty() {
            return self.facets().await;
        }
        facets::within(&self.snapshot().await?, Narrowing::of(filters).predicate().and(narrow::first_photos())).await
    }

    /// How many listings and photos there are, sold ones included.
    pub async fn count(&self) -> Result<Counts, CatalogueError> {
        Ok(self.summary().await?.counts)
    }

    /// Reads what searches need into memory, and waits until it is there: until then, searches of more than a few thousand photos ask the
    /// table and take longer. False where it is more than [`OpenOptions::in_memory`].
    pub async fn warm(&self) -> Result<bool, CatalogueError> {
        Ok(self.residents.wait_for(&self.snapshot().await?).await?.is_some())
    }

    /// The rows of this snapshot in memory, where they are.
    pub(crate) async fn resident(&self, snapshot: &Table) -> Result<Option<Arc<Resident>>, CatalogueError> {
        self.residents.of(snapshot).await
    }

    pub(crate) async fn recent_summary(&self, snapshot: &Table) -> Result<Arc<Summary>, CatalogueError> {
        self.summaries.recent(snapshot).await
    }

    async fn summary(&self) -> Result<Arc<Summary>, CatalogueError> {
        self.summaries.of(&self.snapshot().await?).await
    }

    /// Stores a photo's bytes in the media folder; on the disk when it returns. Call it before the row that names the photo is
    /// written, and [`imaging::probe`] for the format.
    pub async fn store_photo(&self, bytes: Vec<u8>, format: Format) -> Result<MediaName, CatalogueError> {
        let media = self.media.clone();
        tokio::task::spawn_blocking(move || {
            let name = MediaName::of(&bytes, format);
            media.store(&[(&name, &bytes)])?;
            Ok(name)
        })
        .await
        .map_err(|_| CatalogueError::Closing)?
    }

    /// Puts these listings in the place of what was stored under their ids. All or nothing; on the disk when it returns. Where an
    /// id comes twice, the last counts.
    pub async fn upsert(&self, listings: Vec<EncodedListing>) -> Result<(), CatalogueError> {
        for each in &listings {
            let unfit = |reason: String| CatalogueError::Unfit { id: each.listing.id.clone(), reason };
            if each.photos.is_empty() || each.photos.len() > limits::LISTING_PHOTOS {
                return Err(unfit(format!("it has {} photos, not 1 to {}", each.photos.len(), limits::LISTING_PHOTOS)));
            }
            if let Some(photo) = each.photos.iter().find(|photo| photo.vector.dimension() != self.model.dimension) {
                return Err(CatalogueError::Dimension { table: self.model.dimension, given: photo.vector.dimension() });
            }
        }
        if listings.is_empty() {
            return Ok(());
        }
        self.ask(|answer| Task::Upsert(listings, answer)).await
    }

    /// Removes a listing; on the disk when it returns. False where there was none. Its photos go with a later `maintain`.
    pub async fn delete(&self, id: &ListingId) -> Result<bool, CatalogueError> {
        self.ask(|answer| Task::Delete(id.clone(), answer)).await
    }

    /// Merges small files, builds and updates indexes, prunes old versions, removes photos that nothing names.
    pub async fn maintain(&self) -> Result<MaintainReport, CatalogueError> {
        self.maintain_with(MaintainOptions::default()).await
    }

    /// [`Catalogue::maintain`] with other thresholds.
    pub async fn maintain_with(&self, options: MaintainOptions) -> Result<MaintainReport, CatalogueError> {
        self.ask(|answer| Task::Maintain(options, answer)).await
    }

    async fn ask<T>(
        &self,
        task: impl FnOnce(oneshot::Sender<Result<T, CatalogueError>>) -> Task,
    ) -> Result<T, CatalogueError> {
        let (sender, answer) = oneshot::channel();
        self.tasks.send(task(sender)).await.map_err(|_| CatalogueError::Closing)?;
        answer.await.map_err(|_| CatalogueError::Table("the write ended without an answer".into()))?
    }

    /// The file of a photo by its name (64 hex digits, a dot, and jpg, png or webp); `None` for anything else and where there is
    /// no such file. Never a path outside the media folder.
    pub fn media(&self, name: &str) -> Option<PathBuf> {
        let path = self.media.path(&MediaName::parse(name)?);
        path.is_file().then_some(path)
    }

    /// The file of a photo at most `side` pixels long and high, one of [`limits::PHOTO_SIDES`]: made when first
    /// asked for (upright, in the given form) and kept in `thumbnails`, or the photo's own file where that is the smaller one. `None` as with
    /// [`Catalogue::media`], and for any other side.
    pub async fn thumbnail(
        &self,
        name: &str,
        side: u32,
        format: ThumbnailFormat,
    ) -> Result<Option<PathBuf>, CatalogueError> {
        let photo = MediaName::parse(name).zip(self.media(name));
        match photo.filter(|_| limits::PHOTO_SIDES.contains(&side)) {
            Some((name, photo)) => self.thumbnails.of(&name, photo, side, format).await.map(Some),
            None => Ok(None),
        }
    }

    /// Each photo, by its name, in a few pixels to show until it comes: WebP of some hundred bytes. `None` for a photo whose first thumbnail
    /// has not been made yet, and for what is no photo's name.
    pub async fn blurs(&self, names: Vec<String>) -> Vec<Option<Vec<u8>>> {
        let thumbnails = self.thumbnails.clone();
        let many = names.len();
        let read = move || names.iter().map(|name| thumbnails.blur(&MediaName::parse(name)?)).collect();
        // Without them a page is as it should be, too.
        tokio::task::spawn_blocking(read).await.unwrap_or_else(|_| vec![None; many])
    }
}

/// Creates the empty table, once, whoever comes first.
async fn create(
    folder: &Path,
    uri: &str,
    model: &ModelStamp,
    media: &MediaFolder,
    lock: &WriterLock,
) -> Result<(), CatalogueError> {
    let _held = lock.take().await?;
    let writing = durable::writing(uri).await?;
    if writing.open_table(TABLE).execute().await.is_ok() {
        return Ok(());
    }
    let data = folder.join(format!("{TABLE}.lance")).join("data");
    if media.holds_anything() || std::fs::read_dir(data).is_ok_and(|mut files| files.next().is_some()) {
        let reason =
            "it has photos but its table is gone. Restore the folder from a backup, or ingest into a new one".into();
        return Err(CatalogueError::Broken { folder: folder.to_owned(), reason });
    }
    media.create()?;
    let table = writing.create_empty_table(TABLE, schema::schema(model)).execute().await?;
    // From the first row on, since an index says how words are read (case, accents, endings). What is not in it yet is scanned.
    maintain::index_words(&table).await?;
    for made in [folder.join(format!("{TABLE}.lance")), folder.to_owned()] {
        durable::sync_folder(&made).map_err(CatalogueError::folder(&made))?;
    }
    Ok(())
}

/// How many rows a predicate lets through. Asked of lance itself, as lancedb counts by SQL text only.
pub(crate) async fn count(snapshot: &Table, predicate: &Predicate) -> Result<usize, CatalogueError> {
    let lance = |error| CatalogueError::Table(Box::new(error));
    let native = snapshot.dataset().ok_or_else(|| CatalogueError::Row("the table is not a local one".into()))?;
    let dataset = native.get().await?;
    let mut scan = dataset.scan();
    scan.filter_expr(predicate.clone());
    // Rows of one file system: the number is far below what usize holds.
    Ok(scan.count_rows().await.map_err(lance)? as usize)
}

/// All of a query's rows.
pub(crate) async fn collect(query: &impl ExecutableQuery) -> Result<Vec<RecordBatch>, CatalogueError> {
    Ok(query.execute().await?.try_collect().await?)
}

/// The listings of these rows, in this order.
pub(crate) async fn take_listings(snapshot: &Table, places: &[u64]) -> Result<Vec<Listing>, CatalogueError> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let query = snapshot.take_row_ids(places.to_vec()).select(Select::columns(&column::LISTING_COLUMNS)).with_row_id();
    let mut found = HashMap::new();
    for batch in collect(&query).await? {
        for row in 0..batch.num_rows() {
            found.insert(Rows(&batch).row_id(row)?, Rows(&batch).listing(row)?);
        }
    }
    places
        .iter()
        .map(|place| found.remove(place).ok_or_else(|| CatalogueError::Row("it vanished while it was read".into())))
        .collect()
}

/// Anything that a predicate can be put to, for the modules beside this one.
pub(crate) type Predicate = DfExpr;
