//! Every operation over HTTP on a real database file.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod account;
mod api_keys;
mod app_keys;
mod apps;
mod audit;
mod bans;
mod calls;
mod exports;
mod fake_node;
mod fake_recorder;
mod idempotency;
mod identity;
mod invitations;
mod logins;
mod logos;
mod mails;
mod members;
mod nodes;
mod operator;
mod own_domains;
mod permissions;
mod prepared_rooms;
mod public_apps;
mod ratings;
mod recording_list;
mod recording_storage;
mod recordings;
mod requests;
mod rooms;
mod settings;
mod slots;
mod streams;
mod tenants;
mod tokens;
mod usage;
mod webhook_receiver;
mod webhooks;

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use http_body_util::BodyExt;
use jumpa_api::{ApiConfig, RatingSubject, Recordings, RecordingsConfig};
use jumpa_db::{
    App, AppSettings, Author, Database, FirstLogin, Invitee, LinkToken, NewInvitation,
    OutgoingMail, SessionOrigin, Timestamp,
};
use jumpa_protocol::{
    AllowedNetworks, CallId, Language, ParticipantId, Role, TenantId, UserId,
    directory::{Directory, GuestPolicy},
};
use jumpa_test_database::{Engine, TestDatabase};
use serde_json::Value;
use tokio::sync::watch;
use tower::ServiceExt;

use fake_node::FakeNode;

const HOST: &str = "127.0.0.1:8080";
const ORIGIN: &str = "http://127.0.0.1:8080";
const RECORDER_KEY: &str = "kunci-perekam";
const PASSWORD: &str = "kata-sandi-panjang";

/// A control plane with one app, without sockets.
struct World {
    router: Router,
    database: Database,
    directory: watch::Sender<Arc<Directory>>,
    node: Arc<FakeNode>,
    recordings: Recordings,
    /// Whether calls that must be recorded hear of a recorder.
    pub recorder_presence: watch::Receiver<bool>,
    /// Where the files of recordings lie.
    library: tempfile::TempDir,
    /// Where requests come from.
    address: AtomicU32,
    app: App,
    _data: TestDatabase,
}

/// Somebody who belongs to a tenant, with their session.
struct Member {
    id: UserId,
    cookie: String,
}

/// What came back.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
    /// The body as it came, for what is no JSON.
    text: String,
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
        Self::build(Engine::Sqlite, adjust).await
    }

    /// With a server that knows its own name, so that apps can have theirs.
    async fn named(engine: Engine) -> Self {
        let name = |config| ApiConfig { public_url: Some(ORIGIN.to_owned()), ..config };
        Self::build(engine, name).await
    }

    /// Lets admission and pages see what is stored now.
    async fn refresh_directory(&self) {
        let snapshot = self.database.operator().directory().await.unwrap();
        self.directory.send(Arc::new(snapshot)).unwrap();
    }

    async fn on(engine: Engine) -> Self {
        Self::build(engine, |config| config).await
    }

    async fn build(engine: Engine, adjust: impl FnOnce(ApiConfig) -> ApiConfig) -> Self {
        let data = TestDatabase::new(engine).await;
        let database = data.database.clone();
        let now = Timestamp::now();
        let tenant_id = database.operator().first_tenant(now).await.unwrap();
        let settings =
            AppSettings { guests: GuestPolicy::Join, ..AppSettings::named("Klinik Sehat") };
        let scope = database.tenant(tenant_id);
        let app = scope.create_app(&settings.into(), &Author::system(), now).await.unwrap();
        let snapshot = database.operator().directory().await.unwrap();
        let (directory, receiver) = watch::channel(Arc::new(snapshot));
        let app_id = app.id.clone();
        let node = Arc::new(FakeNode::new());
        let library = tempfile::tempdir().unwrap();
        let (presence, recorder_presence) = watch::channel(false);
        let recordings = Recordings::open(RecordingsConfig {
            database: database.clone(),
            node: Arc::clone(&node) as Arc<dyn jumpa_api::Node>,
            directory: receiver.clone(),
            library: library.path().to_owned(),
            storage_networks: AllowedNetworks::parse(&["127.0.0.1".to_owned()]).unwrap(),
            recorder_key: RECORDER_KEY.to_owned(),
            signing_key: [7; 32],
            link_base: ORIGIN.to_owned(),
            recorder_presence: presence,
            stream_networks: AllowedNetworks::default(),
            logo_networks: AllowedNetworks::parse(&["127.0.0.2".to_owned()]).unwrap(),
        })
        .unwrap();
        let config = adjust(ApiConfig {
            database: database.clone(),
            directory: receiver,
            node: Arc::clone(&node) as Arc<dyn jumpa_api::Node>,
            recordings: recordings.clone(),
            rating_verifier: Arc::new(move |token| {
                (token == "rating-token").then(|| RatingSubject {
                    app_id: app_id.clone(),
                    call_id: CallId::generate(),
                    participant_id: ParticipantId::generate(),
                })
            }),
            join_tokens: tokens::fakes(),
            public_url: None,
            link_base: ORIGIN.to_owned(),
            mailer: None,
            trusted_proxies: vec![],
            rate_limits: jumpa_api::RateLimits::default(),
        });
        let address = AtomicU32::new(Ipv4Addr::LOCALHOST.to_bits());
        Self {
            router: jumpa_api::router(config),
            database,
            directory,
            node,
            recordings,
            recorder_presence,
            library,
            address,
            app,
            _data: data,
        }
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

    /// Somebody who belongs to a tenant, logged in; their password is [`PASSWORD`] only where a
    /// test sets it.
    async fn member(&self, tenant_id: TenantId, email: &str, role: Role) -> Member {
        let now = Timestamp::now();
        let token = LinkToken::generate();
        let new = NewInvitation { email: email.to_owned(), role, language: Language::En };
        let mail = OutgoingMail {
            kind: "invitation",
            tenant_id: Some(tenant_id),
            recipient: email.to_owned(),
            subject: String::new(),
            body: String::new(),
        };
        let by = Author::system();
        self.database.tenant(tenant_id).invite(&new, &token, &mail, &by, now).await.unwrap();
        let logins = self.database.logins();
        let invitee = Invitee::New { name: "Rina".to_owned(), password_hash: String::new() };
        let (user, _) = logins.accept_invitation(token.as_str(), &invitee, &by, now).await.unwrap();
        let later = now + Duration::from_secs(600);
        let session =
            logins.create_session(user.id, &SessionOrigin::default(), now, later).await.unwrap();
        Member { id: user.id, cookie: format!("jumpa_session={session}") }
    }

    /// A tenant of its own with an owner.
    async fn other_tenant(&self) -> (TenantId, Member) {
        let now = Timestamp::now();
        let id = self.database.operator().create_tenant("Toko Melati", now).await.unwrap();
        let owner = self.member(id, "pemilik@melati.example", Role::Owner).await;
        (id, owner)
    }

    async fn call(&self, method: Method, path: &str, body: &Value, cookie: &str) -> Answer {
        self.call_for(method, path, body, Some(cookie), None).await
    }

    /// A request with everything that a dashboard sends.
    async fn call_for(
        &self,
        method: Method,
        path: &str,
        body: &Value,
        cookie: Option<&str>,
        tenant_id: Option<TenantId>,
    ) -> Answer {
        let mut request = request(method, path, cookie)
            .header(header::ORIGIN, ORIGIN)
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(tenant_id) = tenant_id {
            request = request.header("x-jumpa-tenant", tenant_id.to_string());
        }
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// A request of a back end with an API key.
    async fn call_with_key(&self, method: Method, path: &str, body: &Value, key: &str) -> Answer {
        let request = request(method, path, None)
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        self.send(request).await
    }

    /// An API key of an app.
    async fn api_key(&self, app: &App) -> String {
        let (scope, by) = (self.database.tenant(app.tenant_id), Author::system());
        scope.create_api_key(&app.id, "Kasir", &by, Timestamp::now()).await.unwrap().1
    }

    /// Another app of a tenant.
    async fn another_app(&self, tenant_id: TenantId) -> App {
        let (new, by) = (AppSettings::named("Toko Melati").into(), Author::system());
        let scope = self.database.tenant(tenant_id);
        scope.create_app(&new, &by, Timestamp::now()).await.unwrap()
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

    /// Lets the next requests come from another address: changes are limited by address, and a
    /// walk over every operation makes many.
    fn move_on(&self) {
        self.address.fetch_add(1, Ordering::Relaxed);
    }

    async fn send(&self, mut request: Request<Body>) -> Answer {
        let address = Ipv4Addr::from_bits(self.address.load(Ordering::Relaxed));
        let peer = SocketAddr::from((address, 40_000));
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, body, text }
    }
}

fn request(method: Method, path: &str, cookie: Option<&str>) -> axum::http::request::Builder {
    let builder = Request::builder().method(method).uri(path).header(header::HOST, HOST);
    match cookie {
        Some(cookie) => builder.header(header::COOKIE, cookie),
        None => builder,
    }
}
