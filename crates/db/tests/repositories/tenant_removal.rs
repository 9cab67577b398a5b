use jumpa_db::{
    AuditFilter, Author, CallFilter, DELETION_GRACE, DbError, NewApp, NewRecording, Requester,
    Timestamp,
};
use jumpa_protocol::{
    CallId, ReportId, RoomKey, TenantId,
    recording::{RecordingKind, RecordingOptions},
    report::{CallFact, CallReport, LogEntry, LogPosition},
};
use jumpa_test_database::{Engine, TestDatabase, on_both_engines};
use uuid::Uuid;

use crate::at;

const DELETED_AT: i64 = 100;

fn over() -> Timestamp {
    at(DELETED_AT) + DELETION_GRACE
}

/// A tenant with an app, a key and more calls than are removed at once.
async fn tenant_with_calls(world: &TestDatabase, name: &str, calls: usize) -> TenantId {
    let operator = world.database.operator();
    let tenant_id = operator.create_tenant(name, at(1)).await.unwrap();
    let scope = world.database.tenant(tenant_id);
    let app = scope.create_app(&NewApp::named(name), &Author::system(), at(2)).await.unwrap();
    scope.create_key(&app.id, &Author::system(), at(3)).await.unwrap();
    let entries: Vec<LogEntry> = (0..calls)
        .map(|_| {
            LogEntry::Call(CallReport {
                id: ReportId::generate(),
                at_us: 5_000_000,
                room: RoomKey { app_id: app.id.clone(), room: "ruang-1".parse().unwrap() },
                call_id: CallId::generate(),
                fact: CallFact::CallBegan { started_at_ms: 5_000 },
            })
        })
        .collect();
    let recording = NewRecording {
        app_id: app.id.clone(),
        room: "ruang-1".parse().unwrap(),
        call_id: CallId::generate(),
        options: RecordingOptions::new(RecordingKind::Tracks),
        max_height: 720,
        targets: vec![],
        requester: Requester::Author(Author::system()),
    };
    scope.start_recording(&recording, at(4)).await.unwrap();
    let position = LogPosition { segment: 1, offset: 1 };
    operator.store_reports(Uuid::now_v7(), &entries, position).await.unwrap();
    tenant_id
}

#[on_both_engines]
async fn a_deleted_tenant_is_removed_after_its_grace_and_no_other(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let gone = tenant_with_calls(&world, "Toko Melati", 201).await;
    let kept = tenant_with_calls(&world, "Klinik Sehat", 2).await;
    let operator = world.database.operator();
    operator.delete_tenant(gone, &Author::system(), at(DELETED_AT)).await.unwrap();

    let early = Timestamp::from_micros(over().as_micros() - 1);
    assert_eq!(operator.remove_deleted_tenants(early).await.unwrap(), []);
    assert_eq!(operator.remove_deleted_tenants(over()).await.unwrap(), [gone]);
    assert_eq!(operator.remove_deleted_tenants(over()).await.unwrap(), []);

    let restored = operator.restore_tenant(gone, &Author::system(), at(DELETED_AT + 1)).await;
    assert!(matches!(restored, Err(DbError::TenantUnknown)), "{restored:?}");
    let calls = |id| {
        let scope = world.database.tenant(id);
        async move { scope.calls(&CallFilter::default(), None, 500, at(9)).await.unwrap().len() }
    };
    assert_eq!((calls(gone).await, calls(kept).await), (0, 2));
    let apps: Vec<TenantId> =
        operator.apps().await.unwrap().into_iter().map(|app| app.tenant_id).collect();
    assert_eq!(apps, [kept]);
}

#[on_both_engines]
async fn a_removal_stands_in_the_audit_of_the_platform(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let gone = tenant_with_calls(&world, "Toko Melati", 0).await;
    let operator = world.database.operator();
    operator.delete_tenant(gone, &Author::system(), at(DELETED_AT)).await.unwrap();
    operator.remove_deleted_tenants(over()).await.unwrap();
    let events = operator.audit(None, &AuditFilter::default(), None, 10).await.unwrap();
    let told: Vec<(&str, &str)> =
        events.iter().map(|event| (event.action.as_str(), event.target_id.as_str())).collect();
    assert_eq!(told, [("tenant.removed", gone.to_string().as_str())]);
}
