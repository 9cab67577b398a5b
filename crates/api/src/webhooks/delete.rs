//! `DELETE /v1/webhooks/{webhook_id}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use jumpa_db::Timestamp;
use jumpa_protocol::WebhookId;

use super::webhook_of;
use crate::{ApiError, actor::AppsAccess, api_state::ApiState, needs, tenant_access::TenantHeader};

/// Delete a webhook
///
/// With the log of what was delivered to it. Needs `webhooks:write`.
#[utoipa::path(
    delete,
    path = "/v1/webhooks/{webhook_id}",
    operation_id = "delete_webhook",
    tag = "webhooks",
    params(TenantHeader, ("webhook_id" = WebhookId, Path)),
    responses((status = NO_CONTENT, description = "Gone")),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn delete(
    access: AppsAccess<needs::WriteWebhooks>,
    State(state): State<ApiState>,
    Path(webhook_id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let webhook = webhook_of(&access, &state, &webhook_id).await?;
    let (by, now) = (access.author(), Timestamp::now());
    access.scope(&state).delete_webhook(webhook.id, by, now).await?;
    Ok(StatusCode::NO_CONTENT)
}
