//! Counters for Prometheus (`/metrics`).

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

/// What tells requests apart: few values each, so that the number of series stays small.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    /// The route's pattern, not the path asked for.
    route: String,
    method: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

/// All counters of a server.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    seconds: Family<RouteLabels, Histogram>,
    /// Queries being evaluated.
    pub running: Gauge,
    /// Queries that were stopped because their time was over.
    pub timeouts: Counter,
    /// Queries that were stopped because the client had gone.
    pub cancelled: Counter,
    /// Queries that were refused because too many ran.
    pub refused: Counter,
    /// Releases taken in by this process.
    pub ingested: Counter,
    /// Releases in the store.
    pub releases: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("pressgraph");
        let metrics = Self {
            requests: Family::default(),
            // 1 ms to 33 s.
            seconds: Family::new_with_constructor(|| Histogram::new(exponential_buckets(0.001, 2.0, 16))),
            running: Gauge::default(),
            timeouts: Counter::default(),
            cancelled: Counter::default(),
            refused: Counter::default(),
            ingested: Counter::default(),
            releases: Gauge::default(),
            registry: Registry::default(),
        };
        registry.register("http_requests", "Requests answered", metrics.requests.clone());
        registry.register_with_unit(
            "http_request_duration",
            "Time to the head of the answer",
            Unit::Seconds,
            metrics.seconds.clone(),
        );
        registry.register("queries_running", "Queries being evaluated", metrics.running.clone());
        registry.register("queries_timed_out", "Queries stopped by the time limit", metrics.timeouts.clone());
        registry.register("queries_cancelled", "Queries whose client went away", metrics.cancelled.clone());
        registry.register("queries_refused", "Queries refused past the limit", metrics.refused.clone());
        registry.register("releases_ingested", "Releases taken in by this process", metrics.ingested.clone());
        registry.register("releases", "Releases in the store", metrics.releases.clone());
        Self { registry, ..metrics }
    }
}

impl Metrics {
    /// Counts an answer.
    pub fn answered(&self, route: &str, method: &str, status: u16, took: Duration) {
        let labels = RequestLabels { route: route.to_owned(), method: method.to_owned(), status };
        self.requests.get_or_create(&labels).inc();
        self.seconds.get_or_create(&RouteLabels { route: route.to_owned() }).observe(took.as_secs_f64());
    }

    /// All counters in the OpenMetrics text format.
    pub fn text(&self) -> Result<String, std::fmt::Error> {
        let mut out = String::new();
        encode(&mut out, &self.registry)?;
        Ok(out)
    }
}
