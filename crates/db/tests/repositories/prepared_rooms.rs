use jumpa_db::{App, Author, DbError, NewApp, RoomPreparation};
use jumpa_protocol::{
    CallId, ReportId, RoomKey, TenantId,
    directory::PreparedRoom,
    report::{CallFact, CallReport, LogEntry, LogPosition},
};
use jumpa_test_database::{Engine, TestDatabase, on_both_engines};
use uuid::Uuid;

use crate::at;

struct World {
    base: TestDatabase,
    tenant_id: TenantId,
    app: App,
}

impl World {
    async fn new(engine: Engine) -> Self {
        let base = TestDatabase::new(engine).await;
        let tenant_id = base.database.operator().create_tenant("Klinik", at(1)).await.unwrap();
        let scope = base.database.tenant(tenant_id);
        let app = scope
            .create_app(&NewApp::named("Klinik Sehat"), &Author::system(), at(2))
            .await
            .unwrap();
        Self { base, tenant_id, app }
    }

    fn room(&self) -> RoomKey {
        RoomKey { app_id: self.app.id.clone(), room: "ruang-1".parse().unwrap() }
    }

    async fn prepare(&self, preparation: &RoomPreparation, seconds: i64) {
        let scope = self.base.database.tenant(self.tenant_id);
        let by = Author::system();
        scope.prepare_room(&self.room(), preparation, &by, at(seconds)).await.unwrap();
    }

    /// As admission sees it.
    async fn prepared(&self) -> Option<PreparedRoom> {
        let directory = self.base.database.operator().directory().await.unwrap();
        directory.apps[&self.app.id].prepared_rooms.get(&self.room().room).cloned()
    }

    async fn call_begins(&self, seconds: u64) {
        let entry = LogEntry::Call(CallReport {
            id: ReportId::generate(),
            at_us: seconds * 1_000_000,
            room: self.room(),
            call_id: CallId::generate(),
            fact: CallFact::CallBegan { started_at_ms: seconds * 1_000 },
        });
        let position = LogPosition { segment: 1, offset: seconds };
        let operator = self.base.database.operator();
        operator.store_reports(Uuid::now_v7(), &[entry], position).await.unwrap();
    }
}

fn locked() -> RoomPreparation {
    RoomPreparation {
        password: Some("rahasia".to_owned()),
        has_lobby: true,
        max_participants: Some(7),
        recording: jumpa_protocol::recording::RecordingPolicy::default(),
        expires_at: Some(at(900)),
    }
}

#[on_both_engines]
async fn admission_hears_of_a_prepared_room(engine: Engine) {
    let world = World::new(engine).await;
    let before = world.base.database.operator().directory_version().await.unwrap();
    world.prepare(&locked(), 10).await;
    assert!(world.base.database.operator().directory_version().await.unwrap() > before);
    let prepared = world.prepared().await.unwrap();
    assert_eq!(prepared.password.unwrap().0, b"rahasia");
    assert_eq!((prepared.has_lobby, prepared.max_participants), (true, Some(7)));
    assert_eq!(prepared.expires_at, Some(900));
}

#[on_both_engines]
async fn the_newest_preparation_of_a_room_holds(engine: Engine) {
    let world = World::new(engine).await;
    world.prepare(&locked(), 10).await;
    let first = world.prepared().await.unwrap();
    world.prepare(&RoomPreparation::default(), 11).await;
    let second = world.prepared().await.unwrap();
    assert!(second.password.is_none() && !second.has_lobby);
    assert_ne!(first.id, second.id);
}

#[on_both_engines]
async fn the_first_call_uses_a_preparation_up(engine: Engine) {
    let world = World::new(engine).await;
    world.prepare(&locked(), 10).await;
    let before = world.base.database.operator().directory_version().await.unwrap();
    world.call_begins(9).await;
    assert!(world.prepared().await.is_some(), "an earlier call leaves it alone");
    world.call_begins(20).await;
    assert!(world.prepared().await.is_none());
    assert!(world.base.database.operator().directory_version().await.unwrap() > before);
}

#[on_both_engines]
async fn another_tenant_prepares_nothing_in_the_app(engine: Engine) {
    let world = World::new(engine).await;
    let operator = world.base.database.operator();
    let stranger = operator.create_tenant("Toko Melati", at(3)).await.unwrap();
    let scope = world.base.database.tenant(stranger);
    let refused = scope.prepare_room(&world.room(), &locked(), &Author::system(), at(4)).await;
    assert!(matches!(refused, Err(DbError::AppUnknown)), "{refused:?}");
    assert!(world.prepared().await.is_none());
}
