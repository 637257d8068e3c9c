//! What taking in promises, with a real model: bad lines are told and passed over, nothing is read outside the photos folder, nothing
//! unchanged is encoded or written again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

mod common;

use arrow_array::{ArrayRef, Date32Array, Float64Array, ListArray, RecordBatch, StringArray};
use catalogue::{Catalogue, Ingest, IngestError, IngestReport, ModelStamp, PhotoError, Progress, Upload};
use common::{jpeg, listing, tiny, write_lines};
use domain::{ListingId, Vector, limits};
use parquet::arrow::ArrowWriter;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use tempfile::TempDir;

struct Shop {
    folder: TempDir,
    ingest: Ingest,
}

impl Shop {
    /// A catalogue of the tiny model, and a folder of photos 0.jpg to 5.jpg.
    async fn open() -> Option<Self> {
        let (bundle, encoder) = tiny()?;
        let folder = tempfile::tempdir().unwrap();
        let catalogue = Catalogue::open(&folder.path().join("data"), &ModelStamp::of(&bundle)).await.unwrap();
        fs::create_dir(folder.path().join("photos")).unwrap();
        for seed in 0..6 {
            fs::write(folder.path().join(format!("photos/{seed}.jpg")), jpeg(seed)).unwrap();
        }
        Some(Self { folder, ingest: Ingest::new(catalogue, encoder) })
    }

    fn photos(&self) -> PathBuf {
        self.folder.path().join("photos")
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    async fn run(&self, file: &Path) -> IngestReport {
        self.ingest.run(file, &self.photos(), &mut |_| {}).await.unwrap()
    }

    async fn run_lines(&self, lines: &[String]) -> IngestReport {
        self.run(&write_lines(self.path(), "listings.jsonl", lines)).await
    }

    async fn vectors(&self, id: &str) -> Vec<Vector> {
        self.ingest.catalogue().photo_vectors(&ListingId::new(id).unwrap()).await.unwrap()
    }

    async fn has(&self, id: &str) -> bool {
        self.ingest.catalogue().listing(&ListingId::new(id).unwrap()).await.unwrap().is_some()
    }
}

fn line(id: &str, photos: &[&str]) -> String {
    serde_json::to_string(&listing(id, |json| json["photos"] = serde_json::json!(photos))).unwrap()
}

#[tokio::test]
async fn good_lines_go_in_and_bad_ones_are_told_by_number_and_reason() {
    let Some(shop) = Shop::open().await else { return };
    let photos = shop.photos();
    fs::write(photos.join("text.jpg"), "this is not a picture").unwrap();
    fs::write(photos.join("empty.jpg"), "").unwrap();
    fs::write(photos.join("cut.jpg"), &jpeg(9)[..200]).unwrap();
    fs::File::create(photos.join("heavy.jpg")).unwrap().set_len(limits::PICTURE_BYTES as u64 + 1).unwrap();
    fs::create_dir(photos.join("folder.jpg")).unwrap();
    let mut enormous = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x75\x30\0\0\x75\x30\x08\x02\0\0\0".to_vec();
    enormous.extend([0; 64]);
    fs::write(photos.join("enormous.png"), enormous).unwrap();
    fs::write(shop.path().join("secret.jpg"), jpeg(7)).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(shop.path().join("secret.jpg"), photos.join("link.jpg")).unwrap();

    let long = "x".repeat(limits::LINE_BYTES);
    let cases: Vec<(String, &str)> = vec![
        (line("good", &["0.jpg", "1.jpg"]), ""),
        (r#"{"id":"broken","dealer":"#.into(), "not valid JSON"),
        (String::new(), ""),
        (r#"{"id":"few"}"#.into(), "missing field"),
        (line("climbs", &["../secret.jpg"]), "leads out of"),
        (line("absolute", &["/etc/passwd"]), "leads out of"),
        (line("link", &["link.jpg"]), "leads out of"),
        (line("missing", &["0.jpg", "none.jpg"]), "no such file"),
        (line("folder", &["folder.jpg"]), "not a file"),
        (line("text", &["text.jpg"]), "not a JPEG, PNG or WebP"),
        (line("empty", &["empty.jpg"]), "empty"),
        (line("cut", &["1.jpg", "cut.jpg"]), "damaged or incomplete"),
        (line("heavy", &["heavy.jpg"]), "larger than 10 MB"),
        (line("enormous", &["enormous.png"]), "30000 by 30000"),
        (format!("{{\"id\":\"{long}\"}}"), "longer than"),
        ("\u{1b}[31mred".into(), "not valid JSON"),
        (line("last", &["2.jpg"]), ""),
    ];
    let lines: Vec<String> = cases.iter().map(|(line, _)| line.clone()).collect();
    let report = shop.run_lines(&lines).await;
    assert_eq!((report.listings, report.photos_encoded, report.unchanged), (2, 3, 0), "{report:?}");
    let bad: Vec<(u64, &str)> =
        cases.iter().zip(1..).filter(|((_, reason), _)| !reason.is_empty()).map(|((_, r), n)| (n, *r)).collect();
    assert_eq!(report.skipped_count as usize, bad.len());
    let mut skipped = report.skipped.clone();
    skipped.sort_by_key(|skipped| skipped.line);
    for (skipped, (number, reason)) in skipped.iter().zip(bad) {
        assert_eq!(skipped.line, number, "{skipped:?}");
        assert!(skipped.reason.contains(reason), "{skipped:?} should say {reason}");
        assert!(skipped.reason.len() < 2_000 && !skipped.reason.contains('\u{1b}'));
    }
    assert!(shop.has("good").await && shop.has("last").await && !shop.has("cut").await);
    assert!(shop.ingest.catalogue().check().await.unwrap().is_whole());
}

#[tokio::test]
async fn what_has_not_changed_is_not_encoded_or_written_again() {
    let Some(shop) = Shop::open().await else { return };
    let lines = vec![line("a", &["0.jpg", "1.jpg"]), line("b", &["2.jpg"]), line("c", &["3.jpg"])];
    let first = shop.run_lines(&lines).await;
    assert_eq!((first.listings, first.photos_encoded, first.photos_reused), (3, 4, 0));
    let written = fs::read_dir(shop.path().join("data/photos.lance/_versions")).unwrap().count();

    let again = shop.run_lines(&lines).await;
    assert_eq!((again.listings, again.unchanged, again.photos_encoded, again.photos_reused), (0, 3, 0, 4));
    assert_eq!(fs::read_dir(shop.path().join("data/photos.lance/_versions")).unwrap().count(), written);

    // A new price writes the listing but encodes nothing, nor does another order of its photos; the same bytes under another name are the
    // same photo.
    fs::copy(shop.photos().join("0.jpg"), shop.photos().join("renamed.jpg")).unwrap();
    let before = shop.vectors("a").await;
    let dearer = lines[1].replace("4250", "9999");
    let changed = vec![line("a", &["1.jpg", "renamed.jpg"]), dearer, lines[2].clone()];
    let report = shop.run_lines(&changed).await;
    assert_eq!((report.listings, report.unchanged, report.photos_encoded, report.photos_reused), (2, 1, 0, 4));
    assert_eq!(shop.vectors("a").await, [before[1].clone(), before[0].clone()]);
    // A new photo changes what the others lean to.
    let report = shop.run_lines(&[line("a", &["0.jpg", "1.jpg", "4.jpg"])]).await;
    assert_eq!((report.listings, report.photos_encoded, report.photos_reused), (1, 3, 0));
    assert!(shop.ingest.catalogue().check().await.unwrap().is_whole());
}

#[tokio::test]
async fn a_listings_photos_lean_to_each_other_however_it_comes_in() {
    let Some(shop) = Shop::open().await else { return };
    shop.run_lines(&[line("one", &["0.jpg"]), line("other", &["1.jpg"]), line("both", &["0.jpg", "1.jpg"])]).await;
    let (one, other, both) = (shop.vectors("one").await, shop.vectors("other").await, shop.vectors("both").await);
    assert!(both[0].cosine(&one[0]) < 0.9999 && both[0].cosine(&one[0]) > both[1].cosine(&one[0]));
    assert!(both[0].cosine(&other[0]) > one[0].cosine(&other[0]) && both[1].cosine(&one[0]) > one[0].cosine(&other[0]));
    let uploads = (0..2).map(|seed| Upload { name: seed.to_string(), bytes: jpeg(seed) }).collect();
    let mut put = listing("put", |_| {});
    put.photos.clear();
    shop.ingest.put(put, uploads).await.unwrap();
    for (put, both) in shop.vectors("put").await.iter().zip(&both) {
        assert!(put.cosine(both) > 0.99999);
    }
}

#[tokio::test]
async fn an_ingest_cut_short_goes_on_where_it_was() {
    let Some(shop) = Shop::open().await else { return };
    let lines: Vec<String> = (0..80).map(|n| line(&format!("l-{n}"), &[&format!("{}.jpg", n % 6)])).collect();
    let file = write_lines(shop.path(), "listings.jsonl", &lines);
    let (sender, mut stopped) = tokio::sync::mpsc::unbounded_channel();
    let (ingest, photos, listings) = (shop.ingest.clone(), shop.photos(), file.clone());
    let run = tokio::spawn(async move {
        let mut after_each = |progress: Progress| sender.send(progress).unwrap_or_default();
        ingest.run(&listings, &photos, &mut after_each).await.unwrap();
    });
    let progress = stopped.recv().await.unwrap();
    run.abort();
    drop(run.await);
    assert!(progress.lines >= 32 && progress.bytes_total > 0 && progress.bytes_read > 0, "{progress:?}");
    let report = shop.run(&file).await;
    assert!(report.unchanged >= 32, "{report:?}");
    assert_eq!(report.listings + report.unchanged, 80);
    assert_eq!(shop.ingest.catalogue().count().await.unwrap().listings, 80);
}

#[tokio::test]
async fn an_id_that_comes_again_is_told_and_the_last_line_counts() {
    let Some(shop) = Shop::open().await else { return };
    let first = line("a", &["0.jpg"]);
    let lines =
        vec![first.clone(), line("b", &["1.jpg"]), first.replace("Ring a", "Second"), first.replace("Ring a", "Third")];
    let report = shop.run_lines(&lines).await;
    assert_eq!(report.repeated_count, 2);
    assert_eq!(
        report.repeated.iter().map(|again| (again.line, again.id.as_str())).collect::<Vec<_>>(),
        [(3, "a"), (4, "a")]
    );
    let stored = shop.ingest.catalogue().listing(&ListingId::new("a").unwrap()).await.unwrap().unwrap();
    assert_eq!(stored.title, "Third");
}

#[tokio::test]
async fn csv_reads_as_json_lines_do() {
    let Some(shop) = Shop::open().await else { return };
    let csv = "\u{feff}id,dealer_id,dealer.name,title,description,category,period,metals,stones,motifs,price.amount,price.currency,\
               status,listed,url,photos,colour\r\n\
               a,hb,\"Hartley, & Bow\",\"A \"\"fine\"\" ring\",\"Two\nlines\",Ring,art deco,Platinum; gold,emerald;diamond,,4250,gbp,\
               reserved,2026-05-01,https://example.com,0.jpg; 1.jpg,red\r\n\
               \r\n\
               b,hb,,Plain,,brooch,,,,,,,,,,2.jpg,\r\n\
               c,hb,,Short\r\n\
               d,hb,,Bad,,tiara,,,,,,,,,,2.jpg,\r\n\
               e,hb,,Dear,,ring,,,,,lots,,,,,2.jpg,\r\n\
               f,hb,,Last,,ring,,,,,,,,,,3.jpg,";
    let file = shop.path().join("listings.CSV");
    fs::write(&file, csv).unwrap();
    let report = shop.run(&file).await;
    assert_eq!((report.listings, report.photos_encoded), (3, 4), "{report:?}");
    assert_eq!(report.ignored_columns, ["colour"]);
    let skipped: Vec<(u64, Option<&str>)> = report.skipped.iter().map(|s| (s.line, s.id.as_deref())).collect();
    assert_eq!(skipped, [(6, None), (7, Some("d")), (8, Some("e"))], "{:?}", report.skipped);
    assert!(report.skipped[1].reason.contains("tiara") && report.skipped[2].reason.contains("price.amount"));
    let a = shop.ingest.catalogue().listing(&ListingId::new("a").unwrap()).await.unwrap().unwrap();
    assert_eq!((a.title.as_str(), a.description.as_str()), ("A \"fine\" ring", "Two\nlines"));
    assert_eq!(a.dealer.name, "Hartley, & Bow");
    assert_eq!(
        (a.metals, a.price.map(|price| price.to_string())),
        (vec!["platinum".into(), "gold".into()], Some("£4,250".into()))
    );
    assert_eq!((a.photos.len(), a.status.as_str(), a.period.map(|p| p.as_str())), (2, "reserved", Some("Art Deco")));
}

/// A Parquet file of these columns.
fn write_parquet(path: &Path, columns: Vec<(&str, ArrayRef)>) {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)));
    let batch = batch.unwrap();
    let mut writer = ArrowWriter::try_new(fs::File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn texts(texts: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(texts.to_vec()))
}

#[tokio::test]
async fn parquet_reads_as_csv_does() {
    let Some(shop) = Shop::open().await else { return };
    let photos =
        Arc::new(ListArray::from_iter_primitive::<arrow_array::types::Int32Type, _, _>(vec![Some(vec![Some(1)]); 3]));
    let columns = vec![
        ("id", texts(&[Some("a"), Some("b"), Some("c")])),
        ("dealer_id", texts(&[Some("hb"), Some("hb"), None])),
        ("dealer_name", texts(&[Some("Hartley & Bow"), None, None])),
        ("Title", texts(&[Some("A \"fine\" ring"), Some("Plain"), Some("Nobody's")])),
        ("category", texts(&[Some("ring"), Some("tiara"), Some("ring")])),
        ("metals", texts(&[Some("platinum; gold"), None, None])),
        ("price", Arc::new(Float64Array::from(vec![Some(4250.0), None, None])) as ArrayRef),
        ("listed", Arc::new(Date32Array::from(vec![Some(20_574), None, None])) as ArrayRef),
        ("photos", texts(&[Some("0.jpg;1.jpg"), Some("2.jpg"), Some("2.jpg")])),
        ("views", photos as ArrayRef),
    ];
    let file = shop.path().join("listings.parquet");
    write_parquet(&file, columns);
    let report = shop.run(&file).await;
    assert_eq!((report.listings, report.photos_encoded), (1, 2), "{report:?}");
    assert_eq!(report.ignored_columns, ["views"]);
    let skipped: Vec<(u64, Option<&str>)> = report.skipped.iter().map(|s| (s.line, s.id.as_deref())).collect();
    assert_eq!(skipped, [(2, Some("b")), (3, Some("c"))], "{:?}", report.skipped);
    let a = shop.ingest.catalogue().listing(&ListingId::new("a").unwrap()).await.unwrap().unwrap();
    assert_eq!((a.title.as_str(), a.dealer.name.as_str()), ("A \"fine\" ring", "Hartley & Bow"));
    assert_eq!((a.metals.join(","), a.listed.as_deref()), ("platinum,gold".into(), Some("2026-05-01")));
    assert_eq!((a.price.map(|price| price.to_string()), a.photos.len()), (Some("£4,250".into()), 2));
    // Read again, nothing has changed.
    assert_eq!(shop.run(&file).await.unchanged, 1);
}

#[tokio::test]
async fn a_csv_record_without_end_is_passed_over_in_bounded_memory() {
    let Some(shop) = Shop::open().await else { return };
    let header = "id,dealer.id,title,category,photos\n";
    let huge = "y".repeat(3 * limits::LINE_BYTES);
    let file = shop.path().join("listings.csv");
    fs::write(
        &file,
        format!("{header}a,hb,A,ring,0.jpg\nb,hb,{huge},ring,1.jpg\nc,hb,C,ring,2.jpg\nd,hb,\"open,ring,3.jpg\n"),
    )
    .unwrap();
    let report = shop.run(&file).await;
    assert_eq!(report.listings, 2, "{report:?}");
    assert_eq!(report.skipped.iter().map(|skipped| skipped.line).collect::<Vec<_>>(), [3, 5]);
    assert!(report.skipped[0].reason.contains("longer than"), "{report:?}");
}

#[tokio::test]
async fn files_that_are_not_listings_are_refused_as_a_whole() {
    let Some(shop) = Shop::open().await else { return };
    let run = async |file: &str, photos: &Path| {
        shop.ingest.run(&shop.path().join(file), photos, &mut |_| {}).await.unwrap_err()
    };
    let photos = shop.photos();
    fs::write(shop.path().join("listings.xlsx"), "PK").unwrap();
    let error = run("listings.xlsx", &photos).await;
    assert!(matches!(error, IngestError::Format { .. }) && error.to_string().contains(".parquet"), "{error}");
    fs::write(shop.path().join("cut.parquet"), "PAR1").unwrap();
    let error = run("cut.parquet", &photos).await;
    assert!(matches!(error, IngestError::Header { .. }) && error.to_string().contains("not a Parquet file"), "{error}");
    write_parquet(&shop.path().join("other.parquet"), vec![("id", texts(&[Some("a")]))]);
    let error = run("other.parquet", &photos).await;
    assert!(error.to_string().contains("missing: dealer.id, title, category, photos"), "{error}");
    assert!(matches!(run("none.jsonl", &photos).await, IngestError::File { .. }));
    fs::write(shop.path().join("bad.csv"), "a;b;c\n1;2;3\n").unwrap();
    let error = run("bad.csv", &photos).await;
    assert!(
        matches!(error, IngestError::Header { .. }) && error.to_string().contains("missing: id, dealer.id"),
        "{error}"
    );
    fs::write(shop.path().join("empty.csv"), "").unwrap();
    assert!(matches!(run("empty.csv", &photos).await, IngestError::Header { .. }));
    fs::write(shop.path().join("good.jsonl"), "").unwrap();
    assert!(matches!(run("good.jsonl", Path::new("/no/such/folder")).await, IngestError::File { .. }));
    assert_eq!(shop.run(&shop.path().join("good.jsonl")).await, IngestReport::default());
}

#[tokio::test]
async fn one_listing_is_put_with_photos_sent_along_or_already_here() {
    let Some(shop) = Shop::open().await else { return };
    let upload = |name: &str, seed| Upload { name: name.into(), bytes: jpeg(seed) };
    let sent = listing("a", |json| json["photos"] = serde_json::json!(["front", "back"]));
    let stored = shop.ingest.put(sent.clone(), vec![upload("back", 1), upload("front", 0)]).await.unwrap();
    assert_eq!(stored.photos.len(), 2);
    assert_eq!(shop.ingest.catalogue().listing(&stored.id).await.unwrap().as_ref(), Some(&stored));
    let front = shop.ingest.catalogue().media(stored.photos[0].strip_prefix("/media/").unwrap()).unwrap();
    assert_eq!(fs::read(front).unwrap(), jpeg(0));

    // Sent back as it was answered, changed in a word, with one photo more.
    let mut changed = stored.clone();
    changed.title = "Changed".into();
    changed.photos.push("side".into());
    let again = shop.ingest.put(changed, vec![upload("side", 2)]).await.unwrap();
    assert_eq!((again.photos[..2].to_vec(), again.photos.len()), (stored.photos.clone(), 3));
    // Another listing may use a photo that is here, and one that names none has all that were sent.
    let mut other = listing("b", |_| {});
    other.photos = vec![again.photos[2].clone()];
    shop.ingest.put(other, vec![]).await.unwrap();
    let mut bare = listing("c", |_| {});
    bare.photos.clear();
    assert_eq!(shop.ingest.put(bare.clone(), vec![upload("x", 3), upload("y", 4)]).await.unwrap().photos.len(), 2);
    assert!(shop.ingest.catalogue().check().await.unwrap().is_whole());

    // What cannot be used is the sender's fault, and changes nothing.
    let unknown = format!("/media/{}.jpg", "0".repeat(64));
    for (photos, uploads) in [
        (vec!["front".to_owned()], vec![]),
        (vec![unknown], vec![]),
        (vec!["../../etc/passwd".to_owned()], vec![]),
        (vec!["x".to_owned()], vec![Upload { name: "x".into(), bytes: b"text".to_vec() }]),
        (vec!["x".to_owned()], vec![Upload { name: "x".into(), bytes: jpeg(1)[..150].to_vec() }]),
        (vec![], vec![]),
        (vec![], (0..25).map(|n| upload(&n.to_string(), n)).collect()),
    ] {
        let mut wrong = listing("a", |_| {});
        wrong.photos = photos;
        let error = shop.ingest.put(wrong, uploads).await.unwrap_err();
        assert!(error.is_callers_fault(), "{error}");
        assert!(!matches!(error, IngestError::Photo { source: PhotoError::Unreadable(_), .. }));
    }
    assert_eq!(shop.ingest.catalogue().listing(&stored.id).await.unwrap().unwrap(), again);
}
