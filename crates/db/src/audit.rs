//! Who changed what: one line for each act, written with the change itself.

use jumpa_protocol::{AppId, AuditEventId, TenantId};
use serde::Serialize;
use serde_json::{Map, Value, json};
use sqlx::{FromRow, types::Json};
use uuid::Uuid;

use crate::{
    DbError, OperatorScope, TenantScope, Timestamp, WebhookEventType,
    statement::sql,
    transaction::Transaction,
    webhook_events::{WebhookEvent, queue_event},
};

/// What acts on recordings name as the kind of their target.
pub(crate) const RECORDING: &str = "recording";

/// What kind of somebody acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// Somebody who logged in, for a tenant or for themselves.
    User,
    /// Somebody who runs the platform, as such.
    Operator,
    /// The back end of an app.
    ApiKey,
    /// The server itself, or a command on its machine.
    System,
}

impl ActorKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::User, Self::Operator, Self::ApiKey, Self::System];

    /// The word as it is stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Operator => "operator",
            Self::ApiKey => "api_key",
            Self::System => "system",
        }
    }
}

/// Who acts, and from where.
#[derive(Debug, Clone)]
pub struct Author {
    /// What kind of somebody.
    pub kind: ActorKind,
    /// Their public id, `usr_…` or `apk_…`.
    pub id: Option<String>,
    /// Their e-mail address or the name of the key, as it is at this moment.
    pub name: String,
    /// The network address that the request came from.
    pub address: Option<String>,
    /// The request, as the log names it.
    pub request_id: Option<String>,
}

impl Author {
    /// The server itself.
    #[must_use]
    pub fn system() -> Self {
        Self {
            kind: ActorKind::System,
            id: None,
            name: "system".to_owned(),
            address: None,
            request_id: None,
        }
    }
}

/// One act on its way into the audit. Secrets never stand in `before` or `after`.
pub(crate) struct Act {
    /// Noun and past participle, `tenant.suspended`.
    pub(crate) action: &'static str,
    /// The tenant that may read of it.
    pub(crate) tenant_id: Option<TenantId>,
    /// What was changed: kind and public id.
    pub(crate) target: (&'static str, String),
    /// What it was, as far as it changed.
    pub(crate) before: Option<Value>,
    /// What it is now.
    pub(crate) after: Option<Value>,
}

impl Act {
    /// An act of which nothing but the name is worth telling.
    pub(crate) fn new(
        action: &'static str,
        tenant_id: impl Into<Option<TenantId>>,
        target: (&'static str, impl ToString),
    ) -> Self {
        let (kind, id) = target;
        Self {
            action,
            tenant_id: tenant_id.into(),
            target: (kind, id.to_string()),
            before: None,
            after: None,
        }
    }

    /// Tells what it was.
    pub(crate) fn before(self, before: Value) -> Self {
        Self { before: Some(before), ..self }
    }

    /// Tells what it is now.
    pub(crate) fn after(self, after: Value) -> Self {
        Self { after: Some(after), ..self }
    }

    /// Writes the line as part of the change.
    pub(crate) async fn record(
        self,
        change: &mut Transaction,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        self.tell(change, now).await?;
        let (target_kind, target_id) = self.target;
        sql("INSERT INTO audit_events (id, tenant_id, at, actor_kind, actor_id, actor_name, action, \
             target_kind, target_id, before, after, address, request_id) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
        .bind(AuditEventId::generate())
        .bind(self.tenant_id)
        .bind(now)
        .bind(by.kind.as_str())
        .bind(by.id.clone())
        .bind(&by.name)
        .bind(self.action)
        .bind(target_kind)
        .bind(target_id)
        .bind(self.before)
        .bind(self.after)
        .bind(by.address.clone())
        .bind(by.request_id.clone())
        .execute(change)
        .await?;
        Ok(())
    }
}

/// What differs, as it was and as it is.
pub(crate) fn differences<T: Serialize>(before: &T, after: &T) -> (Value, Value) {
    let fields = |settings: &T| match json!(settings) {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    let (mut before, mut after) = (fields(before), fields(after));
    let same: Vec<String> = before
        .iter()
        .filter(|(name, value)| after.get(*name) == Some(value))
        .map(|(name, _)| name.clone())
        .collect();
    for name in same {
        before.remove(&name);
        after.remove(&name);
    }
    (before.into(), after.into())
}

impl Act {
    /// Tells webhooks what was done to apps and keys.
    async fn tell(&self, change: &mut Transaction, now: Timestamp) -> Result<(), DbError> {
        let (Some(tenant_id), Some(kind)) = (self.tenant_id, WebhookEventType::parse(self.action))
        else {
            return Ok(());
        };
        let (target_kind, target_id) = &self.target;
        // Of recordings webhooks hear more than what was changed: `recordings.rs` tells it.
        if *target_kind == RECORDING {
            return Ok(());
        }
        let after = self.after.clone().unwrap_or_default();
        let app_id = match *target_kind {
            "app" => Some(target_id.as_str()),
            _ => after["app_id"].as_str(),
        };
        let mut data = Map::new();
        data.insert("changes".to_owned(), after.clone());
        if *target_kind == "key" {
            data.insert("key_id".to_owned(), target_id.as_str().into());
        }
        let data = Value::Object(data);
        let app_id = app_id.and_then(|id| id.parse().ok());
        let event =
            WebhookEvent { kind, app_id, place: None, at: now, data: data.clone(), jaas: data };
        queue_event(change, tenant_id, &event).await
    }
}

/// One line of the audit.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct AuditEvent {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: AuditEventId,
    /// The tenant that it concerns.
    tenant_id: Option<Uuid>,
    /// When.
    pub at: Timestamp,
    /// `user`, `operator`, `api_key` or `system`.
    pub actor_kind: String,
    /// The public id of who acted.
    pub actor_id: Option<String>,
    /// Their e-mail address or name at that moment.
    pub actor_name: String,
    /// Noun and past participle.
    pub action: String,
    /// What kind of thing was changed.
    pub target_kind: String,
    /// Its public id.
    pub target_id: String,
    before: Option<Json<Value>>,
    after: Option<Json<Value>>,
    /// From which network address.
    pub address: Option<String>,
    /// The request, as the log names it.
    pub request_id: Option<String>,
}

impl AuditEvent {
    /// The tenant that it concerns.
    #[must_use]
    pub fn tenant_id(&self) -> Option<TenantId> {
        self.tenant_id.map(TenantId::from_uuid)
    }

    /// What it was, as far as it changed.
    #[must_use]
    pub fn before(&self) -> Option<&Value> {
        self.before.as_ref().map(|Json(value)| value)
    }

    /// What it became.
    #[must_use]
    pub fn after(&self) -> Option<&Value> {
        self.after.as_ref().map(|Json(value)| value)
    }
}

/// Which lines are looked for; `None` takes all.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Exactly this action.
    pub action: Option<String>,
    /// Exactly this actor's public id.
    pub actor_id: Option<String>,
    /// Exactly this target's public id.
    pub target_id: Option<String>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

/// The place of a line in the list.
pub type AuditPlace = (Timestamp, AuditEventId);

impl TenantScope<'_> {
    /// Tells of a join token that somebody made by hand; `what` says for whom, never the token.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn note_token_created(
        &self,
        app_id: &AppId,
        what: Value,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        let act = Act::new("token.created", self.tenant_id(), ("app", app_id)).after(what);
        act.record(&mut change, by, now).await?;
        change.commit().await
    }

    /// At most `limit` lines that concern the tenant, the newest first, after the given one.
    ///
    /// # Errors
    /// [`DbError::Query`], [`DbError::Unavailable`].
    pub async fn audit(
        &self,
        filter: &AuditFilter,
        after: Option<&AuditPlace>,
        limit: u32,
    ) -> Result<Vec<AuditEvent>, DbError> {
        let (at, id) = newest_place(after);
        sql("SELECT * FROM audit_events WHERE tenant_id = $1 \
             AND (at < $2 OR (at = $2 AND id < $3)) \
             AND ($4 IS NULL OR action = $4) AND ($5 IS NULL OR actor_id = $5) \
             AND ($6 IS NULL OR target_id = $6) AND ($7 IS NULL OR at >= $7) \
             AND ($8 IS NULL OR at < $8) ORDER BY at DESC, id DESC LIMIT $9")
        .bind(self.tenant_id())
        .bind(at)
        .bind(id)
        .bind(filter.action.clone())
        .bind(filter.actor_id.clone())
        .bind(filter.target_id.clone())
        .bind(filter.from)
        .bind(filter.until)
        .bind(limit)
        .fetch_all(self)
        .await
    }
}

impl OperatorScope<'_> {
    /// At most `limit` lines of the platform, or of one tenant, the newest first, after the given
    /// one.
    ///
    /// # Errors
    /// [`DbError::Query`], [`DbError::Unavailable`].
    pub async fn audit(
        &self,
        tenant_id: Option<TenantId>,
        filter: &AuditFilter,
        after: Option<&AuditPlace>,
        limit: u32,
    ) -> Result<Vec<AuditEvent>, DbError> {
        let (at, id) = newest_place(after);
        sql("SELECT * FROM audit_events WHERE ($1 IS NULL OR tenant_id = $1) \
             AND (at < $2 OR (at = $2 AND id < $3)) \
             AND ($4 IS NULL OR action = $4) AND ($5 IS NULL OR actor_id = $5) \
             AND ($6 IS NULL OR target_id = $6) AND ($7 IS NULL OR at >= $7) \
             AND ($8 IS NULL OR at < $8) ORDER BY at DESC, id DESC LIMIT $9")
        .bind(tenant_id)
        .bind(at)
        .bind(id)
        .bind(filter.action.clone())
        .bind(filter.actor_id.clone())
        .bind(filter.target_id.clone())
        .bind(filter.from)
        .bind(filter.until)
        .bind(limit)
        .fetch_all(self)
        .await
    }
}

fn newest_place(after: Option<&AuditPlace>) -> AuditPlace {
    after
        .copied()
        .unwrap_or((Timestamp::from_micros(i64::MAX), AuditEventId::from_uuid(Uuid::nil())))
}
