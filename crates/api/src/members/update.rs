//! `PATCH /v1/members/{user_id}`: another role.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::Timestamp;
use jumpa_protocol::{Role, UserId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::list::MemberView;
use crate::{
    ApiError,
    api_state::ApiState,
    fields,
    json_body::JsonBody,
    needs,
    openapi::Refusal,
    tenant_access::{TenantAccess, TenantHeader},
};

/// The request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateMember {
    role: Role,
}

/// Change a member's role
///
/// Needs `members:write`; only an owner makes or unmakes owners, and the last one stays.
#[utoipa::path(
    patch,
    path = "/v1/members/{user_id}",
    operation_id = "update_member",
    tag = "members",
    params(TenantHeader, ("user_id" = UserId, Path)),
    request_body = UpdateMember,
    responses(
        (status = OK, description = "The member", body = MemberView),
        (status = CONFLICT, response = Refusal),
    ),
    security(("session" = [])),
)]
pub(crate) async fn update(
    access: TenantAccess<needs::WriteMembers>,
    State(state): State<ApiState>,
    Path(user_id): Path<String>,
    JsonBody(request): JsonBody<UpdateMember>,
) -> Result<Json<MemberView>, ApiError> {
    let user_id = fields::id(&user_id)?;
    let scope = access.scope(&state);
    let now = Timestamp::now();
    scope.change_role(user_id, request.role, access.authority(), access.author(), now).await?;
    Ok(Json(scope.member(user_id).await?.into()))
}
