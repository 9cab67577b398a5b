//! `DELETE /v1/apps/{app_id}/bans/{ban_id}`.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use jumpa_db::Timestamp;
use jumpa_protocol::{AppId, BanId};

use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, fields, needs, tenant_access::TenantHeader,
};

/// Lift a ban
///
/// The person may join again within seconds. Needs `rooms:write`.
#[utoipa::path(
    delete,
    path = "/v1/apps/{app_id}/bans/{ban_id}",
    operation_id = "delete_ban",
    tag = "bans",
    params(TenantHeader, ("app_id" = AppId, Path), ("ban_id" = BanId, Path)),
    responses((status = NO_CONTENT, description = "The person may join")),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn delete(
    access: AppAccess<needs::WriteRooms>,
    State(state): State<ApiState>,
    Path((_, ban_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let id: BanId = fields::id(&ban_id)?;
    let (scope, now) = (access.scope(&state), Timestamp::now());
    scope.lift_ban(&access.app.id, id, access.author(), now).await?;
    Ok(StatusCode::NO_CONTENT)
}
