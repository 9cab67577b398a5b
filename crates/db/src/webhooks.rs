//! Where tenants want to hear of events.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jumpa_protocol::{AppId, Language, ReportId, TenantId, WebhookDeliveryId, WebhookId};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Author, DbError, OperatorScope, OutgoingMail, TenantScope, Timestamp, WebhookEventType,
    audit::Act,
    mail_outbox::queue_mail,
    statement::sql,
    transaction::Transaction,
    webhook_events::{EVERY_EVENT, WebhookEvent, insert_delivery, render},
};

/// Most webhooks of a tenant: each event is written once for each of them.
pub const MAX_WEBHOOKS: u32 = 50;

/// How long the secret of before signs as well, after it was replaced.
const OLD_SECRET_SIGNS_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// Random bytes of a secret; Standard Webhooks asks for 24 to 64.
const SECRET_BYTES: usize = 32;

/// How the body of a request looks and how it is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookFormat {
    /// <https://www.standardwebhooks.com>.
    Standard,
    /// The envelope of Jitsi as a Service.
    Jaas,
}

impl WebhookFormat {
    /// The name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Jaas => "jaas",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self, DbError> {
        match text {
            "standard" => Ok(Self::Standard),
            "jaas" => Ok(Self::Jaas),
            _ => Err(DbError::Damaged("format of a webhook")),
        }
    }
}

/// What a webhook is to be.
#[derive(Debug, Clone)]
pub struct WebhookSettings {
    /// Where requests go.
    pub url: String,
    /// Only of this app.
    pub app_id: Option<AppId>,
    /// Of which events; `None` for every one.
    pub events: Option<Vec<WebhookEventType>>,
    /// How requests look.
    pub format: WebhookFormat,
    /// Whether its deliveries are paused.
    pub is_paused: bool,
}

/// A webhook.
#[derive(Debug, Clone, FromRow)]
pub struct Webhook {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: WebhookId,
    #[sqlx(try_from = "Uuid")]
    pub(crate) tenant_id: TenantId,
    app_id: Option<String>,
    /// Where requests go.
    pub url: String,
    events: String,
    format: String,
    /// Why nothing is sent: `requested`, `failing` or `gone`.
    pub pause_reason: Option<String>,
    /// Since when no request was taken.
    pub failing_since: Option<Timestamp>,
    /// When the last request was made.
    pub last_delivery_at: Option<Timestamp>,
    /// Whether it was `delivered` or has `failed`.
    pub last_status: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Webhook {
    /// The only app that it tells of.
    #[must_use]
    pub fn app_id(&self) -> Option<AppId> {
        self.app_id.as_deref().and_then(|id| id.parse().ok())
    }

    /// Whose it is.
    #[must_use]
    pub fn tenant_id(&self) -> TenantId {
        self.tenant_id
    }

    /// What it is set to.
    ///
    /// # Errors
    /// [`DbError::Damaged`].
    pub fn settings(&self) -> Result<WebhookSettings, DbError> {
        let events = match self.events.as_str() {
            EVERY_EVENT => None,
            names => Some(names.split(' ').filter_map(WebhookEventType::parse).collect()),
        };
        Ok(WebhookSettings {
            url: self.url.clone(),
            app_id: self.app_id(),
            events,
            format: WebhookFormat::parse(&self.format)?,
            is_paused: self.pause_reason.is_some(),
        })
    }
}

fn names(events: Option<&[WebhookEventType]>) -> String {
    match events {
        None => EVERY_EVENT.to_owned(),
        Some(events) => {
            let names: Vec<&str> = events.iter().map(|event| event.as_str()).collect();
            names.join(" ")
        }
    }
}

/// What signs requests: `whsec_` and the base64 of random bytes.
fn new_secret() -> String {
    format!("whsec_{}", STANDARD.encode(rand::random::<[u8; SECRET_BYTES]>()))
}

/// A secret is bound to its webhook, so that none can be put in place of another.
pub(crate) fn seal_context(id: WebhookId) -> String {
    format!("webhook {id}")
}

impl TenantScope<'_> {
    /// Makes a webhook, and gives it with its secret.
    ///
    /// # Errors
    /// [`DbError::AppUnknown`], [`DbError::TooManyWebhooks`], [`DbError::Query`].
    pub async fn create_webhook(
        &self,
        new: &WebhookSettings,
        by: &Author,
        now: Timestamp,
    ) -> Result<(Webhook, String), DbError> {
        let mut change = self.begin().await?;
        self.check_app(&mut change, new.app_id.as_ref()).await?;
        let (count,): (i64,) = sql("SELECT COUNT(*) FROM webhooks WHERE tenant_id = $1")
            .bind(self.tenant_id())
            .fetch_one(&mut change)
            .await?;
        if count >= i64::from(MAX_WEBHOOKS) {
            return Err(DbError::TooManyWebhooks);
        }
        let (id, secret) = (WebhookId::generate(), new_secret());
        let sealed = self.database().master_key().seal(&seal_context(id), secret.as_bytes());
        let webhook = sql("INSERT INTO webhooks (tenant_id, id, app_id, url, events, format, \
             sealed_secret, pause_reason, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING *")
        .bind(self.tenant_id())
        .bind(id)
        .bind(new.app_id.as_ref())
        .bind(&new.url)
        .bind(names(new.events.as_deref()))
        .bind(new.format.as_str())
        .bind(sealed)
        .bind(new.is_paused.then_some("requested"))
        .bind(now)
        .fetch_one(&mut change)
        .await?;
        self.record(&mut change, "webhook.created", id, Some(new), by, now).await?;
        change.commit().await?;
        Ok((webhook, secret))
    }

    /// At most `limit` webhooks, the oldest first, after the given one; of one app or of all.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn webhooks(
        &self,
        only_app: Option<&AppId>,
        after: Option<&(Timestamp, WebhookId)>,
        limit: u32,
    ) -> Result<Vec<Webhook>, DbError> {
        let first = (Timestamp::from_micros(i64::MIN), WebhookId::from_uuid(Uuid::nil()));
        let (created_at, id) = after.copied().unwrap_or(first);
        sql("SELECT * FROM webhooks WHERE tenant_id = $1 AND ($2 IS NULL OR app_id = $2) \
             AND (created_at > $3 OR (created_at = $3 AND id > $4)) \
             ORDER BY created_at, id LIMIT $5")
        .bind(self.tenant_id())
        .bind(only_app)
        .bind(created_at)
        .bind(id)
        .bind(limit)
        .fetch_all(self)
        .await
    }

    /// One webhook; with `only_app` it has to be one of this app alone.
    ///
    /// # Errors
    /// [`DbError::WebhookUnknown`], [`DbError::Query`].
    pub async fn webhook(
        &self,
        id: WebhookId,
        only_app: Option<&AppId>,
    ) -> Result<Webhook, DbError> {
        let found: Option<Webhook> = sql("SELECT * FROM webhooks WHERE tenant_id = $1 \
             AND id = $2 AND ($3 IS NULL OR app_id = $3)")
        .bind(self.tenant_id())
        .bind(id)
        .bind(only_app)
        .fetch_optional(self)
        .await?;
        found.ok_or(DbError::WebhookUnknown)
    }

    /// Sets a webhook anew. One that is no longer paused goes on with what waits.
    ///
    /// # Errors
    /// [`DbError::WebhookUnknown`], [`DbError::AppUnknown`], [`DbError::Query`].
    pub async fn update_webhook(
        &self,
        id: WebhookId,
        settings: &WebhookSettings,
        by: &Author,
        now: Timestamp,
    ) -> Result<Webhook, DbError> {
        let mut change = self.begin().await?;
        self.check_app(&mut change, settings.app_id.as_ref()).await?;
        let webhook: Option<Webhook> = sql("UPDATE webhooks SET url = $3, app_id = $4, \
             events = $5, format = $6, \
             failing_since = CASE WHEN $7 THEN failing_since ELSE NULL END, \
             pause_reason = CASE WHEN $7 THEN COALESCE(pause_reason, 'requested') ELSE NULL END \
             WHERE tenant_id = $1 AND id = $2 RETURNING *")
        .bind(self.tenant_id())
        .bind(id)
        .bind(&settings.url)
        .bind(settings.app_id.as_ref())
        .bind(names(settings.events.as_deref()))
        .bind(settings.format.as_str())
        .bind(settings.is_paused)
        .fetch_optional(&mut change)
        .await?;
        let webhook = webhook.ok_or(DbError::WebhookUnknown)?;
        self.record(&mut change, "webhook.changed", id, Some(settings), by, now).await?;
        change.commit().await?;
        Ok(webhook)
    }

    /// Deletes a webhook and what was delivered to it.
    ///
    /// # Errors
    /// [`DbError::WebhookUnknown`], [`DbError::Query`].
    pub async fn delete_webhook(
        &self,
        id: WebhookId,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        for statement in [
            "DELETE FROM webhook_attempts WHERE tenant_id = $1 AND delivery_id IN \
             (SELECT id FROM webhook_deliveries WHERE tenant_id = $1 AND webhook_id = $2)",
            "DELETE FROM webhook_deliveries WHERE tenant_id = $1 AND webhook_id = $2",
        ] {
            sql(statement).bind(self.tenant_id()).bind(id).execute(&mut change).await?;
        }
        let done = sql("DELETE FROM webhooks WHERE tenant_id = $1 AND id = $2")
            .bind(self.tenant_id())
            .bind(id)
            .execute(&mut change)
            .await?;
        if done == 0 {
            return Err(DbError::WebhookUnknown);
        }
        self.record(&mut change, "webhook.deleted", id, None, by, now).await?;
        change.commit().await
    }

    /// Replaces the secret; the old one signs beside it for 24 hours.
    ///
    /// # Errors
    /// [`DbError::WebhookUnknown`], [`DbError::Query`].
    pub async fn rotate_webhook_secret(
        &self,
        id: WebhookId,
        by: &Author,
        now: Timestamp,
    ) -> Result<String, DbError> {
        let mut change = self.begin().await?;
        let secret = new_secret();
        let sealed = self.database().master_key().seal(&seal_context(id), secret.as_bytes());
        let done = sql("UPDATE webhooks SET sealed_old_secret = sealed_secret, \
             old_secret_until = $3, sealed_secret = $4 WHERE tenant_id = $1 AND id = $2")
        .bind(self.tenant_id())
        .bind(id)
        .bind(now + OLD_SECRET_SIGNS_FOR)
        .bind(sealed)
        .execute(&mut change)
        .await?;
        if done == 0 {
            return Err(DbError::WebhookUnknown);
        }
        self.record(&mut change, "webhook.secret_rotated", id, None, by, now).await?;
        change.commit().await?;
        Ok(secret)
    }

    /// Writes a test event for one webhook, also while it is paused, and gives its delivery.
    ///
    /// # Errors
    /// [`DbError::WebhookUnknown`], [`DbError::Query`].
    pub async fn test_webhook(
        &self,
        webhook: &Webhook,
        by: &Author,
        now: Timestamp,
    ) -> Result<WebhookDeliveryId, DbError> {
        let mut change = self.begin().await?;
        let message = "This is a test.";
        let event = WebhookEvent {
            kind: WebhookEventType::Test,
            app_id: webhook.app_id(),
            place: None,
            at: now,
            data: json!({ "message": message }),
            jaas: json!({ "message": message }),
        };
        let event_id = ReportId::generate();
        let format = WebhookFormat::parse(&webhook.format)?;
        let body = render(self.tenant_id(), event_id, &event, None, format);
        let webhook_id = webhook.id.as_uuid();
        let id =
            insert_delivery(&mut change, self.tenant_id(), webhook_id, event_id, &event, &body)
                .await?;
        self.record(&mut change, "webhook.tested", webhook.id, None, by, now).await?;
        change.commit().await?;
        Ok(id)
    }

    async fn check_app(
        &self,
        change: &mut Transaction,
        app_id: Option<&AppId>,
    ) -> Result<(), DbError> {
        let Some(app_id) = app_id else { return Ok(()) };
        let found: Option<(String,)> = sql("SELECT id FROM apps WHERE tenant_id = $1 AND id = $2 \
             AND deleted_at IS NULL")
        .bind(self.tenant_id())
        .bind(app_id)
        .fetch_optional(change)
        .await?;
        found.map(drop).ok_or(DbError::AppUnknown)
    }

    async fn record(
        &self,
        change: &mut Transaction,
        action: &'static str,
        id: WebhookId,
        settings: Option<&WebhookSettings>,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let act = Act::new(action, self.tenant_id(), ("webhook", id));
        let act = match settings {
            Some(settings) => act.after(json!({
                "url": settings.url,
                "app_id": settings.app_id,
                "events": names(settings.events.as_deref()),
                "format": settings.format.as_str(),
                "is_paused": settings.is_paused,
            })),
            None => act,
        };
        act.record(change, by, now).await
    }
}

/// A webhook that fails, with its tenant.
#[derive(Debug, FromRow)]
pub struct FailingWebhook {
    /// Name of the tenant.
    pub tenant_name: String,
    /// The webhook.
    #[sqlx(flatten)]
    pub webhook: Webhook,
}

impl OperatorScope<'_> {
    /// At most `limit` webhooks of all tenants that fail, or were paused for it, those that fail
    /// longest first.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn failing_webhooks(&self, limit: u32) -> Result<Vec<FailingWebhook>, DbError> {
        sql("SELECT webhooks.*, tenants.name AS tenant_name FROM webhooks \
             JOIN tenants ON tenants.id = webhooks.tenant_id \
             WHERE failing_since IS NOT NULL AND tenants.deleted_at IS NULL \
             ORDER BY failing_since, webhooks.id LIMIT $1")
        .bind(limit)
        .fetch_all(self)
        .await
    }

    /// Pauses a webhook that is taken to be broken, and writes to the owners of its tenant.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn pause_webhook(
        &self,
        id: WebhookId,
        reason: &'static str,
        compose: &(dyn Fn(&PausedWebhook) -> OutgoingMail + Send + Sync),
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        let paused: Option<Webhook> = sql("UPDATE webhooks SET pause_reason = $2 \
             WHERE id = $1 AND pause_reason IS NULL RETURNING *")
        .bind(id)
        .bind(reason)
        .fetch_optional(&mut change)
        .await?;
        let Some(webhook) = paused else { return Ok(()) };
        let owners: Vec<Owner> = sql("SELECT users.email, users.language FROM memberships \
             JOIN users ON users.id = memberships.user_id \
             WHERE memberships.tenant_id = $1 AND memberships.role = 'owner'")
        .bind(webhook.tenant_id)
        .fetch_all(&mut change)
        .await?;
        for Owner { email, language } in owners {
            let tenant_id = webhook.tenant_id;
            let paused = PausedWebhook { tenant_id, url: webhook.url.clone(), email, language };
            queue_mail(&mut change, self.database(), &compose(&paused), now).await?;
        }
        Act::new("webhook.paused", webhook.tenant_id, ("webhook", id))
            .after(json!({ "reason": reason, "url": webhook.url }))
            .record(&mut change, &Author::system(), now)
            .await?;
        change.commit().await
    }
}

#[derive(FromRow)]
struct Owner {
    email: String,
    #[sqlx(try_from = "String")]
    language: Language,
}

/// What a mail about a paused webhook is made of.
#[derive(Debug, Clone)]
pub struct PausedWebhook {
    /// Whose it is.
    pub tenant_id: TenantId,
    /// Where requests went.
    pub url: String,
    /// An owner.
    pub email: String,
    /// The language of the owner's mails.
    pub language: Language,
}
