//! `GET /v1/webhooks/{webhook_id}`.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_protocol::WebhookId;

use super::{view::WebhookView, webhook_of};
use crate::{ApiError, actor::AppsAccess, api_state::ApiState, needs, tenant_access::TenantHeader};

/// Show a webhook
///
/// Needs `webhooks:read`.
#[utoipa::path(
    get,
    path = "/v1/webhooks/{webhook_id}",
    operation_id = "show_webhook",
    tag = "webhooks",
    params(TenantHeader, ("webhook_id" = WebhookId, Path)),
    responses((status = OK, description = "The webhook", body = WebhookView)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn show(
    access: AppsAccess<needs::ReadWebhooks>,
    State(state): State<ApiState>,
    Path(webhook_id): Path<String>,
) -> Result<Json<WebhookView>, ApiError> {
    Ok(Json(webhook_of(&access, &state, &webhook_id).await?.try_into()?))
}
