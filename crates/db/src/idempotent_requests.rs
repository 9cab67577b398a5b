//! What was answered to requests that carry an `Idempotency-Key`.

use std::time::Duration;

use aws_lc_rs::digest;
use sqlx::FromRow;

use crate::{DbError, LoginScope, OperatorScope, Timestamp, statement::sql};

/// How long an answer is kept.
const KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a request may take. One that takes longer died with its server, and may be made again.
const DONE_WITHIN: Duration = Duration::from_secs(60);

/// A request that is to be made once.
#[derive(Debug, Clone)]
pub struct IdempotentRequest {
    actor: [u8; 32],
    key: String,
    request_hash: [u8; 32],
}

/// Whether a request is to be made.
#[derive(Debug)]
pub enum IdempotencyClaim {
    /// It is, by whoever claimed it.
    Claimed,
    /// It is being made.
    InFlight,
    /// The key was used for another request.
    Reused,
    /// It was made; this was the answer.
    Done(StoredAnswer),
}

/// An answer that is given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAnswer {
    /// Its status.
    pub status_code: u16,
    /// What its body is.
    pub content_type: Option<String>,
    /// Its body.
    pub body: Vec<u8>,
}

#[derive(FromRow)]
struct Row {
    request_hash: Vec<u8>,
    status_code: Option<i64>,
    content_type: Option<String>,
    sealed_body: Option<Vec<u8>>,
    claimed_at: Timestamp,
}

impl IdempotentRequest {
    /// A request of somebody who proves with `credential` who they are. Neither that nor the body
    /// is kept.
    #[must_use]
    pub fn new(credential: &str, key: &str, request: &[&[u8]]) -> Self {
        let hash = |parts: &[&[u8]]| {
            let mut context = digest::Context::new(&digest::SHA256);
            for part in parts {
                // With its length, so that parts cannot run into each other.
                context.update(&(part.len() as u64).to_be_bytes());
                context.update(part);
            }
            let mut hash = [0; 32];
            hash.copy_from_slice(context.finish().as_ref());
            hash
        };
        Self {
            actor: hash(&[credential.as_bytes()]),
            key: key.to_owned(),
            request_hash: hash(request),
        }
    }

    /// An answer cannot be put in place of another.
    fn seal_context(&self) -> String {
        format!("idempotent request {:?} {}", self.actor, self.key)
    }
}

impl LoginScope<'_> {
    /// Claims a request, or says what became of it.
    ///
    /// # Errors
    /// [`DbError::KeyFile`] when a stored answer cannot be opened, [`DbError::Query`].
    pub async fn claim_idempotent_request(
        &self,
        request: &IdempotentRequest,
        now: Timestamp,
    ) -> Result<IdempotencyClaim, DbError> {
        let mut change = self.begin().await?;
        let claimed =
            sql("INSERT INTO idempotent_requests (actor, key, request_hash, claimed_at) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (actor, key) DO NOTHING")
            .bind(request.actor)
            .bind(&request.key)
            .bind(request.request_hash)
            .bind(now)
            .execute(&mut change)
            .await?;
        if claimed == 1 {
            change.commit().await?;
            return Ok(IdempotencyClaim::Claimed);
        }
        let row: Row = sql("SELECT request_hash, status_code, content_type, sealed_body, \
             claimed_at FROM idempotent_requests WHERE actor = $1 AND key = $2")
        .bind(request.actor)
        .bind(&request.key)
        .fetch_one(&mut change)
        .await?;
        let ends = match row.status_code {
            Some(_) => row.claimed_at + KEPT_FOR,
            None => row.claimed_at + DONE_WITHIN,
        };
        if ends <= now {
            sql("UPDATE idempotent_requests SET request_hash = $3, claimed_at = $4, \
                 status_code = NULL, content_type = NULL, sealed_body = NULL \
                 WHERE actor = $1 AND key = $2")
            .bind(request.actor)
            .bind(&request.key)
            .bind(request.request_hash)
            .bind(now)
            .execute(&mut change)
            .await?;
            change.commit().await?;
            return Ok(IdempotencyClaim::Claimed);
        }
        change.commit().await?;
        if row.request_hash != request.request_hash {
            return Ok(IdempotencyClaim::Reused);
        }
        let (Some(status_code), Some(sealed)) = (row.status_code, row.sealed_body) else {
            return Ok(IdempotencyClaim::InFlight);
        };
        let body = self.database().master_key().open(&request.seal_context(), &sealed)?;
        let status_code = u16::try_from(status_code).map_err(|_| DbError::Damaged("status"))?;
        Ok(IdempotencyClaim::Done(StoredAnswer {
            status_code,
            content_type: row.content_type,
            body,
        }))
    }

    /// Keeps the answer to a request that was claimed.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn finish_idempotent_request(
        &self,
        request: &IdempotentRequest,
        answer: &StoredAnswer,
    ) -> Result<(), DbError> {
        let sealed = self.database().master_key().seal(&request.seal_context(), &answer.body);
        let mut change = self.begin().await?;
        sql(
            "UPDATE idempotent_requests SET status_code = $3, content_type = $4, sealed_body = $5 \
             WHERE actor = $1 AND key = $2",
        )
        .bind(request.actor)
        .bind(&request.key)
        .bind(u32::from(answer.status_code))
        .bind(answer.content_type.clone())
        .bind(sealed)
        .execute(&mut change)
        .await?;
        change.commit().await
    }

    /// Gives a claim back: nothing was done, and the request may be made again.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn release_idempotent_request(
        &self,
        request: &IdempotentRequest,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        sql("DELETE FROM idempotent_requests WHERE actor = $1 AND key = $2")
            .bind(request.actor)
            .bind(&request.key)
            .execute(&mut change)
            .await?;
        change.commit().await
    }
}

impl OperatorScope<'_> {
    /// Forgets answers that are older than a day.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn forget_idempotent_requests(&self, now: Timestamp) -> Result<u64, DbError> {
        let kept = i64::try_from(KEPT_FOR.as_micros()).unwrap_or(i64::MAX);
        let mut change = self.begin().await?;
        let forgotten = sql("DELETE FROM idempotent_requests WHERE claimed_at <= $1")
            .bind(now.as_micros().saturating_sub(kept))
            .execute(&mut change)
            .await?;
        change.commit().await?;
        Ok(forgotten)
    }
}
