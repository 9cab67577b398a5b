//! What is delivered to webhooks: taken by a sender under a lease, tried again, kept as a log.

use std::time::Duration;

use jumpa_protocol::{AppId, ReportId, TenantId, WebhookDeliveryId, WebhookId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Author, DbError, OperatorScope, TenantScope, Timestamp, WebhookFormat, audit::Act,
    statement::sql, webhooks::seal_context,
};

/// How long a delivery that is being made is left alone. A server that dies meanwhile leaves it to
/// the next attempt after this.
const LEASE: Duration = Duration::from_secs(60);

/// How long the log of deliveries goes back.
const KEPT_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A delivery that is to be made now.
#[derive(Debug)]
pub struct DueDelivery {
    /// Its id.
    pub id: WebhookDeliveryId,
    /// Whose it is.
    pub tenant_id: TenantId,
    /// Where it goes.
    pub webhook_id: WebhookId,
    /// The event.
    pub event_id: ReportId,
    /// Where the request goes.
    pub url: String,
    /// How it is signed.
    pub format: WebhookFormat,
    /// What signs it, the newest first.
    pub secrets: Vec<String>,
    /// The body.
    pub body: String,
    /// How often it was tried, this time included.
    pub attempts: u32,
    /// How often since it was sent or sent again, this time included.
    pub attempts_of_round: u32,
    /// Since when nothing was taken there.
    pub failing_since: Option<Timestamp>,
}

#[derive(FromRow)]
struct ClaimedDelivery {
    #[sqlx(try_from = "Uuid")]
    id: WebhookDeliveryId,
    #[sqlx(try_from = "Uuid")]
    tenant_id: TenantId,
    #[sqlx(try_from = "Uuid")]
    webhook_id: WebhookId,
    #[sqlx(try_from = "Uuid")]
    event_id: ReportId,
    request_body: String,
    attempts: i64,
    round_began_at: i64,
}

#[derive(FromRow)]
struct Target {
    url: String,
    format: String,
    sealed_secret: Vec<u8>,
    sealed_old_secret: Option<Vec<u8>>,
    old_secret_until: Option<Timestamp>,
    failing_since: Option<Timestamp>,
}

/// How an attempt went.
#[derive(Debug, Clone)]
pub struct WebhookAttempt {
    /// When it began.
    pub at: Timestamp,
    /// What was answered.
    pub status_code: Option<u16>,
    /// Why nothing was.
    pub error: Option<String>,
    /// How long it took.
    pub duration_ms: u32,
    /// The beginning of the answer.
    pub response_body: String,
}

/// What follows from an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// It was taken.
    Delivered,
    /// It is tried again.
    RetryAt(Timestamp),
    /// It is given up.
    Failed,
}

/// A delivery as its tenant sees it.
#[derive(Debug, Clone, FromRow)]
pub struct WebhookDelivery {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: WebhookDeliveryId,
    /// Where it goes.
    #[sqlx(try_from = "Uuid")]
    pub webhook_id: WebhookId,
    /// The event.
    #[sqlx(try_from = "Uuid")]
    pub event_id: ReportId,
    /// Its type.
    pub event_type: String,
    /// The body of the request.
    pub request_body: String,
    /// `pending`, `delivered` or `failed`.
    pub status: String,
    /// How often it was tried.
    #[sqlx(try_from = "i64")]
    pub attempts: u32,
    /// When it is tried again, while it is pending.
    pub next_attempt_at: Timestamp,
    /// What was answered last.
    pub last_status_code: Option<i64>,
    /// When it was written.
    pub created_at: Timestamp,
}

/// An attempt as its tenant sees it.
#[derive(Debug, Clone, FromRow)]
pub struct StoredAttempt {
    /// When it began.
    pub at: Timestamp,
    /// What was answered.
    pub status_code: Option<i64>,
    /// Why nothing was.
    pub error: Option<String>,
    /// How long it took.
    pub duration_ms: i64,
    /// The beginning of the answer.
    pub response_body: String,
}

impl OperatorScope<'_> {
    /// Takes the delivery that waits longest, for somebody who makes it now. Nobody else gets it
    /// for a minute. Those of paused webhooks wait, but tests do not.
    ///
    /// # Errors
    /// [`DbError::KeyFile`] when the secret cannot be opened, [`DbError::Query`].
    pub async fn claim_webhook_delivery(
        &self,
        now: Timestamp,
    ) -> Result<Option<DueDelivery>, DbError> {
        let mut change = self.begin().await?;
        change.lock("webhook deliveries").await?;
        let claimed: Option<ClaimedDelivery> = sql("UPDATE webhook_deliveries \
             SET attempts = attempts + 1, next_attempt_at = $2 \
             WHERE id = (SELECT webhook_deliveries.id FROM webhook_deliveries \
             JOIN webhooks ON webhooks.tenant_id = webhook_deliveries.tenant_id \
             AND webhooks.id = webhook_deliveries.webhook_id \
             WHERE status = 'pending' AND next_attempt_at <= $1 \
             AND (pause_reason IS NULL OR event_type = 'webhook.test') \
             ORDER BY next_attempt_at, webhook_deliveries.id LIMIT 1) \
             RETURNING id, tenant_id, webhook_id, event_id, request_body, attempts, round_began_at")
        .bind(now)
        .bind(now + LEASE)
        .fetch_optional(&mut change)
        .await?;
        let Some(claimed) = claimed else { return Ok(None) };
        let target: Target = sql("SELECT url, format, sealed_secret, sealed_old_secret, \
             old_secret_until, failing_since FROM webhooks WHERE tenant_id = $1 AND id = $2")
        .bind(claimed.tenant_id)
        .bind(claimed.webhook_id)
        .fetch_one(&mut change)
        .await?;
        change.commit().await?;
        let count = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(Some(DueDelivery {
            id: claimed.id,
            tenant_id: claimed.tenant_id,
            webhook_id: claimed.webhook_id,
            event_id: claimed.event_id,
            format: WebhookFormat::parse(&target.format)?,
            secrets: self.open_secrets(claimed.webhook_id, &target, now)?,
            url: target.url,
            body: claimed.request_body,
            attempts: count(claimed.attempts),
            attempts_of_round: count(claimed.attempts - claimed.round_began_at),
            failing_since: target.failing_since,
        }))
    }

    fn open_secrets(
        &self,
        id: WebhookId,
        target: &Target,
        now: Timestamp,
    ) -> Result<Vec<String>, DbError> {
        let old = target.sealed_old_secret.as_ref();
        let old = old.filter(|_| target.old_secret_until.is_some_and(|until| now < until));
        let open = |sealed: &Vec<u8>| {
            let secret = self.database().master_key().open(&seal_context(id), sealed)?;
            String::from_utf8(secret).map_err(|_| DbError::Damaged("secret of a webhook"))
        };
        [Some(&target.sealed_secret), old].into_iter().flatten().map(open).collect()
    }

    /// Writes down how an attempt went and what follows; gives since when nothing was taken there.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn note_webhook_attempt(
        &self,
        delivery: &DueDelivery,
        attempt: &WebhookAttempt,
        outcome: DeliveryOutcome,
    ) -> Result<Option<Timestamp>, DbError> {
        let mut change = self.begin().await?;
        let (status, next_attempt_at) = match outcome {
            DeliveryOutcome::Delivered => ("delivered", None),
            DeliveryOutcome::RetryAt(at) => ("pending", Some(at)),
            DeliveryOutcome::Failed => ("failed", None),
        };
        let still_there = sql("UPDATE webhook_deliveries SET status = $3, \
             next_attempt_at = COALESCE($4, next_attempt_at), last_status_code = $5 \
             WHERE tenant_id = $1 AND id = $2")
        .bind(delivery.tenant_id)
        .bind(delivery.id)
        .bind(status)
        .bind(next_attempt_at)
        .bind(attempt.status_code.map(u32::from))
        .execute(&mut change)
        .await?;
        if still_there == 0 {
            // Deleted with its webhook while it was under way.
            return Ok(None);
        }
        sql(
            "INSERT INTO webhook_attempts (tenant_id, delivery_id, number, at, status_code, error, \
             duration_ms, response_body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
             ON CONFLICT (tenant_id, delivery_id, number) DO NOTHING",
        )
        .bind(delivery.tenant_id)
        .bind(delivery.id)
        .bind(delivery.attempts)
        .bind(attempt.at)
        .bind(attempt.status_code.map(u32::from))
        .bind(attempt.error.clone())
        .bind(attempt.duration_ms)
        .bind(attempt.response_body.replace('\0', ""))
        .execute(&mut change)
        .await?;
        let is_delivered = outcome == DeliveryOutcome::Delivered;
        let (failing_since,): (Option<Timestamp>,) = sql("UPDATE webhooks SET \
             last_delivery_at = $3, last_status = $4, \
             failing_since = CASE WHEN $5 THEN NULL ELSE COALESCE(failing_since, $3) END \
             WHERE tenant_id = $1 AND id = $2 RETURNING failing_since")
        .bind(delivery.tenant_id)
        .bind(delivery.webhook_id)
        .bind(attempt.at)
        .bind(if is_delivered { "delivered" } else { "failed" })
        .bind(is_delivered)
        .fetch_one(&mut change)
        .await?;
        change.commit().await?;
        Ok(failing_since)
    }

    /// Forgets deliveries that are older than 30 days, whatever became of them.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn forget_webhook_deliveries(&self, now: Timestamp) -> Result<u64, DbError> {
        let kept = i64::try_from(KEPT_FOR.as_micros()).unwrap_or(i64::MAX);
        let before = Timestamp::from_micros(now.as_micros().saturating_sub(kept));
        let mut change = self.begin().await?;
        sql("DELETE FROM webhook_attempts WHERE EXISTS (SELECT 1 FROM webhook_deliveries \
             WHERE webhook_deliveries.tenant_id = webhook_attempts.tenant_id \
             AND webhook_deliveries.id = webhook_attempts.delivery_id AND created_at < $1)")
        .bind(before)
        .execute(&mut change)
        .await?;
        let forgotten = sql("DELETE FROM webhook_deliveries WHERE created_at < $1")
            .bind(before)
            .execute(&mut change)
            .await?;
        change.commit().await?;
        Ok(forgotten)
    }
}

impl TenantScope<'_> {
    /// At most `limit` deliveries of a webhook, of one status or of all, the newest first, after
    /// the given one.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn webhook_deliveries(
        &self,
        webhook_id: WebhookId,
        status: Option<&str>,
        after: Option<&(Timestamp, WebhookDeliveryId)>,
        limit: u32,
    ) -> Result<Vec<WebhookDelivery>, DbError> {
        let newest = (Timestamp::from_micros(i64::MAX), WebhookDeliveryId::from_uuid(Uuid::nil()));
        let (created_at, id) = after.copied().unwrap_or(newest);
        sql("SELECT * FROM webhook_deliveries WHERE tenant_id = $1 AND webhook_id = $2 \
             AND ($3 IS NULL OR status = $3) \
             AND (created_at < $4 OR (created_at = $4 AND id < $5)) \
             ORDER BY created_at DESC, id DESC LIMIT $6")
        .bind(self.tenant_id())
        .bind(webhook_id)
        .bind(status)
        .bind(created_at)
        .bind(id)
        .bind(limit)
        .fetch_all(self)
        .await
    }

    /// One delivery with its attempts, the oldest first; with `only_app` it has to be one of a
    /// webhook of this app alone.
    ///
    /// # Errors
    /// [`DbError::WebhookUnknown`], [`DbError::Query`].
    pub async fn webhook_delivery(
        &self,
        id: WebhookDeliveryId,
        only_app: Option<&AppId>,
    ) -> Result<(WebhookDelivery, Vec<StoredAttempt>), DbError> {
        let mut view = self.snapshot().await?;
        let found: Option<WebhookDelivery> = sql("SELECT webhook_deliveries.* \
             FROM webhook_deliveries \
             JOIN webhooks ON webhooks.tenant_id = webhook_deliveries.tenant_id \
             AND webhooks.id = webhook_deliveries.webhook_id \
             WHERE webhook_deliveries.tenant_id = $1 AND webhook_deliveries.id = $2 \
             AND ($3 IS NULL OR webhooks.app_id = $3)")
        .bind(self.tenant_id())
        .bind(id)
        .bind(only_app)
        .fetch_optional(&mut view)
        .await?;
        let delivery = found.ok_or(DbError::WebhookUnknown)?;
        let attempts = sql("SELECT at, status_code, error, duration_ms, response_body \
             FROM webhook_attempts WHERE tenant_id = $1 AND delivery_id = $2 ORDER BY number")
        .bind(self.tenant_id())
        .bind(id)
        .fetch_all(&mut view)
        .await?;
        view.commit().await?;
        Ok((delivery, attempts))
    }

    /// Makes a delivery once more, at once and with a new round of attempts.
    ///
    /// # Errors
    /// [`DbError::WebhookUnknown`], [`DbError::Query`].
    pub async fn resend_webhook_delivery(
        &self,
        id: WebhookDeliveryId,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        let done = sql("UPDATE webhook_deliveries SET status = 'pending', next_attempt_at = $3, \
             round_began_at = attempts WHERE tenant_id = $1 AND id = $2")
        .bind(self.tenant_id())
        .bind(id)
        .bind(now)
        .execute(&mut change)
        .await?;
        if done == 0 {
            return Err(DbError::WebhookUnknown);
        }
        Act::new("webhook.delivery_resent", self.tenant_id(), ("webhook_delivery", id))
            .record(&mut change, by, now)
            .await?;
        change.commit().await
    }
}
