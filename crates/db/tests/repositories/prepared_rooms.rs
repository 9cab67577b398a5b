use jumpa_db::{
    App, Author, DbError, NewApp, PreparationFilter, RoomPassword, RoomPreparation,
    StoredPreparation,
};
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
        password: RoomPassword::New("rahasia".to_owned()),
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
    world.prepare(&locked(), 5).await;
    let kept = RoomPreparation { password: RoomPassword::Kept, ..RoomPreparation::default() };
    let refused = scope.prepare_room(&world.room(), &kept, &Author::system(), at(6)).await;
    assert!(matches!(refused, Err(DbError::AppUnknown)), "{refused:?}");
    let listed = scope.prepared_rooms(&PreparationFilter::default(), None, 10, at(6)).await;
    assert!(listed.unwrap().is_empty());
    let shown = scope.prepared_room(&world.room(), at(6)).await;
    assert!(matches!(shown, Err(DbError::RoomNotPrepared)), "{shown:?}");
    let deleted = scope.delete_prepared_room(&world.room(), &Author::system(), at(7)).await;
    assert!(matches!(deleted, Err(DbError::RoomNotPrepared)), "{deleted:?}");
    assert!(world.prepared().await.is_some());
}

#[on_both_engines]
async fn a_change_keeps_the_password_that_nobody_is_shown(engine: Engine) {
    let world = World::new(engine).await;
    let kept = RoomPreparation { password: RoomPassword::Kept, ..RoomPreparation::default() };
    let scope = world.base.database.tenant(world.tenant_id);
    let by = Author::system();
    let nothing = scope.prepare_room(&world.room(), &kept, &by, at(9)).await;
    assert!(matches!(nothing, Err(DbError::RoomNotPrepared)), "{nothing:?}");
    world.prepare(&locked(), 10).await;
    world.prepare(&kept, 11).await;
    let prepared = world.prepared().await.unwrap();
    assert_eq!(prepared.password.unwrap().0, b"rahasia");
    assert!(!prepared.has_lobby);
    world.prepare(&RoomPreparation::default(), 12).await;
    world.prepare(&kept, 13).await;
    assert!(world.prepared().await.unwrap().password.is_none(), "none is kept as none");
}

#[on_both_engines]
async fn a_password_is_not_kept_beyond_its_time(engine: Engine) {
    let world = World::new(engine).await;
    world.prepare(&locked(), 10).await;
    let kept = RoomPreparation { password: RoomPassword::Kept, ..RoomPreparation::default() };
    let scope = world.base.database.tenant(world.tenant_id);
    let late = scope.prepare_room(&world.room(), &kept, &Author::system(), at(900)).await;
    assert!(matches!(late, Err(DbError::RoomNotPrepared)), "{late:?}");
}

#[on_both_engines]
async fn what_is_listed_is_what_a_call_may_still_use(engine: Engine) {
    let world = World::new(engine).await;
    let scope = world.base.database.tenant(world.tenant_id);
    let list = async |now: i64| -> Vec<StoredPreparation> {
        scope.prepared_rooms(&PreparationFilter::default(), None, 10, at(now)).await.unwrap()
    };
    assert!(list(9).await.is_empty());
    world.prepare(&locked(), 10).await;
    assert_eq!(list(899).await.len(), 1);
    assert!(list(900).await.is_empty());
    assert!(matches!(
        scope.prepared_room(&world.room(), at(900)).await,
        Err(DbError::RoomNotPrepared)
    ));
    world.call_begins(20).await;
    assert!(list(21).await.is_empty());
}

#[on_both_engines]
async fn who_takes_a_preparation_back_tells_the_directory(engine: Engine) {
    let world = World::new(engine).await;
    world.prepare(&locked(), 10).await;
    let prepared = world.prepared().await.unwrap();
    let before = world.base.database.operator().directory_version().await.unwrap();
    let scope = world.base.database.tenant(world.tenant_id);
    let by = Author::system();
    let deleted = scope.delete_prepared_room(&world.room(), &by, at(11)).await.unwrap();
    assert_eq!(deleted, prepared.id);
    assert!(world.base.database.operator().directory_version().await.unwrap() > before);
    assert!(world.prepared().await.is_none());
}
