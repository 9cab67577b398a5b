use jumpa_db::{App, CallFilter, CallRecord, Stay};
use jumpa_protocol::{
    CallId, ParticipantId, ReportId, RoomKey, SourceKind, TenantId,
    report::{CallFact, CallReport, JoinedParticipant, LogEntry, LogPosition, Via},
    signal::{ClientInfo, LeaveReason, MediaSummary, Role, SourceInfo, SourceState},
};
use jumpa_test_database::{Engine, TestDatabase, on_both_engines};
use uuid::Uuid;

use crate::{at, by};

const SECOND_US: u64 = 1_000_000;

/// A clinic whose node reports one call.
struct World {
    base: TestDatabase,
    tenant_id: TenantId,
    app: App,
    log_id: Uuid,
    call_id: CallId,
    position: LogPosition,
}

impl World {
    async fn new(engine: Engine) -> Self {
        let base = TestDatabase::new(engine).await;
        let tenant_id = base.database.operator().create_tenant("Klinik", at(1)).await.unwrap();
        let scope = base.database.tenant(tenant_id);
        let app =
            scope.create_app(&jumpa_db::NewApp::named("Klinik Sehat"), &by(), at(2)).await.unwrap();
        Self {
            base,
            tenant_id,
            app,
            log_id: Uuid::now_v7(),
            call_id: CallId::generate(),
            position: LogPosition { segment: 1, offset: 0 },
        }
    }

    fn entry(&self, seconds: u64, fact: CallFact) -> LogEntry {
        LogEntry::Call(CallReport {
            id: ReportId::generate(),
            at_us: seconds * SECOND_US,
            room: RoomKey { app_id: self.app.id.clone(), room: "ruang-1".parse().unwrap() },
            call_id: self.call_id,
            fact,
        })
    }

    fn began(&self, seconds: u64) -> LogEntry {
        self.entry(seconds, CallFact::CallBegan { started_at_ms: seconds * 1_000 })
    }

    fn joined(&self, seconds: u64, who: ParticipantId, joined_at: u64) -> LogEntry {
        self.entry(
            seconds,
            CallFact::ParticipantJoined(JoinedParticipant {
                participant_id: who,
                joined_at_ms: joined_at * 1_000,
                name: "Budi".to_owned(),
                subject: Some("pasien-7".to_owned()),
                key_id: None,
                role: Role::Participant,
                via: Via::Signalling,
                client: ClientInfo {
                    sdk: "jumpa-js 0.1.0".to_owned(),
                    browser: "Chrome 156".to_owned(),
                    os: "Android".to_owned(),
                },
                sources: Vec::new(),
            }),
        )
    }

    fn left(&self, seconds: u64, participant_id: ParticipantId) -> LogEntry {
        let reason = LeaveReason::Left;
        self.entry(seconds, CallFact::ParticipantLeft { participant_id, reason })
    }

    async fn store(&mut self, entries: &[LogEntry]) -> usize {
        self.position.offset += 1;
        let operator = self.base.database.operator();
        operator.store_reports(self.log_id, entries, self.position).await.unwrap()
    }

    async fn call(&self) -> Option<CallRecord> {
        let scope = self.base.database.tenant(self.tenant_id);
        scope.call(self.call_id, at(1_000)).await.unwrap()
    }

    async fn stays(&self) -> Vec<Stay> {
        self.base.database.tenant(self.tenant_id).stays(self.call_id, 100).await.unwrap()
    }
}

fn who(number: u128) -> ParticipantId {
    ParticipantId::from_uuid(Uuid::from_u128(number))
}

#[on_both_engines]
async fn a_call_is_counted_to_the_second_and_the_person(engine: Engine) {
    let mut world = World::new(engine).await;
    let entries = [
        world.began(10),
        world.joined(10, who(1), 10),
        world.joined(20, who(2), 20),
        world.left(50, who(1)),
        world.joined(60, who(1), 60),
        world.left(70, who(1)),
        world.left(80, who(2)),
        world.entry(80, CallFact::CallEnded { reason: None }),
    ];
    world.store(&entries).await;
    let call = world.call().await.unwrap();
    assert_eq!((call.started_at, call.ended_at, call.end_reason), (at(10), Some(at(80)), None));
    assert_eq!(call.participants, 2);
    assert_eq!(call.participant_us, (40 + 10 + 60) * SECOND_US as i64);
    let stays: Vec<_> =
        world.stays().await.iter().map(|stay| (stay.participant_id, stay.joined_at)).collect();
    assert_eq!(stays, [(who(1), at(10)), (who(2), at(20)), (who(1), at(60))]);
}

#[on_both_engines]
async fn who_is_in_a_call_counts_until_now(engine: Engine) {
    let mut world = World::new(engine).await;
    let entries = [world.began(10), world.joined(10, who(1), 10)];
    world.store(&entries).await;
    let call = world.call().await.unwrap();
    assert_eq!((call.ended_at, call.participant_us), (None, 990 * SECOND_US as i64));
}

#[on_both_engines]
async fn the_position_is_kept_with_what_was_stored(engine: Engine) {
    let mut world = World::new(engine).await;
    let operator = world.base.database.operator();
    assert_eq!(operator.report_position(world.log_id).await.unwrap(), LogPosition::default());
    let entries = [world.began(10)];
    world.store(&entries).await;
    let operator = world.base.database.operator();
    assert_eq!(operator.report_position(world.log_id).await.unwrap(), world.position);
    assert_eq!(operator.report_position(Uuid::now_v7()).await.unwrap(), LogPosition::default());
}

#[on_both_engines]
async fn entries_that_come_again_change_nothing_but_samples(engine: Engine) {
    let mut world = World::new(engine).await;
    let source = SourceInfo { source: SourceKind::Camera, state: SourceState::Live };
    let entries = [
        world.began(10),
        world.joined(10, who(1), 10),
        world.entry(11, CallFact::SourceChanged { participant_id: who(1), source }),
        world.left(50, who(1)),
        world.entry(50, CallFact::CallEnded { reason: None }),
    ];
    world.store(&entries).await;
    let before = (world.call().await, world.stays().await);
    world.store(&entries).await;
    assert_eq!((world.call().await, world.stays().await), before);
    let scope = world.base.database.tenant(world.tenant_id);
    assert_eq!(scope.call_events(world.call_id, None, 10).await.unwrap().len(), 1);
}

#[on_both_engines]
async fn a_server_that_comes_back_ends_what_it_does_not_continue(engine: Engine) {
    let mut world = World::new(engine).await;
    let entries = [
        world.began(10),
        world.joined(10, who(1), 10),
        world.entry(
            30,
            CallFact::MediaMeasured { participant_id: who(1), summary: MediaSummary::default() },
        ),
    ];
    world.store(&entries).await;
    let goes_on = LogEntry::Started { at_us: 90 * SECOND_US, continues: vec![world.call_id] };
    world.store(&[goes_on]).await;
    assert_eq!(world.call().await.unwrap().ended_at, None);

    world.store(&[LogEntry::Started { at_us: 95 * SECOND_US, continues: Vec::new() }]).await;
    let call = world.call().await.unwrap();
    assert_eq!((call.ended_at, call.end_reason.as_deref()), (Some(at(30)), Some("server_lost")));
    assert_eq!(call.participant_us, 20 * SECOND_US as i64);
}

#[on_both_engines]
async fn who_comes_back_into_a_continued_call_was_never_away(engine: Engine) {
    let mut world = World::new(engine).await;
    let entries = [
        world.began(10),
        world.joined(10, who(1), 10),
        LogEntry::Started { at_us: 40 * SECOND_US, continues: Vec::new() },
        // It went on nevertheless.
        world.joined(45, who(1), 10),
        world.left(60, who(1)),
    ];
    world.store(&entries).await;
    let stays = world.stays().await;
    assert_eq!(stays.len(), 1);
    assert_eq!(stays[0].left_at, Some(at(60)));
    assert_eq!(world.call().await.unwrap().ended_at, None);
}

#[on_both_engines]
async fn samples_of_five_minutes_share_a_row(engine: Engine) {
    let mut world = World::new(engine).await;
    let sample = |world: &World, seconds| {
        let summary = MediaSummary { round_trip_time_ms: Some(40.0), ..MediaSummary::default() };
        world.entry(seconds, CallFact::MediaMeasured { participant_id: who(1), summary })
    };
    let entries = [world.began(300), sample(&world, 310), sample(&world, 320), sample(&world, 610)];
    world.store(&entries).await;
    let scope = world.base.database.tenant(world.tenant_id);
    let rows = scope.media_samples(world.call_id, None, None, 10).await.unwrap();
    let lines: Vec<_> = rows.iter().map(|row| row.samples.lines().count()).collect();
    assert_eq!(lines, [2, 1]);
    let first: serde_json::Value =
        serde_json::from_str(rows[0].samples.lines().next().unwrap()).unwrap();
    assert_eq!(first["at_us"], 310 * SECOND_US);
    assert_eq!(first["summary"]["round_trip_time_ms"], 40.0);
}

#[on_both_engines]
async fn reports_of_an_app_that_is_gone_are_left_out_and_the_rest_is_not(engine: Engine) {
    let mut world = World::new(engine).await;
    let mut entries = vec![world.began(10)];
    if let Some(LogEntry::Call(report)) = entries.first().cloned() {
        let room = RoomKey { app_id: "toko-lama-abcde".parse().unwrap(), room: report.room.room };
        entries.push(LogEntry::Call(CallReport { room, call_id: CallId::generate(), ..report }));
    }
    assert_eq!(world.store(&entries).await, 1);
    assert!(world.call().await.is_some());
}

#[on_both_engines]
async fn another_tenant_sees_nothing_of_a_call(engine: Engine) {
    let mut world = World::new(engine).await;
    let entries = [world.began(10), world.joined(10, who(1), 10)];
    world.store(&entries).await;
    let operator = world.base.database.operator();
    let stranger = operator.create_tenant("Toko Melati", at(3)).await.unwrap();
    let scope = world.base.database.tenant(stranger);
    assert_eq!(scope.call(world.call_id, at(99)).await.unwrap(), None);
    assert_eq!(scope.stays(world.call_id, 10).await.unwrap(), []);
    assert_eq!(scope.call_events(world.call_id, None, 10).await.unwrap(), []);
    assert_eq!(scope.media_samples(world.call_id, None, None, 10).await.unwrap(), []);
    let all = CallFilter::default();
    assert_eq!(scope.calls(&all, None, 10, at(99)).await.unwrap(), []);
}

#[on_both_engines]
async fn calls_are_found_by_what_is_known_of_them_page_by_page(engine: Engine) {
    let mut world = World::new(engine).await;
    let mut ids = Vec::new();
    for number in 0..5 {
        world.call_id = CallId::generate();
        ids.push(world.call_id);
        let start = 100 + number * 100;
        let entries = [
            world.began(start),
            world.joined(start, who(u128::from(number) + 1), start),
            world.entry(start + 50, CallFact::CallEnded { reason: None }),
        ];
        world.store(if number == 4 { &entries[..2] } else { &entries }).await;
    }
    ids.reverse();
    let scope = world.base.database.tenant(world.tenant_id);
    let found = async |filter: CallFilter| -> Vec<CallId> {
        let calls = scope.calls(&filter, None, 10, at(9_999)).await.unwrap();
        calls.iter().map(|call| call.id).collect()
    };
    assert_eq!(found(CallFilter::default()).await, ids);
    assert_eq!(found(CallFilter { is_live: Some(true), ..CallFilter::default() }).await, ids[..1]);
    assert_eq!(found(CallFilter { is_live: Some(false), ..CallFilter::default() }).await, ids[1..]);
    let range = CallFilter { from: Some(at(200)), until: Some(at(400)), ..CallFilter::default() };
    assert_eq!(found(range).await, ids[2..4]);
    let room = Some("ruang-2".to_owned());
    assert_eq!(found(CallFilter { room, ..CallFilter::default() }).await, []);
    let participant = Some("pasien-7".to_owned());
    assert_eq!(found(CallFilter { participant, ..CallFilter::default() }).await, ids);

    let mut pages = Vec::new();
    let mut after = None;
    loop {
        let page = scope.calls(&CallFilter::default(), after, 2, at(9_999)).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.started_at, last.id));
        pages.extend(page.iter().map(|call| call.id));
    }
    assert_eq!(pages, ids);
}
