//! `POST /v1/webhooks/{webhook_id}/rotate_secret`.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::Timestamp;
use jumpa_protocol::WebhookId;
use serde::Serialize;
use utoipa::ToSchema;

use super::webhook_of;
use crate::{ApiError, actor::AppsAccess, api_state::ApiState, needs, tenant_access::TenantHeader};

/// A new secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RotatedSecret {
    /// Signs requests from now on. Shown here and never again.
    #[schema(example = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")]
    secret: String,
}

/// Replace the secret of a webhook
///
/// For 24 hours requests carry two signatures, one by the old secret. Needs `webhooks:write`.
#[utoipa::path(
    post,
    path = "/v1/webhooks/{webhook_id}/rotate_secret",
    operation_id = "rotate_webhook_secret",
    tag = "webhooks",
    params(TenantHeader, ("webhook_id" = WebhookId, Path)),
    responses((status = OK, description = "The new secret", body = RotatedSecret)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn rotate_secret(
    access: AppsAccess<needs::WriteWebhooks>,
    State(state): State<ApiState>,
    Path(webhook_id): Path<String>,
) -> Result<Json<RotatedSecret>, ApiError> {
    let webhook = webhook_of(&access, &state, &webhook_id).await?;
    let (by, now) = (access.author(), Timestamp::now());
    let secret = access.scope(&state).rotate_webhook_secret(webhook.id, by, now).await?;
    Ok(Json(RotatedSecret { secret }))
}
