//! Recordings: a recorder on a real WebSocket, the library, links, deletion.

use std::time::Duration;

use axum::http::{HeaderMap, Method, StatusCode, header};
use jumpa_db::{Author, Timestamp};
use jumpa_protocol::{
    CallId, ParticipantId, RecordingId, Role, RoomKey, SourceKind,
    live_room::HostRequest,
    recording::{
        FromRecorder, JobReport, Moderator, RecordedFile, RecordedFileRole, RecordingFailure,
        RecordingKind, RecordingOptions, RecordingRequest, RecordingState, RecordingWish,
        ToRecorder,
    },
};
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{Answer, Member, RECORDER_KEY, World, fake_recorder::FakeRecorder};

/// What every recording here holds.
const CONTENT: &[u8] = b"satu dua tiga";
/// `printf 'satu dua tiga' | sha256sum`
const SHA256: &str = "0b5871b853465583c443bed434884cb1d17ab551d8fb5e5cb99fca7043d97465";

/// A clinic with a call in `ruang-1` and somebody who may record it.
pub struct Clinic {
    pub world: World,
    pub owner: Member,
    pub call_id: CallId,
    pub requests: mpsc::Sender<RecordingRequest>,
    _running: DropGuard,
}

impl Clinic {
    pub async fn new(engine: Engine) -> Self {
        let world = World::on(engine).await;
        let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
        let call_id = world.node.begin(&world.app.id, "ruang-1", 1_795_321_800);
        let (requests, receiver) = mpsc::channel(4);
        let stop = CancellationToken::new();
        tokio::spawn(world.recordings.clone().keep_running(receiver, stop.clone()));
        Self { world, owner, call_id, requests, _running: stop.drop_guard() }
    }

    pub async fn ask(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.world.call(method, path, body, &self.owner.cookie).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.world.get(path, Some(&self.owner.cookie)).await
    }

    async fn start(&self) -> Answer {
        let path = format!("/v1/apps/{}/rooms/ruang-1/recordings", self.world.app.id);
        self.ask(Method::POST, &path, &json!({ "kind": "tracks" })).await
    }

    pub async fn recorder(&self, jobs: Vec<JobReport>) -> FakeRecorder {
        FakeRecorder::connect(&self.world.router, RECORDER_KEY, jobs).await
    }

    /// A recording in the library, with its file there.
    async fn ready(&self) -> RecordingId {
        let id: RecordingId = self.start().await.body["id"].as_str().unwrap().parse().unwrap();
        let mut recorder = self.recorder(vec![]).await;
        recorder.hears_start().await;
        let file = self.file(id);
        let path = self.world.library.path().join(&file.key);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, CONTENT).unwrap();
        let report = JobReport {
            started_at_ms: Some(1_795_321_810_000),
            ended_at_ms: Some(1_795_321_870_000),
            files: vec![file],
            ..report(id, RecordingState::Ready)
        };
        recorder.says(&FromRecorder::Report { report }).await;
        assert_eq!(recorder.hears().await, ToRecorder::Settled { id });
        id
    }

    fn file(&self, id: RecordingId) -> RecordedFile {
        RecordedFile {
            key: format!("{}/{}/{id}/001-camera.webm", self.world.app.tenant_id, self.world.app.id),
            role: RecordedFileRole::Track,
            content_type: "video/webm".to_owned(),
            bytes: CONTENT.len() as u64,
            sha256: SHA256.to_owned(),
            participant_id: Some(self.world.node.budi),
            participant_name: Some("Budi".to_owned()),
            source: Some(SourceKind::Camera),
            codec: Some("V_VP8".to_owned()),
            start_ms: Some(0),
            duration_ms: Some(60_000),
        }
    }

    /// The recording once it is in this state.
    pub async fn until(&self, id: RecordingId, state: &str) -> Value {
        let found = async {
            loop {
                let body = self.get(&format!("/v1/recordings/{id}")).await.body;
                if body["state"] == state {
                    return body;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), found).await.unwrap()
    }

    /// What the call showed of its recordings; it shows nothing twice.
    fn shown(&self) -> Vec<(RecordingState, Option<RecordingFailure>)> {
        let mut shown = self.told();
        shown.dedup();
        shown
    }

    /// What the call was told of its recordings.
    fn told(&self) -> Vec<(RecordingState, Option<RecordingFailure>)> {
        let requests = self.world.node.requests();
        let shown = requests.into_iter().filter_map(|(_, request)| match request {
            HostRequest::ShowRecording { recording } => Some((recording.state, recording.failure)),
            _ => None,
        });
        shown.collect()
    }

    async fn file_url(&self, id: RecordingId) -> String {
        let detail = self.get(&format!("/v1/recordings/{id}")).await.body;
        let file = detail["files"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/recordings/{id}/files/{file}/link");
        let made = self.ask(Method::POST, &path, &json!({})).await;
        assert_eq!(made.status, StatusCode::OK, "{:?}", made.body);
        path_of(&made.body["url"])
    }

    async fn download(&self, path: &str, range: Option<&str>) -> Answer {
        let mut request = crate::request(Method::GET, path, None);
        if let Some(range) = range {
            request = request.header(header::RANGE, range);
        }
        self.world.send(request.body(axum::body::Body::empty()).unwrap()).await
    }
}

fn path_of(url: &Value) -> String {
    url.as_str().unwrap().strip_prefix(crate::ORIGIN).unwrap().to_owned()
}

pub fn report(id: RecordingId, state: RecordingState) -> JobReport {
    JobReport {
        id,
        state,
        failure: None,
        detail: None,
        started_at_ms: None,
        ended_at_ms: None,
        bytes: 13,
        composed_ms: None,
        targets: Vec::new(),
        files: vec![],
    }
}

pub fn id_of(answer: &Answer) -> RecordingId {
    assert_eq!(answer.status, StatusCode::CREATED, "{:?}", answer.body);
    answer.body["id"].as_str().unwrap().parse().unwrap()
}

#[on_both_engines]
async fn a_recording_goes_from_the_queue_to_the_library(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let started = clinic.start().await;
    let id = id_of(&started);
    assert_eq!(started.body["state"], "queued");

    let mut recorder = clinic.recorder(vec![]).await;
    let job = recorder.hears_start().await;
    assert_eq!((job.id, job.kind, job.max_height), (id, RecordingKind::Tracks, 720));
    assert_eq!(job.call_id, clinic.call_id);
    assert!(job.join_token.contains(&id.to_string()), "{}", job.join_token);

    let report = |state| JobReport { started_at_ms: Some(1_795_321_810_000), ..report(id, state) };
    recorder.says(&FromRecorder::Report { report: report(RecordingState::Active) }).await;
    clinic.until(id, "active").await;
    let stopped = clinic.ask(Method::POST, &format!("/v1/recordings/{id}/stop"), &json!({})).await;
    assert_eq!(stopped.body["is_stopping"], true, "{:?}", stopped.body);
    assert_eq!(recorder.hears().await, ToRecorder::Stop { id });

    // Twice, since the first answer may be lost.
    let done = JobReport {
        ended_at_ms: Some(1_795_321_870_000),
        files: vec![clinic.file(id)],
        ..report(RecordingState::Ready)
    };
    for _ in 0..2 {
        recorder.says(&FromRecorder::Report { report: done.clone() }).await;
        assert_eq!(recorder.hears().await, ToRecorder::Settled { id });
    }
    let detail = clinic.until(id, "ready").await;
    assert_eq!((&detail["duration_ms"], &detail["bytes"]), (&json!(60_000), &json!(13)));
    assert_eq!(detail["files"][0]["name"], "001-camera.webm");
    let states: Vec<&str> = clinic.shown().iter().map(|(state, _)| state.as_str()).collect();
    assert_eq!(states, ["queued", "starting", "active", "ready"]);
}

#[on_both_engines]
async fn a_call_without_a_room_or_twice_is_not_recorded(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let path = format!("/v1/apps/{}/rooms/ruang-9/recordings", clinic.world.app.id);
    let nowhere = clinic.ask(Method::POST, &path, &json!({ "kind": "tracks" })).await;
    assert_eq!(nowhere.code(), "room_unknown");
    id_of(&clinic.start().await);
    assert_eq!(clinic.start().await.code(), "recording_running");
}

#[on_both_engines]
async fn a_recording_that_waits_is_cancelled(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let id = id_of(&clinic.start().await);
    let stopped = clinic.ask(Method::POST, &format!("/v1/recordings/{id}/stop"), &json!({})).await;
    assert_eq!(
        (&stopped.body["state"], &stopped.body["failure"]),
        (&json!("failed"), &json!("cancelled"))
    );
}

#[on_both_engines]
async fn a_recorder_that_comes_back_goes_on(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let id = id_of(&clinic.start().await);
    let mut recorder = clinic.recorder(vec![]).await;
    recorder.hears_start().await;
    recorder.leaves().await;

    let mut recorder = clinic.recorder(vec![report(id, RecordingState::Active)]).await;
    assert_eq!(recorder.hears_start().await.id, id);
    recorder.leaves().await;
    // What it was asked while it was away.
    clinic.ask(Method::POST, &format!("/v1/recordings/{id}/stop"), &json!({})).await;
    let mut recorder = clinic.recorder(vec![report(id, RecordingState::Active)]).await;
    assert_eq!(recorder.hears().await, ToRecorder::Stop { id });
    recorder.leaves().await;
    // It has lost its spool.
    clinic.recorder(vec![]).await;
    assert_eq!(clinic.until(id, "failed").await["failure"], "internal");
}

#[on_both_engines]
async fn a_call_that_has_forgotten_its_recording_is_told_again(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let id = id_of(&clinic.start().await);
    let mut recorder = clinic.recorder(vec![]).await;
    recorder.hears_start().await;
    let active = report(id, RecordingState::Active);
    recorder.says(&FromRecorder::Report { report: active.clone() }).await;
    clinic.until(id, "active").await;
    recorder.leaves().await;

    let before = clinic.told().len();
    let _recorder = clinic.recorder(vec![active]).await;
    let told = async {
        while clinic.told().len() == before {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), told).await.unwrap();
    assert_eq!(clinic.told().last(), Some(&(RecordingState::Active, None)));
}

#[on_both_engines]
async fn a_recorder_forgets_what_nobody_knows(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let id = RecordingId::generate();
    let mut recorder = clinic.recorder(vec![report(id, RecordingState::Active)]).await;
    assert_eq!(recorder.hears().await, ToRecorder::Settled { id });
}

#[tokio::test]
async fn a_recorder_with_another_key_is_refused() {
    let clinic = Clinic::new(Engine::Sqlite).await;
    for key in ["", "kunci-lain"] {
        let refused = FakeRecorder::try_connect(&clinic.world.router, key).await;
        assert_eq!(refused.err(), Some(StatusCode::UNAUTHORIZED));
    }
    assert_eq!(clinic.world.get("/v1/recorders/link", None).await.code(), "recorder_key_invalid");
}

#[tokio::test]
async fn rubbish_closes_the_link_of_a_recorder() {
    let clinic = Clinic::new(Engine::Sqlite).await;
    for text in ["rubbish", "{}", r#"{"type":"load","used_millicores":1,"spool_free_bytes":1}"#] {
        let mut recorder =
            FakeRecorder::try_connect(&clinic.world.router, RECORDER_KEY).await.unwrap();
        recorder.says_text(text).await;
        assert_eq!(recorder.hears_close().await, (1008, "bad_message".to_owned()));
    }
    let foreign =
        RecordedFile { key: "../../etc/passwd".to_owned(), ..clinic.file(RecordingId::generate()) };
    let report = JobReport {
        files: vec![foreign],
        ..report(RecordingId::generate(), RecordingState::Ready)
    };
    let mut recorder = clinic.recorder(vec![]).await;
    recorder.says(&FromRecorder::Report { report }).await;
    assert_eq!(recorder.hears_close().await, (1008, "bad_message".to_owned()));
}

#[on_both_engines]
async fn a_moderator_starts_and_stops_a_recording(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let app_id = clinic.world.app.id.clone();
    let dewi = ParticipantId::generate();
    let request = |wish| RecordingRequest {
        room: RoomKey { app_id: app_id.clone(), room: "ruang-1".parse().unwrap() },
        call_id: clinic.call_id,
        moderator: Some(Moderator { id: dewi, name: "Dewi".to_owned() }),
        wish,
    };
    let options = RecordingOptions::new(RecordingKind::Tracks);
    let start = RecordingWish::Start { options, targets: vec![] };
    clinic.requests.send(request(start)).await.unwrap();
    let mut recorder = clinic.recorder(vec![]).await;
    let id = recorder.hears_start().await.id;
    let shown = clinic.get(&format!("/v1/recordings/{id}")).await.body;
    assert_eq!(
        (&shown["requested_by"], &shown["requested_by_kind"]),
        (&json!("Dewi"), &json!("participant"))
    );
    clinic.requests.send(request(RecordingWish::Stop { id })).await.unwrap();
    assert_eq!(recorder.hears().await, ToRecorder::Stop { id });
}

#[on_both_engines]
async fn a_queued_recording_ends_with_its_call(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let id = id_of(&clinic.start().await);
    clinic.world.node.end(clinic.call_id);
    // A recorder that comes makes the server look.
    let _recorder = clinic.recorder(vec![]).await;
    assert_eq!(clinic.until(id, "failed").await["failure"], "call_ended");
}

#[on_both_engines]
async fn a_file_is_read_whole_and_in_parts_with_a_link(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let id = clinic.ready().await;
    let path = clinic.file_url(id).await;
    let whole = clinic.download(&path, None).await;
    assert_eq!((whole.status, whole.text.as_bytes()), (StatusCode::OK, CONTENT));
    let header = |headers: &HeaderMap, name| headers[name].to_str().unwrap().to_owned();
    assert_eq!(header(&whole.headers, header::CONTENT_TYPE), "video/webm");
    assert_eq!(
        header(&whole.headers, header::CONTENT_DISPOSITION),
        "inline; filename=\"001-camera.webm\""
    );

    let part = clinic.download(&path, Some("bytes=5-7")).await;
    assert_eq!((part.status, part.text.as_str()), (StatusCode::PARTIAL_CONTENT, "dua"));
    assert_eq!(header(&part.headers, header::CONTENT_RANGE), "bytes 5-7/13");
    let beyond = clinic.download(&path, Some("bytes=13-")).await;
    assert_eq!(beyond.code(), "range_not_satisfiable");
    assert_eq!(header(&beyond.headers, header::CONTENT_RANGE), "bytes */13");

    let forged = clinic.download(&format!("{path}A"), None).await;
    assert_eq!((forged.status, forged.code()), (StatusCode::FORBIDDEN, "recording_link_invalid"));
    let views = clinic.get(&format!("/v1/recordings/{id}/views")).await.body;
    assert_eq!(
        (&views["data"][0]["kind"], &views["data"][0]["viewer"]),
        (&json!("file"), &json!("rina@sehat.example"))
    );
}

#[on_both_engines]
async fn verifying_finds_a_file_that_was_changed(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let id = clinic.ready().await;
    let verify =
        async || clinic.ask(Method::POST, &format!("/v1/recordings/{id}/verify"), &json!({})).await;
    assert_eq!(verify().await.body["is_intact"], true);
    let path = clinic.world.library.path().join(clinic.file(id).key);
    std::fs::write(&path, b"satu dua empa").unwrap();
    assert_eq!(verify().await.body["is_intact"], false);
    std::fs::remove_file(path).unwrap();
    let gone = verify().await;
    assert_eq!(gone.body["files"][0]["is_intact"], false, "{:?}", gone.body);
}

#[on_both_engines]
async fn a_link_shows_a_recording_to_somebody_without_a_login(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let id = clinic.ready().await;
    let path = format!("/v1/recordings/{id}/links");
    let made = clinic.ask(Method::POST, &path, &json!({ "expires_in_s": 3_600 })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.body);
    let url = path_of(&made.body["url"]);
    let shared = clinic.world.get(&url, None).await;
    assert_eq!(shared.status, StatusCode::OK, "{:?}", shared.body);
    let file = path_of(&shared.body["files"][0]["link"]["url"]);
    assert_eq!(clinic.download(&file, None).await.text.as_bytes(), CONTENT);
    let views = clinic.get(&format!("/v1/recordings/{id}/views")).await.body;
    assert_eq!(views["data"][0]["viewer_kind"], "link");

    let link = made.body["link"]["id"].as_str().unwrap();
    clinic.ask(Method::DELETE, &format!("{path}/{link}"), &json!({})).await;
    assert_eq!(clinic.world.get(&url, None).await.code(), "recording_link_invalid");
}

#[on_both_engines]
async fn a_deleted_recording_is_out_of_reach_until_it_is_restored(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let id = clinic.ready().await;
    let path = format!("/v1/recordings/{id}");
    let file = clinic.file_url(id).await;
    let held =
        clinic.ask(Method::PUT, &format!("{path}/legal_hold"), &json!({ "is_held": true })).await;
    assert_eq!(held.body["has_legal_hold"], true);
    let body = json!({ "reason": "permintaan pasien" });
    assert_eq!(clinic.ask(Method::DELETE, &path, &body).await.code(), "recording_held");
    clinic.ask(Method::PUT, &format!("{path}/legal_hold"), &json!({ "is_held": false })).await;
    let deleted = clinic.ask(Method::DELETE, &path, &body).await;
    assert_eq!(deleted.body["delete_reason"], "permintaan pasien", "{:?}", deleted.body);
    assert_eq!(clinic.download(&file, None).await.status, StatusCode::GONE);
    assert_eq!(clinic.get("/v1/recordings").await.body["data"], json!([]));
    let bin = clinic.get("/v1/recordings?status=deleted").await.body;
    assert_eq!(bin["data"][0]["id"], id.to_string());
    clinic.ask(Method::POST, &format!("{path}/restore"), &json!({})).await;
    assert_eq!(clinic.download(&file, None).await.status, StatusCode::OK);
}

#[on_both_engines]
async fn recordings_are_found_by_what_they_are(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let id = clinic.ready().await.to_string();
    let finds = async |query: &str| {
        let page = clinic.get(&format!("/v1/recordings?{query}")).await.body;
        page["data"]
            .as_array()
            .unwrap_or_else(|| panic!("{page}"))
            .iter()
            .any(|one| one["id"] == id)
    };
    for query in ["", "state=ready", "kind=tracks", "room=ruang-1", "search=RUANG", "search=rina"] {
        assert!(finds(query).await, "{query}");
    }
    for query in [
        "state=failed",
        "kind=stream",
        "room=ruang",
        "search=%25",
        "participant=Agus",
        "until=2020-01-01T00:00:00Z",
    ] {
        assert!(!finds(query).await, "{query}");
    }
}

#[on_both_engines]
async fn evidence_and_quota_tell_what_is_kept(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let id = clinic.ready().await;
    let evidence = clinic.get(&format!("/v1/recordings/{id}/evidence")).await.body;
    assert_eq!(evidence["recording"]["files"][0]["sha256"], SHA256);
    assert_eq!(evidence["views"][0]["kind"], "evidence");
    let quota = clinic.get("/v1/recordings/quota").await.body;
    assert_eq!((&quota["data"][0]["bytes"], &quota["data"][0]["running"]), (&json!(13), &json!(0)));
    let limits = clinic.get("/v1/usage/limits").await.body;
    let limits = limits["data"][0]["limits"].as_array().unwrap();
    let storage = limits.iter().find(|limit| limit["name"] == "storage_bytes").unwrap();
    assert_eq!(storage["used"], 13.0);
}

#[on_both_engines]
async fn a_recording_of_another_tenant_or_app_does_not_exist(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let id = clinic.ready().await;
    let (_, stranger) = clinic.world.other_tenant().await;
    let other_app = clinic.world.another_app(clinic.world.app.tenant_id).await;
    let key = clinic.world.api_key(&other_app).await;
    let reason = json!({ "reason": "x" });
    for (method, rest, body) in [
        (Method::GET, "", json!({})),
        (Method::DELETE, "", reason),
        (Method::POST, "/stop", json!({})),
        (Method::POST, "/restore", json!({})),
        (Method::PUT, "/legal_hold", json!({ "is_held": true })),
        (Method::POST, "/links", json!({ "expires_in_s": 60 })),
        (Method::GET, "/views", json!({})),
        (Method::POST, "/verify", json!({})),
        (Method::GET, "/evidence", json!({})),
    ] {
        let path = format!("/v1/recordings/{id}{rest}");
        let of_tenant = clinic.world.call(method.clone(), &path, &body, &stranger.cookie).await;
        assert_eq!(of_tenant.code(), "not_found", "{path}");
        let of_app = clinic.world.call_with_key(method, &path, &body, &key).await;
        assert_eq!(of_app.code(), "not_found", "{path}");
    }
}

/// So long before now.
fn ago(hours: u64) -> Timestamp {
    let before = Duration::from_secs(hours * 3_600).as_micros();
    Timestamp::from_micros(Timestamp::now().as_micros() - i64::try_from(before).unwrap())
}

#[on_both_engines]
async fn a_recorder_that_was_given_up_brings_its_files_all_the_same(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let id = id_of(&clinic.start().await);
    let mut recorder = clinic.recorder(vec![]).await;
    recorder.hears_start().await;
    let operator = clinic.world.database.operator();
    operator.note_recorder_away(Some("perekam-1"), ago(1)).await.unwrap();
    let shown = clinic.get(&format!("/v1/recordings/{id}")).await.body;
    assert_eq!((&shown["state"], &shown["is_interrupted"]), (&json!("starting"), &json!(true)));

    recorder.says(&FromRecorder::Report { report: report(id, RecordingState::Active) }).await;
    clinic.until(id, "active").await;
    operator.note_recorder_away(Some("perekam-1"), ago(24)).await.unwrap();
    // What a recorder says makes the server look.
    let load =
        FromRecorder::Load { used_millicores: 2, spool_free_bytes: 1 << 40, spool_level: None };
    recorder.says(&load).await;
    assert_eq!(clinic.until(id, "failed").await["failure"], "recorder_lost");

    let done = JobReport { files: vec![clinic.file(id)], ..report(id, RecordingState::Ready) };
    recorder.says(&FromRecorder::Report { report: done }).await;
    assert_eq!(recorder.hears().await, ToRecorder::Settled { id });
    assert_eq!(clinic.until(id, "ready").await["failure"], Value::Null);
}

#[on_both_engines]
async fn files_of_a_recording_that_was_deleted_a_week_ago_are_removed(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let id = clinic.ready().await;
    let path = clinic.world.library.path().join(clinic.file(id).key);
    assert!(path.exists());
    let scope = clinic.world.database.tenant(clinic.world.app.tenant_id);
    scope.delete_recording(id, "salah", &Author::system(), ago(7 * 24)).await.unwrap();

    // A server that starts looks at once.
    let stop = CancellationToken::new();
    let (_requests, receiver) = mpsc::channel(1);
    tokio::spawn(clinic.world.recordings.clone().keep_running(receiver, stop.clone()));
    let _running = stop.drop_guard();
    let purged = async {
        while clinic.get(&format!("/v1/recordings/{id}")).await.body["purged_at"].is_null() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), purged).await.unwrap();
    assert!(!path.exists());
    let verified =
        clinic.ask(Method::POST, &format!("/v1/recordings/{id}/verify"), &json!({})).await;
    assert_eq!(verified.code(), "recording_purged");
    let audit = clinic.get("/v1/audit").await.body;
    assert_eq!(audit["data"][0]["action"], "recording.purged");
}
