use jumpa_db::{App, DbError, NewApp, Rating};
use jumpa_protocol::{CallId, ParticipantId, TenantId};
use jumpa_test_database::{Engine, TestDatabase, on_both_engines};

use crate::{at, by};

async fn world_with_app(engine: Engine) -> (TestDatabase, TenantId, App) {
    let world = TestDatabase::new(engine).await;
    let tenant_id = world.database.operator().first_tenant(at(1)).await.unwrap();
    let app = world
        .database
        .tenant(tenant_id)
        .create_app(&NewApp::named("Toko"), &by(), at(2))
        .await
        .unwrap();
    (world, tenant_id, app)
}

fn rating(app: &App, stars: u8) -> Rating {
    Rating {
        app_id: app.id.clone(),
        call_id: CallId::generate(),
        participant_id: ParticipantId::generate(),
        stars,
        reasons: vec!["echo".to_owned(), "frozen_video".to_owned()],
        comment: Some("putus-putus".to_owned()),
        created_at: at(3),
    }
}

#[on_both_engines]
async fn a_rating_reads_back_as_it_was_given(engine: Engine) {
    let (world, tenant_id, app) = world_with_app(engine).await;
    let scope = world.database.tenant(tenant_id);
    let given = rating(&app, 2);
    scope.record_rating(&given).await.unwrap();
    assert_eq!(scope.ratings(10).await.unwrap(), vec![given]);
}

#[on_both_engines]
async fn a_second_rating_replaces_the_first(engine: Engine) {
    let (world, tenant_id, app) = world_with_app(engine).await;
    let scope = world.database.tenant(tenant_id);
    let first = rating(&app, 2);
    scope.record_rating(&first).await.unwrap();
    let second = Rating { stars: 5, reasons: vec![], comment: None, ..first };
    scope.record_rating(&second).await.unwrap();
    assert_eq!(scope.ratings(10).await.unwrap(), vec![second]);
}

#[on_both_engines]
async fn a_rating_for_an_app_of_another_tenant_is_refused(engine: Engine) {
    let (world, _, app) = world_with_app(engine).await;
    let stranger = world.database.operator().create_tenant("Lain", at(2)).await.unwrap();
    let scope = world.database.tenant(stranger);
    assert!(matches!(scope.record_rating(&rating(&app, 5)).await, Err(DbError::AppUnknown)));
}
