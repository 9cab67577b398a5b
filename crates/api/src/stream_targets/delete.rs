//! `DELETE /v1/apps/{app_id}/stream_targets/{target_id}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use jumpa_db::Timestamp;
use jumpa_protocol::{AppId, StreamTargetId};

use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, fields, needs, tenant_access::TenantHeader,
};

/// Forget a stored target
///
/// Streams that are running go on. Needs `recordings:write`.
#[utoipa::path(
    delete,
    path = "/v1/apps/{app_id}/stream_targets/{target_id}",
    operation_id = "delete_stream_target",
    tag = "recordings",
    params(TenantHeader, ("app_id" = AppId, Path), ("target_id" = StreamTargetId, Path)),
    responses((status = NO_CONTENT, description = "Gone")),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn delete(
    access: AppAccess<needs::WriteRecordings>,
    State(state): State<ApiState>,
    Path((_, target_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let id: StreamTargetId = fields::id(&target_id)?;
    let (scope, now) = (access.scope(&state), Timestamp::now());
    scope.delete_stream_target((&access.app.id, id), access.author(), now).await?;
    Ok(StatusCode::NO_CONTENT)
}
