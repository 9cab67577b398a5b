//! Keys that sign join tokens.

use std::{collections::HashMap, time::Duration};

use jumpa_protocol::{
    AppId, KeyId, TenantId,
    directory::{KeyKind, KeyMaterial},
    verification_key::PublicKey,
};
use serde_json::json;
use sqlx::FromRow;

use crate::{
    Author, Database, DbError, OperatorScope, TenantScope, Timestamp,
    apps::note_directory_change,
    audit::Act,
    random_text::{ALPHANUMERIC, READABLE, random_text},
    statement::sql,
    transaction::Transaction,
};

/// Most keys of an app that are not revoked.
pub const MAX_KEYS: u32 = 20;

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
    /// How it signs.
    #[sqlx(try_from = "String")]
    pub kind: KeyKind,
    /// The public half of a key that the tenant keeps, as PEM.
    pub public_key: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Before which it signs, once another one took its place.
    pub not_after: Option<Timestamp>,
    /// Since when it signs no more, and sends out whoever came by it.
    pub revoked_at: Option<Timestamp>,
    /// When a token of it was last used, to about ten seconds.
    pub last_used_at: Option<Timestamp>,
}

impl AppKey {
    /// Whether tokens of it are taken.
    #[must_use]
    pub fn signs_at(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.not_after.is_none_or(|end| now < end)
    }
}

/// A key that was just made: its secret is shown to whoever asked for it.
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

/// What a new key is made of.
enum Material<'a> {
    Secret(&'a str),
    Public(&'a PublicKey),
}

const COLUMNS_BY_ID: &str = "SELECT id, kind, public_key, created_at, not_after, revoked_at, \
     last_used_at FROM app_keys WHERE tenant_id = $1 AND app_id = $2 AND id = $3";

impl TenantScope<'_> {
    /// Makes a signing key with a secret for an app.
    ///
    /// # Errors
    /// [`DbError::AppUnknown`] when the tenant has no such app, [`DbError::TooMany`] beyond
    /// [`MAX_KEYS`], [`DbError::Query`].
    pub async fn create_key(
        &self,
        app_id: &AppId,
        by: &Author,
        now: Timestamp,
    ) -> Result<NewAppKey, DbError> {
        let mut change = self.begin().await?;
        let tenant_id = self.tenant_id();
        let key = insert_key(&mut change, self.database(), tenant_id, app_id, by, now).await?;
        change.commit().await?;
        Ok(key)
    }

    /// Takes the public half of a key that signs for an app.
    ///
    /// # Errors
    /// [`DbError::AppUnknown`], [`DbError::TooMany`], [`DbError::Query`].
    pub async fn add_public_key(
        &self,
        app_id: &AppId,
        public_key: &PublicKey,
        by: &Author,
        now: Timestamp,
    ) -> Result<KeyId, DbError> {
        let mut change = self.begin().await?;
        let material = Material::Public(public_key);
        let id =
            insert(&mut change, self.database(), self.tenant_id(), app_id, &material, now).await?;
        record_creation(&mut change, self.tenant_id(), app_id, &id, &material, by, now).await?;
        change.commit().await?;
        Ok(id)
    }

    /// Makes a key with a secret in the place of another one, which signs for `overlap` more.
    ///
    /// # Errors
    /// [`DbError::KeyUnknown`], [`DbError::KeyInactive`] for one that was replaced or revoked
    /// before, [`DbError::KeyKind`] for one that the tenant keeps, [`DbError::TooMany`],
    /// [`DbError::Query`].
    pub async fn rotate_key(
        &self,
        app_id: &AppId,
        key_id: &KeyId,
        overlap: Duration,
        by: &Author,
        now: Timestamp,
    ) -> Result<NewAppKey, DbError> {
        let secret = new_secret();
        let material = Material::Secret(&secret);
        let id = self.replace_key(app_id, key_id, &material, overlap, by, now).await?;
        Ok(NewAppKey { id, secret })
    }

    /// Takes a public key in the place of another one of its kind, which signs for `overlap` more.
    ///
    /// # Errors
    /// As [`Self::rotate_key`]; [`DbError::KeyKind`] for one of another kind.
    pub async fn rotate_public_key(
        &self,
        app_id: &AppId,
        key_id: &KeyId,
        public_key: &PublicKey,
        overlap: Duration,
        by: &Author,
        now: Timestamp,
    ) -> Result<KeyId, DbError> {
        let material = Material::Public(public_key);
        self.replace_key(app_id, key_id, &material, overlap, by, now).await
    }

    async fn replace_key(
        &self,
        app_id: &AppId,
        key_id: &KeyId,
        material: &Material<'_>,
        overlap: Duration,
        by: &Author,
        now: Timestamp,
    ) -> Result<KeyId, DbError> {
        let mut change = self.begin().await?;
        change.lock("keys of apps").await?;
        let old: Option<AppKey> = sql(COLUMNS_BY_ID)
            .bind(self.tenant_id())
            .bind(app_id)
            .bind(key_id)
            .fetch_optional(&mut change)
            .await?;
        let old = old.ok_or(DbError::KeyUnknown)?;
        if old.revoked_at.is_some() || old.not_after.is_some() {
            return Err(DbError::KeyInactive);
        }
        if old.kind != material.kind() {
            return Err(DbError::KeyKind);
        }
        let end = now + overlap;
        sql("UPDATE app_keys SET not_after = $4 WHERE tenant_id = $1 AND app_id = $2 AND id = $3")
            .bind(self.tenant_id())
            .bind(app_id)
            .bind(key_id)
            .bind(end)
            .execute(&mut change)
            .await?;
        let id =
            insert(&mut change, self.database(), self.tenant_id(), app_id, material, now).await?;
        Act::new("key.rotated", self.tenant_id(), ("key", key_id))
            .after(json!({ "app_id": app_id, "new_key_id": id, "overlap_s": overlap.as_secs() }))
            .record(&mut change, by, now)
            .await?;
        change.commit().await?;
        Ok(id)
    }

    /// Every key of an app, the oldest first.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn keys(&self, app_id: &AppId) -> Result<Vec<AppKey>, DbError> {
        sql("SELECT id, kind, public_key, created_at, not_after, revoked_at, last_used_at \
             FROM app_keys WHERE tenant_id = $1 AND app_id = $2 ORDER BY created_at, id")
        .bind(self.tenant_id())
        .bind(app_id)
        .fetch_all(self)
        .await
    }

    /// At most `limit` keys of an app, the newest first, after the given one.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn keys_after(
        &self,
        app_id: &AppId,
        after: Option<&(Timestamp, KeyId)>,
        limit: u32,
    ) -> Result<Vec<AppKey>, DbError> {
        let (created_at, id) =
            after.map_or((i64::MAX, ""), |(at, key_id)| (at.as_micros(), key_id.as_str()));
        sql("SELECT id, kind, public_key, created_at, not_after, revoked_at, last_used_at \
             FROM app_keys WHERE tenant_id = $1 AND app_id = $2 \
             AND (created_at < $3 OR (created_at = $3 AND id < $4)) \
             ORDER BY created_at DESC, id DESC LIMIT $5")
        .bind(self.tenant_id())
        .bind(app_id)
        .bind(created_at)
        .bind(id)
        .bind(limit)
        .fetch_all(self)
        .await
    }

    /// One key of an app.
    ///
    /// # Errors
    /// [`DbError::KeyUnknown`], [`DbError::Query`].
    pub async fn key(&self, app_id: &AppId, key_id: &KeyId) -> Result<AppKey, DbError> {
        sql(COLUMNS_BY_ID)
            .bind(self.tenant_id())
            .bind(app_id)
            .bind(key_id)
            .fetch_optional(self)
            .await?
            .ok_or(DbError::KeyUnknown)
    }

    /// The secret of a key of an app that signs at `now`, to sign a token with. `None` for others,
    /// and for those that the tenant keeps.
    ///
    /// # Errors
    /// [`DbError::KeyFile`] when the key file does not fit, [`DbError::Query`].
    pub async fn key_secret(
        &self,
        app_id: &AppId,
        key_id: &KeyId,
        now: Timestamp,
    ) -> Result<Option<Vec<u8>>, DbError> {
        let sealed: Option<(Vec<u8>,)> = sql("SELECT sealed_secret FROM app_keys \
             WHERE tenant_id = $1 AND app_id = $2 AND id = $3 AND revoked_at IS NULL \
             AND sealed_secret IS NOT NULL AND (not_after IS NULL OR not_after > $4)")
        .bind(self.tenant_id())
        .bind(app_id)
        .bind(key_id)
        .bind(now)
        .fetch_optional(self)
        .await?;
        let Some((sealed,)) = sealed else { return Ok(None) };
        self.database().master_key().open(key_id.as_str(), &sealed).map(Some)
    }

    /// Shows somebody the secret of a key that signs, and tells the audit.
    ///
    /// # Errors
    /// [`DbError::KeyUnknown`] when there is none that could be shown, [`DbError::KeyFile`],
    /// [`DbError::Query`].
    pub async fn reveal_key_secret(
        &self,
        app_id: &AppId,
        key_id: &KeyId,
        by: &Author,
        now: Timestamp,
    ) -> Result<String, DbError> {
        let secret = self.key_secret(app_id, key_id, now).await?.ok_or(DbError::KeyUnknown)?;
        let secret = String::from_utf8(secret).map_err(|_| DbError::Damaged("secret"))?;
        let mut change = self.begin().await?;
        Act::new("key.secret_shown", self.tenant_id(), ("key", key_id))
            .after(json!({ "app_id": app_id }))
            .record(&mut change, by, now)
            .await?;
        change.commit().await?;
        Ok(secret)
    }

    /// Revokes a key. Returns whether there was one that was not revoked.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn revoke_key(
        &self,
        app_id: &AppId,
        key_id: &KeyId,
        by: &Author,
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
        if done > 0 {
            Act::new("key.revoked", self.tenant_id(), ("key", key_id))
                .after(json!({ "app_id": app_id }))
                .record(&mut change, by, now)
                .await?;
            note_directory_change(&mut change).await?;
        }
        change.commit().await?;
        Ok(done > 0)
    }
}

impl OperatorScope<'_> {
    /// Notes when keys were last used, seconds since 1970. Admission hears nothing of it.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn note_key_uses(&self, used_at: &HashMap<KeyId, u64>) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        for (key_id, seconds) in used_at {
            let micros = i64::try_from(seconds.saturating_mul(1_000_000)).unwrap_or(i64::MAX);
            sql("UPDATE app_keys SET last_used_at = $2 \
                 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)")
            .bind(key_id)
            .bind(micros)
            .execute(&mut change)
            .await?;
        }
        change.commit().await
    }
}

impl Material<'_> {
    fn kind(&self) -> KeyKind {
        match self {
            Self::Secret(_) => KeyKind::Hs256,
            Self::Public(key) => KeyMaterial::Public((*key).clone()).kind(),
        }
    }
}

/// Makes a key with a secret as part of a change.
pub(crate) async fn insert_key(
    change: &mut Transaction,
    database: &Database,
    tenant_id: TenantId,
    app_id: &AppId,
    by: &Author,
    now: Timestamp,
) -> Result<NewAppKey, DbError> {
    let secret = new_secret();
    let material = Material::Secret(&secret);
    let id = insert(change, database, tenant_id, app_id, &material, now).await?;
    record_creation(change, tenant_id, app_id, &id, &material, by, now).await?;
    Ok(NewAppKey { id, secret })
}

async fn insert(
    change: &mut Transaction,
    database: &Database,
    tenant_id: TenantId,
    app_id: &AppId,
    material: &Material<'_>,
    now: Timestamp,
) -> Result<KeyId, DbError> {
    let text = format!("key_{}", random_text(READABLE, KEY_ID_LEN));
    let id: KeyId = text.parse().map_err(|_| DbError::Damaged("key id"))?;
    let (sealed, public_key) = match material {
        Material::Secret(secret) => {
            (Some(database.master_key().seal(id.as_str(), secret.as_bytes())), None)
        }
        Material::Public(key) => (None, Some(key.to_pem())),
    };
    change.lock("keys of apps").await?;
    let (count,): (i64,) = sql("SELECT COUNT(*) FROM app_keys WHERE tenant_id = $1 \
         AND app_id = $2 AND revoked_at IS NULL AND (not_after IS NULL OR not_after > $3)")
    .bind(tenant_id)
    .bind(app_id)
    .bind(now)
    .fetch_one(&mut *change)
    .await?;
    if count >= i64::from(MAX_KEYS) {
        return Err(DbError::TooMany("keys"));
    }
    let done =
        sql("INSERT INTO app_keys (tenant_id, app_id, id, sealed_secret, created_at, kind, \
         public_key) SELECT tenant_id, id, $3, $4, $5, $6, $7 FROM apps \
         WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL")
        .bind(tenant_id)
        .bind(app_id)
        .bind(&id)
        .bind(sealed)
        .bind(now)
        .bind(material.kind())
        .bind(public_key)
        .execute(change)
        .await?;
    if done == 0 {
        return Err(DbError::AppUnknown);
    }
    note_directory_change(change).await?;
    Ok(id)
}

async fn record_creation(
    change: &mut Transaction,
    tenant_id: TenantId,
    app_id: &AppId,
    id: &KeyId,
    material: &Material<'_>,
    by: &Author,
    now: Timestamp,
) -> Result<(), DbError> {
    Act::new("key.created", tenant_id, ("key", id))
        .after(json!({ "app_id": app_id, "kind": material.kind() }))
        .record(change, by, now)
        .await
}

fn new_secret() -> String {
    format!("jumpa_{}", random_text(ALPHANUMERIC, SECRET_LEN))
}
