//! The snapshot of apps and keys that admission uses.

use std::collections::HashMap;

use jumpa_protocol::{
    AppId,
    directory::{Directory, KeyEntry},
};
use sqlx::Row;

use crate::{DbError, OperatorScope, app_keys::key_id_from, apps::app_from};

impl OperatorScope<'_> {
    /// A number that grows with every change of apps or keys, by whatever process.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn directory_version(&self) -> Result<i64, DbError> {
        let row = sqlx::query("SELECT version FROM directory_versions WHERE id = 1")
            .fetch_one(self.database().reader())
            .await?;
        Ok(row.try_get("version")?)
    }

    /// Every app and every active key. A key whose secret cannot be opened is left out and told in
    /// the log: its app's tokens are refused, and the other apps go on.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn directory(&self) -> Result<Directory, DbError> {
        let mut reader = self.database().reader().begin().await?;
        let mut apps = HashMap::new();
        for row in sqlx::query("SELECT * FROM apps").fetch_all(&mut *reader).await? {
            let app = app_from(&row)?;
            apps.insert(app.id.clone(), app.to_entry());
        }
        let mut keys = HashMap::new();
        let rows =
            sqlx::query("SELECT app_id, id, sealed_secret FROM app_keys WHERE revoked_at IS NULL")
                .fetch_all(&mut *reader)
                .await?;
        for row in rows {
            let key_id = key_id_from(&row)?;
            let app_id: String = row.try_get("app_id")?;
            let app_id: AppId = app_id.parse().map_err(|_| DbError::Damaged("app id"))?;
            let sealed: Vec<u8> = row.try_get("sealed_secret")?;
            match self.database().master_key().open(key_id.as_str(), &sealed) {
                Ok(secret) => {
                    keys.insert(key_id, KeyEntry { app_id, secret });
                }
                Err(error) => {
                    tracing::error!(key.id = %key_id, %error, "a signing key cannot be used");
                }
            }
        }
        Ok(Directory { apps, keys })
    }
}
