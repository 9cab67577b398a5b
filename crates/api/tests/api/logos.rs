//! Logos of apps on composites and streams.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Router,
    extract::Request,
    http::{Method, StatusCode, header},
    middleware::map_request,
    response::Redirect,
    routing::get,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jumpa_db::{AppSettings, Author, Timestamp};
use jumpa_protocol::recording::{FromRecorder, RecordingState, ToRecorder};
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{
    fake_recorder::FakeRecorder,
    recordings::{Clinic, id_of, report},
};

/// The beginning of a PNG of 320 x 80 pixels, which is all that is looked at.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x01\x40\x00\x00\x00\x50\x08\x06";

/// The web site of the clinic, where the world lets logos be fetched from; see `logo_networks`.
const ALLOWED: &str = "127.0.0.2";

/// A web site with a logo and worse.
struct WebSite {
    address: String,
    visits: Arc<AtomicUsize>,
}

impl WebSite {
    /// `inside` is where its redirect leads.
    async fn start(host: &str, inside: &str) -> Self {
        let visits = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&visits);
        let inside = format!("http://{inside}/logo.png");
        let router = Router::new()
            .route("/logo.png", get(|| async { PNG }))
            .route("/moved.png", get(async move || Redirect::temporary(&inside)))
            .route("/large.png", get(|| async { [PNG, &vec![0; 600 * 1024]].concat() }))
            .route("/logo.svg", get(|| async { ([(header::CONTENT_TYPE, "image/png")], "<svg/>") }))
            .route("/none.png", get(|| async { (StatusCode::NOT_FOUND, PNG) }))
            .layer(map_request(move |request: Request| {
                counted.fetch_add(1, Ordering::Relaxed);
                std::future::ready(request)
            }));
        let listener = TcpListener::bind((host, 0)).await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, visits }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn visits(&self) -> usize {
        self.visits.load(Ordering::Relaxed)
    }
}

impl Clinic {
    async fn has_logo(&self, url: &str) {
        let scope = self.world.database.tenant(self.world.app.tenant_id);
        let edit = |settings: &mut AppSettings| {
            settings.branding.logo_url = Some(url.to_owned());
        };
        let now = Timestamp::now();
        scope.change_app(&self.world.app.id, edit, &Author::system(), now).await.unwrap();
        self.world.refresh_directory().await;
    }

    /// The logo that a recorder hears of for another recording, which is over then.
    async fn logo_of(&self, recorder: &mut FakeRecorder, body: &Value) -> Option<String> {
        let path = format!("/v1/apps/{}/rooms/ruang-1/recordings", self.world.app.id);
        let id = id_of(&self.ask(Method::POST, &path, body).await);
        let job = recorder.hears_start().await;
        assert_eq!(job.id, id);
        let report = report(id, RecordingState::Failed);
        recorder.says(&FromRecorder::Report { report }).await;
        assert_eq!(recorder.hears().await, ToRecorder::Settled { id });
        job.composition.and_then(|composition| composition.logo)
    }
}

#[on_both_engines]
async fn composites_and_streams_show_the_logo_of_their_app(engine: Engine) {
    let site = WebSite::start(ALLOWED, ALLOWED).await;
    let clinic = Clinic::new(engine).await;
    clinic.has_logo(&site.url("/logo.png")).await;
    let mut recorder = clinic.recorder(vec![]).await;
    let stream = json!({
        "kind": "stream", "targets": [{ "preset": "youtube", "key": "abcd-efgh-ijkl-1234" }],
    });
    for body in [json!({ "kind": "composite" }), stream] {
        assert_eq!(clinic.logo_of(&mut recorder, &body).await, Some(STANDARD.encode(PNG)));
    }
    assert_eq!(site.visits(), 1, "it is kept for a while");
    for kind in ["tracks", "audio_only"] {
        assert_eq!(clinic.logo_of(&mut recorder, &json!({ "kind": kind })).await, None);
    }
}

#[on_both_engines]
async fn a_recording_goes_on_without_a_logo_that_cannot_be_had(engine: Engine) {
    let inside = WebSite::start("127.0.0.1", "127.0.0.1").await;
    let site = WebSite::start(ALLOWED, &inside.address).await;
    let clinic = Clinic::new(engine).await;
    let mut recorder = clinic.recorder(vec![]).await;
    for url in [
        inside.url("/logo.png"),
        site.url("/moved.png"),
        site.url("/large.png"),
        site.url("/logo.svg"),
        site.url("/none.png"),
        "https://nobody.invalid/logo.png".to_owned(),
    ] {
        clinic.has_logo(&url).await;
        let logo = clinic.logo_of(&mut recorder, &json!({ "kind": "composite" })).await;
        assert_eq!(logo, None, "{url}");
    }
    assert_eq!((inside.visits(), site.visits()), (0, 4));
}
