//! Where recordings lie: chosen, tried, refused; recordings in a bucket are played, verified and
//! removed as those in the folder are.

use std::{fs, time::Duration};

use aws_lc_rs::digest;
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use jumpa_db::{Author, DELETED_RECORDINGS_KEPT, Timestamp};
use jumpa_protocol::{
    RecordingId, Role,
    recording::{
        FromRecorder, JobReport, RecordedFile, RecordedFileRole, RecordingFailure, RecordingState,
        RecordingStorage, ToRecorder,
    },
};
use jumpa_storage::{Storage, StoredFile};
use jumpa_test_database::{Engine, on_both_engines};
use jumpa_test_storage::S3Server;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    Answer, Member, RECORDER_KEY, World,
    fake_recorder::{FakeRecorder, hello},
};

/// More than one frame of an encrypted file.
const BYTES: usize = (1 << 20) + 13;

struct Clinic {
    world: World,
    owner: Member,
    server: S3Server,
}

impl Clinic {
    async fn new(engine: Engine) -> Self {
        let world = World::on(engine).await;
        let owner = world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await;
        world.node.begin(&world.app.id, "ruang-1", 1_795_321_800);
        Self { world, owner, server: S3Server::start().await }
    }

    /// Lets recordings go on, and looks at once for what is to be removed.
    fn run(&self) -> DropGuard {
        let (_, receiver) = mpsc::channel(1);
        let stop = CancellationToken::new();
        tokio::spawn(self.world.recordings.clone().keep_running(receiver, stop.clone()));
        stop.drop_guard()
    }

    fn path(&self) -> String {
        format!("/v1/apps/{}/recording_storage", self.world.app.id)
    }

    async fn ask(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.world.call(method, path, body, &self.owner.cookie).await
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.world.get(path, Some(&self.owner.cookie)).await;
        assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.body);
        answer.body
    }

    fn settings(&self, encryption: &str) -> Value {
        let bucket = self.server.bucket();
        json!({
            "s3": {
                "endpoint": bucket.endpoint, "region": bucket.region, "bucket": bucket.bucket,
                "prefix": "panggilan", "access_key_id": bucket.access_key_id,
                "secret_access_key": bucket.secret_access_key,
            },
            "encryption": encryption,
        })
    }

    async fn set(&self, settings: &Value) -> Answer {
        self.ask(Method::PUT, &self.path(), settings).await
    }

    /// A recording whose file was brought to where the server says.
    async fn ready(&self) -> (RecordingId, Vec<u8>) {
        let path = format!("/v1/apps/{}/rooms/ruang-1/recordings", self.world.app.id);
        let begun = self.ask(Method::POST, &path, &json!({ "kind": "tracks" })).await;
        let id: RecordingId = begun.body["id"].as_str().unwrap().parse().unwrap();
        let mut recorder = FakeRecorder::connect(&self.world.router, RECORDER_KEY, vec![]).await;
        assert_eq!(recorder.hears_start().await.id, id);
        let storage = asked_storage(&mut recorder, id).await;
        let content: Vec<u8> = (0..BYTES).map(|at| b'a' + (at % 26) as u8).collect();
        let file = self.file(id, &content);
        let data = tempfile::tempdir().unwrap();
        fs::write(data.path().join("file"), &content).unwrap();
        let stored = StoredFile { key: &file.key, bytes: file.bytes, sha256: &file.sha256 };
        let storage = Storage::open(&storage, self.world.library.path()).unwrap();
        storage
            .upload(&data.path().join("file"), &stored, &data.path().join("journal"))
            .await
            .unwrap();
        let report = JobReport {
            started_at_ms: Some(1_795_321_810_000),
            ended_at_ms: Some(1_795_321_870_000),
            files: vec![file],
            ..report(id, RecordingState::Ready)
        };
        recorder.says(&FromRecorder::Report { report }).await;
        assert_eq!(recorder.hears().await, ToRecorder::Settled { id });
        (id, content)
    }

    fn file(&self, id: RecordingId, content: &[u8]) -> RecordedFile {
        let sum = digest::digest(&digest::SHA256, content);
        RecordedFile {
            key: format!("{}/{}/{id}/001-camera.webm", self.world.app.tenant_id, self.world.app.id),
            role: RecordedFileRole::Track,
            content_type: "video/webm".to_owned(),
            bytes: content.len() as u64,
            sha256: sum.as_ref().iter().map(|byte| format!("{byte:02x}")).collect(),
            participant_id: None,
            participant_name: None,
            source: None,
            codec: None,
            start_ms: Some(0),
            duration_ms: Some(60_000),
        }
    }

    async fn part(&self, id: RecordingId, range: &str) -> Answer {
        let detail = self.get(&format!("/v1/recordings/{id}")).await;
        let file = detail["files"][0]["id"].as_str().unwrap();
        let path = format!("/v1/recordings/{id}/files/{file}/link");
        let link = self.ask(Method::POST, &path, &json!({})).await.body;
        let url = link["url"].as_str().unwrap().strip_prefix(crate::ORIGIN).unwrap().to_owned();
        let request = crate::request(Method::GET, &url, None).header(header::RANGE, range);
        self.world.send(request.body(Body::empty()).unwrap()).await
    }

    /// Plays a part, verifies the whole, and removes it as if its time were over.
    async fn is_played_verified_and_removed(&self, id: RecordingId, content: &[u8]) {
        let part = self.part(id, "bytes=1048570-1048579").await;
        assert_eq!(part.status, StatusCode::PARTIAL_CONTENT, "{:?}", part.body);
        assert_eq!(part.text.as_bytes(), &content[1_048_570..1_048_580]);
        let verify = format!("/v1/recordings/{id}/verify");
        let verified = self.ask(Method::POST, &verify, &json!({})).await;
        assert_eq!(verified.body["is_intact"], true);

        let long_ago = Timestamp::from_micros(
            Timestamp::now().as_micros() - DELETED_RECORDINGS_KEPT.as_micros() as i64,
        );
        let scope = self.world.database.tenant(self.world.app.tenant_id);
        scope.delete_recording(id, "permintaan pasien", &Author::system(), long_ago).await.unwrap();
        let _running = self.run();
        let gone = async {
            while scope.recording(id).await.unwrap().purged_at.is_none() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), gone).await.unwrap();
    }
}

async fn asked_storage(recorder: &mut FakeRecorder, id: RecordingId) -> RecordingStorage {
    recorder.says(&FromRecorder::AskStorage { id }).await;
    match recorder.hears().await {
        ToRecorder::Storage { id: of, storage } if of == id => *storage,
        other => panic!("{other:?}"),
    }
}

fn report(id: RecordingId, state: RecordingState) -> JobReport {
    JobReport {
        id,
        state,
        failure: None,
        detail: None,
        started_at_ms: None,
        ended_at_ms: None,
        bytes: BYTES as u64,
        composed_ms: None,
        targets: vec![],
        files: vec![],
    }
}

#[on_both_engines]
async fn a_recording_in_a_bucket_is_like_one_in_the_folder(engine: Engine) {
    for encryption in ["none", "sse", "envelope"] {
        let clinic = Clinic::new(engine).await;
        let running = clinic.run();
        let set = clinic.set(&clinic.settings(encryption)).await;
        assert_eq!(set.status, StatusCode::OK, "{:?}", set.body);
        let (id, content) = clinic.ready().await;
        drop(running);
        let keys = clinic.server.keys();
        let key = format!("panggilan/{}", clinic.file(id, &content).key);
        assert_eq!(keys, [key.as_str()]);
        let is_plain = fs::read(clinic.server.path_of(&key)).unwrap() == content;
        assert_eq!(is_plain, encryption != "envelope");

        // It stays where it is, whatever the app chooses next.
        let removed = clinic.ask(Method::DELETE, &clinic.path(), &json!({})).await;
        assert_eq!(removed.status, StatusCode::NO_CONTENT);
        assert_eq!(clinic.get(&clinic.path()).await["is_own"], false);
        clinic.is_played_verified_and_removed(id, &content).await;
        assert_eq!(clinic.server.keys(), Vec::<String>::new());
        let folder = fs::read_dir(clinic.world.library.path()).unwrap();
        let left: Vec<_> = folder.map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, [".library"], "the mark alone");
    }
}

#[on_both_engines]
async fn the_platform_may_encrypt_its_folder(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let operator = clinic.world.operator_cookie().await;
    let path = "/v1/operator/recording_storage";
    let wanted = json!({ "s3": null, "encryption": "envelope" });
    let set = clinic.world.call(Method::PUT, path, &wanted, &operator).await;
    assert_eq!((set.status, &set.body["encryption"]), (StatusCode::OK, &json!("envelope")));
    let running = clinic.run();
    let (id, content) = clinic.ready().await;
    drop(running);
    let file = clinic.world.library.path().join(clinic.file(id, &content).key);
    assert_eq!(fs::read(file).unwrap().len(), BYTES + 2 * 16);
    clinic.is_played_verified_and_removed(id, &content).await;

    let tested = clinic.world.post(&format!("{path}/test"), &json!({}), Some(&operator)).await;
    assert_eq!(tested.status, StatusCode::OK, "{:?}", tested.body);
    let removed = clinic.world.call(Method::DELETE, path, &json!({}), &operator).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    let sse = json!({ "s3": null, "encryption": "sse" });
    let refused = clinic.world.call(Method::PUT, path, &sse, &operator).await;
    assert_eq!(refused.body["field"], "encryption");
}

#[on_both_engines]
async fn a_storage_that_does_not_do_is_not_saved(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let mut wrong = clinic.settings("none");
    wrong["s3"]["secret_access_key"] = json!("salah");
    let refused = clinic.set(&wrong).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::CONFLICT, "storage_refused"));
    let detail = refused.body["detail"].as_str().unwrap();
    assert!(detail.contains("SignatureDoesNotMatch"), "{detail}");

    for inside in ["https://10.0.0.7", "https://169.254.169.254", "http://[::1]:9000"] {
        let mut wrong = clinic.settings("none");
        wrong["s3"]["endpoint"] = json!(inside);
        let refused = clinic.set(&wrong).await;
        let code = if inside.contains('[') { "invalid_value" } else { "storage_refused" };
        assert_eq!(refused.code(), code, "{inside} {:?}", refused.body);
    }
    clinic.server.stop();
    clinic.server.until_down().await;
    let away = clinic.set(&clinic.settings("none")).await;
    assert_eq!((away.status, away.code()), (StatusCode::BAD_GATEWAY, "storage_unreachable"));
    assert_eq!(clinic.get(&clinic.path()).await["is_own"], false);
    let no_bucket = clinic.set(&json!({ "s3": null, "encryption": "none" })).await;
    assert_eq!(no_bucket.body["field"], "s3");
}

#[on_both_engines]
async fn a_secret_is_kept_and_never_shown(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let settings = clinic.settings("none");
    let secret = settings["s3"]["secret_access_key"].as_str().unwrap().to_owned();
    let set = clinic.set(&settings).await;
    let shown = clinic.get(&clinic.path()).await;
    assert_eq!((&shown["is_own"], &shown["s3"]["is_path_style"]), (&json!(true), &json!(true)));
    assert_eq!(shown, set.body);

    let mut same_key = settings.clone();
    same_key["s3"].as_object_mut().unwrap().remove("secret_access_key");
    same_key["encryption"] = json!("sse");
    assert_eq!(clinic.set(&same_key).await.status, StatusCode::OK);
    same_key["s3"]["bucket"] = json!("lain");
    assert_eq!(clinic.set(&same_key).await.body["field"], "secret_access_key");

    let test = format!("{}/test", clinic.path());
    assert_eq!(clinic.ask(Method::POST, &test, &json!({})).await.status, StatusCode::OK);
    clinic.server.refuse_key();
    assert_eq!(clinic.ask(Method::POST, &test, &json!({})).await.code(), "storage_refused");
    let audit = clinic.get("/v1/audit").await;
    let acts: Vec<&str> = audit["data"].as_array().unwrap()[..4]
        .iter()
        .map(|line| line["action"].as_str().unwrap())
        .collect();
    let (changed, tested) = ("recording_storage.changed", "recording_storage.tested");
    assert_eq!(acts, [tested, tested, changed, changed]);
    assert!(![set.body, shown, audit].iter().any(|said| said.to_string().contains(&secret)));
}

#[on_both_engines]
async fn a_storage_is_told_to_the_recorder_that_has_the_recording_alone(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let _running = clinic.run();
    clinic.set(&clinic.settings("none")).await;
    let (id, _) = clinic.ready().await;
    let mut other =
        FakeRecorder::try_connect(&clinic.world.router, RECORDER_KEY).await.ok().unwrap();
    other.says(&hello(("perekam-2", 1_000), None, vec![])).await;
    other.says(&FromRecorder::AskStorage { id }).await;
    // Of a recording that is gone with its tenant, every recorder may know that it is gone.
    let unknown = RecordingId::generate();
    other.says(&FromRecorder::AskStorage { id: unknown }).await;
    assert_eq!(other.hears().await, ToRecorder::Settled { id: unknown });
}

#[on_both_engines]
async fn a_recorder_that_uploads_hears_of_a_mended_key(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let _running = clinic.run();
    clinic.set(&clinic.settings("none")).await;
    let path = format!("/v1/apps/{}/rooms/ruang-1/recordings", clinic.world.app.id);
    let begun = clinic.ask(Method::POST, &path, &json!({ "kind": "tracks" })).await;
    let id: RecordingId = begun.body["id"].as_str().unwrap().parse().unwrap();
    let mut recorder = FakeRecorder::connect(&clinic.world.router, RECORDER_KEY, vec![]).await;
    recorder.hears_start().await;
    let refused = JobReport {
        failure: Some(RecordingFailure::StorageRefused),
        detail: Some("AccessDenied".to_owned()),
        ..report(id, RecordingState::Uploading)
    };
    recorder.says(&FromRecorder::Report { report: refused }).await;
    let shown = async {
        loop {
            let shown = clinic.get(&format!("/v1/recordings/{id}")).await;
            if shown["state"] == "uploading" {
                return shown;
            }
        }
    };
    let shown = tokio::time::timeout(Duration::from_secs(20), shown).await.unwrap();
    assert_eq!(
        (&shown["failure"], &shown["detail"]),
        (&json!("storage_refused"), &json!("AccessDenied"))
    );
    clinic.set(&clinic.settings("sse")).await;
    match recorder.hears().await {
        ToRecorder::Storage { id: of, .. } => assert_eq!(of, id),
        other => panic!("{other:?}"),
    }
}

#[on_both_engines]
async fn a_storage_that_is_away_is_told_to_whoever_plays(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let running = clinic.run();
    clinic.set(&clinic.settings("none")).await;
    let (id, _) = clinic.ready().await;
    drop(running);
    clinic.server.refuse_key();
    let refused = clinic.part(id, "bytes=0-1").await;
    assert_eq!((refused.code(), refused.body.get("detail")), ("storage_refused", None));
    clinic.server.stop();
    clinic.server.until_down().await;
    assert_eq!(clinic.part(id, "bytes=0-1").await.code(), "storage_unreachable");
}
