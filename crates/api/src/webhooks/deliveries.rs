//! What was delivered to webhooks: the list, one with its attempts, and once more.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::{StoredAttempt, Timestamp, WebhookDelivery};
use jumpa_protocol::{ReportId, WebhookDeliveryId, WebhookId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::webhook_of;
use crate::{
    ApiError,
    actor::AppsAccess,
    api_state::ApiState,
    fields, needs,
    page::{Page, PageParameters, PageQuery},
    tenant_access::TenantHeader,
    time::rfc3339,
    word_sets::WebhookEventName,
};

/// Which deliveries are looked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeliveryQuery {
    #[param(inline)]
    status: Option<DeliveryStatus>,
}

/// How far a delivery is.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WebhookDeliveryStatus)]
pub(crate) enum DeliveryStatus {
    /// It waits to be made, for the first time or once more.
    Pending,
    /// It was taken.
    Delivered,
    /// It was given up.
    Failed,
}

/// An event on its way to a webhook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookDelivery)]
pub(crate) struct DeliveryView {
    id: WebhookDeliveryId,
    webhook_id: WebhookId,
    #[schema(value_type = WebhookEventName, example = "room.started")]
    event_type: String,
    /// `webhook-id` of the request: the same in every attempt.
    event_id: ReportId,
    #[schema(format = DateTime)]
    created_at: String,
    /// `pending`, `delivered` or `failed`.
    #[schema(value_type = DeliveryStatus, example = "delivered")]
    status: String,
    attempts: u32,
    /// When it is tried again.
    #[schema(format = DateTime, required)]
    next_attempt_at: Option<String>,
    #[schema(required, example = 204)]
    last_status_code: Option<i64>,
}

impl From<WebhookDelivery> for DeliveryView {
    fn from(delivery: WebhookDelivery) -> Self {
        let is_pending = delivery.status == "pending";
        Self {
            id: delivery.id,
            webhook_id: delivery.webhook_id,
            event_type: delivery.event_type,
            event_id: delivery.event_id,
            created_at: rfc3339(delivery.created_at),
            next_attempt_at: is_pending.then(|| rfc3339(delivery.next_attempt_at)),
            status: delivery.status,
            attempts: delivery.attempts,
            last_status_code: delivery.last_status_code,
        }
    }
}

/// A delivery with all that was said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryDetail {
    #[serde(flatten)]
    delivery: DeliveryView,
    /// The body of every request.
    request_body: String,
    /// The oldest first.
    attempts_log: Vec<AttemptView>,
}

/// One request.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookAttempt)]
pub(crate) struct AttemptView {
    #[schema(format = DateTime)]
    at: String,
    #[schema(required, example = 500)]
    status_code: Option<i64>,
    /// Why no answer came.
    #[schema(required)]
    error: Option<String>,
    duration_ms: i64,
    /// The first 4,096 bytes of the answer.
    response_body: String,
}

impl From<StoredAttempt> for AttemptView {
    fn from(attempt: StoredAttempt) -> Self {
        Self {
            at: rfc3339(attempt.at),
            status_code: attempt.status_code,
            error: attempt.error,
            duration_ms: attempt.duration_ms,
            response_body: attempt.response_body,
        }
    }
}

/// List the deliveries of a webhook
///
/// The newest first; they are kept for 30 days. Needs `webhooks:read`.
#[utoipa::path(
    get,
    path = "/v1/webhooks/{webhook_id}/deliveries",
    operation_id = "list_webhook_deliveries",
    tag = "webhooks",
    params(TenantHeader, ("webhook_id" = WebhookId, Path), DeliveryQuery, PageParameters),
    responses((status = OK, description = "One page", body = Page<DeliveryView>)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn list(
    access: AppsAccess<needs::ReadWebhooks>,
    State(state): State<ApiState>,
    Path(webhook_id): Path<String>,
    query: PageQuery<DeliveryQuery>,
) -> Result<Json<Page<DeliveryView>>, ApiError> {
    let webhook = webhook_of(&access, &state, &webhook_id).await?;
    let status = query.filter.status.map(|status| match status {
        DeliveryStatus::Pending => "pending",
        DeliveryStatus::Delivered => "delivered",
        DeliveryStatus::Failed => "failed",
    });
    let after = query.after::<WebhookDeliveryId>()?;
    let scope = access.scope(&state);
    let limit = query.fetch_limit();
    let found = scope.webhook_deliveries(webhook.id, status, after.as_ref(), limit).await?;
    let place = |delivery: &WebhookDelivery| (delivery.created_at, delivery.id);
    Ok(Json(query.page(found, place, DeliveryView::from)))
}

/// Show a delivery
///
/// With the body of its request and every attempt. Needs `webhooks:read`.
#[utoipa::path(
    get,
    path = "/v1/webhook_deliveries/{delivery_id}",
    operation_id = "show_webhook_delivery",
    tag = "webhooks",
    params(TenantHeader, ("delivery_id" = WebhookDeliveryId, Path)),
    responses((status = OK, description = "The delivery", body = DeliveryDetail)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn show(
    access: AppsAccess<needs::ReadWebhooks>,
    State(state): State<ApiState>,
    Path(delivery_id): Path<String>,
) -> Result<Json<DeliveryDetail>, ApiError> {
    let (id, only_app) = (fields::id(&delivery_id)?, access.select(None)?);
    let scope = access.scope(&state);
    let (delivery, attempts) = scope.webhook_delivery(id, only_app.as_ref()).await?;
    Ok(Json(DeliveryDetail {
        request_body: delivery.request_body.clone(),
        delivery: delivery.into(),
        attempts_log: attempts.into_iter().map(AttemptView::from).collect(),
    }))
}

/// Deliver once more
///
/// At once, whatever became of it before, and again for a day if it is not taken. Needs
/// `webhooks:write`.
#[utoipa::path(
    post,
    path = "/v1/webhook_deliveries/{delivery_id}/resend",
    operation_id = "resend_webhook_delivery",
    tag = "webhooks",
    params(TenantHeader, ("delivery_id" = WebhookDeliveryId, Path)),
    responses((status = OK, description = "The delivery", body = DeliveryView)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn resend(
    access: AppsAccess<needs::WriteWebhooks>,
    State(state): State<ApiState>,
    Path(delivery_id): Path<String>,
) -> Result<Json<DeliveryView>, ApiError> {
    let (id, only_app) = (fields::id(&delivery_id)?, access.select(None)?);
    let scope = access.scope(&state);
    scope.webhook_delivery(id, only_app.as_ref()).await?;
    scope.resend_webhook_delivery(id, access.author(), Timestamp::now()).await?;
    let (delivery, _) = scope.webhook_delivery(id, only_app.as_ref()).await?;
    Ok(Json(delivery.into()))
}
