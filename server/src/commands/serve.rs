//! `vitrine serve`

use super::open;
use crate::{
    config::{Config, settings::LogFormat},
    listen::{self, End},
    output, routes,
    state::AppState,
};
use anyhow::{Context, Result, bail};
use catalogue::Catalogue;
use std::{io, path::Path, time::Instant};
use tokio::{net::TcpListener, signal};

/// Serves until told to stop, then lets the requests in flight finish.
pub async fn run(config: Config) -> Result<u8> {
    // The port first: whoever mistypes it should not wait for the model to load.
    let listener = bind(&config).await?;
    let site = Path::new(&*config.site.leptos.site_root);
    if !site.is_dir() {
        tracing::warn!(
            folder = %site.display(),
            "the built site is not there: pages come without style and scripts. Build it with scripts/build-web.sh, or say where it is with --site"
        );
    }
    let opened = open::everything(&config).await?;
    let counts = opened.catalogue.count().await.context("cannot read the catalogue")?;
    let address = listener.local_addr().context("cannot tell the address that is listened on")?;
    tracing::info!(
        address = %format!("http://{address}"),
        model = opened.bundle.id(),
        device = ?opened.encoder.device(),
        listings = counts.listings,
        photos = counts.photos,
        data = %config.places.data.display(),
        changes = if config.site.admin_token.is_some() { "with the administrator's token" } else { "none over the network" },
        "serving"
    );
    if counts.listings == 0 && config.log.format == LogFormat::Text {
        output::note(format!(
            "The catalogue is empty. Fill it with: vitrine ingest LISTINGS --data {}",
            config.places.data.display()
        ));
    }
    warm(opened.catalogue.clone());
    let state =
        AppState::new(opened.service(), opened.ingest(), opened.queue.clone(), config.site, config.limits.clone());
    let router = routes::router(state.clone());
    let stopping = async {
        stop_signal().await;
        state.stop();
        tracing::info!(seconds = config.limits.shutdown_time.as_secs(), "stopping: requests in flight may finish");
    };
    match listen::serve(listener, router, &config.limits, stopping).await {
        End::Finished => tracing::info!("stopped"),
        End::CutShort => tracing::warn!("stopped; some requests had to be cut short"),
    }
    Ok(crate::DONE)
}

/// Reads what searches need into memory while the first requests are answered without.
fn warm(catalogue: Catalogue) {
    tokio::spawn(async move {
        let began = Instant::now();
        match catalogue.warm().await {
            Ok(true) => tracing::info!(seconds = began.elapsed().as_secs_f32(), "the catalogue is in memory"),
            Ok(false) => {
                tracing::info!(
                    "the catalogue takes more memory than it may (--memory): searches ask the table, and take longer"
                );
            }
            Err(error) => tracing::warn!(%error, "the catalogue could not be read into memory: searches ask the table"),
        }
    });
}

async fn bind(config: &Config) -> Result<TcpListener> {
    let address = config.site.address;
    match TcpListener::bind(address).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => bail!(
            "cannot serve on {address}: something else already listens there. Stop it, or choose another port: --address {}:{}",
            address.ip(),
            address.port().checked_add(1).unwrap_or(8080)
        ),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => bail!(
            "cannot serve on {address}: not allowed. Ports below 1024 need special rights; choose another with --address"
        ),
        Err(error) => Err(error).with_context(|| format!("cannot serve on {address}")),
    }
}

/// Ctrl-C, or what a service manager sends.
async fn stop_signal() {
    let interrupt = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut stream) => {
                stream.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
