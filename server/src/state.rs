//! What every handler shares.

use crate::{
    config::{LimitsConfig, SiteConfig},
    metrics::Metrics,
    middleware::{Clients, Places},
};
use axum::extract::FromRef;
use catalogue::{Catalogue, Ingest, SearchService};
use encoder::EncoderQueue;
use leptos::config::LeptosOptions;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Everything that a request may need; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

struct Shared {
    service: SearchService,
    ingest: Ingest,
    encoder: EncoderQueue,
    site: SiteConfig,
    limits: LimitsConfig,
    metrics: Metrics,
    clients: Clients,
    places: Places,
    stopping: AtomicBool,
}

impl AppState {
    /// Puts the parts together: all of one catalogue and one model; `encoder` is the queue that `service` searches with.
    pub fn new(
        service: SearchService,
        ingest: Ingest,
        encoder: EncoderQueue,
        site: SiteConfig,
        limits: LimitsConfig,
    ) -> Self {
        Self(Arc::new(Shared {
            clients: Clients::new(limits.searches_per_minute, limits.trusted_proxies),
            places: Places::new(limits.requests_at_once),
            metrics: Metrics::new(),
            stopping: AtomicBool::new(false),
            service,
            ingest,
            encoder,
            site,
            limits,
        }))
    }

    /// The one way to search.
    pub fn service(&self) -> &SearchService {
        &self.0.service
    }

    /// The table.
    pub fn catalogue(&self) -> &Catalogue {
        self.0.service.catalogue()
    }

    /// How single listings are taken in.
    pub fn ingest(&self) -> &Ingest {
        &self.0.ingest
    }

    /// The queue in front of the model.
    pub fn encoder(&self) -> &EncoderQueue {
        &self.0.encoder
    }

    /// How the site is served.
    pub fn site(&self) -> &SiteConfig {
        &self.0.site
    }

    /// How much is taken on.
    pub fn limits(&self) -> &LimitsConfig {
        &self.0.limits
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    pub(crate) fn clients(&self) -> &Clients {
        &self.0.clients
    }

    pub(crate) fn places(&self) -> &Places {
        &self.0.places
    }

    /// From now on `/ready` says no, so that a load balancer sends nobody here any more.
    pub fn stop(&self) {
        self.0.stopping.store(true, Ordering::Relaxed);
    }

    /// Whether the server is on its way out.
    pub fn is_stopping(&self) -> bool {
        self.0.stopping.load(Ordering::Relaxed)
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.0.site.leptos.clone()
    }
}
