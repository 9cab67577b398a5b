//! Keeps what admission knows of apps and keys up to date.

use std::{sync::Arc, time::Duration};

use jumpa_db::{Database, DbError};
use jumpa_protocol::directory::Directory;
use metrics::gauge;
use tokio::{sync::watch, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

/// How often changes are looked for. A change by another process takes effect within it; longer
/// lets a revoked key sign for longer, shorter only costs reads of one row.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Reads the directory for the first time.
///
/// # Errors
/// [`DbError`].
pub async fn load(database: &Database) -> Result<(LiveDirectory, Receiver), DbError> {
    let version = database.operator().directory_version().await?;
    let directory = database.operator().directory().await?;
    count(&directory);
    let (sender, receiver) = watch::channel(Arc::new(directory));
    Ok((LiveDirectory { database: database.clone(), version, sender }, receiver))
}

/// Where the newest directory is found.
pub type Receiver = watch::Receiver<Arc<Directory>>;

/// The directory with the version that it was read at.
#[derive(Clone)]
pub struct LiveDirectory {
    database: Database,
    version: i64,
    sender: watch::Sender<Arc<Directory>>,
}

impl LiveDirectory {
    /// Follows changes until `stop`, come what may: a defect that makes it panic costs a second and
    /// a line in the log, not the rest of the server's life without changes.
    pub async fn keep_following(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let following = tokio::spawn(self.clone().follow(stop.clone()));
            if following.await.is_err() {
                tokio::time::sleep(POLL_INTERVAL).await;
            }
        }
    }

    /// Reads it again whenever it changed, until `stop`. While the database is away the last one
    /// holds, so that calls and joins go on.
    async fn follow(mut self, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(POLL_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_away = false;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = ticks.tick() => {}
            }
            let refreshed = self.refresh().await;
            gauge!("jumpa_database_up").set(if refreshed.is_ok() { 1.0 } else { 0.0 });
            match refreshed {
                Ok(()) if is_away => {
                    info!("the database answers again");
                    is_away = false;
                }
                Err(error) if !is_away => {
                    warn!(%error, "the database is away; the apps and keys known so far hold");
                    is_away = true;
                }
                Ok(()) | Err(_) => {}
            }
        }
    }

    async fn refresh(&mut self) -> Result<(), DbError> {
        let version = self.database.operator().directory_version().await?;
        if version == self.version {
            return Ok(());
        }
        let directory = self.database.operator().directory().await?;
        debug!(apps = directory.apps.len(), keys = directory.keys.len(), "apps or keys changed");
        count(&directory);
        self.version = version;
        self.sender.send_replace(Arc::new(directory));
        Ok(())
    }
}

fn count(directory: &Directory) {
    gauge!("jumpa_directory_apps").set(directory.apps.len() as f64);
    gauge!("jumpa_directory_keys").set(directory.keys.len() as f64);
}

#[cfg(test)]
mod tests {
    use jumpa_db::{Author, MasterKey, NewApp, Timestamp};

    use super::*;

    #[tokio::test]
    async fn a_change_reaches_admission() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("jumpa.db");
        let database = Database::open(&path, MasterKey::generate()).await.unwrap();
        let (mut live, receiver) = load(&database).await.unwrap();
        assert!(receiver.borrow().apps.is_empty());

        let tenant_id = database.operator().first_tenant(Timestamp::now()).await.unwrap();
        let scope = database.tenant(tenant_id);
        let app = scope
            .create_app(&NewApp::named("Toko"), &Author::system(), Timestamp::now())
            .await
            .unwrap();
        live.refresh().await.unwrap();
        assert!(receiver.borrow().apps.contains_key(&app.id));
    }

    #[tokio::test]
    async fn without_a_database_the_last_directory_holds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("jumpa.db");
        let database = Database::open(&path, MasterKey::generate()).await.unwrap();
        let tenant_id = database.operator().first_tenant(Timestamp::now()).await.unwrap();
        let scope = database.tenant(tenant_id);
        let app = scope
            .create_app(&NewApp::named("Toko"), &Author::system(), Timestamp::now())
            .await
            .unwrap();
        let (mut live, receiver) = load(&database).await.unwrap();

        database.close().await;
        assert!(live.refresh().await.is_err());
        assert!(receiver.borrow().apps.contains_key(&app.id));
    }
}
