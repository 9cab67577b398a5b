//! Every operation over HTTP on a real database file.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod apps;
mod logins;
mod operator;
mod ratings;
mod requests;

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use http_body_util::BodyExt;
use jumpa_api::{ApiConfig, RatingSubject};
use jumpa_db::{App, Database, FirstLogin, MasterKey, NewApp, Timestamp};
use jumpa_protocol::{CallId, ParticipantId, directory::Directory};
use serde_json::Value;
use tokio::sync::watch;
use tower::ServiceExt;

const HOST: &str = "127.0.0.1:8080";
const ORIGIN: &str = "http://127.0.0.1:8080";
const PASSWORD: &str = "kata-sandi-panjang";

/// A control plane with one app, without sockets.
struct World {
    router: Router,
    database: Database,
    directory: watch::Sender<Arc<Directory>>,
    app: App,
    _folder: tempfile::TempDir,
}

/// What came back.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Answer {
    fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The `name=value` of the cookie that the answer sets.
    fn cookie(&self) -> String {
        let cookie = self.headers[header::SET_COOKIE].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }
}

impl World {
    async fn new() -> Self {
        Self::with(|config| config).await
    }

    async fn with(adjust: impl FnOnce(ApiConfig) -> ApiConfig) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database =
            Database::open(&folder.path().join("jumpa.db"), MasterKey::generate()).await.unwrap();
        let now = Timestamp::now();
        let tenant_id = database.operator().first_tenant(now).await.unwrap();
        let new = NewApp { allows_guests: true, ..NewApp::named("Klinik Sehat") };
        let app = database.tenant(tenant_id).create_app(&new, now).await.unwrap();
        let snapshot = database.operator().directory().await.unwrap();
        let (directory, receiver) = watch::channel(Arc::new(snapshot));
        let app_id = app.id.clone();
        let config = adjust(ApiConfig {
            database: database.clone(),
            directory: receiver,
            rating_verifier: Arc::new(move |token| {
                (token == "rating-token").then(|| RatingSubject {
                    app_id: app_id.clone(),
                    call_id: CallId::generate(),
                    participant_id: ParticipantId::generate(),
                })
            }),
            public_url: None,
            trusted_proxies: vec![],
        });
        Self { router: jumpa_api::router(config), database, directory, app, _folder: folder }
    }

    async fn first_login_token(&self) -> String {
        match self.database.logins().first_login(Timestamp::now()).await.unwrap() {
            FirstLogin::Open { token } => token,
            FirstLogin::Done => panic!("there is an operator already"),
        }
    }

    /// Logs the first operator in and gives the session cookie.
    async fn operator_cookie(&self) -> String {
        let token = self.first_login_token().await;
        let body = serde_json::json!({
            "token": token, "email": "ops@sehat.example", "name": "Ops", "password": PASSWORD,
        });
        let answer = self.post("/v1/first_login", &body, None).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{:?}", answer.body);
        answer.cookie()
    }

    async fn get(&self, path: &str, cookie: Option<&str>) -> Answer {
        self.send(request(Method::GET, path, cookie).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, body: &Value, cookie: Option<&str>) -> Answer {
        let request = request(Method::POST, path, cookie)
            .header(header::ORIGIN, ORIGIN)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        self.send(request).await
    }

    async fn send(&self, mut request: Request<Body>) -> Answer {
        let peer: SocketAddr = "127.0.0.1:40000".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

fn request(method: Method, path: &str, cookie: Option<&str>) -> axum::http::request::Builder {
    let builder = Request::builder().method(method).uri(path).header(header::HOST, HOST);
    match cookie {
        Some(cookie) => builder.header(header::COOKIE, cookie),
        None => builder,
    }
}
