//! How long the overview of a large tenant takes on both engines, and how fast reports of calls
//! are stored.
//!
//! The tenant has a million participants in 400,000 calls of one year. They are written by SQL
//! alone, since as reports they would take an hour; their hours are then counted as the server
//! does.

use std::time::{Duration, Instant};

use jiff::civil::date;
use jumpa_db::{Author, NewApp, Timestamp, UsageDates};
use jumpa_protocol::{
    AppId, CallId, MediaKind, ParticipantId, ReportId, RoomKey, TenantId,
    report::{CallFact, CallReport, JoinedParticipant, LogEntry, LogPosition, Via},
    signal::{ClientInfo, MediaSummary, Role, TrackDirection, TrackQuality},
};
use jumpa_test_database::{Engine, TestDatabase};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use uuid::Uuid;

const CALLS: i64 = 400_000;
const PARTICIPANTS: i64 = 1_000_000;
/// Calls begin so far apart, microseconds: 400,000 of them fill a year.
const APART_US: i64 = 365 * 24 * 3_600 * 1_000_000 / CALLS;
/// 1 December 2025, the first call.
const START_US: i64 = 1_764_547_200_000_000;

const LIVE: u128 = 500;
/// Summaries of everybody, ten seconds apart.
const ROUNDS: u64 = 6;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for engine in [Engine::Sqlite, Engine::Postgres] {
        runtime.block_on(read_overviews(engine));
    }
    runtime.block_on(store_live_reports());
}

async fn read_overviews(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let now = Timestamp::from_micros(START_US + CALLS * APART_US);
    let (tenant_id, app_id) = tenant(&world).await;
    fill(&world, engine, tenant_id, &app_id).await;
    let scope = world.database.tenant(tenant_id);
    let begin = Instant::now();
    while scope.count_usage(now).await.expect("counted hours") {}
    println!("{engine:?}: a year of {PARTICIPANTS} participants counted in {:?}", begin.elapsed());
    let month = ("30 days", date(2026, 11, 1), 100);
    // Far above what the page asks for by itself.
    let year = ("a year", date(2025, 12, 1), 20);
    for (name, from, readings) in [month, year] {
        let dates = UsageDates { from, until: date(2026, 11, 30) };
        let mut times = Vec::with_capacity(readings);
        for _ in 0..readings {
            let begin = Instant::now();
            let overview = scope.overview(dates, None, now).await.expect("an overview");
            times.push(begin.elapsed());
            assert!(overview.totals.counts.calls > 0, "{overview:?}");
        }
        times.sort_unstable();
        let at = |share: usize| times[readings * share / 100 - 1];
        println!("{engine:?}: overview of {name}: p50 {:?}, p95 {:?}", at(50), at(95));
    }
}

async fn tenant(world: &TestDatabase) -> (TenantId, AppId) {
    let start = Timestamp::from_micros(START_US);
    let operator = world.database.operator();
    let tenant_id = operator.create_tenant("Klinik Sehat", start).await.expect("a tenant");
    let scope = world.database.tenant(tenant_id);
    let app = scope.create_app(&NewApp::named("Klinik"), &Author::system(), start).await;
    (tenant_id, app.expect("an app").id)
}

/// Writes the rows. Calls last 10 to 39 minutes, in 2,000 rooms; a quarter of the participants are
/// guests, the others one of 50,000 people; a tenth of the media was measured.
async fn fill(world: &TestDatabase, engine: Engine, tenant_id: TenantId, app_id: &AppId) {
    let tenant = tenant_id.as_uuid().simple().to_string();
    // An id made of a number, and the tenant's, as each engine writes them.
    let (id, tenant) = match engine {
        Engine::Sqlite => ("CAST(printf('%016d', N) AS BLOB)", format!("x'{tenant}'")),
        Engine::Postgres => ("lpad(to_hex(N), 32, '0')::uuid", format!("'{tenant}'::uuid")),
    };
    let id = |number: &str| id.replace('N', number);
    let numbers = |count: i64| {
        format!(
            "WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {})",
            count - 1
        )
    };
    let (call, participant, log) = (id("i"), id("i"), id("7"));
    let begin = format!("{START_US} + i * {APART_US}");
    let minutes = "60000000 * (10 + i % 30)";
    // Every second call has two participants and the others three.
    let of_call = "((i / 5) * 2 + CASE WHEN i % 5 < 2 THEN 0 ELSE 1 END)";
    let joined = format!("{START_US} + {of_call} * {APART_US} + (i % 5) * 1000000");
    let left = format!("{START_US} + {of_call} * {APART_US} + 60000000 * (10 + {of_call} % 30)");
    let texts = [
        format!(
            "{} INSERT INTO calls (tenant_id, id, app_id, room, log_id, started_at, heard_at, \
             ended_at, participants, participant_us, peak_participants, measured_intervals, \
             good_intervals, poor_intervals) SELECT {tenant}, {call}, '{app_id}', \
             'ruang-' || (i % 2000), {log}, {begin}, {begin}, {begin} + {minutes}, 2 + i % 2, \
             (2 + i % 2) * {minutes}, 2 + i % 2, 30, 28, 1 FROM n",
            numbers(CALLS)
        ),
        format!(
            "{} INSERT INTO stays (tenant_id, call_id, participant_id, joined_at, left_at, \
             leave_reason, app_id, name, subject, role, via, sdk, browser, os) \
             SELECT {tenant}, {}, {participant}, {joined}, {left}, 'left', '{app_id}', 'Budi', \
             CASE WHEN i % 4 = 0 THEN NULL ELSE 'pasien-' || (i % 50000) END, 'participant', \
             'signalling', 'jumpa-js 0.1.0', 'Chrome ' || (150 + i % 6), \
             CASE WHEN i % 3 = 0 THEN 'Android' ELSE 'Windows' END FROM n",
            numbers(PARTICIPANTS),
            id(of_call)
        ),
        format!(
            "{} INSERT INTO media_quality (tenant_id, call_id, participant_id, began_at, app_id, \
             intervals, measured_intervals, good_intervals, poor_intervals, mos_sum, \
             lossy_intervals, slow_intervals, jittery_intervals, narrow_intervals, \
             concealing_intervals, tcp_intervals, freezes, codecs) \
             SELECT {tenant}, {call}, {participant}, {begin}, '{app_id}', 30, 30, 28, 1, 126, \
             1, 0, 0, 0, 0, 0, 0, '' FROM n",
            numbers(CALLS / 4)
        ),
    ];
    match engine {
        Engine::Sqlite => {
            let mut connection = SqliteConnection::connect(&world.url).await.expect("a database");
            for text in texts {
                sqlx::query(AssertSqlSafe(text)).execute(&mut connection).await.expect("rows");
            }
        }
        Engine::Postgres => {
            let url = world.superuser_url().expect("an address");
            let mut connection = PgConnection::connect(&url).await.expect("a database");
            for text in texts {
                sqlx::query(AssertSqlSafe(text)).execute(&mut connection).await.expect("rows");
            }
            // What its own housekeeping does within minutes.
            sqlx::query("VACUUM ANALYZE").execute(&mut connection).await.expect("statistics");
        }
    }
}

/// Stores what 500 people in calls of ten report in a minute, in batches as the server makes them.
async fn store_live_reports() {
    let world = TestDatabase::new(Engine::Sqlite).await;
    let (tenant_id, app_id) = tenant(&world).await;
    let entries = live_reports(&app_id);
    let begin = Instant::now();
    let mut position = LogPosition { segment: 1, offset: 0 };
    let log_id = Uuid::now_v7();
    for batch in entries.chunks(500) {
        position.offset += 1;
        let operator = world.database.operator();
        operator.store_reports(log_id, batch, position).await.expect("stored reports");
    }
    let took = begin.elapsed();
    let scope = world.database.tenant(tenant_id);
    let now = Timestamp::from_micros(START_US) + Duration::from_secs(60);
    let calls = scope.calls(&jumpa_db::CallFilter::default(), None, 200, now).await.expect("calls");
    let mut intervals = 0;
    for call in &calls {
        let media = scope.participant_media(call.id).await.expect("media");
        intervals += media.iter().map(|media| media.tally.intervals).sum::<i64>();
    }
    assert_eq!(intervals, i64::try_from(LIVE * u128::from(ROUNDS)).expect("a small number"));
    println!(
        "SQLite: {} reports of a minute of {LIVE} participants stored in {took:?}, none lost",
        entries.len()
    );
}

fn live_reports(app_id: &AppId) -> Vec<LogEntry> {
    let calls: Vec<(CallId, RoomKey)> = (0..LIVE / 10)
        .map(|number| {
            let room = format!("ruang-{number}").parse().expect("a room");
            (CallId::generate(), RoomKey { app_id: app_id.clone(), room })
        })
        .collect();
    let entry = |who: u128, after_s: u64, fact: CallFact| {
        let (call_id, room) = calls[usize::try_from(who / 10).expect("a small number")].clone();
        let at_us = START_US.unsigned_abs() + after_s * 1_000_000;
        LogEntry::Call(CallReport { id: ReportId::generate(), at_us, room, call_id, fact })
    };
    let id = |who: u128| ParticipantId::from_uuid(Uuid::from_u128(who));
    let mut entries = Vec::new();
    for who in 0..LIVE {
        let joined = JoinedParticipant {
            participant_id: id(who),
            joined_at_ms: START_US.unsigned_abs() / 1_000,
            name: "Budi".to_owned(),
            subject: None,
            key_id: None,
            role: Role::Participant,
            via: Via::Signalling,
            client: ClientInfo::default(),
            sources: Vec::new(),
        };
        entries.push(entry(who, 0, CallFact::ParticipantJoined(joined)));
    }
    for round in 0..ROUNDS {
        for who in 0..LIVE {
            let fact = CallFact::MediaMeasured { participant_id: id(who), summary: summary() };
            entries.push(entry(who, round * 10, fact));
        }
    }
    entries
}

/// Four tracks sent, five voices and four pictures received.
fn summary() -> MediaSummary {
    let track = |direction, kind| TrackQuality {
        direction,
        kind,
        source: None,
        participant_id: Some(ParticipantId::generate()),
        codec: Some(if kind == MediaKind::Audio { "audio/opus" } else { "video/VP8" }.to_owned()),
        bitrate_bps: Some(400_000),
        packet_loss_ratio: Some(0.01),
        jitter_ms: Some(4.0),
        frame_height: Some(360),
        frames_per_second: Some(29.9),
        freeze_count: Some(0),
        concealed_ratio: Some(0.001),
    };
    let mut tracks = vec![track(TrackDirection::Sent, MediaKind::Audio)];
    tracks.extend((0..3).map(|_| track(TrackDirection::Sent, MediaKind::Video)));
    tracks.extend((0..5).map(|_| track(TrackDirection::Received, MediaKind::Audio)));
    tracks.extend((0..4).map(|_| track(TrackDirection::Received, MediaKind::Video)));
    MediaSummary {
        transport: Some("udp".to_owned()),
        round_trip_time_ms: Some(40.0),
        available_outgoing_bps: Some(2_500_000),
        tracks,
    }
}
