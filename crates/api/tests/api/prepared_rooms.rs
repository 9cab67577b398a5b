//! Rooms that are prepared for their next call: prepared, listed, changed and taken back.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use jumpa_db::{App, Author, RoomPassword, RoomPreparation, StoredPreparation, Timestamp};
use jumpa_protocol::{
    Role, RoomKey,
    recording::{AutoRecord, RecordingKind, RecordingOptions, RecordingPolicy},
};
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};

use crate::{Answer, Member, World};

/// When the rooms of these tests were prepared: 2026-11-22T04:30:00Z and seconds after it.
const FIRST: i64 = 1_795_321_800;

impl World {
    pub(crate) async fn prepare(&self, room: &str, body: &Value, cookie: &str) -> Answer {
        let path = format!("/v1/apps/{}/rooms/{room}", self.app.id);
        self.call(Method::PUT, &path, body, cookie).await
    }

    fn prepared_path(&self, room: &str) -> String {
        format!("/v1/apps/{}/prepared_rooms/{room}", self.app.id)
    }

    /// Prepares a room as it is stored, without waiting until admission hears of it.
    async fn has_prepared(
        &self,
        app: &App,
        room: &str,
        preparation: &RoomPreparation,
        seconds: i64,
    ) -> StoredPreparation {
        let room = RoomKey { app_id: app.id.clone(), room: room.parse().unwrap() };
        let at = Timestamp::from_micros((FIRST + seconds) * 1_000_000);
        let scope = self.database.tenant(app.tenant_id);
        scope.prepare_room(&room, preparation, &Author::system(), at).await.unwrap()
    }

    /// The server reads the directory again when its version has changed.
    async fn reads_directory_after(&self, before: i64) {
        let operator = self.database.operator();
        while operator.directory_version().await.unwrap() == before {
            tokio::task::yield_now().await;
        }
        self.directory.send_replace(Arc::new(operator.directory().await.unwrap()));
    }
}

async fn clinic(engine: Engine) -> (World, Member) {
    let world = World::on(engine).await;
    let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
    (world, owner)
}

fn consultation() -> RoomPreparation {
    let options = RecordingOptions::new(RecordingKind::Composite);
    RoomPreparation {
        password: RoomPassword::New("rahasia".to_owned()),
        has_lobby: true,
        max_participants: Some(2),
        recording: RecordingPolicy {
            auto_record: Some(AutoRecord { options, target_ids: vec![] }),
            is_required: true,
        },
        expires_at: None,
    }
}

fn rooms(list: &Value) -> Vec<&str> {
    list["data"].as_array().unwrap().iter().map(|one| one["room"].as_str().unwrap()).collect()
}

#[on_both_engines]
async fn a_prepared_room_is_in_the_directory(engine: Engine) {
    let (world, owner) = clinic(engine).await;
    let body = json!({ "password": "rahasia", "has_lobby": true, "max_participants": 2 });
    let before = world.database.operator().directory_version().await.unwrap();
    let (answer, ()) = tokio::join!(
        world.prepare("Ruang-9", &body, &owner.cookie),
        world.reads_directory_after(before)
    );
    assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.body);
    assert_eq!(
        (&answer.body["room"], &answer.body["has_password"]),
        (&json!("ruang-9"), &json!(true))
    );
    assert!(!answer.body.to_string().contains("rahasia"));
    let directory = world.directory.borrow().clone();
    let prepared = &directory.apps[&world.app.id].prepared_rooms[&"ruang-9".parse().unwrap()];
    assert_eq!(prepared.max_participants, Some(2));
    let audit = world.get("/v1/audit?action=room.prepared", Some(&owner.cookie)).await.body;
    assert_eq!(audit["data"][0]["after"]["has_password"], true);
}

#[tokio::test]
async fn a_room_with_a_running_call_is_not_prepared() {
    let (world, owner) = clinic(Engine::Sqlite).await;
    world.node.begin(&world.app.id, "ruang-1", 1_795_321_800);
    let answer = world.prepare("ruang-1", &json!({}), &owner.cookie).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, "room_is_live"));
}

#[on_both_engines]
async fn prepared_rooms_are_listed_the_newest_first(engine: Engine) {
    let (world, owner) = clinic(engine).await;
    let cookie = Some(owner.cookie.as_str());
    world.has_prepared(&world.app, "ruang-1", &consultation(), 0).await;
    world.has_prepared(&world.app, "ruang-2", &RoomPreparation::default(), 1).await;
    let list = world.get("/v1/prepared_rooms?limit=1", cookie).await.body;
    assert_eq!(rooms(&list), ["ruang-2"]);
    let cursor = list["next_cursor"].as_str().unwrap();
    let next = world.get(&format!("/v1/prepared_rooms?limit=1&cursor={cursor}"), cookie).await.body;
    assert_eq!(next["next_cursor"], json!(null));
    let shown = &next["data"][0];
    assert_eq!(shown["auto_record"]["kind"], "composite");
    let expected = json!({
        "app_id": world.app.id, "room": "ruang-1", "has_password": true, "has_lobby": true,
        "max_participants": 2, "auto_record": shown["auto_record"], "recording_required": true,
        "expires_at": null, "prepared_at": "2026-11-22T04:30:00Z",
    });
    assert_eq!(shown, &expected);
    let one = world.get(&world.prepared_path("Ruang-1"), cookie).await.body;
    assert_eq!(&one, shown);
    assert!(!next.to_string().contains("rahasia"), "a password is never shown");
}

#[on_both_engines]
async fn prepared_rooms_are_found_by_app_and_by_a_part_of_the_name(engine: Engine) {
    let (world, owner) = clinic(engine).await;
    let cookie = Some(owner.cookie.as_str());
    let shop = world.another_app(world.app.tenant_id).await;
    let any = RoomPreparation::default();
    world.has_prepared(&world.app, "ruang_1", &any, 0).await;
    world.has_prepared(&world.app, "ruang-2", &any, 1).await;
    world.has_prepared(&shop, "kasir", &any, 2).await;
    for (query, expected) in [
        (String::new(), vec!["kasir", "ruang-2", "ruang_1"]),
        (format!("?app_id={}", world.app.id), vec!["ruang-2", "ruang_1"]),
        ("?search=ASI".to_owned(), vec!["kasir"]),
        ("?search=_".to_owned(), vec!["ruang_1"]),
        ("?search=%20".to_owned(), vec!["kasir", "ruang-2", "ruang_1"]),
        (format!("?search=ruang&app_id={}", shop.id), vec![]),
    ] {
        let list = world.get(&format!("/v1/prepared_rooms{query}"), cookie).await.body;
        assert_eq!(rooms(&list), expected, "{query}");
    }
    let key = world.api_key(&shop).await;
    let own = world.call_with_key(Method::GET, "/v1/prepared_rooms", &json!({}), &key).await;
    assert_eq!(rooms(&own.body), ["kasir"], "an API key sees those of its app");
}

#[on_both_engines]
async fn what_is_over_or_of_a_deleted_app_is_not_prepared(engine: Engine) {
    let (world, owner) = clinic(engine).await;
    let cookie = Some(owner.cookie.as_str());
    let expires_at = Some(Timestamp::from_micros((FIRST + 60) * 1_000_000));
    let over = RoomPreparation { expires_at, ..consultation() };
    world.has_prepared(&world.app, "ruang-1", &over, 0).await;
    let shop = world.another_app(world.app.tenant_id).await;
    world.has_prepared(&shop, "kasir", &RoomPreparation::default(), 0).await;
    let path = format!("/v1/apps/{}", shop.id);
    let deleted = world.call(Method::DELETE, &path, &json!({}), &owner.cookie).await;
    assert!(deleted.status.is_success(), "{:?}", deleted.body);

    assert_eq!(world.get("/v1/prepared_rooms", cookie).await.body["data"], json!([]));
    let path = world.prepared_path("ruang-1");
    for method in [Method::GET, Method::DELETE] {
        let answer = world.call(method, &path, &json!({}), &owner.cookie).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "room_not_prepared"));
    }
}

#[on_both_engines]
async fn what_was_prepared_is_taken_back_once(engine: Engine) {
    let (world, owner) = clinic(engine).await;
    world.has_prepared(&world.app, "ruang-1", &consultation(), 0).await;
    let directory = world.database.operator().directory().await.unwrap();
    world.directory.send_replace(Arc::new(directory));
    let path = world.prepared_path("ruang-1");
    let before = world.database.operator().directory_version().await.unwrap();
    let nothing = json!({});
    let (answer, ()) = tokio::join!(
        world.call(Method::DELETE, &path, &nothing, &owner.cookie),
        world.reads_directory_after(before)
    );
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{:?}", answer.body);
    assert!(world.directory.borrow().apps[&world.app.id].prepared_rooms.is_empty());
    let again = world.call(Method::DELETE, &path, &json!({}), &owner.cookie).await;
    assert_eq!((again.status, again.code()), (StatusCode::NOT_FOUND, "room_not_prepared"));
    let audit = world.get("/v1/audit?action=room.unprepared", Some(&owner.cookie)).await.body;
    assert_eq!(audit["data"].as_array().unwrap().len(), 1);
    assert_eq!(audit["data"][0]["before"]["max_participants"], 2);
    assert!(!audit.to_string().contains("rahasia"));
}

#[on_both_engines]
async fn a_change_keeps_the_password_if_it_says_so(engine: Engine) {
    let (world, owner) = clinic(engine).await;
    world.has_prepared(&world.app, "ruang-1", &consultation(), 0).await;
    let before = world.database.operator().directory_version().await.unwrap();
    let body = json!({ "keeps_password": true, "max_participants": 3 });
    let (kept, ()) = tokio::join!(
        world.prepare("ruang-1", &body, &owner.cookie),
        world.reads_directory_after(before)
    );
    assert_eq!(
        (&kept.body["has_password"], &kept.body["max_participants"]),
        (&json!(true), &json!(3)),
        "{:?}",
        kept.body
    );
    let directory = world.directory.borrow().clone();
    let prepared = &directory.apps[&world.app.id].prepared_rooms[&"ruang-1".parse().unwrap()];
    assert_eq!(prepared.password.as_ref().unwrap().0, b"rahasia");
    let audit = world.get("/v1/audit?action=room.prepared", Some(&owner.cookie)).await.body;
    assert_eq!(audit["data"][0]["before"]["max_participants"], 2);

    let nothing = world.prepare("ruang-2", &body, &owner.cookie).await;
    assert_eq!((nothing.status, nothing.code()), (StatusCode::NOT_FOUND, "room_not_prepared"));
    let both = json!({ "keeps_password": true, "password": "lain" });
    let both = world.prepare("ruang-1", &both, &owner.cookie).await;
    assert_eq!(both.code(), "invalid_value");
}

#[tokio::test]
async fn a_preparation_out_of_range_is_refused() {
    let (world, owner) = clinic(Engine::Sqlite).await;
    for (room, body) in [
        ("ruang-9", json!({ "max_participants": 0 })),
        ("ruang-9", json!({ "max_participants": 100_001 })),
        ("ruang-9", json!({ "expires_at": "2020-01-01T00:00:00Z" })),
        ("ruang-9", json!({ "expires_at": "besok" })),
        ("ruang-9", json!({ "password": "" })),
        ("ruang%209", json!({})),
    ] {
        let answer = world.prepare(room, &body, &owner.cookie).await;
        assert_eq!(answer.code(), "invalid_value", "{room} {body}");
    }
    assert_eq!(
        world.get(&world.prepared_path("ruang%209"), Some(&owner.cookie)).await.code(),
        "room_not_prepared"
    );
}

#[on_both_engines]
async fn another_tenant_reaches_no_prepared_room(engine: Engine) {
    let (world, owner) = clinic(engine).await;
    world.has_prepared(&world.app, "ruang-1", &consultation(), 0).await;
    let (_, stranger) = world.other_tenant().await;
    let cookie = Some(stranger.cookie.as_str());
    assert_eq!(world.get("/v1/prepared_rooms", cookie).await.body["data"], json!([]));
    let filtered = format!("/v1/prepared_rooms?app_id={}", world.app.id);
    assert_eq!(world.get(&filtered, cookie).await.code(), "app_unknown");
    let path = world.prepared_path("ruang-1");
    for method in [Method::GET, Method::DELETE] {
        let answer = world.call(method, &path, &json!({}), &stranger.cookie).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "app_unknown"));
    }
    let prepared = world.prepare("ruang-1", &json!({}), &stranger.cookie).await;
    assert_eq!(prepared.code(), "app_unknown");
    let still = world.get(&path, Some(&owner.cookie)).await.body;
    assert_eq!(still["max_participants"], 2);
}
