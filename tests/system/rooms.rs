//! What the host does over the API to real calls.

use jumpa_client::ClientEvent;
use jumpa_protocol::{
    AppId, ErrorCode, SourceKind,
    live_room::HOST,
    signal::{Event, LeaveReason},
};
use jumpa_system_tests::{Answer, Person, Request, Server, within};
use serde_json::{Value, json};

use crate::{lifecycle::log_in, server};

const ROOM: &str = "ruang-1";

/// The owner of a tenant whose app takes guests.
pub struct Owner<'a> {
    server: &'a Server,
    pub app: AppId,
    pub cookie: String,
}

impl<'a> Owner<'a> {
    pub async fn of_a_shop(server: &'a Server, operator: &str) -> Self {
        let body = json!({
            "name": "Toko Melati",
            "owner": { "email": "rina@melati.example", "language": "id" },
            "app": { "name": "Toko Melati", "guests": "join" },
        });
        let made = ask(server, "POST", "/v1/operator/tenants", &body, Some(operator)).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let app: AppId = made.json()["app"]["id"].as_str().unwrap().parse().unwrap();
        let link = made.json()["invitation"]["link"].as_str().unwrap().to_owned();
        let (_, token) = link.split_once("token=").unwrap();
        let body = json!({ "token": token, "name": "Rina", "password": "kata-sandi-panjang" });
        let accepted = ask(server, "POST", "/v1/invitation_links/accept", &body, None).await;
        let cookie = accepted.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        server.knows(&app).await;
        Self { server, app, cookie }
    }

    async fn ask(&self, method: &str, rest: &str, body: &Value) -> Answer {
        let path = format!("/v1/apps/{}/rooms/{ROOM}{rest}", self.app);
        ask(self.server, method, &path, body, Some(&self.cookie)).await
    }

    async fn does(&self, rest: &str, body: Value) {
        let answer = self.ask("POST", rest, &body).await;
        assert_eq!(answer.status, 204, "{rest} {}", answer.text());
    }

    pub async fn guest(&self, name: &str) -> Person {
        Person::join(self.server.options(&self.app, ROOM, name)).await
    }

    async fn refusal(&self, name: &str) -> Option<ErrorCode> {
        Person::knock(self.server.options(&self.app, ROOM, name)).await.err()?.code()
    }
}

pub async fn ask(
    server: &Server,
    method: &str,
    path: &str,
    body: &Value,
    cookie: Option<&str>,
) -> Answer {
    let mut request = Request::new(method, path)
        .header("origin", server.ready().address.clone())
        .body("application/json", body.to_string());
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    server.send(request).await
}

async fn left(person: &mut Person) -> LeaveReason {
    person
        .notices("they are out", |event| match event {
            ClientEvent::Left { reason } => Some(reason),
            _ => None,
        })
        .await
}

#[tokio::test]
async fn an_owner_sees_mutes_writes_locks_removes_and_ends() {
    let server = server().await;
    let operator = log_in(&server).await;
    let owner = Owner::of_a_shop(&server, &operator).await;
    let (mut budi, mut siti) = (owner.guest("Budi").await, owner.guest("Siti").await);
    budi.speak().await;

    let room = owner.ask("GET", "", &json!({})).await.json();
    assert_eq!((&room["participants"], &room["is_locked"]), (&json!(2), &json!(false)));
    let people = owner.ask("GET", "/participants", &json!({})).await.json();
    let first = &people["data"][0];
    assert_eq!((&first["name"], &first["is_muted"]["microphone"]), (&json!("Budi"), &json!(false)));

    let of_budi = |verb: &str| format!("/participants/{}/{verb}", budi.id());
    let (mute, remove) = (of_budi("mute"), of_budi("remove"));
    owner.does(&mute, json!({ "source": "microphone" })).await;
    let by = budi
        .hears("Budi is muted", |event| match event {
            Event::MutedByModerator { source: SourceKind::Microphone, by } => Some(by),
            _ => None,
        })
        .await;
    assert_eq!(by, HOST);

    owner.does("/message", json!({ "text": "Toko tutup pukul lima" })).await;
    let message = siti.reads().await;
    assert_eq!((message.text.as_str(), message.from), ("Toko tutup pukul lima", HOST));
    assert_eq!(message.from_name, "Toko Melati");

    owner.does("/lock", json!({ "password": "rahasia" })).await;
    assert_eq!(owner.refusal("Dewi").await, Some(ErrorCode::PasswordRequired));
    owner.does(&remove, json!({})).await;
    assert_eq!(left(&mut budi).await, LeaveReason::Removed);
    owner.does("/end", json!({})).await;
    assert_eq!(left(&mut siti).await, LeaveReason::CallEnded);
    within("the room is over", async {
        while owner.ask("GET", "", &json!({})).await.status != 404 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_room_is_prepared_over_a_restart_for_the_next_call_alone() {
    let first = server().await;
    let operator = log_in(&first).await;
    let owner = Owner::of_a_shop(&first, &operator).await;
    let prepared = owner.ask("PUT", "", &json!({ "password": "rahasia" })).await;
    assert_eq!(prepared.status, 200, "{}", prepared.text());
    // The answer comes when who joins meets it.
    assert_eq!(owner.refusal("Dewi").await, Some(ErrorCode::PasswordRequired));
    let Owner { app, cookie, .. } = owner;
    let second = first.terminate().await.restart().await;
    let owner = Owner { server: &second, app, cookie };
    assert_eq!(owner.refusal("Dewi").await, Some(ErrorCode::PasswordRequired));
    let options = second.options(&owner.app, ROOM, "Dewi").with_password("rahasia");
    let mut dewi = Person::join(options).await;
    owner.does("/end", json!({})).await;
    left(&mut dewi).await;
    owner.guest("Agus").await;
}

#[tokio::test]
async fn an_operator_drains_the_server_and_sees_its_health() {
    let server = server().await;
    let operator = log_in(&server).await;
    let get = async |path: &str| {
        ask(&server, "GET", path, &json!({}), Some(&operator)).await.json()["data"].clone()
    };
    let _budi = server.guest("kasir", "Budi").await;
    let node = get("/v1/operator/nodes").await[0].clone();
    assert_eq!((&node["calls"], &node["participants"]), (&json!(1), &json!(1)));
    assert!(node["memory_bytes"].as_u64().unwrap() > 1_000_000);
    let path = format!("/v1/operator/nodes/{}/drain", node["id"].as_str().unwrap());
    let drained = ask(&server, "POST", &path, &json!({}), Some(&operator)).await;
    assert_eq!(drained.json()["is_draining"], true, "{}", drained.text());
    let demo = &server.ready().demo_app;
    let refused = Person::knock(server.options(demo, "gudang", "Siti")).await.err().unwrap();
    assert_eq!(refused.code(), Some(ErrorCode::ServerDraining));
    assert_eq!(server.get("/readyz").await.status, 503);
    server.guest("kasir", "Siti").await;

    let findings = get("/v1/operator/health").await;
    let findings = findings.as_array().unwrap();
    // The pages are in the program only where they were built before.
    let is_bad =
        |finding: &&Value| finding["verdict"] == "bad" && finding["subject"] != "web pages";
    assert!(!findings.iter().any(|finding| is_bad(&finding)), "{findings:?}");
    assert!(findings.iter().any(|finding| finding["subject"] == "database"), "{findings:?}");
}
