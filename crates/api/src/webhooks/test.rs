//! `POST /v1/webhooks/{webhook_id}/test`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use jumpa_db::Timestamp;
use jumpa_protocol::WebhookId;
use serde::Serialize;
use utoipa::ToSchema;

use super::{deliveries::DeliveryView, webhook_of};
use crate::{ApiError, actor::AppsAccess, api_state::ApiState, needs, tenant_access::TenantHeader};

/// A test that is on its way.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SentTest {
    delivery: DeliveryView,
}

/// Send a test event
///
/// An event `webhook.test`, at once and also while the webhook is paused. Look at the delivery for
/// how it went. Needs `webhooks:write`.
#[utoipa::path(
    post,
    path = "/v1/webhooks/{webhook_id}/test",
    operation_id = "send_test_event",
    tag = "webhooks",
    params(TenantHeader, ("webhook_id" = WebhookId, Path)),
    responses((status = ACCEPTED, description = "The delivery", body = SentTest)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn test(
    access: AppsAccess<needs::WriteWebhooks>,
    State(state): State<ApiState>,
    Path(webhook_id): Path<String>,
) -> Result<(StatusCode, Json<SentTest>), ApiError> {
    let webhook = webhook_of(&access, &state, &webhook_id).await?;
    let scope = access.scope(&state);
    let id = scope.test_webhook(&webhook, access.author(), Timestamp::now()).await?;
    let (delivery, _) = scope.webhook_delivery(id, None).await?;
    Ok((StatusCode::ACCEPTED, Json(SentTest { delivery: delivery.into() })))
}
