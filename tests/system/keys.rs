//! What a tenant does with its keys, and what becomes of the people in its calls.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use jumpa_client::{ClientEvent, JoinOptions};
use jumpa_protocol::{AppId, ErrorCode, KeyId, signal::LeaveReason, token::JoinClaims};
use jumpa_signalling::token::sign;
use jumpa_system_tests::{Answer, Console, Person, Request, Server, within};
use serde_json::{Value, json};

use crate::server;

const ROOM: &str = "ruang-1";

/// How long something that was taken back may hold.
const REVOCATION: Duration = Duration::from_secs(10);

/// How long two keys are good in these tests: long enough to join with both on a busy machine.
const OVERLAP: Duration = Duration::from_secs(6);

/// Pause between two looks at something that tells nobody when it changes.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// A tenant with its owner and an app.
struct Shop {
    server: Server,
    operator: Console,
    owner: Console,
    tenant_id: String,
    app: AppId,
}

/// A key whose secret the tenant's server holds.
struct Signer {
    id: KeyId,
    secret: String,
}

impl Signer {
    fn new(made: &Value) -> Self {
        let id = made["key"]["id"].as_str().unwrap().parse().unwrap();
        Self { id, secret: made["secret"].as_str().unwrap().to_owned() }
    }

    fn token(&self, subject: &str) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let claims = JoinClaims {
            room: ROOM.to_owned(),
            exp: now + 600,
            nbf: None,
            iat: None,
            app: None,
            sub: Some(subject.to_owned()),
            name: Some(subject.to_owned()),
            avatar: None,
            moderator: false,
            jti: None,
            grants: None,
        };
        sign(&self.id, self.secret.as_bytes(), &claims).unwrap()
    }
}

impl Shop {
    async fn open() -> Self {
        let server = server().await;
        let operator = Console::operator(&server).await;
        let (tenant_id, owner, app) = operator.found_tenant(&server).await;
        Self { server, operator, owner, tenant_id, app: app.parse().unwrap() }
    }

    fn path(&self, rest: &str) -> String {
        format!("/v1/apps/{}/{rest}", self.app)
    }

    async fn create_key(&self) -> Signer {
        let body = json!({ "kind": "hs256" });
        let made = self.owner.post(&self.server, &self.path("keys"), &body).await;
        Signer::new(&made)
    }

    fn options(&self, token: String) -> JoinOptions {
        self.server.options(&self.app, ROOM, "?").with_token(token)
    }

    /// Joins as soon as the server has heard of the key.
    async fn join(&self, signer: &Signer, subject: &str) -> Person {
        within(&format!("{subject} joins"), async {
            loop {
                match Person::knock(self.options(signer.token(subject))).await {
                    Ok(person) => return person,
                    Err(_) => tokio::time::sleep(POLL_INTERVAL).await,
                }
            }
        })
        .await
    }

    /// Knocks until the door stays closed, and gives the reason.
    async fn refusal(&self, signer: &Signer, subject: &str) -> Option<ErrorCode> {
        within(&format!("{subject} is refused"), async {
            loop {
                match Person::knock(self.options(signer.token(subject))).await {
                    Ok(_) => tokio::time::sleep(POLL_INTERVAL).await,
                    Err(error) => return error.code(),
                }
            }
        })
        .await
    }

    /// A request of the tenant's own server.
    async fn call_with_key(&self, key: &str, method: &str, path: &str, body: &Value) -> Answer {
        let request = Request::new(method, path)
            .header("authorization", format!("Bearer {key}"))
            .body("application/json", body.to_string());
        self.server.send(request).await
    }
}

/// Waits until somebody is put out of their call.
async fn put_out(person: &mut Person) {
    let since = Instant::now();
    let reason = person
        .notices("the session ends", |event| match event {
            ClientEvent::Left { reason } => Some(reason),
            _ => None,
        })
        .await;
    assert_eq!(reason, LeaveReason::AccessRevoked);
    assert!(since.elapsed() <= REVOCATION, "{:?}", since.elapsed());
}

#[tokio::test]
async fn a_key_is_rotated_without_anybody_noticing() {
    let shop = Shop::open().await;
    let old = shop.create_key().await;
    let mut sari = shop.join(&old, "sari").await;

    let rotate = shop.path(&format!("keys/{}/rotate", old.id));
    let body = json!({ "overlap_s": OVERLAP.as_secs() });
    let new = Signer::new(&shop.owner.post(&shop.server, &rotate, &body).await);
    let rotated_at = Instant::now();
    let _budi = shop.join(&old, "budi").await;
    let _dewi = shop.join(&new, "dewi").await;
    assert!(rotated_at.elapsed() < OVERLAP, "too slow to tell");

    let code = shop.refusal(&old, "agus").await;
    assert!(rotated_at.elapsed() > OVERLAP - Duration::from_secs(1));
    assert_eq!(code, Some(ErrorCode::TokenKeyUnknown));
    let _agus = shop.join(&new, "agus").await;
    sari.write("masih di sini", None).await;
    assert_eq!(sari.reads().await.text, "masih di sini");
    let keys = shop.owner.call(&shop.server, "GET", &shop.path("keys"), &json!({})).await.json();
    let status: Vec<&Value> =
        keys["data"].as_array().unwrap().iter().map(|key| &key["status"]).collect();
    assert_eq!(status[..2], ["active", "retired"]);
}

#[tokio::test]
async fn the_last_use_of_a_key_is_shown() {
    let shop = Shop::open().await;
    let signer = shop.create_key().await;
    let _sari = shop.join(&signer, "sari").await;
    within("the use is written", async {
        loop {
            let path = shop.path("keys");
            let keys = shop.owner.call(&shop.server, "GET", &path, &json!({})).await.json();
            if keys["data"][0]["last_used_at"].is_string() {
                return;
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_suspended_tenant_is_out_within_ten_seconds() {
    let shop = Shop::open().await;
    let signer = shop.create_key().await;
    let mut sari = shop.join(&signer, "sari").await;
    let tenant = format!("/v1/operator/tenants/{}", shop.tenant_id);
    shop.operator.post(&shop.server, &format!("{tenant}/suspend"), &json!({})).await;
    put_out(&mut sari).await;
    assert_eq!(shop.refusal(&signer, "sari").await, Some(ErrorCode::TenantSuspended));
    shop.operator.post(&shop.server, &format!("{tenant}/resume"), &json!({})).await;
    shop.join(&signer, "sari").await;
}

#[tokio::test]
async fn a_disabled_app_is_out_within_ten_seconds() {
    let shop = Shop::open().await;
    let signer = shop.create_key().await;
    let mut sari = shop.join(&signer, "sari").await;
    let (path, disable) = (format!("/v1/apps/{}", shop.app), json!({ "is_disabled": true }));
    shop.owner.call(&shop.server, "PATCH", &path, &disable).await;
    put_out(&mut sari).await;
    assert_eq!(shop.refusal(&signer, "sari").await, Some(ErrorCode::AppDisabled));
}

#[tokio::test]
async fn a_banned_person_is_out_within_ten_seconds_and_nobody_else() {
    let shop = Shop::open().await;
    let signer = shop.create_key().await;
    let mut sari = shop.join(&signer, "sari").await;
    let mut budi = shop.join(&signer, "budi").await;
    let path = shop.path("bans");
    let ban = shop.owner.post(&shop.server, &path, &json!({ "subject": "budi" })).await;
    put_out(&mut budi).await;
    assert_eq!(shop.refusal(&signer, "budi").await, Some(ErrorCode::UserBanned));
    sari.write("masih di sini", None).await;
    assert_eq!(sari.reads().await.text, "masih di sini");

    let one = format!("{path}/{}", ban["id"].as_str().unwrap());
    let lifted = shop.owner.call(&shop.server, "DELETE", &one, &json!({})).await;
    assert_eq!(lifted.status, 204);
    shop.join(&signer, "budi").await;
}

#[tokio::test]
async fn the_tenants_server_gets_tokens_by_an_api_key() {
    let shop = Shop::open().await;
    let signer = shop.create_key().await;
    // Until this key is known at the door, a check of its tokens finds no key.
    shop.join(&signer, "siti").await;
    let path = shop.path("api_keys");
    let made = shop.owner.post(&shop.server, &path, &json!({ "name": "Kasir" })).await;
    let key = made["secret"].as_str().unwrap().to_owned();

    let (path, body) = (shop.path("tokens"), json!({ "room": ROOM, "name": "Sari" }));
    let made = shop.call_with_key(&key, "POST", &path, &body).await.json();
    let token = made["token"].as_str().unwrap();
    let check = json!({ "token": token });
    let path = shop.path("tokens/check");
    let checked = shop.call_with_key(&key, "POST", &path, &check).await.json();
    assert_eq!(checked["is_valid"], true, "{checked}");
    assert_eq!(checked["claims"]["name"], "Sari");
    assert_eq!(checked["header"]["kid"], signer.id.as_str());
    Person::join(shop.options(token.to_owned())).await;

    let forged = json!({ "token": format!("{token}x"), "room": ROOM });
    let checked = shop.call_with_key(&key, "POST", &path, &forged).await.json();
    assert_eq!(checked["problem"]["code"], "token_signature", "{checked}");
    let elsewhere = json!({ "token": token, "room": "ruang-2" });
    let checked = shop.call_with_key(&key, "POST", &path, &elsewhere).await.json();
    assert_eq!(checked["problem"]["code"], "token_wrong_room", "{checked}");
}
