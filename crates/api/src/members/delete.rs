//! `DELETE /v1/members/{user_id}`: somebody leaves the tenant.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use jumpa_db::Timestamp;
use jumpa_protocol::UserId;

use crate::{
    ApiError,
    api_state::ApiState,
    fields, needs,
    openapi::Refusal,
    tenant_access::{TenantAccess, TenantHeader},
};

/// Remove a member
///
/// The person keeps their login and their other tenants. Needs `members:write`; only an owner
/// removes owners, and the last one stays.
#[utoipa::path(
    delete,
    path = "/v1/members/{user_id}",
    operation_id = "delete_member",
    tag = "members",
    params(TenantHeader, ("user_id" = UserId, Path)),
    responses(
        (status = NO_CONTENT, description = "The person is no member any more"),
        (status = CONFLICT, response = Refusal),
    ),
    security(("session" = [])),
)]
pub(crate) async fn delete(
    access: TenantAccess<needs::WriteMembers>,
    State(state): State<ApiState>,
    Path(user_id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let user_id: UserId = fields::id(&user_id)?;
    let scope = access.scope(&state);
    let now = Timestamp::now();
    scope.remove_member(user_id, access.authority(), access.author(), now).await?;
    Ok(StatusCode::NO_CONTENT)
}
