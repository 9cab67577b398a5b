//! The operator's own address: metrics and health, away from the public one.

use std::net::SocketAddr;

use axum::{Router, http::header, response::IntoResponse, routing::get};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tracing::warn;

use crate::{config::AdminListen, health::Health, process_metrics};

/// Binds the address. A port that is taken costs the metrics and not the calls.
pub async fn bind(listen: AdminListen) -> Option<(TcpListener, SocketAddr)> {
    let AdminListen::On(address) = listen else { return None };
    let bound = match TcpListener::bind(address).await {
        Ok(listener) => listener.local_addr().map(|local| (listener, local)),
        Err(error) => Err(error),
    };
    bound
        .inspect_err(|error| {
            warn!(
                %error,
                "metrics are not served on {address}; choose another address with --admin-listen"
            );
        })
        .ok()
}

/// `/metrics` in the text format of Prometheus, and health.
pub fn router(metrics: PrometheusHandle, health: Health) -> Router {
    let render = move || async move {
        process_metrics::record();
        metrics.run_upkeep();
        let format = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
        (format, metrics.render()).into_response()
    };
    Router::new().route("/metrics", get(render)).merge(health.router())
}
