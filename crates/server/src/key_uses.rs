//! Writes down when signing keys were last used. Joins only note it in memory, so that they need
//! no database.

use std::{collections::HashMap, time::Duration};

use jumpa_db::{Database, DbError};
use jumpa_protocol::KeyId;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use tracing::warn;

/// How exactly it is known when a key was last used. Shorter writes more often.
const INTERVAL: Duration = Duration::from_secs(10);

/// Writes what `take` gives until `stop`, and then once more. While the database is away the newest
/// use of each key waits.
pub(crate) async fn keep_writing(
    take: impl Fn() -> HashMap<KeyId, u64> + Send,
    database: Database,
    stop: CancellationToken,
) {
    let mut waiting = Waiting::default();
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_away = false;
    loop {
        let goes_on = stop.run_until_cancelled(ticks.tick()).await.is_some();
        waiting.add(take());
        match waiting.write(&database).await {
            Ok(()) => is_away = false,
            Err(error) if !is_away => {
                warn!(%error, "the last uses of signing keys cannot be stored; they wait");
                is_away = true;
            }
            Err(_) => {}
        }
        if !goes_on {
            return;
        }
    }
}

/// Uses that are not stored yet, seconds since 1970; as many as there are keys at most.
#[derive(Default)]
struct Waiting(HashMap<KeyId, u64>);

impl Waiting {
    fn add(&mut self, used_at: HashMap<KeyId, u64>) {
        for (key_id, at) in used_at {
            let newest = self.0.entry(key_id).or_insert(at);
            *newest = at.max(*newest);
        }
    }

    async fn write(&mut self, database: &Database) -> Result<(), DbError> {
        if !self.0.is_empty() {
            database.operator().note_key_uses(&self.0).await?;
            self.0.clear();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use jumpa_db::{Author, MasterKey, NewApp, Timestamp};

    use super::*;

    #[tokio::test]
    async fn uses_wait_while_the_database_is_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("jumpa.db");
        let master_key = MasterKey::generate();
        let database = Database::open(&path, master_key.clone()).await.unwrap();
        let tenant_id = database.operator().first_tenant(Timestamp::now()).await.unwrap();
        let (scope, by, now) = (database.tenant(tenant_id), Author::system(), Timestamp::now());
        let app = scope.create_app(&NewApp::named("Toko Melati"), &by, now).await.unwrap();
        let key = scope.create_key(&app.id, &by, now).await.unwrap();
        database.close().await;

        let mut waiting = Waiting::default();
        waiting.add(HashMap::from([(key.id.clone(), 20)]));
        assert!(waiting.write(&database).await.is_err());
        waiting.add(HashMap::from([(key.id.clone(), 10)]));
        let again = Database::open(&path, master_key).await.unwrap();
        waiting.write(&again).await.unwrap();
        let stored = again.tenant(tenant_id).key(&app.id, &key.id).await.unwrap();
        assert_eq!(stored.last_used_at, Some(Timestamp::from_micros(20_000_000)));
        assert!(waiting.0.is_empty());
    }
}
