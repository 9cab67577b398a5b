//! Whether the server lives, is ready for calls, and which one it is.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{Json, Router, extract::State, http::StatusCode, response::IntoResponse, routing::get};
use jumpa_db::Database;
use serde::Serialize;

/// Version of the program, with the commit when the build was told.
pub const VERSION: &str = match option_env!("JUMPA_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};

/// Says whether every media thread runs.
pub type MediaProbe = Arc<dyn Fn() -> bool + Send + Sync>;

/// What is looked at.
#[derive(Clone)]
pub struct Health {
    database: Database,
    has_media: MediaProbe,
    is_draining: Arc<AtomicBool>,
}

/// The answer of `/readyz`.
#[derive(Serialize)]
struct Readiness {
    is_ready: bool,
    database: bool,
    media: bool,
    is_draining: bool,
}

impl Health {
    /// Of a server that just started.
    pub fn new(database: Database, has_media: MediaProbe) -> Self {
        Self { database, has_media, is_draining: Arc::new(AtomicBool::new(false)) }
    }

    /// From now on the server wants no new calls, or wants them again.
    pub fn set_draining(&self, is_draining: bool) {
        self.is_draining.store(is_draining, Ordering::Relaxed);
    }

    /// `/livez` looks only at the process, so that no supervisor kills calls because a database is
    /// away; `/readyz` looks at everything a new call needs.
    pub fn router(self) -> Router {
        Router::new()
            .route("/livez", get(async || "ok\n"))
            .route("/readyz", get(readyz))
            .route("/version", get(version))
            .with_state(self)
    }
}

async fn readyz(State(health): State<Health>) -> impl IntoResponse {
    let database = match health.database.ping().await {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(%error, "the database does not answer");
            false
        }
    };
    let media = (health.has_media)();
    let is_draining = health.is_draining.load(Ordering::Relaxed);
    let is_ready = database && media && !is_draining;
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { is_ready, database, media, is_draining }))
}

async fn version() -> Json<serde_json::Value> {
    Json(serde_json::json!({ "name": "jumpa", "version": VERSION }))
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request};
    use jumpa_db::MasterKey;
    use tower::ServiceExt as _;

    use super::*;

    async fn health(has_media: bool) -> (Health, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("jumpa.db");
        let database = Database::open(&path, MasterKey::generate()).await.unwrap();
        (Health::new(database, Arc::new(move || has_media)), folder)
    }

    async fn status(health: &Health, path: &str) -> StatusCode {
        let request = Request::get(path).body(Body::empty()).unwrap();
        health.clone().router().oneshot(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn a_whole_server_is_ready() {
        let (health, _folder) = health(true).await;
        assert_eq!(status(&health, "/readyz").await, StatusCode::OK);
    }

    #[tokio::test]
    async fn a_server_without_media_threads_is_not_ready() {
        let (health, _folder) = health(false).await;
        assert_eq!(status(&health, "/readyz").await, StatusCode::SERVICE_UNAVAILABLE);
    }

    #[tokio::test]
    async fn a_server_that_drains_is_not_ready_but_lives() {
        let (health, _folder) = health(true).await;
        health.set_draining(true);
        assert_eq!(status(&health, "/readyz").await, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(status(&health, "/livez").await, StatusCode::OK);
    }

    #[tokio::test]
    async fn a_server_without_database_is_not_ready_but_lives() {
        let (health, _folder) = health(true).await;
        health.database.close().await;
        assert_eq!(status(&health, "/readyz").await, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(status(&health, "/livez").await, StatusCode::OK);
    }
}
