//! The snapshot of apps and keys that admission uses.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use jumpa_protocol::{
    AppId, KeyId, StreamTargetId, TenantId,
    directory::{AppEntry, Directory, KeyEntry, KeyMaterial, Secret},
    recording::StreamTargetName,
    verification_key::PublicKey,
};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    App, DbError, MasterKey, OperatorScope, Timestamp, prepared_rooms::prepared_rooms,
    statement::sql, usage::used_up_apps,
};

#[derive(FromRow)]
struct StoredKey {
    #[sqlx(try_from = "String")]
    app_id: AppId,
    #[sqlx(try_from = "String")]
    id: KeyId,
    sealed_secret: Option<Vec<u8>>,
    public_key: Option<String>,
    not_after: Option<Timestamp>,
}

impl StoredKey {
    fn material(&self, master_key: &MasterKey) -> Result<KeyMaterial, DbError> {
        match (&self.sealed_secret, &self.public_key) {
            (Some(sealed), _) => {
                master_key.open(self.id.as_str(), sealed).map(Secret).map(KeyMaterial::Hs256)
            }
            (None, Some(pem)) => PublicKey::parse(pem)
                .map(KeyMaterial::Public)
                .map_err(|_| DbError::Damaged("public key")),
            (None, None) => Err(DbError::Damaged("key")),
        }
    }
}

#[derive(FromRow)]
struct StoredBan {
    #[sqlx(try_from = "String")]
    app_id: AppId,
    subject: String,
    ends_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct StoredTargetName {
    #[sqlx(try_from = "String")]
    app_id: AppId,
    #[sqlx(try_from = "Uuid")]
    id: StreamTargetId,
    name: String,
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

    /// Every app and every key that was not revoked. Deleted apps are among them, as disabled
    /// ones, and keys that were replaced, since people who joined by them stay in their calls. A
    /// key that cannot be read is left out and told in the log: its app's tokens are refused, and
    /// the other apps go on.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn directory(&self) -> Result<Directory, DbError> {
        let mut view = self.snapshot().await?;
        let apps: Vec<App> =
            sql("SELECT * FROM apps WHERE purged_at IS NULL").fetch_all(&mut view).await?;
        // Those that sign come first and the newest of them, since few are tried where a token
        // names none.
        let keys: Vec<StoredKey> = sql("SELECT app_id, id, sealed_secret, public_key, not_after \
             FROM app_keys WHERE revoked_at IS NULL \
             ORDER BY CASE WHEN not_after IS NULL THEN 0 ELSE 1 END, created_at DESC, id")
        .fetch_all(&mut view)
        .await?;
        let bans: Vec<StoredBan> =
            sql("SELECT app_id, subject, ends_at FROM bans").fetch_all(&mut view).await?;
        let targets: Vec<StoredTargetName> =
            sql("SELECT app_id, id, name FROM stream_targets ORDER BY created_at, id")
                .fetch_all(&mut view)
                .await?;
        let stopped: Vec<(Uuid,)> =
            sql("SELECT id FROM tenants WHERE status = 'suspended' OR deleted_at IS NOT NULL")
                .fetch_all(&mut view)
                .await?;
        let used_up: HashSet<AppId> = used_up_apps(&mut view).await?.into_iter().collect();
        let mut prepared = prepared_rooms(&mut view, self.database()).await?;
        view.commit().await?;
        let stopped: HashSet<TenantId> =
            stopped.into_iter().map(|(id,)| TenantId::from_uuid(id)).collect();
        let takes_tokens_without_key_id: HashSet<AppId> = apps
            .iter()
            .filter(|app| app.settings.takes_tokens_without_key_id)
            .map(|app| app.id.clone())
            .collect();
        let own_domains = apps
            .iter()
            .filter_map(|app| Some((app.settings.branding.own_domain.clone()?, app.id.clone())))
            .collect();
        let mut apps: HashMap<AppId, AppEntry> = apps
            .into_iter()
            .map(|app| {
                let mut entry = app.to_entry();
                entry.is_tenant_suspended = stopped.contains(&app.tenant_id);
                entry.has_used_up_minutes = used_up.contains(&app.id);
                entry.prepared_rooms = prepared.remove(&app.id).unwrap_or_default();
                (app.id, entry)
            })
            .collect();
        for ban in bans {
            if let Some(app) = apps.get_mut(&ban.app_id) {
                Arc::make_mut(&mut app.bans).insert(ban.subject, ban.ends_at.map(seconds));
            }
        }
        for StoredTargetName { app_id, id, name } in targets {
            if let Some(app) = apps.get_mut(&app_id) {
                Arc::make_mut(&mut app.stream_targets).push(StreamTargetName { id, name });
            }
        }
        let mut entries = HashMap::new();
        for key in keys {
            let material = match key.material(self.database().master_key()) {
                Ok(material) => material,
                Err(error) => {
                    tracing::error!(key.id = %key.id, %error, "a signing key cannot be used");
                    continue;
                }
            };
            let is_secret = matches!(material, KeyMaterial::Hs256(_));
            if is_secret
                && takes_tokens_without_key_id.contains(&key.app_id)
                && let Some(app) = apps.get_mut(&key.app_id)
            {
                app.keys_without_id.push(key.id.clone());
            }
            let not_after = key.not_after.map(seconds);
            entries.insert(key.id, KeyEntry { not_after, ..KeyEntry::new(key.app_id, material) });
        }
        Ok(Directory { apps, keys: entries, own_domains })
    }
}

/// Seconds since 1970, not before the time itself: what was promised until then holds until then.
fn seconds(at: Timestamp) -> u64 {
    u64::try_from(at.as_micros()).unwrap_or_default().div_ceil(1_000_000)
}
