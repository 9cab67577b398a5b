//! Logging in at an identity provider, against a small one on this machine.

use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use axum::{
    Form, Json, Router,
    body::Body,
    extract::State,
    http::{Method, StatusCode, header},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jumpa_protocol::{Role, TenantId};
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};

use crate::{World, request};

const CLIENT: &str = "jumpa";

/// A provider that confirms whatever a test tells it to.
#[derive(Clone)]
struct Provider {
    issuer: String,
    key: Arc<EcdsaKeyPair>,
    /// What the next token says.
    claims: Arc<Mutex<Value>>,
    /// What came with the last code.
    exchanged: Arc<Mutex<Vec<(String, String)>>>,
}

impl Provider {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let provider = Self {
            issuer: format!("http://{}", listener.local_addr().unwrap()),
            key: Arc::new(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap()),
            claims: Arc::default(),
            exchanged: Arc::default(),
        };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    /// Confirms this address, with the nonce of a login that left for `url`.
    fn confirm(&self, url: &str, email: &str, changes: Value) {
        let url = reqwest::Url::parse(url).unwrap();
        let nonce = url.query_pairs().find(|(name, _)| name == "nonce").unwrap().1.into_owned();
        let mut claims = json!({
            "iss": self.issuer, "sub": "rina-1", "aud": CLIENT, "nonce": nonce, "email": email,
            "email_verified": true, "name": "Rina", "iat": 1_600_000_000, "exp": 4_000_000_000_u64,
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        *self.claims.lock().unwrap_or_else(PoisonError::into_inner) = claims;
    }

    fn sign(&self, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let input = format!("{}.{}", part(&json!({ "alg": "ES256", "kid": "k1" })), part(claims));
        let signature = self.key.sign(&SystemRandom::new(), input.as_bytes()).unwrap();
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

async fn discovery(State(provider): State<Provider>) -> Json<Value> {
    let issuer = &provider.issuer;
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
    }))
}

async fn keys(State(provider): State<Provider>) -> Json<Value> {
    // An uncompressed point: 4, then the coordinates.
    let point = provider.key.public_key().as_ref();
    let coordinate = |from: usize| URL_SAFE_NO_PAD.encode(&point[from..from + 32]);
    Json(json!({ "keys": [{
        "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "k1",
        "x": coordinate(1), "y": coordinate(33),
    }] }))
}

async fn token(
    State(provider): State<Provider>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Json<Value> {
    let claims = provider.claims.lock().unwrap_or_else(PoisonError::into_inner).clone();
    *provider.exchanged.lock().unwrap_or_else(PoisonError::into_inner) = fields;
    Json(json!({
        "access_token": "a", "token_type": "Bearer", "id_token": provider.sign(&claims),
    }))
}

/// A clinic whose people log in at a provider.
struct Clinic {
    world: World,
    provider: Provider,
    operator: String,
    tenant_id: TenantId,
}

impl Clinic {
    async fn new(engine: Engine, new_role: Option<&str>) -> Self {
        let world = World::on(engine).await;
        let provider = Provider::start().await;
        let operator = world.operator_cookie().await;
        let tenant_id = world.app.tenant_id;
        let clinic = Self { world, provider, operator, tenant_id };
        let body = clinic.registration(json!({ "tenant_id": tenant_id, "new_role": new_role }));
        let added = clinic.add(&body).await;
        assert_eq!(added.status, StatusCode::CREATED, "{:?}", added.body);
        clinic
    }

    fn registration(&self, changes: Value) -> Value {
        let mut body = json!({
            "name": "Akun Klinik", "issuer": self.provider.issuer, "client_id": CLIENT,
            "client_secret": "rahasia", "domains": ["sehat.example"],
        });
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    }

    async fn add(&self, body: &Value) -> crate::Answer {
        let path = "/v1/operator/identity_providers";
        self.world.call(Method::POST, path, body, &self.operator).await
    }

    /// Begins a login and gives the address at the provider and the cookie.
    async fn begin(&self, email: &str) -> (String, String) {
        let body = json!({ "email": email, "next": "/dashboard/t/x" });
        let answer = self.world.post("/v1/oidc/start", &body, None).await;
        assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.body);
        (answer.body["url"].as_str().unwrap().to_owned(), answer.cookie())
    }

    /// Comes back from the provider; gives where it leads to and the cookies that it sets.
    async fn come_back(&self, url: &str, cookie: Option<&str>, query: &str) -> (String, String) {
        let url = reqwest::Url::parse(url).unwrap();
        let state = url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
        let path = format!("/v1/oidc/callback?state={state}&{query}");
        let back = request(Method::GET, &path, cookie).body(Body::empty()).unwrap();
        let answer = self.world.send(back).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{:?}", answer.body);
        let cookies = answer.headers.get_all(header::SET_COOKIE).iter();
        let cookies = cookies.map(|one| one.to_str().unwrap()).collect::<Vec<_>>().join("\n");
        (answer.headers[header::LOCATION].to_str().unwrap().to_owned(), cookies)
    }

    /// A whole login; gives where it leads to and the cookies.
    async fn log_in(&self, email: &str, changes: Value) -> (String, String) {
        let (url, cookie) = self.begin(email).await;
        self.provider.confirm(&url, email, changes);
        self.come_back(&url, Some(&cookie), "code=c1").await
    }
}

fn session_in(cookies: &str) -> Option<String> {
    let line = cookies.lines().find(|line| line.starts_with("jumpa_session="))?;
    line.split(';').next().map(str::to_owned)
}

#[on_both_engines]
async fn somebody_new_becomes_a_member_in_the_role_of_the_provider(engine: Engine) {
    let clinic = Clinic::new(engine, Some("agent")).await;
    let (place, cookies) = clinic.log_in("Rina@Sehat.Example", json!({})).await;
    assert_eq!(place, "/dashboard/t/x");
    let session = session_in(&cookies).unwrap();
    let me = clinic.world.get("/v1/me", Some(&session)).await;
    assert_eq!(me.body["email"], "rina@sehat.example");
    assert_eq!(me.body["name"], "Rina");
    let membership = &me.body["memberships"][0];
    assert_eq!(membership["tenant_id"], clinic.tenant_id.to_string());
    assert_eq!(membership["role"], "agent");
    let exchanged = clinic.provider.exchanged.lock().unwrap().clone();
    assert!(exchanged.iter().any(|(name, value)| name == "code_verifier" && value.len() >= 43));

    let again = clinic.log_in("rina@sehat.example", json!({})).await;
    assert!(session_in(&again.1).is_some());
}

#[on_both_engines]
async fn a_provider_that_takes_nobody_new_logs_members_in(engine: Engine) {
    let clinic = Clinic::new(engine, None).await;
    clinic.world.member(clinic.tenant_id, "budi@sehat.example", Role::Developer).await;
    let (_, cookies) = clinic.log_in("budi@sehat.example", json!({})).await;
    assert!(session_in(&cookies).is_some());
    let (place, cookies) = clinic.log_in("rina@sehat.example", json!({})).await;
    assert_eq!(place, "/dashboard/login?problem=identity_not_allowed");
    assert_eq!(session_in(&cookies), None);
}

#[on_both_engines]
async fn a_provider_of_a_tenant_opens_nothing_else(engine: Engine) {
    let clinic = Clinic::new(engine, Some("admin")).await;
    let refused = "/dashboard/login?problem=identity_not_allowed";
    // The operator, and somebody who belongs to another tenant as well.
    assert_eq!(clinic.log_in("ops@sehat.example", json!({})).await.0, refused);
    let other = clinic.world.database.operator();
    let other = other.create_tenant("Toko", jumpa_db::Timestamp::now()).await.unwrap();
    clinic.world.member(other, "dewi@sehat.example", Role::Owner).await;
    assert_eq!(clinic.log_in("dewi@sehat.example", json!({})).await.0, refused);
    // Whom it names is what counts, not who was asked for.
    let (url, cookie) = clinic.begin("rina@sehat.example").await;
    clinic.provider.confirm(&url, "rina@melati.example", json!({}));
    assert_eq!(clinic.come_back(&url, Some(&cookie), "code=c1").await.0, refused);
}

#[on_both_engines]
async fn a_token_that_does_not_fit_is_refused(engine: Engine) {
    let clinic = Clinic::new(engine, Some("agent")).await;
    let wrong = [
        json!({ "nonce": "another" }),
        json!({ "aud": "somebody-else" }),
        json!({ "iss": "https://jahat.example" }),
        json!({ "exp": 1_700_000_000 }),
        json!({ "email": null }),
    ];
    for changes in wrong {
        let (place, cookies) = clinic.log_in("rina@sehat.example", changes.clone()).await;
        assert_eq!(place, "/dashboard/login?problem=identity_refused", "{changes}");
        assert_eq!(session_in(&cookies), None);
    }
    let unverified = clinic.log_in("rina@sehat.example", json!({ "email_verified": false })).await;
    assert_eq!(unverified.0, "/dashboard/login?problem=identity_not_allowed");
}

#[on_both_engines]
async fn a_login_comes_back_once_and_to_the_browser_that_began_it(engine: Engine) {
    let clinic = Clinic::new(engine, Some("agent")).await;
    let invalid = "/dashboard/login?problem=one_time_token_invalid";
    let (url, cookie) = clinic.begin("rina@sehat.example").await;
    clinic.provider.confirm(&url, "rina@sehat.example", json!({}));
    assert_eq!(clinic.come_back(&url, None, "code=c1").await.0, invalid);
    assert_eq!(clinic.come_back(&url, Some("jumpa_oidc=x"), "code=c1").await.0, invalid);
    assert_eq!(clinic.come_back(&url, Some(&cookie), "code=c1").await.0, "/dashboard/t/x");
    assert_eq!(clinic.come_back(&url, Some(&cookie), "code=c1").await.0, invalid);

    let (url, cookie) = clinic.begin("rina@sehat.example").await;
    let refused = clinic.come_back(&url, Some(&cookie), "error=access_denied").await;
    assert_eq!(refused.0, "/dashboard/login?problem=identity_refused");
}

#[tokio::test]
async fn who_has_no_provider_is_told_so() {
    let clinic = Clinic::new(Engine::Sqlite, None).await;
    let body = json!({ "email": "siti@melati.example" });
    let answer = clinic.world.post("/v1/oidc/start", &body, None).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.code(), "identity_provider_unknown");
    let foreign = json!({ "email": "rina@sehat.example", "next": "https://jahat.example" });
    let answer = clinic.world.post("/v1/oidc/start", &foreign, None).await;
    assert_eq!(answer.code(), "invalid_value");
}

#[on_both_engines]
async fn a_provider_is_changed_and_removed(engine: Engine) {
    let clinic = Clinic::new(engine, None).await;
    let path = "/v1/operator/identity_providers";
    let list = clinic.world.get(path, Some(&clinic.operator)).await;
    let shown = &list.body["data"][0];
    assert_eq!(shown["domains"], json!(["sehat.example"]));
    assert!(!list.body.to_string().contains("rahasia"), "{}", list.body);

    // A domain belongs to one provider.
    let taken = clinic.add(&clinic.registration(json!({ "name": "Kedua" }))).await;
    assert_eq!((taken.status, taken.code()), (StatusCode::CONFLICT, "domain_taken"));
    let unreachable = json!({ "issuer": format!("{}/tidak-ada", clinic.provider.issuer) });
    let unreachable = clinic.add(&clinic.registration(unreachable)).await;
    assert_eq!(unreachable.code(), "identity_provider_unreachable");
    let owner = clinic.add(&clinic.registration(json!({ "new_role": "owner" }))).await;
    assert_eq!(owner.code(), "invalid_value");

    let one = format!("{path}/{}", shown["id"].as_str().unwrap());
    let change = json!({ "name": "Akun Sehat", "domains": ["Klinik.Example"] });
    let changed = clinic.world.call(Method::PATCH, &one, &change, &clinic.operator).await;
    assert_eq!(changed.body["domains"], json!(["klinik.example"]));
    let body = json!({ "email": "rina@sehat.example" });
    let answer = clinic.world.post("/v1/oidc/start", &body, None).await;
    assert_eq!(answer.code(), "identity_provider_unknown");
    for (role, shown) in [(json!("agent"), json!("agent")), (Value::Null, Value::Null)] {
        let change = json!({ "new_role": role });
        let changed = clinic.world.call(Method::PATCH, &one, &change, &clinic.operator).await;
        assert_eq!(changed.body["new_role"], shown, "{:?}", changed.body);
    }
    let owner = json!({ "new_role": "owner" });
    let owner = clinic.world.call(Method::PATCH, &one, &owner, &clinic.operator).await;
    assert_eq!(owner.code(), "invalid_value");

    for status in [StatusCode::NO_CONTENT, StatusCode::NOT_FOUND] {
        let gone = clinic.world.call(Method::DELETE, &one, &json!({}), &clinic.operator).await;
        assert_eq!(gone.status, status);
    }
    let audit = clinic.world.get("/v1/operator/audit", Some(&clinic.operator)).await;
    let actions: Vec<&str> = audit.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["target_kind"] == "identity_provider")
        .map(|line| line["action"].as_str().unwrap())
        .collect();
    let (deleted, changed) = ("identity_provider.deleted", "identity_provider.changed");
    assert_eq!(actions, [deleted, changed, changed, changed, "identity_provider.created"]);
    assert!(!audit.body.to_string().contains("rahasia"));
}

#[on_both_engines]
async fn a_tenant_sees_its_own_providers_and_no_secret(engine: Engine) {
    let clinic = Clinic::new(engine, Some("agent")).await;
    let owner = clinic.world.member(clinic.tenant_id, "dewi@sehat.example", Role::Owner).await;
    let path = "/v1/tenant/identity_providers";
    let own = clinic.world.get(path, Some(&owner.cookie)).await;
    let [provider] = own.body["data"].as_array().unwrap().as_slice() else { panic!("{own:?}") };
    assert_eq!(provider["name"], "Akun Klinik");
    assert_eq!(provider["new_role"], "agent");
    assert!(provider.get("client_id").is_none());
    assert!(!own.body.to_string().contains("rahasia"), "{}", own.body);

    let (_, stranger) = clinic.world.other_tenant().await;
    let other = clinic.world.get(path, Some(&stranger.cookie)).await;
    assert_eq!(other.body["data"], json!([]));
}

#[tokio::test]
async fn those_who_run_the_platform_log_in_at_theirs() {
    let clinic = Clinic::new(Engine::Sqlite, None).await;
    let listed = clinic.world.get("/v1/operator/identity_providers", Some(&clinic.operator)).await;
    let id = listed.body["data"][0]["id"].as_str().unwrap().to_owned();
    let one = format!("/v1/operator/identity_providers/{id}");
    clinic.world.call(Method::DELETE, &one, &json!({}), &clinic.operator).await;
    let added = clinic.add(&clinic.registration(json!({}))).await;
    assert_eq!(added.status, StatusCode::CREATED, "{:?}", added.body);
    let (_, cookies) = clinic.log_in("ops@sehat.example", json!({})).await;
    let session = session_in(&cookies).unwrap();
    let me = clinic.world.get("/v1/me", Some(&session)).await;
    assert_eq!(me.body["is_operator"], true);
    // Nobody becomes an operator by a provider: it gives no role.
    let listed = clinic.world.get("/v1/operator/identity_providers", Some(&clinic.operator)).await;
    let id = listed.body["data"][0]["id"].as_str().unwrap().to_owned();
    let one = format!("/v1/operator/identity_providers/{id}");
    let role = json!({ "new_role": "admin" });
    let changed = clinic.world.call(Method::PATCH, &one, &role, &clinic.operator).await;
    assert_eq!(changed.code(), "invalid_value");
    let (place, _) = clinic.log_in("rina@sehat.example", json!({})).await;
    assert_eq!(place, "/dashboard/login?problem=identity_not_allowed");
}
