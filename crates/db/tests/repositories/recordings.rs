//! Recordings: limits, progress, files, links, and their end.

use std::time::Duration;

use jumpa_db::{
    AppSettings, Author, DELETED_RECORDINGS_KEPT, Database, DbError, LinkToken, NewRecording,
    Recording, RecordingFilter, RecordingProgress, Requester, TenantScope, Viewed, Viewer,
    WebhookFormat, WebhookSettings,
};
use jumpa_protocol::{
    AppId, CallId, ParticipantId, RecordingId, ReportId, RoomKey, SourceKind, TenantId,
    recording::{
        ChosenTarget, RecordedFile, RecordedFileRole, RecordingFailure, RecordingKind,
        RecordingOptions, RecordingState, StreamAddress, StreamState, TargetReport,
    },
    report::{CallFact, CallReport, JoinedParticipant, LogEntry, LogPosition, Via},
    signal::ClientInfo,
};
use jumpa_test_database::{Engine, TestDatabase, on_both_engines};
use serde_json::json;

use crate::{at, by};

const LINKS: &str = "https://call.example/v1/recording_links/";

struct Clinic {
    world: TestDatabase,
    tenant_id: TenantId,
    app_id: AppId,
}

impl Clinic {
    async fn new(engine: Engine, adjust: impl FnOnce(&mut AppSettings)) -> Self {
        let world = TestDatabase::new(engine).await;
        let tenant_id =
            world.database.operator().create_tenant("Klinik Sehat", at(1)).await.unwrap();
        let mut settings = AppSettings::named("Klinik");
        adjust(&mut settings);
        let scope = world.database.tenant(tenant_id);
        let app_id = scope.create_app(&settings.into(), &by(), at(2)).await.unwrap().id;
        Self { world, tenant_id, app_id }
    }

    fn database(&self) -> &Database {
        &self.world.database
    }

    fn scope(&self) -> TenantScope<'_> {
        self.database().tenant(self.tenant_id)
    }

    fn tracks_of(&self, call_id: CallId) -> NewRecording {
        NewRecording {
            app_id: self.app_id.clone(),
            room: "ruang-1".parse().unwrap(),
            call_id,
            options: RecordingOptions::new(RecordingKind::Tracks),
            max_height: 720,
            targets: vec![],
            requester: Requester::Author(by()),
        }
    }

    async fn start(&self, seconds: i64) -> Recording {
        let new = self.tracks_of(CallId::generate());
        self.scope().start_recording(&new, at(seconds)).await.unwrap()
    }

    /// A recording from 10 s to 70 s with one file of 500 bytes.
    async fn finished(&self) -> Recording {
        let id = self.start(5).await.id;
        self.change(id, 10, |now| {
            now.state = RecordingState::Active;
            now.recorder_id = Some("perekam-1".to_owned());
            now.started_at = Some(at(10));
        })
        .await;
        self.change(id, 80, |now| {
            now.state = RecordingState::Ready;
            now.ended_at = Some(at(70));
            now.files = Some(vec![track(id)]);
        })
        .await
    }

    async fn change(
        &self,
        id: RecordingId,
        seconds: i64,
        edit: impl FnOnce(&mut RecordingProgress) + Send,
    ) -> Recording {
        let next = |before: &Recording| {
            let mut progress = RecordingProgress::from(before);
            edit(&mut progress);
            Some(progress)
        };
        let operator = self.database().operator();
        operator.change_recording(id, next, LINKS, at(seconds)).await.unwrap().recording
    }

    async fn events(&self) -> Vec<String> {
        let operator = self.database().operator();
        let mut bodies = vec![];
        while let Some(due) = operator.claim_webhook_delivery(at(9_000)).await.unwrap() {
            bodies.push(due.body);
        }
        bodies
    }
}

fn track(id: RecordingId) -> RecordedFile {
    RecordedFile {
        key: format!("klinik/{id}/001.webm"),
        role: RecordedFileRole::Track,
        content_type: "video/webm".to_owned(),
        bytes: 500,
        sha256: "ab".repeat(32),
        participant_id: Some(ParticipantId::generate()),
        participant_name: Some("Budi".to_owned()),
        source: Some(SourceKind::Camera),
        codec: Some("V_VP8".to_owned()),
        start_ms: Some(0),
        duration_ms: Some(60_000),
    }
}

#[on_both_engines]
async fn a_call_is_recorded_once_in_each_kind(engine: Engine) {
    let clinic = Clinic::new(engine, |_| ()).await;
    let call_id = CallId::generate();
    let first = clinic.scope().start_recording(&clinic.tracks_of(call_id), at(3)).await.unwrap();
    assert_eq!(
        (first.state, first.requested_by.as_str()),
        (RecordingState::Queued, by().name.as_str())
    );
    let again = clinic.scope().start_recording(&clinic.tracks_of(call_id), at(4)).await;
    assert!(matches!(again, Err(DbError::RecordingRunning)), "{again:?}");
    let voices = NewRecording {
        options: RecordingOptions::new(RecordingKind::AudioOnly),
        ..clinic.tracks_of(call_id)
    };
    clinic.scope().start_recording(&voices, at(4)).await.unwrap();

    clinic.change(first.id, 5, |now| now.is_stopping = true).await;
    clinic.scope().start_recording(&clinic.tracks_of(call_id), at(6)).await.unwrap();
}

#[on_both_engines]
async fn an_app_records_as_many_calls_as_it_may(engine: Engine) {
    let clinic = Clinic::new(engine, |app| app.limits.recordings_at_once = Some(1)).await;
    let first = clinic.start(3).await;
    let second = clinic.tracks_of(CallId::generate());
    let refused = clinic.scope().start_recording(&second, at(4)).await;
    assert!(matches!(refused, Err(DbError::TooManyRecordings)), "{refused:?}");
    clinic.change(first.id, 5, |now| now.state = RecordingState::Uploading).await;
    clinic.scope().start_recording(&second, at(6)).await.unwrap();
}

#[on_both_engines]
async fn full_storage_takes_no_more_recordings_until_some_are_purged(engine: Engine) {
    let clinic = Clinic::new(engine, |app| app.limits.storage_bytes = Some(500)).await;
    let kept = clinic.finished().await;
    assert_eq!(kept.bytes, 500);
    let next = clinic.tracks_of(CallId::generate());
    let refused = clinic.scope().start_recording(&next, at(90)).await;
    assert!(matches!(refused, Err(DbError::RecordingStorageFull)), "{refused:?}");

    let scope = clinic.scope();
    scope.delete_recording(kept.id, "permintaan pasien", &by(), at(100)).await.unwrap();
    let over = at(100) + DELETED_RECORDINGS_KEPT;
    let operator = clinic.database().operator();
    assert_eq!(operator.purgeable_recordings(10, at(101)).await.unwrap(), []);
    let due = operator.purgeable_recordings(10, over).await.unwrap();
    assert_eq!(due[0].storage_keys, [format!("klinik/{}/001.webm", kept.id)]);
    operator.note_recording_purged(&due[0], over).await.unwrap();
    assert_eq!(operator.purgeable_recordings(10, over).await.unwrap(), []);
    scope.start_recording(&next, over).await.unwrap();
    let restored = scope.restore_recording(kept.id, &by(), over).await;
    assert!(matches!(restored, Err(DbError::RecordingUnknown)));
}

#[on_both_engines]
async fn a_recording_that_is_over_has_its_files_and_ends_with_its_age(engine: Engine) {
    let clinic = Clinic::new(engine, |app| app.limits.retention_days = Some(1)).await;
    let recording = clinic.finished().await;
    assert_eq!((recording.duration_ms(), recording.ready_at), (Some(60_000), Some(at(80))));
    let day = Duration::from_secs(24 * 60 * 60);
    assert_eq!(recording.expires_at, Some(at(70) + day));
    let files = clinic.scope().recording_files(recording.id).await.unwrap();
    assert_eq!(files[0].source.as_deref(), Some("camera"));
    assert_eq!(files[0].duration_ms, Some(60_000));

    let operator = clinic.database().operator();
    assert_eq!(operator.unfinished_recordings().await.unwrap(), []);
    clinic.scope().hold_recording(recording.id, true, &by(), at(90)).await.unwrap();
    assert_eq!(operator.purgeable_recordings(10, at(70) + day).await.unwrap(), []);
    clinic.scope().hold_recording(recording.id, false, &by(), at(91)).await.unwrap();
    assert_eq!(operator.purgeable_recordings(10, at(70) + day).await.unwrap().len(), 1);
}

#[on_both_engines]
async fn only_what_is_over_and_not_held_is_deleted(engine: Engine) {
    let clinic = Clinic::new(engine, |_| ()).await;
    let scope = clinic.scope();
    let running = clinic.start(3).await;
    let refused = scope.delete_recording(running.id, "salah", &by(), at(4)).await;
    assert!(matches!(refused, Err(DbError::RecordingNotOver)), "{refused:?}");
    let held = clinic.finished().await;
    scope.hold_recording(held.id, true, &by(), at(90)).await.unwrap();
    let refused = scope.delete_recording(held.id, "salah", &by(), at(91)).await;
    assert!(matches!(refused, Err(DbError::RecordingHeld)), "{refused:?}");

    scope.hold_recording(held.id, false, &by(), at(92)).await.unwrap();
    scope.delete_recording(held.id, "salah", &by(), at(93)).await.unwrap();
    let deleted = RecordingFilter { is_deleted: true, ..RecordingFilter::default() };
    let found = scope.recordings(&deleted, None, 10).await.unwrap();
    assert_eq!(found[0].delete_reason.as_deref(), Some("salah"));
    scope.restore_recording(held.id, &by(), at(94)).await.unwrap();
    let ids: Vec<RecordingId> = scope
        .recordings(&RecordingFilter::default(), None, 10)
        .await
        .unwrap()
        .into_iter()
        .map(|recording| recording.id)
        .collect();
    assert_eq!(ids, [held.id, running.id]);
}

#[on_both_engines]
async fn webhooks_hear_each_step_once(engine: Engine) {
    let clinic = Clinic::new(engine, |_| ()).await;
    let hook = |format| WebhookSettings {
        url: "https://klinik.example/hooks".to_owned(),
        app_id: None,
        events: None,
        format,
        is_paused: false,
    };
    clinic.scope().create_webhook(&hook(WebhookFormat::Standard), &by(), at(3)).await.unwrap();
    let done = clinic.finished().await;
    clinic.change(done.id, 90, |now| now.bytes = 500).await;
    let told = |bodies: Vec<String>, field: &str| -> Vec<String> {
        let read = |body: &String| serde_json::from_str::<serde_json::Value>(body).unwrap();
        bodies.iter().map(|body| read(body)[field].as_str().unwrap().to_owned()).collect()
    };
    let mut names = told(clinic.events().await, "type");
    names.sort();
    assert_eq!(names, ["recording.ended", "recording.ready", "recording.started"]);

    clinic.scope().create_webhook(&hook(WebhookFormat::Jaas), &by(), at(91)).await.unwrap();
    clinic.finished().await;
    let bodies = clinic.events().await;
    let uploaded = bodies.iter().find(|body| body.contains("RECORDING_UPLOADED")).unwrap();
    let body: serde_json::Value = serde_json::from_str(uploaded).unwrap();
    assert_eq!(body["data"]["durationSec"], 60);
    let link = body["data"]["preAuthenticatedLink"].as_str().unwrap();
    let token = link.strip_prefix(LINKS).unwrap();
    let found = clinic.database().logins().recording_link(token, at(81)).await.unwrap();
    assert_eq!(found.unwrap().tenant_id, clinic.tenant_id);
}

#[on_both_engines]
async fn webhooks_hear_how_a_stream_goes(engine: Engine) {
    let clinic = Clinic::new(engine, |_| ()).await;
    let hook = WebhookSettings {
        url: "https://klinik.example/hooks".to_owned(),
        app_id: None,
        events: None,
        format: WebhookFormat::Jaas,
        is_paused: false,
    };
    clinic.scope().create_webhook(&hook, &by(), at(3)).await.unwrap();
    let address = StreamAddress {
        name: "Kanal klinik".to_owned(),
        url: "rtmp://live.klinik.example/app".to_owned(),
        key: "kunci-rahasia-1234".to_owned(),
        viewer_url: Some("https://youtu.be/abc".to_owned()),
    };
    let new = NewRecording {
        options: RecordingOptions::new(RecordingKind::Stream),
        targets: vec![ChosenTarget::New(address.clone())],
        ..clinic.tracks_of(CallId::generate())
    };
    let recording = clinic.scope().start_recording(&new, at(4)).await.unwrap();
    let opened = clinic.database().operator().stream_targets(&recording).await.unwrap();
    assert_eq!(opened[0].address, address);
    let id = opened[0].id;
    let mut steps = vec![];
    for (seconds, state) in [
        (5, StreamState::Connecting),
        (6, StreamState::Live),
        (7, StreamState::Live),
        (8, StreamState::Reconnecting),
        (9, StreamState::Live),
        (10, StreamState::Refused),
    ] {
        let report = TargetReport { id, state, bitrate_bps: Some(1), failure: None };
        clinic
            .change(recording.id, seconds, |now| {
                now.state = RecordingState::Active;
                now.targets = vec![report];
            })
            .await;
        steps.extend(clinic.events().await);
    }
    clinic.change(recording.id, 11, |now| now.state = RecordingState::Finalising).await;
    steps.extend(clinic.events().await);
    let told = steps.iter().map(|body| serde_json::from_str::<serde_json::Value>(body).unwrap());
    let told: Vec<_> = told.filter(|body| body["data"]["targetId"] == json!(id)).collect();
    let names: Vec<_> = told.iter().map(|body| body["eventType"].as_str().unwrap()).collect();
    let expected = ["STARTED", "RECONNECTING", "RESUMED", "FAILED", "ENDED"];
    assert_eq!(names, expected.map(|name| format!("LIVE_STREAM_{name}")));
    assert_eq!(told[0]["data"]["viewUrl"], "https://youtu.be/abc");
    assert!(steps.iter().all(|body| !body.contains("rahasia")), "{steps:?}");
}

#[on_both_engines]
async fn a_failure_keeps_its_reason(engine: Engine) {
    let clinic = Clinic::new(engine, |_| ()).await;
    let id = clinic.start(3).await.id;
    let failed = clinic
        .change(id, 5, |now| {
            now.state = RecordingState::Failed;
            now.failure = Some(RecordingFailure::NoCapacity);
        })
        .await;
    assert_eq!(failed.failure(), Some(RecordingFailure::NoCapacity));
    assert_eq!((failed.started_at, failed.ready_at), (None, Some(at(5))));
}

#[on_both_engines]
async fn a_recorder_that_is_away_is_noted_until_it_is_back(engine: Engine) {
    let clinic = Clinic::new(engine, |_| ()).await;
    let id = clinic.start(3).await.id;
    clinic.change(id, 4, |now| now.recorder_id = Some("perekam-1".to_owned())).await;
    let operator = clinic.database().operator();
    operator.note_recorder_away(Some("perekam-2"), at(5)).await.unwrap();
    let away = async || operator.recording(id).await.unwrap().unwrap().recorder_away_since;
    assert_eq!(away().await, None);
    operator.note_recorder_away(Some("perekam-1"), at(6)).await.unwrap();
    operator.note_recorder_away(None, at(7)).await.unwrap();
    assert_eq!(away().await, Some(at(6)));
}

#[on_both_engines]
async fn a_link_works_until_it_is_over_or_revoked(engine: Engine) {
    let clinic = Clinic::new(engine, |_| ()).await;
    let recording = clinic.finished().await;
    let scope = clinic.scope();
    let token = LinkToken::generate();
    let hour = Duration::from_secs(3_600);
    let link =
        scope.create_recording_link(recording.id, &token, hour, &by(), at(100)).await.unwrap();
    let logins = clinic.database().logins();
    let works =
        async |seconds| logins.recording_link(token.as_str(), at(seconds)).await.unwrap().is_some();
    assert!(works(3_699).await && !works(3_700).await);
    scope.revoke_recording_link(recording.id, link.id, &by(), at(101)).await.unwrap();
    assert!(!works(102).await);
    assert_eq!(scope.recording_links(recording.id, at(102)).await.unwrap(), []);
}

#[on_both_engines]
async fn who_saw_a_recording_is_kept_and_stands_in_the_audit(engine: Engine) {
    let clinic = Clinic::new(engine, |_| ()).await;
    let recording = clinic.finished().await;
    let scope = clinic.scope();
    let file = scope.recording_files(recording.id).await.unwrap().remove(0);
    let author = Author { address: Some("10.1.0.7".to_owned()), ..by() };
    let viewer = Viewer::Author(&author);
    scope.note_recording_view(recording.id, Viewed::File(file.id), &viewer, at(100)).await.unwrap();
    scope.note_recording_view(recording.id, Viewed::Evidence, &viewer, at(101)).await.unwrap();
    let views = scope.recording_views(recording.id, None, 1).await.unwrap();
    assert_eq!(views[0].kind, "evidence");
    let after = Some((views[0].at, views[0].id));
    let older = scope.recording_views(recording.id, after, 1).await.unwrap();
    assert_eq!(
        (older[0].file_id(), older[0].address.as_deref()),
        (Some(file.id), Some("10.1.0.7"))
    );
    let audit = scope.audit(&jumpa_db::AuditFilter::default(), None, 2).await.unwrap();
    assert!(audit.iter().all(|line| line.action == "recording.viewed"), "{audit:?}");
}

#[on_both_engines]
async fn recordings_of_another_tenant_are_out_of_reach(engine: Engine) {
    let clinic = Clinic::new(engine, |_| ()).await;
    let recording = clinic.finished().await;
    let stranger = clinic.database().operator().create_tenant("Toko Melati", at(1)).await.unwrap();
    let scope = clinic.database().tenant(stranger);
    let unknown = |result: Result<Recording, DbError>| {
        assert!(matches!(result, Err(DbError::RecordingUnknown)), "{result:?}");
    };
    unknown(scope.recording(recording.id).await);
    unknown(scope.delete_recording(recording.id, "x", &by(), at(99)).await);
    unknown(scope.restore_recording(recording.id, &by(), at(99)).await);
    unknown(scope.hold_recording(recording.id, true, &by(), at(99)).await);
    assert_eq!(scope.recording_files(recording.id).await.unwrap(), []);
    assert_eq!(scope.recording_views(recording.id, None, 9).await.unwrap(), []);
    assert_eq!(scope.recordings(&RecordingFilter::default(), None, 9).await.unwrap(), []);
    let file = clinic.scope().recording_files(recording.id).await.unwrap().remove(0);
    assert!(scope.recording_file(file.id).await.is_err());
    let started = scope.start_recording(&clinic.tracks_of(CallId::generate()), at(99)).await;
    assert!(matches!(started, Err(DbError::AppUnknown)));
}

#[on_both_engines]
async fn who_agreed_in_the_call_stands_with_the_recording(engine: Engine) {
    let clinic = Clinic::new(engine, |_| ()).await;
    let call_id = CallId::generate();
    let recording =
        clinic.scope().start_recording(&clinic.tracks_of(call_id), at(3)).await.unwrap();
    let siti = ParticipantId::generate();
    let room = RoomKey { app_id: clinic.app_id.clone(), room: "ruang-1".parse().unwrap() };
    let entry = |seconds: u64, fact| {
        let (id, room) = (ReportId::generate(), room.clone());
        LogEntry::Call(CallReport { id, at_us: seconds * 1_000_000, room, call_id, fact })
    };
    let joined = JoinedParticipant {
        participant_id: siti,
        joined_at_ms: 2_000,
        name: "Siti".to_owned(),
        subject: None,
        key_id: None,
        role: jumpa_protocol::signal::Role::Participant,
        via: Via::Signalling,
        client: ClientInfo::default(),
        sources: vec![],
    };
    let consented = |agrees| CallFact::RecordingConsented {
        participant_id: siti,
        recording_id: recording.id,
        agrees,
    };
    let entries = [
        entry(1, CallFact::CallBegan { started_at_ms: 1_000 }),
        entry(2, CallFact::ParticipantJoined(joined)),
        entry(4, consented(false)),
        entry(5, consented(false)),
        entry(6, consented(true)),
    ];
    let operator = clinic.database().operator();
    let position = LogPosition { segment: 1, offset: 1 };
    operator.store_reports(uuid::Uuid::now_v7(), &entries, position).await.unwrap();
    let consents = clinic.scope().recording_consents(recording.id).await.unwrap();
    let found = consents.iter().map(|one| (one.name.as_str(), one.consented_at, one.agrees));
    let found: Vec<_> = found.collect();
    assert_eq!(found, [("Siti", at(4), false), ("Siti", at(6), true)]);
}
