//! Keys that sign join tokens.

use jumpa_protocol::{AppId, KeyId, TenantId};
use sqlx::FromRow;

use crate::{
    Database, DbError, TenantScope, Timestamp,
    apps::note_directory_change,
    random_text::{ALPHANUMERIC, READABLE, random_text},
    statement::sql,
    transaction::Transaction,
};

/// Random characters of a key id.
const KEY_ID_LEN: usize = 16;

/// Random characters of a secret: 256 bits, as RFC 7518 section 3.2 asks of HS256.
const SECRET_LEN: usize = 43;

/// A key without its secret.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct AppKey {
    /// The `kid` of join tokens.
    #[sqlx(try_from = "String")]
    pub id: KeyId,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it signs no more.
    pub revoked_at: Option<Timestamp>,
}

/// A key that was just made: the only time its secret is shown.
#[derive(Clone, PartialEq, Eq)]
pub struct NewAppKey {
    /// The `kid` of join tokens.
    pub id: KeyId,
    /// The secret. Its characters themselves, not a decoding of them, are the HS256 key.
    pub secret: String,
}

impl std::fmt::Debug for NewAppKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewAppKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl TenantScope<'_> {
    /// Adds a signing key to an app.
    ///
    /// # Errors
    /// [`DbError::AppUnknown`] when the tenant has no such app, [`DbError::Query`].
    pub async fn create_key(&self, app_id: &AppId, now: Timestamp) -> Result<NewAppKey, DbError> {
        let mut change = self.begin().await?;
        let key = insert_key(&mut change, self.database(), self.tenant_id(), app_id, now).await?;
        change.commit().await?;
        Ok(key)
    }

    /// Every key of an app, the oldest first.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn keys(&self, app_id: &AppId) -> Result<Vec<AppKey>, DbError> {
        sql("SELECT id, created_at, revoked_at FROM app_keys \
             WHERE tenant_id = $1 AND app_id = $2 ORDER BY created_at, id")
        .bind(self.tenant_id())
        .bind(app_id)
        .fetch_all(self)
        .await
    }

    /// The secret of an active key of an app, to sign a token with.
    ///
    /// # Errors
    /// [`DbError::KeyFile`] when the key file does not fit, [`DbError::Query`].
    pub async fn key_secret(
        &self,
        app_id: &AppId,
        key_id: &KeyId,
    ) -> Result<Option<Vec<u8>>, DbError> {
        let sealed: Option<(Vec<u8>,)> = sql("SELECT sealed_secret FROM app_keys \
             WHERE tenant_id = $1 AND app_id = $2 AND id = $3 AND revoked_at IS NULL")
        .bind(self.tenant_id())
        .bind(app_id)
        .bind(key_id)
        .fetch_optional(self)
        .await?;
        let Some((sealed,)) = sealed else { return Ok(None) };
        self.database().master_key().open(key_id.as_str(), &sealed).map(Some)
    }

    /// Revokes a key. Returns whether there was an active one.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn revoke_key(
        &self,
        app_id: &AppId,
        key_id: &KeyId,
        now: Timestamp,
    ) -> Result<bool, DbError> {
        let mut change = self.begin().await?;
        let done = sql("UPDATE app_keys SET revoked_at = $4 \
             WHERE tenant_id = $1 AND app_id = $2 AND id = $3 AND revoked_at IS NULL")
        .bind(self.tenant_id())
        .bind(app_id)
        .bind(key_id)
        .bind(now)
        .execute(&mut change)
        .await?;
        note_directory_change(&mut change).await?;
        change.commit().await?;
        Ok(done > 0)
    }
}

/// Adds a signing key as part of a change.
pub(crate) async fn insert_key(
    change: &mut Transaction,
    database: &Database,
    tenant_id: TenantId,
    app_id: &AppId,
    now: Timestamp,
) -> Result<NewAppKey, DbError> {
    let text = format!("key_{}", random_text(READABLE, KEY_ID_LEN));
    let id: KeyId = text.parse().map_err(|_| DbError::Damaged("key id"))?;
    let secret = format!("jumpa_{}", random_text(ALPHANUMERIC, SECRET_LEN));
    let sealed = database.master_key().seal(id.as_str(), secret.as_bytes());
    let done = sql("INSERT INTO app_keys (tenant_id, app_id, id, sealed_secret, created_at) \
         SELECT tenant_id, id, $3, $4, $5 FROM apps WHERE tenant_id = $1 AND id = $2")
    .bind(tenant_id)
    .bind(app_id)
    .bind(&id)
    .bind(sealed)
    .bind(now)
    .execute(change)
    .await?;
    if done == 0 {
        return Err(DbError::AppUnknown);
    }
    note_directory_change(change).await?;
    Ok(NewAppKey { id, secret })
}
