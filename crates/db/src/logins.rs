//! People that log in to dashboards.

use jumpa_protocol::{Language, SessionId, UserId};
use serde_json::json;
use sqlx::FromRow;

use crate::{
    Author, DbError, LinkToken, LoginScope, OperatorScope, OutgoingMail, Timestamp, audit::Act,
    mail_outbox::queue_mail, statement::sql, transaction::Transaction,
};

/// Somebody who logs in.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct User {
    /// Their id.
    #[sqlx(try_from = "uuid::Uuid")]
    pub id: UserId,
    /// Their e-mail address, in lower case.
    pub email: String,
    /// The name that people read.
    pub name: String,
    /// Whether they run the platform.
    pub is_operator: bool,
    /// The language of their mails and pages.
    #[sqlx(try_from = "String")]
    pub language: Language,
    /// Since when logging in needs a code beside the password.
    #[sqlx(rename = "totp_confirmed_at")]
    pub second_factor_since: Option<Timestamp>,
}

/// Somebody to be added.
#[derive(Clone)]
pub struct NewUser {
    /// Their e-mail address; stored in lower case.
    pub email: String,
    /// The name that people read.
    pub name: String,
    /// PHC string of the password.
    pub password_hash: String,
    /// Whether they run the platform.
    pub is_operator: bool,
}

#[derive(FromRow)]
struct UserWithHash {
    #[sqlx(flatten)]
    user: User,
    password_hash: String,
}

impl LoginScope<'_> {
    /// Adds a user.
    ///
    /// # Errors
    /// [`DbError::EmailTaken`], [`DbError::Query`].
    pub async fn create_user(&self, new: &NewUser, now: Timestamp) -> Result<User, DbError> {
        let mut change = self.begin().await?;
        let user = insert_user(&mut change, new, Language::En, now).await?;
        change.commit().await?;
        Ok(user)
    }

    /// The user with this e-mail address and the PHC string of their password.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn user_by_email(&self, email: &str) -> Result<Option<(User, String)>, DbError> {
        let found: Option<UserWithHash> = sql("SELECT * FROM users WHERE email = $1")
            .bind(email.to_lowercase())
            .fetch_optional(self)
            .await?;
        Ok(found.map(|UserWithHash { user, password_hash }| (user, password_hash)))
    }

    /// Whether anybody runs the platform yet.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn has_operator(&self) -> Result<bool, DbError> {
        let (operators,): (i64,) = sql("SELECT COUNT(*) AS operators FROM users WHERE is_operator")
            .fetch_one(self)
            .await?;
        Ok(operators > 0)
    }

    /// Changes somebody's name and language.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn change_user(
        &self,
        user: &User,
        name: &str,
        language: Language,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        sql("UPDATE users SET name = $2, language = $3 WHERE id = $1")
            .bind(user.id)
            .bind(name)
            .bind(language)
            .execute(&mut change)
            .await?;
        Act::new("user.changed", None, ("user", user.id))
            .before(json!({ "name": user.name, "language": user.language }))
            .after(json!({ "name": name, "language": language }))
            .record(&mut change, by, now)
            .await?;
        change.commit().await
    }

    /// Gives somebody another password and ends their sessions but the one that asked.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn change_password(
        &self,
        user_id: UserId,
        password_hash: &str,
        keep: Option<SessionId>,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        set_password(&mut change, user_id, password_hash, keep).await?;
        Act::new("user.password_changed", None, ("user", user_id))
            .record(&mut change, by, now)
            .await?;
        change.commit().await
    }

    /// Stores a link that lets somebody choose a new password, and the mail that carries it. Links
    /// from before stay valid until one of them is used.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn create_password_reset(
        &self,
        user_id: UserId,
        token: &LinkToken,
        mail: &OutgoingMail,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        sql("DELETE FROM password_resets WHERE expires_at <= $1")
            .bind(now)
            .execute(&mut change)
            .await?;
        sql("INSERT INTO password_resets (id, user_id, token_hash, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5)")
        .bind(uuid::Uuid::now_v7())
        .bind(user_id)
        .bind(token.hash())
        .bind(now)
        .bind(expires_at)
        .execute(&mut change)
        .await?;
        queue_mail(&mut change, self.database(), mail, now).await?;
        change.commit().await
    }

    /// Whether the link would let somebody choose a new password now.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn is_password_reset_open(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<bool, DbError> {
        let found: Option<(uuid::Uuid,)> = sql("SELECT id FROM password_resets \
             WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2")
        .bind(crate::master_key::token_hash(token))
        .bind(now)
        .fetch_optional(self)
        .await?;
        Ok(found.is_some())
    }

    /// Uses the link up: the new password holds, every session ends, other links are void.
    ///
    /// # Errors
    /// [`DbError::OneTimeToken`] when it is unknown, too old or was used, [`DbError::Query`].
    pub async fn use_password_reset(
        &self,
        token: &str,
        password_hash: &str,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        let used: Option<(uuid::Uuid,)> = sql("UPDATE password_resets SET used_at = $2 \
             WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2 RETURNING user_id")
        .bind(crate::master_key::token_hash(token))
        .bind(now)
        .fetch_optional(&mut change)
        .await?;
        let user_id = used.map(|(id,)| UserId::from_uuid(id)).ok_or(DbError::OneTimeToken)?;
        sql("UPDATE password_resets SET used_at = $2 WHERE user_id = $1 AND used_at IS NULL")
            .bind(user_id)
            .bind(now)
            .execute(&mut change)
            .await?;
        set_password(&mut change, user_id, password_hash, None).await?;
        let (email,): (String,) = sql("SELECT email FROM users WHERE id = $1")
            .bind(user_id)
            .fetch_one(&mut change)
            .await?;
        let by = Author { id: Some(user_id.to_string()), name: email, ..by.clone() };
        Act::new("user.password_reset", None, ("user", user_id))
            .record(&mut change, &by, now)
            .await?;
        change.commit().await
    }
}

impl OperatorScope<'_> {
    /// At most `limit` people whose name or address holds a text, by address, after the given one.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn users(
        &self,
        search: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<User>, DbError> {
        sql("SELECT * FROM users WHERE email > $1 \
             AND (email LIKE $2 ESCAPE '\\' OR lower(name) LIKE $2 ESCAPE '\\') \
             ORDER BY email LIMIT $3")
        .bind(after.unwrap_or_default())
        .bind(crate::tenants::containing(search))
        .bind(limit)
        .fetch_all(self)
        .await
    }

    /// The user with this id.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn user(&self, user_id: UserId) -> Result<Option<User>, DbError> {
        sql("SELECT * FROM users WHERE id = $1").bind(user_id).fetch_optional(self).await
    }
}

pub(crate) async fn insert_user(
    change: &mut Transaction,
    new: &NewUser,
    language: Language,
    now: Timestamp,
) -> Result<User, DbError> {
    let user = User {
        id: UserId::generate(),
        email: new.email.to_lowercase(),
        name: new.name.clone(),
        is_operator: new.is_operator,
        language,
        second_factor_since: None,
    };
    sql("INSERT INTO users (id, email, name, password_hash, is_operator, language, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)")
    .bind(user.id)
    .bind(&user.email)
    .bind(&user.name)
    .bind(&new.password_hash)
    .bind(user.is_operator)
    .bind(language)
    .bind(now)
    .execute(change)
    .await
    .map_err(|error| error.or_if_taken(DbError::EmailTaken))?;
    Ok(user)
}

async fn set_password(
    change: &mut Transaction,
    user_id: UserId,
    password_hash: &str,
    keep: Option<SessionId>,
) -> Result<(), DbError> {
    sql("UPDATE users SET password_hash = $2 WHERE id = $1")
        .bind(user_id)
        .bind(password_hash)
        .execute(change)
        .await?;
    sql("DELETE FROM sessions WHERE user_id = $1 AND ($2 IS NULL OR id IS NULL OR id <> $2)")
        .bind(user_id)
        .bind(keep)
        .execute(change)
        .await?;
    Ok(())
}
