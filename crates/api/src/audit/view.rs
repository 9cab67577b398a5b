//! A line of the audit, and which lines are looked for.

use jumpa_db::{AuditEvent, AuditFilter};
use jumpa_protocol::{AuditEventId, TenantId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::{
    ApiError,
    time::{self, rfc3339},
    word_sets::AuditActorKind,
};

/// One act.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEvent)]
pub(crate) struct AuditEventView {
    id: AuditEventId,
    /// The tenant that it concerns.
    #[schema(required)]
    tenant_id: Option<TenantId>,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    at: String,
    /// `user`, `operator`, `api_key` or `system`.
    #[schema(value_type = AuditActorKind, example = "user")]
    actor_kind: String,
    /// The public id of who acted.
    #[schema(required)]
    actor_id: Option<String>,
    /// Their e-mail address or name at that moment.
    #[schema(example = "rina@melati.example")]
    actor_name: String,
    /// Noun and past participle.
    #[schema(example = "member.role_changed")]
    action: String,
    #[schema(example = "user")]
    target_kind: String,
    target_id: String,
    /// What it was, as far as it changed.
    #[schema(required, value_type = Option<Object>)]
    before: Option<Value>,
    /// What it became.
    #[schema(required, value_type = Option<Object>)]
    after: Option<Value>,
    /// From which network address.
    #[schema(required, example = "192.0.2.7")]
    address: Option<String>,
    #[schema(required)]
    request_id: Option<String>,
}

impl From<AuditEvent> for AuditEventView {
    fn from(event: AuditEvent) -> Self {
        Self {
            tenant_id: event.tenant_id(),
            before: event.before().cloned(),
            after: event.after().cloned(),
            id: event.id,
            at: rfc3339(event.at),
            actor_kind: event.actor_kind,
            actor_id: event.actor_id,
            actor_name: event.actor_name,
            action: event.action,
            target_kind: event.target_kind,
            target_id: event.target_id,
            address: event.address,
            request_id: event.request_id,
        }
    }
}

/// Which lines are looked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuditQuery {
    action: Option<String>,
    actor_id: Option<String>,
    target_id: Option<String>,
    from: Option<String>,
    until: Option<String>,
    /// Only for those who run the platform.
    pub(crate) tenant_id: Option<TenantId>,
}

impl AuditQuery {
    pub(crate) fn filter(&self) -> Result<AuditFilter, ApiError> {
        let at = |field, text: &Option<String>| {
            text.as_ref().map(|text| time::parse(field, text)).transpose()
        };
        Ok(AuditFilter {
            action: self.action.clone(),
            actor_id: self.actor_id.clone(),
            target_id: self.target_id.clone(),
            from: at("from", &self.from)?,
            until: at("until", &self.until)?,
        })
    }
}

/// The filters of the list, for the OpenAPI document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `AuditQuery` reads")]
pub(crate) struct AuditParameters {
    /// Exactly this action, `member.removed`.
    action: Option<String>,
    /// Exactly this actor, by public id.
    actor_id: Option<String>,
    /// Exactly this target, by public id.
    target_id: Option<String>,
    /// Not before, RFC 3339.
    from: Option<String>,
    /// Before, RFC 3339.
    until: Option<String>,
}
