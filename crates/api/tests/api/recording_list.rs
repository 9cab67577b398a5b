//! The list of recordings: what each shows, to whom, and how it is found.

use std::fs;

use axum::http::{Method, StatusCode};
use jumpa_db::{App, Author, NewRecording, Recording, RecordingProgress, Requester, Timestamp};
use jumpa_protocol::{
    CallId, RecordingId, Role,
    recording::{
        RecordedFile, RecordedFileRole, RecordingFailure, RecordingKind, RecordingOptions,
        RecordingState,
    },
};
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};

use crate::{
    Member, World,
    calls::{Call, NOON_S},
};

const PICTURE: &[u8] = b"JFIF";

/// A clinic and a kiosk of the same client, each with a recorded call.
struct Library {
    world: World,
    owner: Member,
    kiosk: App,
    /// Of the clinic, from noon: Budi, Agus for a while, and Budi once more from his telephone;
    /// Siti was gone before it began, Dewi came when it was over.
    visit: RecordingId,
    visit_call: CallId,
    /// Of the kiosk, an hour later: Siti alone, and the storage took nothing.
    failed: RecordingId,
}

fn noon(after_s: u64) -> Timestamp {
    Timestamp::from_micros(((NOON_S + after_s) * 1_000_000) as i64)
}

impl Library {
    async fn new(engine: Engine) -> Self {
        let world = World::on(engine).await;
        let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
        let kiosk = world.another_app(world.app.tenant_id).await;
        let visit_call = Call::begin(&world.app.id, "ruang-1", 0)
            .join(0, 1, "Budi", Some("pasien-7"))
            .join(0, 2, "Siti", None)
            .leave(5, 2)
            .join(20, 3, "Agus", None)
            .join(30, 4, "Budi", Some("pasien-7"))
            .leave(60, 3)
            .join(95, 5, "Dewi", None)
            .end(100)
            .store(&world)
            .await;
        let other_call = Call::begin(&kiosk.id, "kasir", 3_600)
            .join(3_600, 6, "Siti", Some("pasien-8"))
            .end(3_700)
            .store(&world)
            .await;
        let visit = recorded(&world, &world.app, ("ruang-1", visit_call), noon(10)).await;
        poster(&world, visit).await;
        let failed = recorded(&world, &kiosk, ("kasir", other_call), noon(3_610)).await;
        change(&world, failed, noon(3_690), |now| {
            now.state = RecordingState::Failed;
            now.failure = Some(RecordingFailure::StorageRefused);
            now.ended_at = Some(noon(3_690));
        })
        .await;
        Self { world, owner, kiosk, visit, visit_call, failed }
    }

    async fn list(&self, query: &str) -> Value {
        let path = format!("/v1/recordings?{query}");
        let answer = self.world.get(&path, Some(&self.owner.cookie)).await;
        assert_eq!(answer.status, StatusCode::OK, "{query}: {:?}", answer.body);
        answer.body
    }
}

/// A recording that was begun by then.
async fn recorded(
    world: &World,
    app: &App,
    (room, call_id): (&str, CallId),
    at: Timestamp,
) -> RecordingId {
    let new = NewRecording {
        app_id: app.id.clone(),
        room: room.parse().unwrap(),
        call_id,
        options: RecordingOptions::new(RecordingKind::Tracks),
        max_height: 720,
        targets: vec![],
        requester: Requester::Author(Author::system()),
    };
    let id = world.database.tenant(app.tenant_id).start_recording(&new, at).await.unwrap().id;
    change(world, id, at, |now| {
        now.state = RecordingState::Active;
        now.recorder_id = Some("perekam-1".to_owned());
        now.started_at = Some(at);
    })
    .await;
    id
}

async fn change(
    world: &World,
    id: RecordingId,
    at: Timestamp,
    edit: impl FnOnce(&mut RecordingProgress) + Send,
) {
    let next = |before: &Recording| {
        let mut progress = RecordingProgress::from(before);
        edit(&mut progress);
        Some(progress)
    };
    world.database.operator().change_recording(id, next, crate::ORIGIN, at).await.unwrap();
}

/// The visit is ready, with a picture of it in the library.
async fn poster(world: &World, id: RecordingId) {
    let key = format!("{}/{}/{id}/poster.jpg", world.app.tenant_id, world.app.id);
    let path = world.library.path().join(&key);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, PICTURE).unwrap();
    let poster = RecordedFile {
        key,
        role: RecordedFileRole::Poster,
        content_type: "image/jpeg".to_owned(),
        bytes: PICTURE.len() as u64,
        // Nobody verifies it here.
        sha256: "ab".repeat(32),
        participant_id: None,
        participant_name: None,
        source: None,
        codec: None,
        start_ms: None,
        duration_ms: None,
    };
    change(world, id, noon(120), |now| {
        now.state = RecordingState::Ready;
        now.ended_at = Some(noon(90));
        now.files = Some(vec![poster]);
    })
    .await;
}

fn ids(list: &Value) -> Vec<&str> {
    let data = list["data"].as_array().unwrap();
    data.iter().map(|one| one["id"].as_str().unwrap()).collect()
}

#[on_both_engines]
async fn each_recording_shows_a_picture_and_who_was_there_while_it_was_made(engine: Engine) {
    let library = Library::new(engine).await;
    let list = library.list("").await;
    assert_eq!(ids(&list), [library.failed.to_string(), library.visit.to_string()]);
    let (failed, visit) = (&list["data"][0], &list["data"][1]);
    assert_eq!(visit["participants"], json!(["Agus", "Budi"]), "no name twice");
    assert_eq!(visit["participant_count"], 3, "Budi came with two devices");
    assert_eq!((&visit["state"], &visit["room"]), (&json!("ready"), &json!("ruang-1")));
    assert_eq!((&visit["duration_ms"], &visit["bytes"]), (&json!(80_000), &json!(PICTURE.len())));
    assert_eq!(
        (&failed["participants"], &failed["participant_count"]),
        (&json!(["Siti"]), &json!(1))
    );
    assert_eq!((&failed["failure"], &failed["poster"]), (&json!("storage_refused"), &Value::Null));

    let url = visit["poster"]["url"].as_str().unwrap().strip_prefix(crate::ORIGIN).unwrap();
    let picture = library.world.get(url, None).await;
    assert_eq!((picture.status, picture.text.as_bytes()), (StatusCode::OK, PICTURE));
    assert_eq!(picture.headers["content-type"], "image/jpeg");
}

#[on_both_engines]
async fn pictures_are_for_those_who_may_play_and_gone_with_the_recording(engine: Engine) {
    let library = Library::new(engine).await;
    let (world, tenant_id) = (&library.world, library.world.app.tenant_id);
    let viewer = world.member(tenant_id, "tamu@sehat.example", Role::Viewer).await;
    let list = world.get("/v1/recordings", Some(&viewer.cookie)).await.body;
    assert_eq!(list["data"][1]["participants"], json!(["Agus", "Budi"]), "{list:#}");
    assert_eq!(list["data"][1]["poster"], Value::Null);

    let path = format!("/v1/recordings/{}", library.visit);
    let reason = json!({ "reason": "permintaan pasien" });
    world.call(Method::DELETE, &path, &reason, &library.owner.cookie).await;
    let bin = library.list("status=deleted").await;
    assert_eq!((ids(&bin).len(), &bin["data"][0]["poster"]), (1, &Value::Null));
    assert_eq!(ids(&library.list("").await), [library.failed.to_string()]);
}

#[on_both_engines]
async fn recordings_are_found_by_place_time_and_people(engine: Engine) {
    let library = Library::new(engine).await;
    let (visit, failed) = (library.visit.to_string(), library.failed.to_string());
    let both = [failed.as_str(), visit.as_str()];
    let cases: Vec<(String, &[&str])> = vec![
        (format!("app_id={}", library.world.app.id), &both[1..]),
        (format!("app_id={}", library.kiosk.id), &both[..1]),
        (format!("call_id={}", library.visit_call), &both[1..]),
        (format!("call_id={}", CallId::generate()), &[]),
        ("room=ruang-1".to_owned(), &both[1..]),
        ("state=failed".to_owned(), &both[..1]),
        ("kind=tracks".to_owned(), &both),
        ("kind=stream".to_owned(), &[]),
        // The first moment belongs to it, the last one does not.
        ("from=2026-11-22T13:00:10Z".to_owned(), &both[..1]),
        ("until=2026-11-22T13:00:10Z".to_owned(), &both[1..]),
        ("from=2026-11-22T12:00:10Z&until=2026-11-22T14:00:00Z".to_owned(), &both),
        ("participant=pasien-7".to_owned(), &both[1..]),
        ("participant=Siti".to_owned(), &both),
        ("participant=Sit".to_owned(), &[]),
        ("search=agu".to_owned(), &both[1..]),
        ("search=PASIEN-8".to_owned(), &both[..1]),
        ("search=kas".to_owned(), &both[..1]),
        // Text, and no pattern.
        ("search=_".to_owned(), &[]),
        ("search=%25".to_owned(), &[]),
        ("search=agu&state=failed".to_owned(), &[]),
    ];
    for (query, expected) in cases {
        assert_eq!(ids(&library.list(&query).await), expected, "{query}");
    }
    for (query, field) in [("from=kemarin", "from"), ("state=selesai", ""), ("rom=ruang-1", "")] {
        let path = format!("/v1/recordings?{query}");
        let answer = library.world.get(&path, Some(&library.owner.cookie)).await;
        assert!(answer.status.is_client_error(), "{query}");
        if !field.is_empty() {
            assert_eq!((answer.code(), &answer.body["field"]), ("invalid_value", &json!(field)));
        }
    }
}

#[on_both_engines]
async fn recordings_come_in_pages_the_newest_first(engine: Engine) {
    let library = Library::new(engine).await;
    let first = library.list("limit=1").await;
    assert_eq!(ids(&first), [library.failed.to_string()]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = library.list(&format!("limit=1&cursor={cursor}")).await;
    assert_eq!(ids(&second), [library.visit.to_string()]);
    assert_eq!(second["next_cursor"], Value::Null);
}

#[on_both_engines]
async fn a_key_lists_its_own_app_and_strangers_nothing(engine: Engine) {
    let library = Library::new(engine).await;
    let world = &library.world;
    let key = world.api_key(&library.kiosk).await;
    let by_key = async |query: &str| {
        world
            .call_with_key(Method::GET, &format!("/v1/recordings?{query}"), &json!(null), &key)
            .await
    };
    assert_eq!(ids(&by_key("").await.body), [library.failed.to_string()]);
    let other = by_key(&format!("app_id={}", world.app.id)).await;
    assert!(other.status.is_client_error(), "{:?}", other.body);

    let (_, stranger) = world.other_tenant().await;
    let list = world.get("/v1/recordings", Some(&stranger.cookie)).await.body;
    assert_eq!(list, json!({ "data": [], "next_cursor": null }));
    let path = format!("/v1/recordings?app_id={}", world.app.id);
    let named = world.get(&path, Some(&stranger.cookie)).await;
    assert!(named.status.is_client_error() || named.body["data"] == json!([]), "{:?}", named.body);
}
