//! Slots of apps: their limit, their end, and how long recordings are.

use std::time::Duration;

use jumpa_db::{
    APP_DELETION_GRACE, AppSettings, DbError, NewRecording, RecordingProgress, RecordingSlots,
    Requester, TenantScope,
};
use jumpa_protocol::{
    AppId, CallId, TenantId,
    recording::{QueuePlace, RecordingKind, RecordingOptions, RecordingState},
};
use jumpa_test_database::{Engine, TestDatabase, on_both_engines};

use crate::{at, by};

/// All that can be guaranteed here.
const MOST: u64 = 1_000;

async fn app(world: &TestDatabase, tenant: &str) -> (TenantId, AppId) {
    let tenant_id = world.database.operator().create_tenant(tenant, at(1)).await.unwrap();
    let scope = world.database.tenant(tenant_id);
    let app = scope.create_app(&AppSettings::named(tenant).into(), &by(), at(2)).await.unwrap();
    (tenant_id, app.id)
}

async fn set(scope: &TenantScope<'_>, app_id: &AppId, guaranteed: u32) -> Result<(), DbError> {
    let slots = RecordingSlots { guaranteed, burst: Some(2_000), weight: 3 };
    scope.set_recording_slots(app_id, slots, MOST, &by(), at(3)).await
}

#[on_both_engines]
async fn all_guarantees_together_have_a_limit(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let (clinic, clinic_app) = app(&world, "Klinik Sehat").await;
    let (shop, shop_app) = app(&world, "Toko Melati").await;
    let (clinic, shop) = (world.database.tenant(clinic), world.database.tenant(shop));
    set(&clinic, &clinic_app, 600).await.unwrap();
    let over = set(&shop, &shop_app, 401).await;
    assert!(matches!(over, Err(DbError::GuaranteesTooLarge { left: 400 })), "{over:?}");
    set(&shop, &shop_app, 400).await.unwrap();
    // When recorders went away, less is guaranteed and never more.
    let slots = RecordingSlots { guaranteed: 500, burst: None, weight: 1 };
    clinic.set_recording_slots(&clinic_app, slots, 10, &by(), at(4)).await.unwrap();
    let more = RecordingSlots { guaranteed: 501, ..slots };
    let more = clinic.set_recording_slots(&clinic_app, more, 10, &by(), at(5)).await;
    assert!(matches!(more, Err(DbError::GuaranteesTooLarge { left: 0 })), "{more:?}");

    let stored = clinic.recording_slots().await.unwrap();
    assert_eq!(stored.len(), 1);
    assert_eq!((&stored[0].app_id, stored[0].slots), (&clinic_app, slots));
    assert_eq!(world.database.operator().recording_slots().await.unwrap().len(), 2);
    let foreign = set(&clinic, &shop_app, 1).await;
    assert!(matches!(foreign, Err(DbError::AppUnknown)), "{foreign:?}");
}

#[on_both_engines]
async fn a_deleted_app_guarantees_nothing_and_leaves_nothing(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let (clinic, clinic_app) = app(&world, "Klinik Sehat").await;
    let (shop, shop_app) = app(&world, "Toko Melati").await;
    let (clinic, shop) = (world.database.tenant(clinic), world.database.tenant(shop));
    set(&clinic, &clinic_app, 1_000).await.unwrap();
    clinic.delete_app(&clinic_app, &by(), at(4)).await.unwrap();
    assert!(world.database.operator().recording_slots().await.unwrap().is_empty());
    set(&shop, &shop_app, 1_000).await.unwrap();
    world.database.operator().purge_apps(at(5) + APP_DELETION_GRACE).await.unwrap();
    assert!(clinic.recording_slots().await.unwrap().is_empty());
}

#[on_both_engines]
async fn recordings_that_ended_tell_how_long_they_are(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let (tenant_id, app_id) = app(&world, "Klinik Sehat").await;
    let operator = world.database.operator();
    let lengths = async || operator.recording_lengths(at(50)).await.unwrap();
    for (number, seconds) in [60, 60, 60, 60, 110].into_iter().enumerate() {
        assert!(lengths().await.is_empty());
        let start = at(100 + i64::try_from(number).unwrap());
        let scope = world.database.tenant(tenant_id);
        let new = NewRecording {
            app_id: app_id.clone(),
            room: "ruang-1".parse().unwrap(),
            call_id: CallId::generate(),
            options: RecordingOptions::new(RecordingKind::Tracks),
            max_height: 720,
            targets: vec![],
            requester: Requester::Author(by()),
        };
        let id = scope.start_recording(&new, start).await.unwrap().id;
        let place = QueuePlace { place: 1, expected_at_ms: None };
        operator.note_recording_waits(id, place, start).await.unwrap();
        operator.note_recording_waits(id, place, start + Duration::from_secs(9)).await.unwrap();
        assert_eq!(scope.recording(id).await.unwrap().waits_since, Some(start));
        let ended = |before: &_| {
            Some(RecordingProgress {
                state: RecordingState::Ready,
                started_at: Some(start),
                ended_at: Some(start + Duration::from_secs(seconds)),
                ..RecordingProgress::from(before)
            })
        };
        operator.change_recording(id, ended, "", start).await.unwrap();
    }
    let found = lengths().await;
    assert_eq!((&found[0].app_id, found[0].length_us), (&app_id, 70_000_000));
    assert!(operator.recording_lengths(at(101)).await.unwrap().is_empty());
}
