//! Logins of people in browsers.

use jumpa_protocol::{SessionId, TenantId, UserId};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Author, DbError, LoginScope, Timestamp, User,
    audit::Act,
    master_key::token_hash,
    random_text::{ALPHANUMERIC, random_text},
    statement::sql,
};

/// Random characters of a session token: 256 bits.
const SESSION_TOKEN_LEN: usize = 43;

/// From where somebody logs in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionOrigin {
    /// The network address.
    pub address: Option<String>,
    /// The browser, by its `User-Agent`.
    pub device: Option<String>,
}

/// A session that a request carries.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct LiveSession {
    /// Its id.
    #[sqlx(rename = "session_id", try_from = "Uuid")]
    pub id: SessionId,
    /// When the person last proved who they are, by password or code.
    pub proved_at: Option<Timestamp>,
    /// When it was last used, to a few minutes.
    pub last_seen_at: Option<Timestamp>,
    /// The client that an operator looks at with it.
    pub viewed_tenant_id: Option<Uuid>,
    /// Until when.
    pub viewed_until: Option<Timestamp>,
    /// Whose it is.
    #[sqlx(flatten)]
    pub user: User,
}

/// A session as its user sees it in a list.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Session {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: SessionId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to a few minutes.
    pub last_seen_at: Option<Timestamp>,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// From which network address it began.
    pub address: Option<String>,
    /// The browser, by its `User-Agent`.
    pub device: Option<String>,
}

impl LiveSession {
    /// Whether it looks at a client now.
    #[must_use]
    pub fn views(&self, tenant_id: TenantId, now: Timestamp) -> bool {
        self.user.is_operator
            && self.viewed_tenant_id == Some(tenant_id.as_uuid())
            && self.viewed_until.is_some_and(|until| now < until)
    }
}

impl LoginScope<'_> {
    /// Begins a session of somebody who just proved who they are, and gives its token, a secret of
    /// the user's browser. Sessions that are over are forgotten on the way.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn create_session(
        &self,
        user_id: UserId,
        from: &SessionOrigin,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<String, DbError> {
        let token = random_text(ALPHANUMERIC, SESSION_TOKEN_LEN);
        let mut change = self.begin().await?;
        sql("DELETE FROM sessions WHERE expires_at <= $1").bind(now).execute(&mut change).await?;
        sql("INSERT INTO sessions (id, token_hash, user_id, created_at, last_seen_at, proved_at, \
             expires_at, address, device) VALUES ($1, $2, $3, $4, $4, $4, $5, $6, $7)")
        .bind(SessionId::generate())
        .bind(token_hash(&token))
        .bind(user_id)
        .bind(now)
        .bind(expires_at)
        .bind(from.address.clone())
        .bind(from.device.clone())
        .execute(&mut change)
        .await?;
        change.commit().await?;
        Ok(token)
    }

    /// The session of this token, while it lasts.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn session(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<LiveSession>, DbError> {
        sql("SELECT sessions.id AS session_id, sessions.proved_at, sessions.last_seen_at, \
             sessions.viewed_tenant_id, sessions.viewed_until, users.* \
             FROM sessions JOIN users ON users.id = sessions.user_id \
             WHERE sessions.token_hash = $1 AND sessions.expires_at > $2 \
             AND sessions.id IS NOT NULL")
        .bind(token_hash(token))
        .bind(now)
        .fetch_optional(self)
        .await
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn note_session_seen(&self, id: SessionId, now: Timestamp) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        sql("UPDATE sessions SET last_seen_at = $2 WHERE id = $1")
            .bind(id)
            .bind(now)
            .execute(&mut change)
            .await?;
        change.commit().await
    }

    /// Notes that the person of a session proved once more who they are.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn note_session_proved(&self, id: SessionId, now: Timestamp) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        sql("UPDATE sessions SET proved_at = $2 WHERE id = $1")
            .bind(id)
            .bind(now)
            .execute(&mut change)
            .await?;
        change.commit().await
    }

    /// The running sessions of a user, the newest first.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn sessions(&self, user_id: UserId, now: Timestamp) -> Result<Vec<Session>, DbError> {
        sql("SELECT id, created_at, last_seen_at, expires_at, address, device FROM sessions \
             WHERE user_id = $1 AND expires_at > $2 AND id IS NOT NULL \
             ORDER BY created_at DESC, id DESC")
        .bind(user_id)
        .bind(now)
        .fetch_all(self)
        .await
    }

    /// Ends a session; one that is not known is ended already.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn end_session(&self, token: &str) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        sql("DELETE FROM sessions WHERE token_hash = $1")
            .bind(token_hash(token))
            .execute(&mut change)
            .await?;
        change.commit().await?;
        Ok(())
    }

    /// Ends one session of a user from another one.
    ///
    /// # Errors
    /// [`DbError::SessionUnknown`] when the user has no such session, [`DbError::Query`].
    pub async fn revoke_session(
        &self,
        user_id: UserId,
        id: SessionId,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        let done = sql("DELETE FROM sessions WHERE user_id = $1 AND id = $2")
            .bind(user_id)
            .bind(id)
            .execute(&mut change)
            .await?;
        if done == 0 {
            return Err(DbError::SessionUnknown);
        }
        Act::new("session.revoked", None, ("session", id)).record(&mut change, by, now).await?;
        change.commit().await
    }

    /// Ends every session of a user but one, and tells how many.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn revoke_other_sessions(
        &self,
        user_id: UserId,
        keep: SessionId,
        by: &Author,
        now: Timestamp,
    ) -> Result<u64, DbError> {
        let mut change = self.begin().await?;
        let ended = sql("DELETE FROM sessions WHERE user_id = $1 AND (id IS NULL OR id <> $2)")
            .bind(user_id)
            .bind(keep)
            .execute(&mut change)
            .await?;
        Act::new("user.sessions_revoked", None, ("user", user_id))
            .after(json!({ "ended": ended }))
            .record(&mut change, by, now)
            .await?;
        change.commit().await?;
        Ok(ended)
    }
}
