//! `PATCH /v1/webhooks/{webhook_id}`, and resuming a paused one.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::{Timestamp, WebhookSettings};
use jumpa_protocol::WebhookId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    view::{self, Format, WebhookView},
    webhook_of,
};
use crate::{
    ApiError, actor::AppsAccess, api_state::ApiState, json_body::JsonBody, needs,
    tenant_access::TenantHeader, word_sets::WebhookEventChoice,
};

/// What changes; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateWebhook {
    #[schema(max_length = 2048, example = "https://klinik.example/hooks/jumpa")]
    url: Option<String>,
    /// Names of events, or `*` for every one.
    #[schema(value_type = Option<Vec<WebhookEventChoice>>, min_items = 1, example = json!(["room.started", "room.ended"]))]
    events: Option<Vec<String>>,
    format: Option<Format>,
    /// While it is paused, events are not written for it, and what waits stays.
    is_paused: Option<bool>,
}

/// Change a webhook
///
/// Needs `webhooks:write`.
#[utoipa::path(
    patch,
    path = "/v1/webhooks/{webhook_id}",
    operation_id = "update_webhook",
    tag = "webhooks",
    params(TenantHeader, ("webhook_id" = WebhookId, Path)),
    request_body = UpdateWebhook,
    responses((status = OK, description = "The webhook", body = WebhookView)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn update(
    access: AppsAccess<needs::WriteWebhooks>,
    State(state): State<ApiState>,
    Path(webhook_id): Path<String>,
    JsonBody(request): JsonBody<UpdateWebhook>,
) -> Result<Json<WebhookView>, ApiError> {
    let webhook = webhook_of(&access, &state, &webhook_id).await?;
    let now = webhook.settings()?;
    let settings = WebhookSettings {
        url: request.url.map_or(Ok(now.url), |url| view::url(&url))?,
        app_id: now.app_id,
        events: request.events.map_or(Ok(now.events), |names| view::events(&names))?,
        format: request.format.map_or(now.format, Into::into),
        is_paused: request.is_paused.unwrap_or(now.is_paused),
    };
    save(&access, &state, webhook.id, &settings).await
}

/// Resume a webhook
///
/// It is called again, beginning with what waits. Needs `webhooks:write`.
#[utoipa::path(
    post,
    path = "/v1/webhooks/{webhook_id}/resume",
    operation_id = "resume_webhook",
    tag = "webhooks",
    params(TenantHeader, ("webhook_id" = WebhookId, Path)),
    responses((status = OK, description = "The webhook", body = WebhookView)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn resume(
    access: AppsAccess<needs::WriteWebhooks>,
    State(state): State<ApiState>,
    Path(webhook_id): Path<String>,
) -> Result<Json<WebhookView>, ApiError> {
    let webhook = webhook_of(&access, &state, &webhook_id).await?;
    let settings = WebhookSettings { is_paused: false, ..webhook.settings()? };
    save(&access, &state, webhook.id, &settings).await
}

async fn save(
    access: &AppsAccess<needs::WriteWebhooks>,
    state: &ApiState,
    id: WebhookId,
    settings: &WebhookSettings,
) -> Result<Json<WebhookView>, ApiError> {
    let (by, now) = (access.author(), Timestamp::now());
    let webhook = access.scope(state).update_webhook(id, settings, by, now).await?;
    Ok(Json(webhook.try_into()?))
}
