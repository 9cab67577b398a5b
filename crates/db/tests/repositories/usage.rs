//! Calls by a script, and the numbers that somebody works out from it by hand.

use jiff::civil::{Date, date};
use jumpa_db::{
    App, Author, CallFilter, Client, Counts, NewApp, Overview, TenantChange, Timestamp, UsageDates,
};
use jumpa_protocol::{
    CallId, MediaKind, ParticipantId, ReportId, RoomKey, TenantId,
    report::{CallFact, CallReport, JoinedParticipant, LogEntry, LogPosition, Via},
    signal::{
        ClientInfo, LeaveReason, MediaSummary, QualityLevel, Role, TrackDirection, TrackQuality,
    },
};
use jumpa_test_database::{Engine, TestDatabase, on_both_engines};
use sqlx::Connection as _;
use uuid::Uuid;

pub(crate) const SECOND: i64 = 1_000_000;

pub(crate) fn time(text: &str) -> Timestamp {
    Timestamp::from_micros(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
}

/// A clinic and its shop in Berlin, where clocks are set back on 25 October 2026.
pub(crate) struct World {
    pub(crate) base: TestDatabase,
    pub(crate) tenant_id: TenantId,
    pub(crate) clinic: App,
    pub(crate) shop: App,
    log_id: Uuid,
    position: LogPosition,
}

/// A call of the script.
struct Call {
    id: CallId,
    room: RoomKey,
}

impl Call {
    fn new(app: &App, room: &str) -> Self {
        let room = RoomKey { app_id: app.id.clone(), room: room.parse().unwrap() };
        Self { id: CallId::generate(), room }
    }

    fn entry(&self, at: &str, fact: CallFact) -> (Timestamp, LogEntry) {
        let at = time(at);
        let report = CallReport {
            id: ReportId::generate(),
            at_us: at.as_micros().unsigned_abs(),
            room: self.room.clone(),
            call_id: self.id,
            fact,
        };
        (at, LogEntry::Call(report))
    }

    fn began(&self, at: &str) -> (Timestamp, LogEntry) {
        let started_at_ms = time(at).as_micros().unsigned_abs() / 1_000;
        self.entry(at, CallFact::CallBegan { started_at_ms })
    }

    fn joined(&self, at: &str, who: u128, subject: Option<&str>) -> (Timestamp, LogEntry) {
        let joined = JoinedParticipant {
            participant_id: ParticipantId::from_uuid(Uuid::from_u128(who)),
            joined_at_ms: time(at).as_micros().unsigned_abs() / 1_000,
            name: "Budi".to_owned(),
            subject: subject.map(str::to_owned),
            key_id: None,
            role: Role::Participant,
            via: Via::Signalling,
            client: ClientInfo {
                sdk: "jumpa-js 0.1.0".to_owned(),
                browser: if who.is_multiple_of(2) { "Firefox 152.1" } else { "Chrome 156" }
                    .to_owned(),
                os: "Android".to_owned(),
            },
            sources: Vec::new(),
        };
        self.entry(at, CallFact::ParticipantJoined(joined))
    }

    fn left(&self, at: &str, who: u128) -> (Timestamp, LogEntry) {
        let participant_id = ParticipantId::from_uuid(Uuid::from_u128(who));
        self.entry(at, CallFact::ParticipantLeft { participant_id, reason: LeaveReason::Left })
    }

    fn ended(&self, at: &str) -> (Timestamp, LogEntry) {
        self.entry(at, CallFact::CallEnded { reason: None })
    }

    fn measured(&self, at: &str, who: u128, packet_loss_ratio: f32) -> (Timestamp, LogEntry) {
        let track = TrackQuality {
            direction: TrackDirection::Received,
            kind: MediaKind::Audio,
            source: None,
            participant_id: None,
            codec: Some("audio/opus".to_owned()),
            bitrate_bps: None,
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
        let participant_id = ParticipantId::from_uuid(Uuid::from_u128(who));
        self.entry(at, CallFact::MediaMeasured { participant_id, summary })
    }
}

impl World {
    pub(crate) async fn new(engine: Engine) -> Self {
        let base = TestDatabase::new(engine).await;
        let start = time("2026-10-01T00:00:00Z");
        let tenant_id = base.database.operator().create_tenant("Klinik", start).await.unwrap();
        let scope = base.database.tenant(tenant_id);
        let clinic = scope
            .create_app(&NewApp::named("Klinik Sehat"), &Author::system(), start)
            .await
            .unwrap();
        let shop = scope
            .create_app(&NewApp::named("Toko Melati"), &Author::system(), start)
            .await
            .unwrap();
        let world = Self {
            base,
            tenant_id,
            clinic,
            shop,
            log_id: Uuid::now_v7(),
            position: LogPosition { segment: 1, offset: 0 },
        };
        world.move_to("Europe/Berlin").await;
        world
    }

    pub(crate) async fn move_to(&self, time_zone: &str) {
        let change = TenantChange { time_zone: Some(time_zone.to_owned()), ..Default::default() };
        let scope = self.base.database.tenant(self.tenant_id);
        scope.change_tenant(&change, &Author::system(), time(NOW)).await.unwrap();
    }

    pub(crate) async fn store(&mut self, entries: &[LogEntry]) {
        self.position.offset += 1;
        let operator = self.base.database.operator();
        operator.store_reports(self.log_id, entries, self.position).await.unwrap();
    }

    pub(crate) async fn count(&self, now: Timestamp) {
        let scope = self.base.database.tenant(self.tenant_id);
        while scope.count_usage(now).await.unwrap() {}
    }

    async fn overview(&self, from: Date, until: Date, app: Option<&App>) -> Overview {
        let scope = self.base.database.tenant(self.tenant_id);
        let dates = UsageDates { from, until };
        scope.overview(dates, app.map(|app| &app.id), time(NOW)).await.unwrap()
    }

    async fn of_the_script(&self) -> Overview {
        self.overview(date(2026, 10, 24), date(2026, 10, 26), None).await
    }
}

/// When the script is over and its last call goes on.
pub(crate) const NOW: &str = "2026-10-26T11:10:00Z";

/// Four calls on three days: one over midnight with somebody who comes back, one over the hour that
/// Berlin has twice, a short one of the shop, and one that goes on.
pub(crate) fn script(world: &World) -> Vec<(Timestamp, LogEntry)> {
    let midnight = Call::new(&world.clinic, "ruang-1");
    let twice = Call::new(&world.clinic, "ruang-2");
    let short = Call::new(&world.shop, "kasir");
    let live = Call::new(&world.clinic, "ruang-3");
    let mut entries = vec![
        midnight.began("2026-10-24T21:30:00Z"),
        midnight.joined("2026-10-24T21:30:00Z", 1, Some("pasien-1")),
        midnight.joined("2026-10-24T21:40:00Z", 2, Some("dokter-1")),
        midnight.left("2026-10-24T21:50:00Z", 2),
        midnight.joined("2026-10-24T22:10:00Z", 2, Some("dokter-1")),
        midnight.left("2026-10-24T22:20:30Z", 1),
        midnight.left("2026-10-24T22:20:30Z", 2),
        midnight.ended("2026-10-24T22:20:30Z"),
        twice.began("2026-10-25T00:30:00Z"),
        twice.joined("2026-10-25T00:30:00Z", 3, Some("pasien-1")),
        twice.joined("2026-10-25T00:45:00Z", 4, None),
        twice.joined("2026-10-25T01:00:00Z", 5, Some("pasien-2")),
        twice.left("2026-10-25T01:10:00Z", 5),
        twice.left("2026-10-25T01:15:00Z", 4),
        twice.left("2026-10-25T01:30:00Z", 3),
        twice.ended("2026-10-25T01:30:00Z"),
        short.began("2026-10-26T10:00:00Z"),
        short.joined("2026-10-26T10:00:00Z", 6, Some("dokter-1")),
        short.ended("2026-10-26T10:00:45Z"),
        live.began("2026-10-26T11:00:00Z"),
        live.joined("2026-10-26T11:00:00Z", 7, None),
        live.joined("2026-10-26T11:05:00Z", 8, Some("pasien-1")),
    ];
    for (at, loss) in [
        ("2026-10-25T00:58:00Z", 0.0),
        ("2026-10-25T00:58:10Z", 0.0),
        ("2026-10-25T01:01:00Z", 0.0),
        ("2026-10-25T01:01:10Z", 0.0),
        ("2026-10-25T01:01:20Z", 0.2),
    ] {
        entries.push(twice.measured(at, 3, loss));
    }
    entries.sort_by_key(|(at, _)| *at);
    entries
}

pub(crate) fn counts(
    calls: i64,
    participants: i64,
    guests: i64,
    seconds: i64,
    peak: i64,
) -> Counts {
    Counts {
        calls,
        participants,
        guests,
        participant_us: seconds * SECOND,
        peak_participants: peak,
        ..Counts::default()
    }
}

/// To the second and the person.
fn assert_follows_script(world: &World, overview: &Overview) {
    assert_eq!(overview.time_zone, "Europe/Berlin");
    assert_eq!((overview.live_calls, overview.live_participants), (1, 2));
    let measured = |counts| Counts { measured_intervals: 5, good_intervals: 4, ..counts };
    let days: Vec<_> = overview.days.iter().map(|day| (day.date.day(), day.counts)).collect();
    assert_eq!(
        days,
        [
            (24, counts(1, 2, 0, 1_800 + 600, 2)),
            (25, measured(counts(1, 3, 1, 1_230 + 630 + 3_600 + 1_800 + 600, 3))),
            (26, counts(2, 3, 1, 45 + 600 + 300, 2)),
        ]
    );
    assert_eq!(overview.totals.counts, measured(counts(4, 8, 2, 2_400 + 7_860 + 945, 3)));
    assert_eq!(overview.totals.monthly_active_users, 3 + 2);
    assert_eq!(overview.totals.one_on_one_calls, 2);
    assert_eq!(overview.totals.median_duration_us, Some(3_030 * SECOND));
    assert_eq!(overview.previous.counts, Counts::default());
    let mut hours = [[0; 24]; 7];
    (hours[5][23], hours[6][2], hours[0][11], hours[0][12]) = (1, 1, 1, 1);
    assert_eq!(overview.hours, hours);
    let rooms: Vec<_> = overview
        .top_rooms
        .iter()
        .map(|top| (&top.app_id, top.room.as_str(), top.calls, top.participant_us / SECOND))
        .collect();
    let (clinic, shop) = (&world.clinic.id, &world.shop.id);
    assert_eq!(
        rooms,
        [
            (clinic, "ruang-2", 1, 6_000),
            (clinic, "ruang-1", 1, 4_260),
            (clinic, "ruang-3", 1, 900),
            (shop, "kasir", 1, 45),
        ]
    );
    let client = |browser: &str| Client {
        browser: browser.to_owned(),
        os: "Android".to_owned(),
        participants: 4,
    };
    assert_eq!(overview.clients, [client("Chrome"), client("Firefox")]);
}

#[on_both_engines]
async fn numbers_follow_the_script_whether_counted_late_early_or_again(engine: Engine) {
    let mut world = World::new(engine).await;
    let script = script(&world);
    // Nothing is stored of hours: all is counted from the stays.
    let entries: Vec<LogEntry> = script.iter().map(|(_, entry)| entry.clone()).collect();
    world.store(&entries).await;
    assert_follows_script(&world, &world.of_the_script().await);
    world.count(time(NOW)).await;
    assert_follows_script(&world, &world.of_the_script().await);
    let scope = world.base.database.tenant(world.tenant_id);
    scope.recount_usage(time(NOW)).await.unwrap();
    assert_follows_script(&world, &world.of_the_script().await);
    assert_eq!(world.base.database.operator().uncounted_tenants(time(NOW)).await.unwrap(), []);
}

#[on_both_engines]
async fn counting_after_each_report_comes_to_the_same(engine: Engine) {
    let mut world = World::new(engine).await;
    for (at, entry) in script(&world) {
        world.store(&[entry]).await;
        world.count(at).await;
    }
    assert_follows_script(&world, &world.of_the_script().await);
    world.count(time(NOW)).await;
    assert_follows_script(&world, &world.of_the_script().await);
}

#[on_both_engines]
async fn an_app_has_its_own_numbers(engine: Engine) {
    let mut world = World::new(engine).await;
    let entries: Vec<LogEntry> = script(&world).into_iter().map(|(_, entry)| entry).collect();
    world.store(&entries).await;
    for is_counted in [false, true] {
        if is_counted {
            world.count(time(NOW)).await;
        }
        let (from, until) = (date(2026, 10, 24), date(2026, 10, 26));
        let shop = world.overview(from, until, Some(&world.shop)).await;
        assert_eq!(shop.totals.counts, counts(1, 1, 0, 45, 1), "{is_counted}");
        assert_eq!((shop.totals.monthly_active_users, shop.live_calls), (1, 0));
        let clinic = world.overview(from, until, Some(&world.clinic)).await;
        assert_eq!(clinic.totals.counts.participant_us, 11_160 * SECOND);
        assert_eq!(clinic.totals.monthly_active_users, 3 + 2);
        let before = world.overview(date(2026, 10, 27), date(2026, 10, 28), None).await;
        assert_eq!(before.previous.counts.calls, 3, "of the 25th and 26th");
    }
}

#[on_both_engines]
async fn a_call_tells_its_numbers_and_its_quality(engine: Engine) {
    let mut world = World::new(engine).await;
    let entries: Vec<LogEntry> = script(&world).into_iter().map(|(_, entry)| entry).collect();
    world.store(&entries).await;
    let scope = world.base.database.tenant(world.tenant_id);
    let found = async |filter: CallFilter| -> Vec<(String, i64, i64, i64, String)> {
        let calls = scope.calls(&filter, None, 10, time(NOW)).await.unwrap();
        let row = |call: jumpa_db::CallRecord| {
            let seconds = call.participant_us / SECOND;
            (call.room, call.participants, seconds, call.peak_participants, call.quality)
        };
        calls.into_iter().map(row).collect()
    };
    let row = |room: &str, participants, seconds, peak, quality: &str| {
        (room.to_owned(), participants, seconds, peak, quality.to_owned())
    };
    let all = [
        row("ruang-3", 2, 900, 2, "unknown"),
        row("kasir", 1, 45, 1, "unknown"),
        row("ruang-2", 3, 6_000, 3, "poor"),
        row("ruang-1", 2, 4_260, 2, "unknown"),
    ];
    assert_eq!(found(CallFilter::default()).await, all);
    let poor = CallFilter { quality: Some(QualityLevel::Poor), ..CallFilter::default() };
    assert_eq!(found(poor).await, all[2..3]);
    let long = CallFilter { min_duration_us: Some(600 * SECOND), ..CallFilter::default() };
    assert_eq!(found(long).await, [all[0].clone(), all[2].clone(), all[3].clone()]);

    let poor = scope.calls(&CallFilter::default(), None, 10, time(NOW)).await.unwrap().remove(2);
    let media = scope.participant_media(poor.id).await.unwrap();
    assert_eq!(media.len(), 1);
    assert_eq!(media[0].tally.intervals, 5);
    assert_eq!(media[0].tally.transport.as_deref(), Some("udp"));
    assert_eq!(media[0].tally.codecs, "audio/opus");
    assert_eq!(scope.call_rating(poor.id).await.unwrap(), (0, None));
}

#[on_both_engines]
async fn who_was_lost_with_a_server_is_counted_no_longer_than_they_were_heard_of(engine: Engine) {
    let mut world = World::new(engine).await;
    let call = Call::new(&world.clinic, "ruang-1");
    let entries = [
        call.began("2026-10-26T06:00:00Z"),
        call.joined("2026-10-26T06:00:00Z", 1, None),
        call.measured("2026-10-26T06:05:00Z", 1, 0.0),
    ];
    world.store(&entries.map(|(_, entry)| entry)).await;
    world.count(time(NOW)).await;
    let today = date(2026, 10, 26);
    let before = world.overview(today, today, None).await;
    assert_eq!(before.totals.counts.participant_us, (5 * 60 + 10) * 60 * SECOND);

    world.store(&[LogEntry::Started { at_us: 1, continues: Vec::new() }]).await;
    for _ in 0..2 {
        let after = world.overview(today, today, None).await;
        assert_eq!(after.totals.counts.participant_us, 5 * 60 * SECOND);
        world.count(time(NOW)).await;
    }
}

#[on_both_engines]
async fn another_zone_has_other_days(engine: Engine) {
    let mut world = World::new(engine).await;
    let entries: Vec<LogEntry> = script(&world).into_iter().map(|(_, entry)| entry).collect();
    world.store(&entries).await;
    world.count(time(NOW)).await;
    world.move_to("Asia/Jakarta").await;
    let uncounted = world.base.database.operator().uncounted_tenants(time(NOW)).await.unwrap();
    assert_eq!((uncounted.len(), uncounted[0].is_new), (1, true));
    for _ in 0..2 {
        // The first call began at half past four in the morning of the 25th in Jakarta.
        let day = date(2026, 10, 25);
        let overview = world.overview(day, day, None).await;
        assert_eq!(overview.totals.counts.calls, 2);
        assert_eq!(overview.hours[6][4], 1);
        world.count(time(NOW)).await;
    }
}

#[on_both_engines]
async fn another_tenant_sees_nothing_of_usage(engine: Engine) {
    let mut world = World::new(engine).await;
    let entries: Vec<LogEntry> = script(&world).into_iter().map(|(_, entry)| entry).collect();
    world.store(&entries).await;
    world.count(time(NOW)).await;
    let operator = world.base.database.operator();
    let stranger = operator.create_tenant("Toko Melati", time(NOW)).await.unwrap();
    let dates = UsageDates { from: date(2026, 10, 24), until: date(2026, 10, 26) };
    let scope = world.base.database.tenant(stranger);
    let app_id = Some(&world.clinic.id);
    for app_id in [None, app_id] {
        let overview = scope.overview(dates, app_id, time(NOW)).await.unwrap();
        assert_eq!(overview.totals.counts, Counts::default());
        assert_eq!(overview.totals.monthly_active_users, 0);
        assert_eq!((overview.live_calls, overview.clients.len()), (0, 0));
        assert_eq!(overview.top_rooms, []);
    }
}

#[tokio::test]
async fn a_zone_that_nobody_knows_keeps_no_other_tenant_waiting() {
    let mut damaged = World::new(Engine::Sqlite).await;
    let entries: Vec<LogEntry> = script(&damaged).into_iter().map(|(_, entry)| entry).collect();
    damaged.store(&entries).await;
    let operator = damaged.base.database.operator();
    assert_eq!(operator.uncounted_tenants(time(NOW)).await.unwrap().len(), 1);
    let mut connection = sqlx::SqliteConnection::connect(&damaged.base.url).await.unwrap();
    let text = "UPDATE tenants SET time_zone = 'Mars/Base'";
    sqlx::query(text).execute(&mut connection).await.unwrap();
    assert_eq!(operator.uncounted_tenants(time(NOW)).await.unwrap(), []);
}
