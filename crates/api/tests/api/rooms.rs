//! Rooms with a running call.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use jumpa_db::{Author, NewApp, Timestamp};
use jumpa_protocol::{ParticipantId, Role, SourceKind, live_room::HostRequest};
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};

use crate::{Member, World};

/// A clinic with a running call in `ruang-1`, and its owner.
async fn clinic(engine: Engine) -> (World, Member) {
    let world = World::on(engine).await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    world.node.begin(&world.app.id, "ruang-1", 1_795_321_800);
    (world, owner)
}

/// Everything that is asked of the running call: path behind the room, body, request that arrives.
fn requests(world: &World) -> Vec<(String, Value, HostRequest)> {
    let participant_id = world.node.budi;
    let of_budi = |verb: &str| format!("/participants/{participant_id}/{verb}");
    let source = SourceKind::Screen;
    let text = "Lima menit lagi".to_owned();
    vec![
        (
            "/lock".to_owned(),
            json!({ "password": "rahasia" }),
            HostRequest::SetPassword { password: Some("rahasia".to_owned()) },
        ),
        (
            "/lock".to_owned(),
            json!({ "password": null }),
            HostRequest::SetPassword { password: None },
        ),
        (
            "/lobby".to_owned(),
            json!({ "is_enabled": true }),
            HostRequest::SetLobby { is_enabled: true },
        ),
        (
            "/message".to_owned(),
            json!({ "text": text }),
            HostRequest::Write { text: text.clone(), to: None },
        ),
        (
            of_budi("message"),
            json!({ "text": text }),
            HostRequest::Write { text, to: Some(participant_id) },
        ),
        (of_budi("admit"), json!({}), HostRequest::Admit { participant_id }),
        (
            of_budi("mute"),
            json!({ "source": "screen" }),
            HostRequest::Mute { participant_id, source },
        ),
        (
            of_budi("remove"),
            json!({ "is_banned": true }),
            HostRequest::Remove { participant_id, is_banned: true },
        ),
        ("/end".to_owned(), json!({}), HostRequest::End),
    ]
}

impl World {
    fn room_path(&self, rest: &str) -> String {
        format!("/v1/apps/{}/rooms/ruang-1{rest}", self.app.id)
    }
}

#[on_both_engines]
async fn a_tenant_sees_its_running_calls_the_newest_first(engine: Engine) {
    let (world, owner) = clinic(engine).await;
    let second = world.node.begin(&world.app.id, "ruang-2", 1_795_321_900);
    let list = world.get("/v1/rooms?limit=1", Some(&owner.cookie)).await.body;
    assert_eq!(list["data"][0]["call_id"], second.to_string());
    assert_eq!(list["data"][0]["app_name"], "Klinik Sehat");
    let cursor = list["next_cursor"].as_str().unwrap();
    let next = format!("/v1/rooms?limit=1&cursor={cursor}");
    let next = world.get(&next, Some(&owner.cookie)).await.body;
    assert_eq!(next["data"][0]["room"], "ruang-1");
    assert_eq!(next["data"][0]["started_at"], "2026-11-22T04:30:00Z");
    assert_eq!(next["next_cursor"], json!(null));

    let one = world.get(&world.room_path(""), Some(&owner.cookie)).await.body;
    assert_eq!(one["room"], "ruang-1");
    let people = world.get(&world.room_path("/participants"), Some(&owner.cookie)).await.body;
    let budi = &people["data"][0];
    assert_eq!((&budi["name"], &budi["subject"]), (&json!("Budi"), &json!("pasien-7")));
    assert_eq!(budi["is_muted"], json!({ "microphone": true, "camera": false }));
}

#[on_both_engines]
async fn what_is_asked_reaches_the_call_and_the_audit(engine: Engine) {
    let (world, owner) = clinic(engine).await;
    for (rest, body, request) in requests(&world) {
        let path = world.room_path(&rest);
        let answer = world.call(Method::POST, &path, &body, &owner.cookie).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{path} {:?}", answer.body);
        let (room, arrived) = world.node.requests().pop().unwrap();
        assert_eq!((room.room.as_str(), arrived), ("ruang-1", request), "{path}");
    }
    let audit = world.get("/v1/audit", Some(&owner.cookie)).await.body;
    let mut actions: Vec<&str> = audit["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["action"].as_str().unwrap())
        .filter(|action| action.starts_with("room.") || action.starts_with("participant."))
        .collect();
    actions.reverse();
    let expected = [
        "room.locked",
        "room.unlocked",
        "room.lobby_opened",
        "room.message_sent",
        "participant.message_sent",
        "participant.admitted",
        "participant.muted",
        "participant.banned",
        "room.ended",
    ];
    assert_eq!(actions, expected);
    assert!(!audit.to_string().contains("Lima menit"), "texts of chats are nobody's business");
    assert!(!audit.to_string().contains("rahasia"));
}

#[on_both_engines]
async fn another_tenant_reaches_no_room(engine: Engine) {
    let (world, _) = clinic(engine).await;
    let (_, stranger) = world.other_tenant().await;
    let cookie = Some(stranger.cookie.as_str());
    assert_eq!(world.get("/v1/rooms", cookie).await.body["data"], json!([]));
    let filtered = format!("/v1/rooms?app_id={}", world.app.id);
    for path in [filtered, world.room_path(""), world.room_path("/participants")] {
        let answer = world.get(&path, cookie).await;
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::NOT_FOUND, "app_unknown"),
            "{path}"
        );
    }
    for (rest, body, _) in requests(&world) {
        let answer =
            world.call(Method::POST, &world.room_path(&rest), &body, &stranger.cookie).await;
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::NOT_FOUND, "app_unknown"),
            "{rest}"
        );
    }
    assert_eq!(world.node.requests(), []);
}

#[tokio::test]
async fn a_room_without_a_call_is_unknown() {
    let world = World::new().await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    for rest in ["", "/participants"] {
        let answer = world.get(&world.room_path(rest), Some(&owner.cookie)).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "room_unknown"));
    }
    for (rest, body, _) in requests(&world) {
        let answer = world.call(Method::POST, &world.room_path(&rest), &body, &owner.cookie).await;
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::NOT_FOUND, "room_unknown"),
            "{rest}"
        );
    }
    let audit = world.get("/v1/audit?action=room.ended", Some(&owner.cookie)).await.body;
    assert_eq!(audit["data"], json!([]), "what did not happen is in no audit");
}

#[tokio::test]
async fn somebody_who_is_not_there_is_unknown() {
    let (world, owner) = clinic(Engine::Sqlite).await;
    for who in [ParticipantId::generate().to_string(), "budi".to_owned()] {
        let path = world.room_path(&format!("/participants/{who}/remove"));
        let answer = world.call(Method::POST, &path, &json!({}), &owner.cookie).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "participant_unknown"));
    }
}

#[tokio::test]
async fn values_out_of_range_are_refused() {
    let (world, owner) = clinic(Engine::Sqlite).await;
    let of_budi = |verb: &str| format!("/participants/{}/{verb}", world.node.budi);
    for (rest, body) in [
        ("/lock".to_owned(), json!({ "password": "" })),
        ("/lock".to_owned(), json!({ "password": "x".repeat(65) })),
        ("/lock".to_owned(), json!({ "password": "a\u{0}b" })),
        ("/message".to_owned(), json!({ "text": " \n" })),
        ("/message".to_owned(), json!({ "text": "x".repeat(4_001) })),
        (of_budi("mute"), json!({ "source": "screen_audio" })),
    ] {
        let answer = world.call(Method::POST, &world.room_path(&rest), &body, &owner.cookie).await;
        assert_eq!(answer.code(), "invalid_value", "{rest} {body}");
    }
    assert_eq!(world.node.requests(), []);
}

#[on_both_engines]
async fn the_operator_sees_the_calls_of_every_tenant(engine: Engine) {
    let (world, _) = clinic(engine).await;
    let (shop, _) = world.other_tenant().await;
    let now = Timestamp::now();
    let till = world
        .database
        .tenant(shop)
        .create_app(&NewApp::named("Kasir"), &Author::system(), now)
        .await
        .unwrap();
    let directory = world.database.operator().directory().await.unwrap();
    world.directory.send_replace(Arc::new(directory));
    world.node.begin(&till.id, "kasir", 1_795_321_900);
    let cookie = world.operator_cookie().await;
    let all = world.get("/v1/operator/rooms", Some(&cookie)).await.body;
    assert_eq!(all["data"].as_array().unwrap().len(), 2);
    let path = format!("/v1/operator/rooms?tenant_id={shop}");
    let of_shop = world.get(&path, Some(&cookie)).await.body;
    assert_eq!(of_shop["data"].as_array().unwrap().len(), 1);
    assert_eq!(of_shop["data"][0]["tenant_id"], shop.to_string());
}
