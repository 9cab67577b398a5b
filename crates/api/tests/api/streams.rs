//! Composites and streams: what recorders are told to make, and where they send it.

use axum::http::{Method, StatusCode};
use jumpa_protocol::{
    ParticipantId, RecordingId, RoomKey, StreamTargetId,
    live_room::HostRequest,
    recording::{
        CallRecording, ChosenTarget, ComposeTime, Composition, FromRecorder, JobReport, Moderator,
        RecordingFailure, RecordingKind, RecordingLayout, RecordingOptions, RecordingRequest,
        RecordingState, RecordingWish, StreamAddress, StreamFailure, StreamState, TargetReport,
        ToRecorder,
    },
};
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};

use crate::{
    Answer,
    recordings::{Clinic, id_of, report},
};

const KEY: &str = "abcd-efgh-ijkl-1234";

impl Clinic {
    async fn record(&self, body: &Value) -> Answer {
        let path = format!("/v1/apps/{}/rooms/ruang-1/recordings", self.world.app.id);
        self.ask(Method::POST, &path, body).await
    }

    async fn stream(&self) -> RecordingId {
        let target = json!({
            "preset": "youtube", "key": KEY, "viewer_url": "https://youtu.be/abc",
        });
        id_of(&self.record(&json!({ "kind": "stream", "targets": [target] })).await)
    }

    fn targets_path(&self) -> String {
        format!("/v1/apps/{}/stream_targets", self.world.app.id)
    }

    fn wishes(&self, wish: RecordingWish) -> RecordingRequest {
        RecordingRequest {
            room: RoomKey { app_id: self.world.app.id.clone(), room: "ruang-1".parse().unwrap() },
            call_id: self.call_id,
            moderator: Some(Moderator { id: ParticipantId::generate(), name: "Dewi".to_owned() }),
            wish,
        }
    }

    /// Hears from inside the call that a target cannot be streamed to.
    async fn refuses(&self, wish: RecordingWish) {
        // Each of them is another person, by whom the answer is found.
        let request = self.wishes(wish);
        let by = request.moderator.as_ref().map(|moderator| moderator.id);
        self.requests.send(request).await.unwrap();
        let shown = self.shown_until(|shown| shown.started_by_id == by).await;
        assert_eq!(shown.failure, Some(RecordingFailure::TargetRefused));
        assert_eq!(shown.started_by.as_deref(), Some("Dewi"));
    }

    /// What the call shows of a recording as soon as `is_it` holds for it.
    async fn shown_until(&self, is_it: impl Fn(&CallRecording) -> bool) -> CallRecording {
        let found = async {
            loop {
                let requests = self.world.node.requests().into_iter();
                let shown = requests.filter_map(|(_, request)| match request {
                    HostRequest::ShowRecording { recording } => Some(recording),
                    _ => None,
                });
                match shown.rev().find(&is_it) {
                    Some(recording) => return recording,
                    None => tokio::task::yield_now().await,
                }
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(20), found).await.unwrap()
    }
}

fn target(id: StreamTargetId, state: StreamState) -> TargetReport {
    TargetReport { id, state, bitrate_bps: None, failure: None }
}

#[on_both_engines]
async fn a_composite_is_made_as_it_was_asked(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let asked = json!({
        "kind": "composite", "layout": "speaker", "compose": "live", "height": 1080,
        "has_names": false, "fallback": "tracks",
    });
    let started = clinic.record(&asked).await;
    let id = id_of(&started);
    for field in ["kind", "layout", "compose", "height", "has_names", "fallback"] {
        assert_eq!(started.body[field], asked[field], "{field}");
    }
    let mut recorder = clinic.recorder(vec![]).await;
    let job = recorder.hears_start().await;
    let composition = Composition {
        layout: RecordingLayout::Speaker,
        height: 1080,
        time: ComposeTime::Live,
        has_names: false,
        logo: None,
    };
    assert_eq!((job.kind, job.max_height), (RecordingKind::Composite, 1080));
    assert_eq!((job.composition, job.targets), (Some(composition), vec![]));

    let report = JobReport { composed_ms: Some(4_000), ..report(id, RecordingState::Active) };
    recorder.says(&FromRecorder::Report { report }).await;
    assert_eq!(clinic.until(id, "active").await["composed_ms"], 4_000);
}

#[on_both_engines]
async fn every_kind_has_what_it_needs_and_nothing_else(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let target = json!({ "preset": "youtube", "key": KEY });
    for (body, field) in [
        (json!({ "kind": "stream" }), "targets"),
        (json!({ "kind": "tracks", "targets": [target] }), "targets"),
        (json!({ "kind": "stream", "targets": vec![&target; 9] }), "targets"),
        (json!({ "kind": "stream", "targets": [target, target] }), "targets"),
        (json!({ "kind": "composite", "height": 900 }), "height"),
        (json!({ "kind": "composite", "max_height": 100 }), "max_height"),
        (json!({ "kind": "stream", "targets": [{ "preset": "youtube" }] }), "key"),
        (
            json!({ "kind": "stream", "targets": [{ "url": "https://a.example/x", "key": "k" }] }),
            "url",
        ),
    ] {
        let refused = clinic.record(&body).await;
        assert_eq!((refused.code(), &refused.body["field"]), ("invalid_value", &json!(field)));
    }
    for kind in ["audio_only", "composite"] {
        id_of(&clinic.record(&json!({ "kind": kind })).await);
    }
}

#[on_both_engines]
async fn a_stream_goes_to_its_targets_and_everybody_sees_how(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let id = clinic.stream().await;
    let mut recorder = clinic.recorder(vec![]).await;
    let job = recorder.hears_start().await;
    let first = job.targets[0].id;
    assert_eq!(job.targets[0].url, format!("rtmps://a.rtmps.youtube.com/live2/{KEY}"));
    assert_eq!(job.composition.unwrap().time, ComposeTime::Live);

    let live = TargetReport { bitrate_bps: Some(2_620_000), ..target(first, StreamState::Live) };
    let active = JobReport { targets: vec![live], ..report(id, RecordingState::Active) };
    recorder.says(&FromRecorder::Report { report: active.clone() }).await;
    let shown = clinic
        .shown_until(|shown| shown.streams.iter().any(|stream| stream.state == StreamState::Live))
        .await;
    let stream = &shown.streams[0];
    assert_eq!((stream.id, stream.name.as_str()), (first, "YouTube"));
    assert_eq!(stream.bitrate_bps, Some(2_500_000));
    assert_eq!(stream.viewer_url.as_deref(), Some("https://youtu.be/abc"));
    let detail = clinic.get(&format!("/v1/recordings/{id}")).await;
    assert!(!detail.text.contains(KEY), "{}", detail.text);
    let seen = &detail.body["targets"][0];
    assert_eq!((&seen["key_end"], &seen["state"]), (&json!("1234"), &json!("live")));
    assert_eq!(seen["bitrate_bps"], 2_620_000);

    // The first goes on by its id, another one is added.
    let path = format!("/v1/recordings/{id}/targets");
    let other = json!({ "url": "rtmp://live.klinik.example/app", "key": "kunci-lain" });
    let set = clinic.ask(Method::PUT, &path, &json!({ "targets": [{ "id": first }, other] })).await;
    assert_eq!(set.status, StatusCode::OK, "{:?}", set.body);
    let ToRecorder::SetTargets { targets, .. } = recorder.hears().await else { panic!() };
    assert_eq!(targets[0], job.targets[0]);
    assert_eq!(targets[1].url, "rtmp://live.klinik.example/app/kunci-lain");
    // The first is taken out and ends; what is reported of it later counts no more.
    let second = targets[1].id;
    let set = clinic.ask(Method::PUT, &path, &json!({ "targets": [{ "id": second }] })).await;
    let ended = &set.body["targets"][0];
    assert_eq!((&ended["is_removed"], &ended["state"]), (&json!(true), &json!("ended")));
    let ToRecorder::SetTargets { targets, .. } = recorder.hears().await else { panic!() };
    assert_eq!(targets.len(), 1);

    let failure = Some(StreamFailure::KeyRefused);
    let refused = TargetReport { failure, ..target(second, StreamState::Refused) };
    let targets = vec![target(first, StreamState::Live), refused];
    let report_of = |state| JobReport { targets: targets.clone(), ..report(id, state) };
    recorder.says(&FromRecorder::Report { report: report_of(RecordingState::Active) }).await;
    let shown = clinic
        .shown_until(|shown| shown.streams.iter().any(|stream| stream.failure == failure))
        .await;
    assert_eq!(shown.streams.iter().map(|stream| stream.id).collect::<Vec<_>>(), [second]);

    recorder.says(&FromRecorder::Report { report: report_of(RecordingState::Finalising) }).await;
    let detail = clinic.until(id, "finalising").await;
    assert_eq!(detail["targets"][1]["state"], "ended");
    let late = clinic.ask(Method::PUT, &path, &json!({ "targets": [{ "id": second }] })).await;
    assert_eq!(late.code(), "stream_not_running");
}

#[on_both_engines]
async fn a_stored_target_needs_no_key_and_shows_none(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let path = clinic.targets_path();
    let new = json!({ "preset": "youtube", "key": KEY, "name": "Kanal klinik" });
    let made = clinic.ask(Method::POST, &path, &new).await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.body);
    assert_eq!(
        (&made.body["name"], &made.body["key_end"]),
        (&json!("Kanal klinik"), &json!("1234"))
    );
    let id: StreamTargetId = made.body["id"].as_str().unwrap().parse().unwrap();
    let listed = clinic.get(&path).await;
    assert_eq!(listed.body["data"][0]["id"], made.body["id"]);
    assert!(!listed.text.contains("abcd"), "{}", listed.text);

    let own = format!("{path}/{id}");
    let elsewhere = json!({ "url": "rtmp://live.klinik.example/app" });
    let keyless = clinic.ask(Method::PATCH, &own, &elsewhere).await;
    assert_eq!((keyless.code(), &keyless.body["field"]), ("invalid_value", &json!("key")));
    let change = json!({ "name": "Kanal baru", "viewer_url": "https://youtu.be/abc" });
    let changed = clinic.ask(Method::PATCH, &own, &change).await;
    assert_eq!(changed.body["name"], "Kanal baru");

    let started = clinic.record(&json!({ "kind": "stream", "targets": [{ "id": id }] })).await;
    id_of(&started);
    let mut recorder = clinic.recorder(vec![]).await;
    let job = recorder.hears_start().await;
    assert_eq!(job.targets[0].id, id);
    assert_eq!(job.targets[0].url, format!("rtmps://a.rtmps.youtube.com/live2/{KEY}"));

    let gone = clinic.ask(Method::DELETE, &own, &json!({})).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(clinic.ask(Method::DELETE, &own, &json!({})).await.code(), "stream_target_unknown");
    let audit = clinic.get("/v1/audit").await;
    for act in ["stream_target.created", "stream_target.changed", "stream_target.deleted"] {
        assert!(audit.text.contains(act), "{act}");
    }
    assert!(!audit.text.contains("abcd"), "{}", audit.text);
}

#[on_both_engines]
async fn a_target_of_another_app_does_not_exist(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let other = clinic.world.another_app(clinic.world.app.tenant_id).await;
    let path = format!("/v1/apps/{}/stream_targets", other.id);
    let made = clinic.ask(Method::POST, &path, &json!({ "preset": "youtube", "key": KEY })).await;
    let id = made.body["id"].clone();
    let foreign = clinic.record(&json!({ "kind": "stream", "targets": [{ "id": id }] })).await;
    assert_eq!(foreign.code(), "stream_target_unknown");
    let known = ChosenTarget::Known(id.as_str().unwrap().parse().unwrap());
    let options = RecordingOptions::new(RecordingKind::Stream);
    clinic.refuses(RecordingWish::Start { options, targets: vec![known] }).await;
    let running = clinic.stream().await;
    let body = json!({ "targets": [{ "id": id }] });
    let path = format!("/v1/recordings/{running}/targets");
    assert_eq!(clinic.ask(Method::PUT, &path, &body).await.code(), "stream_target_unknown");
    for method in [Method::PATCH, Method::DELETE] {
        let path = format!("{}/{}", clinic.targets_path(), id.as_str().unwrap());
        assert_eq!(clinic.ask(method, &path, &json!({})).await.code(), "stream_target_unknown");
    }
}

#[tokio::test]
async fn nothing_is_sent_to_the_inside_by_whatever_name() {
    let clinic = Clinic::new(Engine::Sqlite).await;
    let running = clinic.stream().await;
    for host in ["127.0.0.1", "localhost:1936", "[::1]", "169.254.169.254", "127.1", "10.0.0.7"] {
        let target = json!({ "url": format!("rtmp://{host}/live"), "key": "k" });
        let started = clinic.record(&json!({ "kind": "stream", "targets": [target] })).await;
        assert_eq!(started.code(), "stream_target_refused", "{host}");
        let stored = clinic.ask(Method::POST, &clinic.targets_path(), &target).await;
        assert_eq!(stored.code(), "stream_target_refused", "{host}");
        let path = format!("/v1/recordings/{running}/targets");
        let set = clinic.ask(Method::PUT, &path, &json!({ "targets": [target] })).await;
        assert_eq!(set.code(), "stream_target_refused", "{host}");
    }
}

#[on_both_engines]
async fn a_moderator_streams_and_hears_when_a_target_is_refused(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let options = RecordingOptions::new(RecordingKind::Stream);
    let at = |url: &str| {
        vec![ChosenTarget::New(StreamAddress {
            name: "Kanal klinik".to_owned(),
            url: url.to_owned(),
            key: KEY.to_owned(),
            viewer_url: None,
        })]
    };
    let start = |targets| RecordingWish::Start { options, targets };
    let unknown = vec![ChosenTarget::Known(StreamTargetId::generate())];
    clinic.refuses(start(at("rtmp://127.0.0.1/live"))).await;
    clinic.refuses(start(unknown.clone())).await;

    let request = clinic.wishes(start(at("rtmp://live.klinik.example/app")));
    let dewi = request.moderator.clone().unwrap().id;
    clinic.requests.send(request).await.unwrap();
    let mut recorder = clinic.recorder(vec![]).await;
    let job = recorder.hears_start().await;
    let shown = clinic.shown_until(|shown| shown.state == RecordingState::Starting).await;
    assert_eq!(shown.started_by_id, Some(dewi));
    // Who begins it knows of it.
    let detail = clinic.get(&format!("/v1/recordings/{}", job.id)).await.body;
    let consent = &detail["consents"][0];
    assert_eq!((&consent["name"], &consent["is_starter"]), (&json!("Dewi"), &json!(true)));

    let set = |targets| RecordingWish::SetTargets { id: job.id, targets };
    clinic.refuses(set(unknown)).await;
    let elsewhere = set(at("rtmp://cadangan.klinik.example/app"));
    clinic.requests.send(clinic.wishes(elsewhere)).await.unwrap();
    let ToRecorder::SetTargets { targets, .. } = recorder.hears().await else { panic!() };
    assert_eq!(targets[0].url, format!("rtmp://cadangan.klinik.example/app/{KEY}"));
}

#[on_both_engines]
async fn what_an_app_has_switched_off_is_refused(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let app = format!("/v1/apps/{}", clinic.world.app.id);
    let set = async |features: Value| {
        let set = clinic.ask(Method::PATCH, &app, &json!({ "features": features })).await;
        assert_eq!(set.status, StatusCode::OK, "{:?}", set.body);
    };
    let targets = json!([{ "preset": "youtube", "key": KEY }]);
    let stream = json!({ "kind": "stream", "targets": targets });
    set(json!({ "streaming": false })).await;
    assert_eq!(clinic.record(&stream).await.code(), "feature_disabled");
    id_of(&clinic.record(&json!({ "kind": "audio_only" })).await);
    set(json!({ "streaming": true, "recording": false })).await;
    for body in [stream, json!({ "kind": "tracks" })] {
        assert_eq!(clinic.record(&body).await.code(), "feature_disabled");
    }
}

#[on_both_engines]
async fn an_app_and_a_room_say_what_is_recorded_unasked(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let app = format!("/v1/apps/{}", clinic.world.app.id);
    let auto = json!({ "kind": "composite", "layout": "speaker" });
    let body = json!({ "auto_record": auto, "recording_required": true });
    let set = clinic.ask(Method::PATCH, &app, &body).await;
    assert_eq!(set.body["auto_record"]["layout"], "speaker", "{:?}", set.body);
    assert_eq!(set.body["auto_record"]["height"], 720);
    assert_eq!(set.body["recording_required"], true);
    let directory = clinic.world.database.operator().directory().await.unwrap();
    let policy = &directory.apps[&clinic.world.app.id].recording;
    assert!(policy.is_required);
    assert_eq!(policy.wish().unwrap().0.layout, RecordingLayout::Speaker);
    // What is left out stays, null takes it away.
    let other = clinic.ask(Method::PATCH, &app, &json!({ "name": "Klinik" })).await;
    assert_eq!(other.body["auto_record"]["kind"], "composite");
    let none = clinic.ask(Method::PATCH, &app, &json!({ "auto_record": null })).await;
    assert_eq!(none.body["auto_record"], Value::Null);
    for auto in [json!({ "kind": "stream" }), json!({ "kind": "tracks", "height": 721 })] {
        let refused = clinic.ask(Method::PATCH, &app, &json!({ "auto_record": auto })).await;
        assert_eq!(refused.code(), "invalid_value", "{auto}");
    }

    let room = format!("{app}/rooms/ruang-2");
    let body = json!({ "auto_record": { "kind": "audio_only" }, "recording_required": true });
    let prepared = clinic.ask(Method::PUT, &room, &body).await;
    assert_eq!(prepared.body["auto_record"]["kind"], "audio_only", "{:?}", prepared.body);
    let directory = clinic.world.database.operator().directory().await.unwrap();
    let rooms = &directory.apps[&clinic.world.app.id].prepared_rooms;
    let policy = &rooms[&"ruang-2".parse().unwrap()].recording;
    assert_eq!(policy.wish().unwrap().0.kind, RecordingKind::AudioOnly);
    assert!(policy.is_required);
}

#[on_both_engines]
async fn what_a_call_asks_for_itself_is_recorded_in_the_name_of_the_system(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let presence = clinic.world.recorder_presence.clone();
    assert!(!*presence.borrow());
    let options = RecordingOptions::new(RecordingKind::AudioOnly);
    let wish = RecordingWish::Start { options, targets: vec![] };
    let request = RecordingRequest { moderator: None, ..clinic.wishes(wish) };
    clinic.requests.send(request).await.unwrap();
    let mut recorder = clinic.recorder(vec![]).await;
    let job = recorder.hears_start().await;
    assert!(*presence.borrow());
    let detail = clinic.get(&format!("/v1/recordings/{}", job.id)).await.body;
    assert_eq!(
        (&detail["requested_by_kind"], &detail["kind"]),
        (&json!("system"), &json!("audio_only"))
    );
    assert_eq!(detail["consents"], json!([]));
    recorder.leaves().await;
    let mut presence = presence;
    presence.wait_for(|is_there| !is_there).await.unwrap();
}
