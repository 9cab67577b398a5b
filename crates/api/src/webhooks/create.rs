//! `POST /v1/webhooks`.

use axum::{Json, extract::State, http::StatusCode};
use jumpa_db::{Timestamp, WebhookSettings};
use jumpa_protocol::AppId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::{self, Format, WebhookView};
use crate::{
    ApiError, actor::AppsAccess, api_state::ApiState, error::Code, json_body::JsonBody, needs,
    tenant_access::TenantHeader, word_sets::WebhookEventChoice,
};

/// A webhook to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateWebhook {
    /// Where requests go. `https`, unless the operator allows its network.
    #[schema(max_length = 2048, example = "https://klinik.example/hooks/jumpa")]
    url: String,
    /// Only of this app; of every one when it is left out. An API key names its own, or none.
    #[serde(default)]
    app_id: Option<AppId>,
    /// Names of events, or `*` for every one.
    #[schema(value_type = Vec<WebhookEventChoice>, min_items = 1, example = json!(["room.started", "room.ended"]))]
    events: Vec<String>,
    #[serde(default)]
    #[schema(inline)]
    format: Format,
}

/// A webhook that was just made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CreatedWebhook {
    webhook: WebhookView,
    /// Signs requests. Shown here and never again.
    #[schema(example = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")]
    secret: String,
}

/// Make a webhook
///
/// Its address is called for each event. Needs `webhooks:write`.
#[utoipa::path(
    post,
    path = "/v1/webhooks",
    operation_id = "create_webhook",
    tag = "webhooks",
    params(TenantHeader),
    request_body = CreateWebhook,
    responses((status = CREATED, description = "The webhook", body = CreatedWebhook)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn create(
    access: AppsAccess<needs::WriteWebhooks>,
    State(state): State<ApiState>,
    JsonBody(request): JsonBody<CreateWebhook>,
) -> Result<(StatusCode, Json<CreatedWebhook>), ApiError> {
    let new = WebhookSettings {
        url: view::url(&request.url)?,
        app_id: access.select(request.app_id).map_err(|_| Code::AppUnknown)?,
        events: view::events(&request.events)?,
        format: request.format.into(),
        is_paused: false,
    };
    let scope = access.scope(&state);
    let (webhook, secret) = scope.create_webhook(&new, access.author(), Timestamp::now()).await?;
    Ok((StatusCode::CREATED, Json(CreatedWebhook { webhook: webhook.try_into()?, secret })))
}
