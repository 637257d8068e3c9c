//! What `/metrics` counts, in the OpenMetrics text format that Prometheus reads. No label ever holds anything that a shopper
//! or dealer sent: routes are patterns, methods are the known ones.

use axum::http::Method;
use domain::Timings;
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};
use std::{fmt, time::Duration};

/// From a cached file to a slow upload, in seconds.
const REQUEST_BUCKETS: [f64; 11] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];
/// The steps of a search, in seconds.
const STEP_BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabel {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabel {
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StepLabel {
    step: &'static str,
}

/// Readings taken when the metrics are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Readings {
    /// Requests being worked on.
    pub working: usize,
    /// Pictures and texts waiting for the model.
    pub waiting: usize,
}

/// Every metric of one server.
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    durations: Family<RouteLabel, Histogram>,
    steps: Family<StepLabel, Histogram>,
    refused: Family<ReasonLabel, Counter>,
    working: Gauge,
    waiting: Gauge,
}

impl Metrics {
    /// All at zero.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("vitrine");
        let requests = Family::default();
        let durations = Family::new_with_constructor(request_histogram as fn() -> Histogram);
        let steps = Family::new_with_constructor(step_histogram as fn() -> Histogram);
        let refused = Family::default();
        let (working, waiting) = (Gauge::default(), Gauge::default());
        registry.register("requests", "Requests answered", requests.clone());
        registry.register_with_unit("request_duration", "Until the answer began", Unit::Seconds, durations.clone());
        registry.register_with_unit("search_step_duration", "Steps of API searches", Unit::Seconds, steps.clone());
        registry.register("refused", "Requests refused to protect the rest", refused.clone());
        registry.register("requests_working", "Requests being worked on", working.clone());
        registry.register("encoder_waiting", "Pictures and texts waiting for the model", waiting.clone());
        Self { registry, requests, durations, steps, refused, working, waiting }
    }

    /// A request was answered.
    pub fn answered(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let labels = RequestLabels { method: known(method), route: route.to_owned(), status };
        self.requests.get_or_create(&labels).inc();
        self.durations.get_or_create(&RouteLabel { route: route.to_owned() }).observe(took.as_secs_f64());
    }

    /// A search took this.
    pub fn searched(&self, took_ms: &Timings) {
        for (step, ms) in [("decode", took_ms.decode), ("encode", took_ms.encode), ("search", took_ms.search)] {
            self.steps.get_or_create(&StepLabel { step }).observe(ms / 1000.0);
        }
    }

    /// A request was refused to protect the others: "overloaded", "rate" or "time".
    pub fn refused(&self, reason: &'static str) {
        self.refused.get_or_create(&ReasonLabel { reason }).inc();
    }

    /// Everything as text.
    pub fn render(&self, now: Readings) -> Result<String, fmt::Error> {
        self.working.set(i64::try_from(now.working).unwrap_or(i64::MAX));
        self.waiting.set(i64::try_from(now.waiting).unwrap_or(i64::MAX));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

fn request_histogram() -> Histogram {
    Histogram::new(REQUEST_BUCKETS)
}

fn step_histogram() -> Histogram {
    Histogram::new(STEP_BUCKETS)
}

/// A client may invent methods without end; metrics may not grow without end.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_and_steps_are_counted() {
        let metrics = Metrics::new();
        metrics.answered(&Method::GET, "/api/v1/search", 200, Duration::from_millis(12));
        metrics.searched(&Timings { decode: 0.0, encode: 20.0, search: 3.0 });
        metrics.refused("rate");
        let text = metrics.render(Readings { working: 2, waiting: 5 }).unwrap();
        for line in [
            "vitrine_requests_total{method=\"GET\",route=\"/api/v1/search\",status=\"200\"} 1",
            "vitrine_request_duration_seconds_count{route=\"/api/v1/search\"} 1",
            "vitrine_search_step_duration_seconds_bucket{le=\"0.025\",step=\"encode\"} 1",
            "vitrine_refused_total{reason=\"rate\"} 1",
            "vitrine_requests_working 2",
            "vitrine_encoder_waiting 5",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }

    #[test]
    fn invented_methods_share_one_label() {
        assert_eq!(known(&Method::from_bytes(b"BREW").unwrap()), "other");
    }
}
