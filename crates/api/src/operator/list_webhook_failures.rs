//! `GET /v1/operator/webhook_failures`.

use axum::{Json, extract::State};
use jumpa_db::FailingWebhook;
use jumpa_protocol::TenantId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    ApiError, api_state::ApiState, page::Page, session::OperatorAccess, webhooks::view::WebhookView,
};

/// Most webhooks that are shown; those that fail longest come first.
const MOST: u32 = 500;

/// A webhook that fails, with its tenant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookFailure {
    tenant_id: TenantId,
    #[schema(example = "Toko Melati")]
    tenant_name: String,
    webhook: WebhookView,
}

/// List the webhooks that fail
///
/// Of every tenant, those that fail longest first, with those that were paused for it.
#[utoipa::path(
    get,
    path = "/v1/operator/webhook_failures",
    operation_id = "list_webhook_failures",
    tag = "operator",
    responses((status = OK, description = "At most 500", body = Page<WebhookFailure>)),
    security(("session" = [])),
)]
pub(crate) async fn list_webhook_failures(
    _operator: OperatorAccess,
    State(state): State<ApiState>,
) -> Result<Json<Page<WebhookFailure>>, ApiError> {
    let found = state.database().operator().failing_webhooks(MOST).await?;
    let view = |failing: FailingWebhook| -> Result<WebhookFailure, ApiError> {
        Ok(WebhookFailure {
            tenant_id: failing.webhook.tenant_id(),
            tenant_name: failing.tenant_name,
            webhook: failing.webhook.try_into()?,
        })
    };
    let failures = found.into_iter().map(view).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::whole(failures)))
}
