//! The first-login link: a token that makes the first operator, once.

use jumpa_protocol::Language;
use serde_json::json;
use uuid::Uuid;

use crate::{
    ActorKind, Author, Database, DbError, LoginScope, NewUser, Timestamp, User, audit::Act,
    logins::insert_user, master_key::token_hash, statement::sql,
};

/// What the first-login link is worth at a start of the server.
#[derive(Clone, PartialEq, Eq)]
pub enum FirstLogin {
    /// Nobody runs the platform yet: this token makes the first operator.
    Open {
        /// A secret of whoever can read the server's output.
        token: String,
    },
    /// There is an operator.
    Done,
}

impl LoginScope<'_> {
    /// The first-login token, the same at every start until somebody used it. It is made from the
    /// key file and a stored number, so that the database holds only its hash.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn first_login(&self, now: Timestamp) -> Result<FirstLogin, DbError> {
        if self.has_operator().await? {
            return Ok(FirstLogin::Done);
        }
        let mut change = self.begin().await?;
        change.lock("first login").await?;
        let stored: Option<(Uuid,)> =
            sql("SELECT id FROM one_time_tokens WHERE purpose = 'first_login' AND used_at IS NULL")
                .fetch_optional(&mut change)
                .await?;
        let id = match stored {
            Some((id,)) => id,
            None => Uuid::now_v7(),
        };
        let token = token_of(self.database(), id);
        // The key file may have been replaced: then the stored hash is of another token.
        sql("INSERT INTO one_time_tokens (id, purpose, token_hash, created_at) \
             VALUES ($1, 'first_login', $2, $3) \
             ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash")
        .bind(id)
        .bind(token_hash(&token))
        .bind(now)
        .execute(&mut change)
        .await?;
        change.commit().await?;
        Ok(FirstLogin::Open { token })
    }

    /// Whether the token would make the first operator now, without using it.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn is_first_login_open(&self, token: &str) -> Result<bool, DbError> {
        let found: Option<(Uuid,)> = sql("SELECT id FROM one_time_tokens \
             WHERE token_hash = $1 AND purpose = 'first_login' AND used_at IS NULL")
        .bind(token_hash(token))
        .fetch_optional(self)
        .await?;
        Ok(found.is_some())
    }

    /// Uses the token up and makes the first operator, both or neither. `by` says from where.
    ///
    /// # Errors
    /// [`DbError::OneTimeToken`] when it is unknown or was used, [`DbError::EmailTaken`],
    /// [`DbError::Query`].
    pub async fn use_first_login(
        &self,
        token: &str,
        operator: &NewUser,
        by: &Author,
        now: Timestamp,
    ) -> Result<User, DbError> {
        let mut change = self.begin().await?;
        let used = sql("UPDATE one_time_tokens SET used_at = $2 \
             WHERE token_hash = $1 AND purpose = 'first_login' AND used_at IS NULL")
        .bind(token_hash(token))
        .bind(now)
        .execute(&mut change)
        .await?;
        if used != 1 {
            return Err(DbError::OneTimeToken);
        }
        let user = insert_user(&mut change, operator, Language::En, now).await?;
        let by = Author {
            kind: ActorKind::Operator,
            id: Some(user.id.to_string()),
            name: user.email.clone(),
            ..by.clone()
        };
        Act::new("operator.created", None, ("user", user.id))
            .after(json!({ "email": user.email, "name": user.name }))
            .record(&mut change, &by, now)
            .await?;
        change.commit().await?;
        Ok(user)
    }
}

/// 64 hexadecimal digits.
fn token_of(database: &Database, id: Uuid) -> String {
    let key = database.master_key().derive(&format!("first login {}", id.simple()));
    key.iter().map(|byte| format!("{byte:02x}")).collect()
}
