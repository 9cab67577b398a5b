//! Stores the counts of hours that are over, and which apps used up their minutes.

use std::time::Duration;

use jumpa_db::{Database, DbError, Timestamp};
use jumpa_protocol::TenantId;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

/// How often it looks for hours to count and minutes that are used up. Longer lets an app go on so
/// much longer without minutes, shorter only looks more often; whoever reads counts what is not
/// stored.
const INTERVAL: Duration = Duration::from_secs(30);

/// Counts until `stop`. While the database is away it waits: everything can be counted later.
pub async fn keep_counting(database: Database, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut fails = false;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        match count(&database, Timestamp::now(), &stop).await {
            Ok(()) if std::mem::take(&mut fails) => info!("usage is counted again"),
            Ok(()) => {}
            Err(error) if !std::mem::replace(&mut fails, true) => {
                warn!(%error, "usage cannot be counted; it will be when the database is back");
            }
            Err(_) => {}
        }
    }
}

/// Counts for every tenant. What fails for one is told in the log and keeps nobody else waiting; a
/// database that is away ends it.
async fn count(
    database: &Database,
    now: Timestamp,
    stop: &CancellationToken,
) -> Result<(), DbError> {
    for tenant in database.operator().uncounted_tenants(now).await? {
        let scope = database.tenant(tenant.id);
        while !stop.is_cancelled() && told(tenant.id, scope.count_usage(now).await)? {}
    }
    for tenant_id in database.operator().tenants_with_limited_minutes().await? {
        for change in told(tenant_id, database.tenant(tenant_id).check_minutes(now).await)? {
            let (app, alert) = (&change.app_id, change.alert.as_str());
            info!(tenant.id = %tenant_id, app.id = %app, alert, "minutes of {app}: {alert}");
        }
    }
    Ok(())
}

/// What was done for a tenant; nothing when it failed for a reason that lies with the tenant.
fn told<T: Default>(tenant_id: TenantId, done: Result<T, DbError>) -> Result<T, DbError> {
    match done {
        Err(error) if !error.is_temporary() => {
            error!(tenant.id = %tenant_id, %error, "usage of a tenant cannot be counted");
            Ok(T::default())
        }
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use jumpa_db::{Author, MasterKey, NewApp};
    use jumpa_protocol::{
        CallId, ReportId, RoomKey,
        report::{CallFact, CallReport, LogEntry, LogPosition},
    };
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn hours_that_are_over_are_counted_for_every_tenant() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("jumpa.db");
        let database = Database::open(&path, MasterKey::generate()).await.unwrap();
        let hour = Duration::from_secs(3_600);
        let start = Timestamp::from_micros(0) + 1_000 * hour;
        for name in ["Klinik Sehat", "Toko Melati"] {
            let tenant_id = database.operator().create_tenant(name, start).await.unwrap();
            let scope = database.tenant(tenant_id);
            let app =
                scope.create_app(&NewApp::named(name), &Author::system(), start).await.unwrap();
            let entry = LogEntry::Call(CallReport {
                id: ReportId::generate(),
                at_us: start.as_micros().unsigned_abs(),
                room: RoomKey { app_id: app.id, room: "ruang-1".parse().unwrap() },
                call_id: CallId::generate(),
                fact: CallFact::CallBegan { started_at_ms: 1_000 * 3_600_000 },
            });
            let position = LogPosition { segment: 1, offset: 1 };
            let operator = database.operator();
            operator.store_reports(Uuid::now_v7(), &[entry], position).await.unwrap();
        }
        // Ten weeks later: more than is counted at once.
        let now = start + 24 * 70 * hour;
        assert_eq!(database.operator().uncounted_tenants(now).await.unwrap().len(), 2);
        count(&database, now, &CancellationToken::new()).await.unwrap();
        assert_eq!(database.operator().uncounted_tenants(now).await.unwrap(), []);
    }
}
