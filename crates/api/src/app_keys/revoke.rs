//! `POST /v1/apps/{app_id}/keys/{key_id}/revoke`: a key that was lost.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use jumpa_db::Timestamp;
use jumpa_protocol::{AppId, KeyId};

use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, error::Code, fields, needs,
    tenant_access::TenantHeader,
};

/// Revoke a signing key
///
/// Its tokens are refused within ten seconds, and who came by it is out of their call, unless the
/// app keeps running calls. To replace one that was not lost, rotate it. Needs `keys:write`.
#[utoipa::path(
    post,
    path = "/v1/apps/{app_id}/keys/{key_id}/revoke",
    operation_id = "revoke_app_key",
    tag = "keys",
    params(TenantHeader, ("app_id" = AppId, Path), ("key_id" = KeyId, Path)),
    responses((status = NO_CONTENT, description = "It signs no more")),
    security(("session" = [])),
)]
pub(crate) async fn revoke(
    access: AppAccess<needs::WriteKeys>,
    State(state): State<ApiState>,
    Path((_, key_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let id: KeyId = fields::id(&key_id)?;
    let (scope, now) = (access.scope(&state), Timestamp::now());
    if scope.revoke_key(&access.app.id, &id, access.author(), now).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Code::NotFound.into())
    }
}
