//! `vitrine model fetch`: a bundle from where the operator keeps theirs, whole or not at all.
//!
//! A bundle is pinned by the SHA-256 of its `model.toml`, which holds the digests of its other files. Bundles are made once, with `python -m
//! atelier export`, and put on any web server of the operator's; the machines that search fetch them from there.

use super::progress::Shown;
use crate::{cli, config::Config, output};
use anyhow::{Context, Result, bail, ensure};
use encoder::{Bundle, Manifest};
use indicatif::HumanBytes;
use reqwest::{Client, StatusCode, Url};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    time::Duration,
};

/// Largest `model.toml` and model card, in bytes.
const SMALL: u64 = 1024 * 1024;
/// Largest file of a bundle, in bytes, as the encoder has it.
const LARGE: u64 = 2 * 1024 * 1024 * 1024;

/// Where bundles are, by name: `sources.toml` in the models folder.
type Sources = BTreeMap<String, Source>;

/// Where a bundle is, and which.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    /// The folder that holds its files.
    url: String,
    /// SHA-256 of its `model.toml`, in hex.
    digest: Option<String>,
}

/// Fetches a bundle into the models folder. What has arrived of an interrupted fetch is kept and not fetched again.
pub async fn run(config: &Config, options: cli::Fetch) -> Result<u8> {
    let name = options.name.as_str();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    ensure!(
        !name.is_empty() && !name.starts_with('.') && name.chars().all(plain),
        "cannot fetch \"{name}\": a bundle's name is of letters, digits, \"-\", \"_\" and \".\""
    );
    let models = &config.places.models;
    let target = models.join(name);
    if target.join("model.toml").exists() {
        output::line(format!("{name} is here already. Check it with: vitrine model verify {name}"))?;
        return Ok(crate::DONE);
    }
    let source = source(models, &options)?;
    let url = folder_url(&source.url)?;
    let client = Client::builder()
        .connect_timeout(Duration::from_secs(20))
        .read_timeout(Duration::from_secs(60))
        .user_agent(concat!("vitrine/", env!("CARGO_PKG_VERSION")))
        .build()
        .context("cannot fetch anything")?;

    let manifest = get_small(&client, &url, "model.toml").await?;
    let manifest = manifest.with_context(|| format!("cannot fetch {name}: there is no {url}model.toml"))?;
    let digest = hex::encode(Sha256::digest(&manifest));
    match &source.digest {
        Some(wanted) if !wanted.trim().eq_ignore_ascii_case(&digest) => {
            bail!(
                "cannot fetch {name}: {url}model.toml has the SHA-256 {digest}, not {wanted}. It is another bundle, or another version of it"
            )
        }
        Some(_) => {}
        None => output::note(format!("Not pinned. To make sure of the same bundle next time: --digest {digest}")),
    }

    let part = models.join(format!(".{name}.part"));
    prepare(&part, &manifest)?;
    let described = Bundle::read_manifest(&part).with_context(|| format!("cannot use the bundle at {url}"))?;
    for (file, wanted) in files(&described) {
        get_large(&client, &url, &part, &file, &wanted).await?;
    }
    if let Some(card) = get_small(&client, &url, "MODEL_CARD.md").await? {
        write(&part.join("MODEL_CARD.md"), &card)?;
    }
    Bundle::open(&part).with_context(|| format!("cannot use the bundle at {url}"))?;
    fs::rename(&part, &target).with_context(|| format!("cannot put the bundle into {}", target.display()))?;
    sync(models)?;
    output::line(format!("{name} is in {}. Check that it runs with: vitrine model verify {name}", target.display()))?;
    Ok(crate::DONE)
}

/// Where to fetch from: as asked, else as `sources.toml` says.
fn source(models: &Path, options: &cli::Fetch) -> Result<Source> {
    let cli::Fetch { name, from, digest } = options;
    if let Some(url) = from {
        return Ok(Source { url: url.clone(), digest: digest.clone() });
    }
    let path = models.join("sources.toml");
    let known: Sources = match fs::read_to_string(&path) {
        Ok(text) => toml::from_str(&text).with_context(|| format!("cannot read {}", path.display()))?,
        Err(error) if error.kind() == ErrorKind::NotFound => Sources::new(),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    match known.get(name) {
        Some(source) => Ok(Source { digest: digest.clone().or_else(|| source.digest.clone()), ..source.clone() }),
        None => bail!(
            "cannot fetch {name}: {} does not name it. Say where it is with --from https://.../{name}/, or make it with: python -m atelier export \
             (docs/MODELS.md)",
            path.display()
        ),
    }
}

fn folder_url(given: &str) -> Result<Url> {
    let slash = if given.ends_with('/') { "" } else { "/" };
    let url = Url::parse(&format!("{given}{slash}")).with_context(|| format!("cannot fetch from \"{given}\""))?;
    ensure!(
        matches!(url.scheme(), "http" | "https"),
        "cannot fetch from \"{given}\": use http or https; a folder is copied with cp -r"
    );
    Ok(url)
}

/// The bundle's files with their digests, each once.
fn files(manifest: &Manifest) -> BTreeMap<String, String> {
    let files = &manifest.files;
    let all = [&files.image, &files.text, &files.tokenizer].into_iter().chain(&files.locator);
    all.map(|file| (file.name.clone(), file.sha256.clone())).collect()
}

/// The folder for what arrives. What is there of another bundle is removed.
fn prepare(part: &Path, manifest: &[u8]) -> Result<()> {
    let making = || format!("cannot make the folder {}", part.display());
    if fs::read(part.join("model.toml")).is_ok_and(|before| before != manifest) {
        fs::remove_dir_all(part).with_context(making)?;
    }
    fs::create_dir_all(part).with_context(making)?;
    write(&part.join("model.toml"), manifest)
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    sync(path)
}

/// Makes sure that a file or folder is on the disk.
fn sync(path: &Path) -> Result<()> {
    let synced = fs::File::open(path).and_then(|file| file.sync_all());
    synced.with_context(|| format!("cannot write {}", path.display()))
}

/// A small file whole; none where there is none.
async fn get_small(client: &Client, folder: &Url, name: &str) -> Result<Option<Vec<u8>>> {
    let url = folder.join(name)?;
    let getting = || format!("cannot fetch {url}");
    let mut response = client.get(url.clone()).send().await.with_context(getting)?;
    if response.status() == StatusCode::NOT_FOUND {
        return Ok(None);
    }
    ensure!(response.status().is_success(), "cannot fetch {url}: the server answered {}", response.status());
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.with_context(getting)? {
        ensure!((bytes.len() + chunk.len()) as u64 <= SMALL, "cannot fetch {url}: it is larger than {SMALL} bytes");
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes))
}

/// A file of the bundle, unless it is there already.
async fn get_large(client: &Client, folder: &Url, part: &Path, name: &str, wanted: &str) -> Result<()> {
    let path = part.join(name);
    if digest_of(&path)?.is_some_and(|found| found.eq_ignore_ascii_case(wanted)) {
        return Ok(());
    }
    let url = folder.join(name)?;
    let getting = || format!("cannot fetch {url}; what has arrived is kept, so the same command goes on from there");
    let mut response = client.get(url.clone()).send().await.with_context(getting)?;
    ensure!(response.status().is_success(), "cannot fetch {url}: the server answered {}", response.status());
    let all = response.content_length();
    let mut shown = Shown::new("Fetching");
    shown.begin(&all.map_or_else(|| format!("Fetching {name}"), |all| format!("Fetching {name}, {}", HumanBytes(all))));
    let arriving = part.join(format!("{name}.arriving"));
    let writing = || format!("cannot write {}; is the disk full?", arriving.display());
    let mut file = fs::File::create(&arriving).with_context(writing)?;
    let (mut hasher, mut length) = (Sha256::new(), 0_u64);
    while let Some(chunk) = response.chunk().await.with_context(getting)? {
        length += chunk.len() as u64;
        ensure!(length <= LARGE, "cannot fetch {url}: it is larger than {LARGE} bytes");
        hasher.update(&chunk);
        file.write_all(&chunk).with_context(writing)?;
        if let Some(all) = all {
            shown.update(length, all, &format!("{name}: {} of {}", HumanBytes(length), HumanBytes(all)));
        }
    }
    file.sync_all().with_context(writing)?;
    shown.finish();
    let found = hex::encode(hasher.finalize());
    if !found.eq_ignore_ascii_case(wanted) {
        // Nothing to keep: the next try would find the same.
        let _ = fs::remove_file(&arriving);
        bail!("cannot use {url}: its SHA-256 is {found}, and model.toml wants {wanted}");
    }
    fs::rename(&arriving, &path).with_context(writing)
}

/// The SHA-256 of a file, in hex; none where there is none.
fn digest_of(path: &PathBuf) -> Result<Option<String>> {
    let mut file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let mut hasher = Sha256::new();
    std::io::copy(&mut file, &mut hasher).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Some(hex::encode(hasher.finalize())))
}
