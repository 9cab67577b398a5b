//! `DELETE /v1/apps/{app_id}/api_keys/{api_key_id}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use jumpa_db::Timestamp;
use jumpa_protocol::{ApiKeyId, AppId};

use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, fields, needs, tenant_access::TenantHeader,
};

/// Delete an API key
///
/// It is void at once. Needs `keys:write`.
#[utoipa::path(
    delete,
    path = "/v1/apps/{app_id}/api_keys/{api_key_id}",
    operation_id = "delete_api_key",
    tag = "keys",
    params(TenantHeader, ("app_id" = AppId, Path), ("api_key_id" = ApiKeyId, Path)),
    responses((status = NO_CONTENT, description = "It is void")),
    security(("session" = [])),
)]
pub(crate) async fn delete(
    access: AppAccess<needs::WriteKeys>,
    State(state): State<ApiState>,
    Path((_, api_key_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let id: ApiKeyId = fields::id(&api_key_id)?;
    let (scope, now) = (access.scope(&state), Timestamp::now());
    scope.delete_api_key(&access.app.id, id, access.author(), now).await?;
    Ok(StatusCode::NO_CONTENT)
}
