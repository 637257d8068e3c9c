//! Opens what a command works with: the bundle, the model, the catalogue.

use crate::config::{Config, RuntimeConfig, settings::Device};
use anyhow::{Context, Result, bail};
use catalogue::{Catalogue, Ingest, ModelStamp, OpenOptions, SearchService};
use encoder::{Bundle, Encoder, EncoderOptions, EncoderQueue, QueueOptions};
use std::{path::Path, sync::Arc};

/// A catalogue with the model that it was made with.
pub struct Opened {
    /// The bundle.
    pub bundle: Bundle,
    /// The model, loaded.
    pub encoder: Arc<Encoder>,
    /// The queue in front of it.
    pub queue: EncoderQueue,
    /// The table and the photos.
    pub catalogue: Catalogue,
}

impl Opened {
    /// How listings are taken in.
    pub fn ingest(&self) -> Ingest {
        Ingest::new(self.catalogue.clone(), self.encoder.clone())
    }

    /// The one way to search it.
    pub fn service(&self) -> SearchService {
        SearchService::new(self.catalogue.clone(), self.queue.clone(), &self.bundle)
    }
}

/// Opens everything; a data folder that does not exist is made.
pub async fn everything(config: &Config) -> Result<Opened> {
    let bundle = bundle(config)?;
    // The catalogue first: that it was made with another model is known at once, loading the model takes seconds.
    let catalogue = catalogue(config, &bundle).await?;
    let encoder = Arc::new(encoder(&config.runtime, &bundle)?);
    let queue = EncoderQueue::start(
        encoder.clone(),
        QueueOptions { capacity: config.runtime.queue, ..QueueOptions::default() },
    );
    Ok(Opened { bundle, encoder, queue, catalogue })
}

/// The same, for commands that only read: a data folder that does not exist is a mistyped one.
pub async fn existing(config: &Config) -> Result<Opened> {
    must_exist(&config.places.data)?;
    everything(config).await
}

/// The bundle, its files checked against their digests.
pub fn bundle(config: &Config) -> Result<Bundle> {
    bundle_in(&config.places.bundle_folder(), &config.places.models)
}

/// The bundle in a folder.
pub fn bundle_in(folder: &Path, models: &Path) -> Result<Bundle> {
    if !folder.join("model.toml").exists() {
        bail!(
            "cannot find a model bundle in {} (no model.toml). `vitrine model list` shows those in {}; --model chooses one",
            folder.display(),
            models.display()
        );
    }
    Bundle::open(folder).with_context(|| format!("cannot use the model bundle in {}", folder.display()))
}

/// The catalogue, for the bundle's model.
pub async fn catalogue(config: &Config, bundle: &Bundle) -> Result<Catalogue> {
    let folder = &config.places.data;
    let options = OpenOptions { in_memory: config.limits.memory, ..OpenOptions::default() };
    Catalogue::open_with(folder, &ModelStamp::of(bundle), options)
        .await
        .with_context(|| format!("cannot open the catalogue in {}", folder.display()))
}

/// The model.
pub fn encoder(config: &RuntimeConfig, bundle: &Bundle) -> Result<Encoder> {
    let options = EncoderOptions {
        runtime: config.library.clone(),
        threads: config.threads,
        device: match config.device {
            Device::Auto => encoder::Device::Auto,
            Device::Cpu => encoder::Device::Cpu,
            Device::Cuda => encoder::Device::Cuda,
        },
        locate: config.locate,
        ..EncoderOptions::default()
    };
    Encoder::load(bundle, &options).with_context(|| format!("cannot load the model {}", bundle.id()))
}

/// Refuses a data folder that is not there.
pub fn must_exist(data: &Path) -> Result<()> {
    if !data.is_dir() {
        bail!(
            "cannot find the data folder {}. Say where it is with --data, or make one with: vitrine ingest LISTINGS --data {}",
            data.display(),
            data.display()
        );
    }
    Ok(())
}
