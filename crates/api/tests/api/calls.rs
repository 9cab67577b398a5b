//! Past and running calls.

use axum::http::{Method, Request, StatusCode, header};
use jumpa_db::{Author, Timestamp};
use jumpa_protocol::{
    AppId, CallId, ParticipantId, ReportId, Role, RoomKey, SourceKind,
    report::{CallFact, CallReport, JoinedParticipant, LogEntry, LogPosition, Via},
    signal::{
        ClientInfo, ConnectionState, LeaveReason, MediaSummary, SourceInfo, SourceState,
        TrackDirection, TrackQuality,
    },
};
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Answer, HOST, World};

/// Sunday, 22 November 2026, noon.
pub(crate) const NOON_S: u64 = 1_795_348_800;

/// A call of a script, whose facts are stored at the end.
pub(crate) struct Call {
    pub(crate) id: CallId,
    room: RoomKey,
    entries: Vec<LogEntry>,
}

impl Call {
    /// Begins `after_s` seconds after noon.
    pub(crate) fn begin(app_id: &AppId, room: &str, after_s: u64) -> Self {
        let room = RoomKey { app_id: app_id.clone(), room: room.parse().unwrap() };
        let call = Self { id: CallId::generate(), room, entries: Vec::new() };
        call.and(after_s, CallFact::CallBegan { started_at_ms: (NOON_S + after_s) * 1_000 })
    }

    fn and(mut self, after_s: u64, fact: CallFact) -> Self {
        self.entries.push(LogEntry::Call(CallReport {
            id: ReportId::generate(),
            at_us: (NOON_S + after_s) * 1_000_000,
            room: self.room.clone(),
            call_id: self.id,
            fact,
        }));
        self
    }

    pub(crate) fn join(self, after_s: u64, who: u128, name: &str, subject: Option<&str>) -> Self {
        let joined = JoinedParticipant {
            participant_id: participant(who),
            joined_at_ms: (NOON_S + after_s) * 1_000,
            name: name.to_owned(),
            subject: subject.map(str::to_owned),
            key_id: None,
            role: jumpa_protocol::signal::Role::Participant,
            via: Via::Signalling,
            client: ClientInfo {
                sdk: "jumpa-js 0.1.0".to_owned(),
                browser: "Chrome 156".to_owned(),
                os: "Android".to_owned(),
            },
            sources: Vec::new(),
        };
        self.and(after_s, CallFact::ParticipantJoined(joined))
    }

    pub(crate) fn leave(self, after_s: u64, who: u128) -> Self {
        let participant_id = participant(who);
        self.and(after_s, CallFact::ParticipantLeft { participant_id, reason: LeaveReason::Left })
    }

    pub(crate) fn end(self, after_s: u64) -> Self {
        self.and(after_s, CallFact::CallEnded { reason: None })
    }

    pub(crate) fn measure(self, after_s: u64, who: u128, packet_loss_ratio: f32) -> Self {
        let track = TrackQuality {
            direction: TrackDirection::Received,
            kind: jumpa_protocol::MediaKind::Audio,
            source: Some(SourceKind::Microphone),
            participant_id: None,
            codec: Some("audio/opus".to_owned()),
            bitrate_bps: Some(32_000),
            packet_loss_ratio: Some(packet_loss_ratio),
            jitter_ms: Some(5.0),
            frame_height: None,
            frames_per_second: None,
            freeze_count: None,
            concealed_ratio: None,
        };
        let summary = MediaSummary {
            transport: Some("udp".to_owned()),
            round_trip_time_ms: Some(40.0),
            available_outgoing_bps: None,
            tracks: vec![track],
        };
        self.and(after_s, CallFact::MediaMeasured { participant_id: participant(who), summary })
    }

    pub(crate) async fn store(self, world: &World) -> CallId {
        let operator = world.database.operator();
        let position = LogPosition { segment: 1, offset: 1 };
        operator.store_reports(Uuid::now_v7(), &self.entries, position).await.unwrap();
        self.id
    }
}

fn participant(number: u128) -> ParticipantId {
    ParticipantId::from_uuid(Uuid::from_u128(number))
}

/// Budi and Siti talk for a minute; he is disconnected for a moment and loses packets.
async fn consultation(world: &World) -> CallId {
    let source = SourceInfo { source: SourceKind::Camera, state: SourceState::Live };
    let lost = CallFact::ConnectionChanged {
        participant_id: participant(1),
        connection: ConnectionState::Reconnecting,
    };
    Call::begin(&world.app.id, "ruang-1", 0)
        .join(0, 1, "Budi", Some("pasien-7"))
        .join(10, 2, "Siti", None)
        .and(11, CallFact::SourceChanged { participant_id: participant(2), source })
        .and(20, lost)
        .measure(30, 1, 0.1)
        .measure(40, 1, 0.2)
        .measure(40, 2, 0.0)
        .leave(50, 2)
        .leave(60, 1)
        .end(60)
        .store(world)
        .await
}

async fn owner(world: &World) -> String {
    world.member(world.app.tenant_id, "rina@sehat.example", Role::Owner).await.cookie
}

fn rooms(answer: &Answer) -> Vec<&str> {
    assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.body);
    let calls = answer.body["data"].as_array().unwrap();
    calls.iter().map(|call| call["room"].as_str().unwrap()).collect()
}

#[on_both_engines]
async fn a_call_is_shown_with_its_numbers(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = owner(&world).await;
    let call_id = consultation(&world).await;
    let answer = world.get(&format!("/v1/calls/{call_id}"), Some(&cookie)).await;
    assert_eq!(
        answer.body,
        json!({
            "id": call_id,
            "app_id": world.app.id,
            "room": "ruang-1",
            "started_at": "2026-11-22T12:00:00Z",
            "ended_at": "2026-11-22T12:01:00Z",
            "end_reason": null,
            "duration_s": 60,
            "participants": 2,
            "participant_minutes": 1.67,
            "peak_participants": 2,
            "quality": "poor",
            "is_live": false,
            "rating": { "average": null, "count": 0 },
        })
    );
}

#[on_both_engines]
async fn participants_tell_when_they_were_there_and_what_made_it_bad(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = owner(&world).await;
    let call_id = consultation(&world).await;
    let path = format!("/v1/calls/{call_id}/participants");
    let answer = world.get(&path, Some(&cookie)).await;
    let budi = &answer.body["data"][0];
    assert_eq!(
        budi,
        &json!({
            "participant_id": participant(1),
            "name": "Budi",
            "subject": "pasien-7",
            "role": "participant",
            "stays": [{
                "joined_at": "2026-11-22T12:00:00Z",
                "left_at": "2026-11-22T12:01:00Z",
                "leave_reason": "left",
            }],
            "duration_s": 60,
            "browser": "Chrome 156",
            "os": "Android",
            "sdk": "jumpa-js 0.1.0",
            "via": "signalling",
            "transport": "udp",
            "codecs": ["audio/opus"],
            "quality": "poor",
            "mos": 2.79,
            "hints": [
                { "code": "packet_loss", "params": { "share": 1.0 } },
                { "code": "reconnections", "params": { "count": 1 } },
            ],
        })
    );
    let siti = &answer.body["data"][1];
    assert_eq!((&siti["quality"], &siti["hints"]), (&json!("good"), &json!([])));
    assert_eq!((&siti["subject"], &siti["duration_s"]), (&Value::Null, &json!(40)));
}

#[on_both_engines]
async fn what_happened_comes_in_pages(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = owner(&world).await;
    let call_id = consultation(&world).await;
    let path = format!("/v1/calls/{call_id}/events?limit=1");
    let first = world.get(&path, Some(&cookie)).await;
    let event = &first.body["data"][0];
    assert_eq!(event["kind"], "source_changed");
    assert_eq!(event["at"], "2026-11-22T12:00:11Z");
    assert_eq!(event["detail"], json!({ "source": "camera", "state": "live" }));
    let cursor = first.body["next_cursor"].as_str().unwrap();
    let second = world.get(&format!("{path}&cursor={cursor}"), Some(&cookie)).await;
    assert_eq!(second.body["data"][0]["kind"], "connection_changed");
    assert_eq!(second.body["next_cursor"], Value::Null);
}

#[on_both_engines]
async fn quality_is_shown_as_points_of_tracks(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = owner(&world).await;
    let call_id = consultation(&world).await;
    let path = format!("/v1/calls/{call_id}/quality");
    let answer = world.get(&path, Some(&cookie)).await;
    assert_eq!(answer.body["data"].as_array().unwrap().len(), 2);
    let budi = world.get(&format!("{path}?participant_id={}", participant(1)), Some(&cookie)).await;
    assert_eq!(budi.body["data"].as_array().unwrap().len(), 1);
    assert_eq!(budi.body["mos_version"], 1);
    let track = &budi.body["data"][0]["tracks"][0];
    assert_eq!(
        (&track["direction"], &track["kind"], &track["source"], &track["codec"]),
        (&json!("received"), &json!("audio"), &json!("microphone"), &json!("audio/opus"))
    );
    let points = track["points"].as_array().unwrap();
    assert_eq!(points.len(), 2);
    assert_eq!(points[0]["at"], "2026-11-22T12:00:30Z");
    assert_eq!(points[0]["packet_loss_ratio"], 0.1);
    assert_eq!(points[0]["mos"], 3.439);
    assert_eq!(points[0]["frames_per_second"], Value::Null);
}

#[on_both_engines]
async fn calls_are_found_by_filters_page_by_page(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = owner(&world).await;
    consultation(&world).await;
    let app_id = &world.app.id;
    Call::begin(app_id, "ruang-2", 100).join(100, 3, "Dewi", None).store(&world).await;
    Call::begin(app_id, "ruang-3", 200).join(200, 4, "Agus", None).end(900).store(&world).await;
    let find = async |query: &str| {
        let answer = world.get(&format!("/v1/calls?{query}"), Some(&cookie)).await;
        rooms(&answer).join(" ")
    };
    assert_eq!(find("").await, "ruang-3 ruang-2 ruang-1");
    assert_eq!(find("state=live").await, "ruang-2");
    assert_eq!(find("state=ended&min_duration_s=700").await, "ruang-3");
    assert_eq!(find("quality=poor").await, "ruang-1");
    assert_eq!(find("room=ruang-2").await, "ruang-2");
    assert_eq!(find("participant=pasien-7").await, "ruang-1");
    assert_eq!(find("participant=Agus").await, "ruang-3");
    assert_eq!(find(&format!("app_id={app_id}")).await, "ruang-3 ruang-2 ruang-1");
    assert_eq!(find("app_id=toko-lain-abcde").await, "");
    let range = "from=2026-11-22T12:00:01Z&until=2026-11-22T12:03:20Z";
    assert_eq!(find(range).await, "ruang-2");
    let first = world.get("/v1/calls?limit=2", Some(&cookie)).await;
    assert_eq!(rooms(&first), ["ruang-3", "ruang-2"]);
    let cursor = first.body["next_cursor"].as_str().unwrap();
    assert_eq!(find(&format!("limit=2&cursor={cursor}")).await, "ruang-1");
}

#[tokio::test]
async fn a_filter_that_cannot_be_is_refused() {
    let world = World::new().await;
    let cookie = owner(&world).await;
    for query in
        ["state=over", "quality=bad", "min_duration_s=-1", "from=yesterday", "limit=0", "until=1"]
    {
        let answer = world.get(&format!("/v1/calls?{query}"), Some(&cookie)).await;
        assert_eq!(answer.code(), "invalid_value", "{query}");
    }
}

#[on_both_engines]
async fn a_call_of_another_tenant_does_not_exist(engine: Engine) {
    let world = World::on(engine).await;
    let call_id = consultation(&world).await;
    let (_, stranger) = world.other_tenant().await;
    for part in ["", "/participants", "/events", "/quality"] {
        let path = format!("/v1/calls/{call_id}{part}");
        let answer = world.get(&path, Some(&stranger.cookie)).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "not_found"), "{path}");
    }
    let all = world.get("/v1/calls", Some(&stranger.cookie)).await;
    assert_eq!(all.body, json!({ "data": [], "next_cursor": null }));
}

#[on_both_engines]
async fn an_api_key_sees_calls_of_its_own_app(engine: Engine) {
    let world = World::on(engine).await;
    let scope = world.database.tenant(world.app.tenant_id);
    let (by, now) = (Author::system(), Timestamp::now());
    let shop = scope.create_app(&jumpa_db::NewApp::named("Toko"), &by, now).await.unwrap();
    let (_, secret) = scope.create_api_key(&shop.id, "Kasir", &by, now).await.unwrap();
    let foreign = consultation(&world).await;
    let own = Call::begin(&shop.id, "kasir", 0).join(0, 9, "Dewi", None).store(&world).await;
    let get = async |path: &str| {
        let request = Request::builder().method(Method::GET).uri(path).header(header::HOST, HOST);
        let request = request.header(header::AUTHORIZATION, format!("Bearer {secret}"));
        world.send(request.body(axum::body::Body::empty()).unwrap()).await
    };
    assert_eq!(rooms(&get("/v1/calls").await), ["kasir"]);
    assert_eq!(get(&format!("/v1/calls/{own}")).await.body["room"], "kasir");
    let others = get(&format!("/v1/calls?app_id={}", world.app.id)).await;
    assert_eq!((others.status, others.code()), (StatusCode::NOT_FOUND, "app_unknown"));
    for part in ["", "/participants", "/events", "/quality"] {
        let answer = get(&format!("/v1/calls/{foreign}{part}")).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "not_found"), "{part}");
    }
    let day = "from=2026-11-22&until=2026-11-22";
    let overview = get(&format!("/v1/overview?{day}")).await;
    assert_eq!(overview.body["totals"]["calls"], 1, "{:?}", overview.body);
}
