//! `POST /v1/apps/{app_id}/api_keys`.

use axum::{Json, extract::State, http::StatusCode};
use jumpa_db::Timestamp;
use jumpa_protocol::AppId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ApiKeyView;
use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, fields, json_body::JsonBody, needs,
    openapi::Refusal, tenant_access::TenantHeader,
};

/// The request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateApiKey {
    /// What people call it.
    #[schema(example = "Kasir", min_length = 1, max_length = 80)]
    name: String,
}

/// The answer.
#[derive(Serialize, ToSchema)]
pub(crate) struct CreatedApiKey {
    api_key: ApiKeyView,
    /// Shown here and never again: the server keeps a hash of it.
    secret: String,
}

/// Make an API key
///
/// With it a back end acts for this app, by `Authorization: Bearer`. Needs `keys:write`.
#[utoipa::path(
    post,
    path = "/v1/apps/{app_id}/api_keys",
    operation_id = "create_api_key",
    tag = "keys",
    params(TenantHeader, ("app_id" = AppId, Path)),
    request_body = CreateApiKey,
    responses(
        (status = CREATED, description = "The key and its secret", body = CreatedApiKey),
        (status = CONFLICT, response = Refusal),
    ),
    security(("session" = [])),
)]
pub(crate) async fn create(
    access: AppAccess<needs::WriteKeys>,
    State(state): State<ApiState>,
    JsonBody(request): JsonBody<CreateApiKey>,
) -> Result<(StatusCode, Json<CreatedApiKey>), ApiError> {
    let name = fields::name(&request.name)?;
    let (scope, now) = (access.scope(&state), Timestamp::now());
    let (key, secret) = scope.create_api_key(&access.app.id, &name, access.author(), now).await?;
    Ok((StatusCode::CREATED, Json(CreatedApiKey { api_key: key.into(), secret })))
}
