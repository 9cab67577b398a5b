//! People that log in to dashboards, and their sessions.

use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    DbError, LoginScope, Timestamp,
    master_key::token_hash,
    random_text::{ALPHANUMERIC, random_text},
    statement::sql,
    transaction::Transaction,
};

/// Random characters of a session token: 256 bits.
const SESSION_TOKEN_LEN: usize = 43;

/// Names a user inside the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct UserId(Uuid);

impl UserId {
    pub(crate) fn as_uuid(self) -> Uuid {
        self.0
    }
}

/// Somebody who logs in.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// Their e-mail address, in lower case.
    pub email: String,
    /// The name that people read.
    pub name: String,
    /// Whether they run the platform.
    pub is_operator: bool,
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
        let user = insert_user(&mut change, new, now).await?;
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

    /// Begins a session and gives its token, a secret of the user's browser. Sessions that are
    /// over are forgotten on the way.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn create_session(
        &self,
        user_id: UserId,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<String, DbError> {
        let token = random_text(ALPHANUMERIC, SESSION_TOKEN_LEN);
        let mut change = self.begin().await?;
        sql("DELETE FROM sessions WHERE expires_at <= $1").bind(now).execute(&mut change).await?;
        sql("INSERT INTO sessions (token_hash, user_id, created_at, expires_at) \
             VALUES ($1, $2, $3, $4)")
        .bind(token_hash(&token))
        .bind(user_id)
        .bind(now)
        .bind(expires_at)
        .execute(&mut change)
        .await?;
        change.commit().await?;
        Ok(token)
    }

    /// Whose session this is, while it lasts.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn session_user(&self, token: &str, now: Timestamp) -> Result<Option<User>, DbError> {
        sql("SELECT users.* FROM sessions JOIN users ON users.id = sessions.user_id \
             WHERE sessions.token_hash = $1 AND sessions.expires_at > $2")
        .bind(token_hash(token))
        .bind(now)
        .fetch_optional(self)
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
}

pub(crate) async fn insert_user(
    change: &mut Transaction,
    new: &NewUser,
    now: Timestamp,
) -> Result<User, DbError> {
    let user = User {
        id: UserId(Uuid::now_v7()),
        email: new.email.to_lowercase(),
        name: new.name.clone(),
        is_operator: new.is_operator,
    };
    sql("INSERT INTO users (id, email, name, password_hash, is_operator, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)")
    .bind(user.id)
    .bind(&user.email)
    .bind(&user.name)
    .bind(&new.password_hash)
    .bind(user.is_operator)
    .bind(now)
    .execute(change)
    .await
    .map_err(|error| error.or_if_taken(DbError::EmailTaken))?;
    Ok(user)
}
