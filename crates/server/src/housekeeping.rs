//! What has to be tidied up from time to time.

use std::time::Duration;

use jumpa_db::{Database, Timestamp};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// Nothing here is urgent; a server that was just started looks soon.
const INTERVAL: Duration = Duration::from_secs(60 * 60);

/// Tidies up until it is told to stop.
pub(crate) async fn keep_tidy(database: Database, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(INTERVAL);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        match database.operator().remove_deleted_tenants(Timestamp::now()).await {
            Ok(removed) => {
                for tenant_id in removed {
                    info!(tenant.id = %tenant_id, "a deleted tenant is removed for good");
                }
            }
            Err(error) => warn!(%error, "removing deleted tenants; tried again in an hour"),
        }
        match database.operator().purge_apps(Timestamp::now()).await {
            Ok(0) => {}
            Ok(apps) => info!(apps, "keys and settings of deleted apps are erased"),
            Err(error) => warn!(%error, "erasing deleted apps; tried again in an hour"),
        }
        if let Err(error) = database.operator().forget_idempotent_requests(Timestamp::now()).await {
            warn!(%error, "forgetting answers of idempotency keys; tried again in an hour");
        }
        if let Err(error) = database.operator().forget_webhook_deliveries(Timestamp::now()).await {
            warn!(%error, "forgetting old deliveries of webhooks; tried again in an hour");
        }
        if let Err(error) = database.operator().forget_ended_bans(Timestamp::now()).await {
            warn!(%error, "forgetting bans that are over; tried again in an hour");
        }
    }
}
