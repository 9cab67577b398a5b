//! The snapshot of apps and keys that admission uses.

use std::collections::{HashMap, HashSet};

use jumpa_protocol::{
    AppId, KeyId, TenantId,
    directory::{Directory, KeyEntry},
};
use sqlx::FromRow;

use crate::{App, DbError, OperatorScope, statement::sql};

#[derive(FromRow)]
struct SealedKey {
    #[sqlx(try_from = "String")]
    app_id: AppId,
    #[sqlx(try_from = "String")]
    id: KeyId,
    sealed_secret: Vec<u8>,
}

impl OperatorScope<'_> {
    /// A number that grows with every change of apps or keys, by whatever process.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn directory_version(&self) -> Result<i64, DbError> {
        let (version,) =
            sql("SELECT version FROM directory_versions WHERE id = 1").fetch_one(self).await?;
        Ok(version)
    }

    /// Every app and every active key. A key whose secret cannot be opened is left out and told in
    /// the log: its app's tokens are refused, and the other apps go on.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn directory(&self) -> Result<Directory, DbError> {
        let mut view = self.snapshot().await?;
        let apps: Vec<App> = sql("SELECT * FROM apps").fetch_all(&mut view).await?;
        let sealed_keys: Vec<SealedKey> =
            sql("SELECT app_id, id, sealed_secret FROM app_keys WHERE revoked_at IS NULL")
                .fetch_all(&mut view)
                .await?;
        let stopped: Vec<(uuid::Uuid,)> =
            sql("SELECT id FROM tenants WHERE status = 'suspended' OR deleted_at IS NOT NULL")
                .fetch_all(&mut view)
                .await?;
        view.commit().await?;
        let stopped: HashSet<TenantId> =
            stopped.into_iter().map(|(id,)| TenantId::from_uuid(id)).collect();
        let apps = apps
            .into_iter()
            .map(|app| {
                let mut entry = app.to_entry();
                entry.is_tenant_suspended = stopped.contains(&app.tenant_id);
                (app.id, entry)
            })
            .collect();
        let mut keys = HashMap::new();
        for SealedKey { app_id, id, sealed_secret } in sealed_keys {
            match self.database().master_key().open(id.as_str(), &sealed_secret) {
                Ok(secret) => {
                    keys.insert(id, KeyEntry::hs256(app_id, secret));
                }
                Err(error) => {
                    tracing::error!(key.id = %id, %error, "a signing key cannot be used");
                }
            }
        }
        Ok(Directory { apps, keys })
    }
}
