//! Keys with which the back ends of apps call the API.

use jumpa_protocol::{ApiKeyId, AppId, TenantId, TenantStatus};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Author, DbError, LoginScope, TenantScope, Timestamp,
    audit::Act,
    master_key::token_hash,
    random_text::{ALPHANUMERIC, random_text},
    statement::sql,
};

/// Most API keys of an app.
pub const MAX_API_KEYS: u32 = 20;

/// What every API key begins with, so that scanners of source code find one that leaked.
pub const API_KEY_START: &str = "jumpa_api_";

/// Random characters of an API key, of which there are 62: 256 bits.
const SECRET_LEN: usize = 43;

/// Random characters that stay readable, by which people tell keys apart.
const SHOWN_LEN: usize = 4;

/// A key for the API, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ApiKey {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: ApiKeyId,
    /// What people call it.
    pub name: String,
    /// How its secret begins.
    pub prefix: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to a few minutes.
    pub last_used_at: Option<Timestamp>,
}

/// An API key that somebody came with.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct PresentedApiKey {
    /// The tenant that it acts for.
    #[sqlx(try_from = "Uuid")]
    pub tenant_id: TenantId,
    /// Whether that may use the platform.
    #[sqlx(try_from = "String")]
    pub tenant_status: TenantStatus,
    /// The only app that it reaches.
    #[sqlx(try_from = "String")]
    pub app_id: AppId,
    /// The key.
    #[sqlx(flatten)]
    pub key: ApiKey,
}

impl TenantScope<'_> {
    /// Makes an API key of an app; its secret is stored as a hash and given this once.
    ///
    /// # Errors
    /// [`DbError::AppUnknown`], [`DbError::TooMany`] beyond [`MAX_API_KEYS`], [`DbError::Query`].
    pub async fn create_api_key(
        &self,
        app_id: &AppId,
        name: &str,
        by: &Author,
        now: Timestamp,
    ) -> Result<(ApiKey, String), DbError> {
        let random = random_text(ALPHANUMERIC, SECRET_LEN);
        let key = ApiKey {
            id: ApiKeyId::generate(),
            name: name.to_owned(),
            prefix: format!("{API_KEY_START}{}", random.get(..SHOWN_LEN).unwrap_or_default()),
            created_at: now,
            last_used_at: None,
        };
        let secret = format!("{API_KEY_START}{random}");
        let mut change = self.begin().await?;
        change.lock("keys of apps").await?;
        let (count,): (i64,) =
            sql("SELECT COUNT(*) FROM api_keys WHERE tenant_id = $1 AND app_id = $2")
                .bind(self.tenant_id())
                .bind(app_id)
                .fetch_one(&mut change)
                .await?;
        if count >= i64::from(MAX_API_KEYS) {
            return Err(DbError::TooMany("API keys"));
        }
        let done = sql("INSERT INTO api_keys (tenant_id, app_id, id, name, prefix, secret_hash, \
             created_at) SELECT tenant_id, id, $3, $4, $5, $6, $7 FROM apps \
             WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL")
        .bind(self.tenant_id())
        .bind(app_id)
        .bind(key.id)
        .bind(name)
        .bind(&key.prefix)
        .bind(token_hash(&secret))
        .bind(now)
        .execute(&mut change)
        .await?;
        if done == 0 {
            return Err(DbError::AppUnknown);
        }
        Act::new("api_key.created", self.tenant_id(), ("api_key", key.id))
            .after(json!({ "app_id": app_id, "name": name }))
            .record(&mut change, by, now)
            .await?;
        change.commit().await?;
        Ok((key, secret))
    }

    /// Every API key of an app, the oldest first.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn api_keys(&self, app_id: &AppId) -> Result<Vec<ApiKey>, DbError> {
        sql("SELECT id, name, prefix, created_at, last_used_at FROM api_keys \
             WHERE tenant_id = $1 AND app_id = $2 ORDER BY created_at, id")
        .bind(self.tenant_id())
        .bind(app_id)
        .fetch_all(self)
        .await
    }

    /// Makes an API key void at once.
    ///
    /// # Errors
    /// [`DbError::KeyUnknown`], [`DbError::Query`].
    pub async fn delete_api_key(
        &self,
        app_id: &AppId,
        id: ApiKeyId,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        let name: Option<(String,)> = sql("DELETE FROM api_keys \
             WHERE tenant_id = $1 AND app_id = $2 AND id = $3 RETURNING name")
        .bind(self.tenant_id())
        .bind(app_id)
        .bind(id)
        .fetch_optional(&mut change)
        .await?;
        let (name,) = name.ok_or(DbError::KeyUnknown)?;
        Act::new("api_key.deleted", self.tenant_id(), ("api_key", id))
            .before(json!({ "app_id": app_id, "name": name }))
            .record(&mut change, by, now)
            .await?;
        change.commit().await
    }
}

impl LoginScope<'_> {
    /// The API key with this secret, of a tenant that was not deleted.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn api_key(&self, secret: &str) -> Result<Option<PresentedApiKey>, DbError> {
        sql("SELECT api_keys.id, api_keys.name, api_keys.prefix, api_keys.created_at, \
             api_keys.last_used_at, api_keys.app_id, tenants.id AS tenant_id, \
             tenants.status AS tenant_status \
             FROM api_keys JOIN tenants ON tenants.id = api_keys.tenant_id \
             WHERE api_keys.secret_hash = $1 AND tenants.deleted_at IS NULL")
        .bind(token_hash(secret))
        .fetch_optional(self)
        .await
    }

    /// Notes that an API key was used.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn note_api_key_used(&self, id: ApiKeyId, now: Timestamp) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        sql("UPDATE api_keys SET last_used_at = $2 WHERE id = $1")
            .bind(id)
            .bind(now)
            .execute(&mut change)
            .await?;
        change.commit().await
    }
}
