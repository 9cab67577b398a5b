//! Log lines and metrics.

use std::{io::IsTerminal, panic};

use anyhow::Context as _;
use metrics::{describe_counter, describe_gauge, gauge};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::{
    config::{LogConfig, LogFormat},
    health::VERSION,
    process_metrics,
};

/// Bounds of durations in metrics, seconds: from a call inside the program to a slow join.
const DURATION_BUCKETS: [f64; 12] =
    [0.000_1, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Begins to write log lines to standard error, and makes panics log lines.
///
/// # Errors
/// When the filter cannot be read.
pub fn start_log(config: &LogConfig) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.filter)
        .with_context(|| format!("reading log.filter `{}`", config.filter))?;
    let is_text = match config.format {
        LogFormat::Text => true,
        LogFormat::Json => false,
        LogFormat::Auto => std::io::stderr().is_terminal(),
    };
    let registry = tracing_subscriber::registry().with(filter);
    let layer = fmt::layer().with_writer(std::io::stderr);
    if is_text {
        registry.with(layer.with_ansi(std::io::stderr().is_terminal())).init();
    } else {
        registry.with(layer.json().flatten_event(true)).init();
    }
    panic::set_hook(Box::new(|facts| {
        let place = facts.location().map(ToString::to_string).unwrap_or_default();
        let payload = facts.payload();
        let message = payload
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("a panic without a message");
        tracing::error!(place, error = message, "a task of the server panicked");
    }));
    Ok(())
}

/// Begins to count.
///
/// # Errors
/// When something counts already.
pub fn start_metrics() -> anyhow::Result<PrometheusHandle> {
    let handle = PrometheusBuilder::new()
        .set_buckets(&DURATION_BUCKETS)
        .and_then(PrometheusBuilder::install_recorder)
        .context("starting metrics")?;
    describe_gauge!("jumpa_build_info", "Always 1; the labels say which build runs.");
    gauge!("jumpa_build_info", "version" => VERSION).set(1.0);
    describe_counter!("jumpa_http_responses_total", "Answers to HTTP requests, by status.");
    describe_gauge!("jumpa_http_connections", "Open connections, WebSockets included.");
    describe_gauge!("jumpa_directory_apps", "Apps that admission knows.");
    describe_gauge!("jumpa_directory_keys", "Active signing keys that admission knows.");
    describe_gauge!("jumpa_database_up", "Whether the database answered at the last look.");
    process_metrics::describe();
    Ok(handle)
}
