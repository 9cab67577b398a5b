//! `GET /v1/members`: who belongs to the tenant.

use axum::{Json, extract::State};
use jumpa_db::Member;
use jumpa_protocol::{Role, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    ApiError,
    api_state::ApiState,
    needs,
    page::{Page, PageParameters, PageQuery},
    tenant_access::{TenantAccess, TenantHeader},
    time::rfc3339,
};

/// Somebody who belongs to the tenant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Member)]
pub(crate) struct MemberView {
    user_id: UserId,
    #[schema(example = "rina@melati.example")]
    email: String,
    #[schema(example = "Rina")]
    name: String,
    role: Role,
    /// Whether their login needs a code beside the password.
    has_totp: bool,
    /// Since when they belong to it, RFC 3339, UTC.
    #[schema(format = DateTime)]
    created_at: String,
    /// When they last used a session that still runs, to a few minutes.
    #[schema(format = DateTime, required)]
    last_seen_at: Option<String>,
}

impl From<Member> for MemberView {
    fn from(member: Member) -> Self {
        Self {
            user_id: member.user_id,
            email: member.email,
            name: member.name,
            role: member.role,
            has_totp: member.second_factor_since.is_some(),
            created_at: rfc3339(member.created_at),
            last_seen_at: member.last_seen_at.map(rfc3339),
        }
    }
}

/// List the members
///
/// The oldest first. Needs `members:read`.
#[utoipa::path(
    get,
    path = "/v1/members",
    operation_id = "list_members",
    tag = "members",
    params(TenantHeader, PageParameters),
    responses((status = OK, description = "One page", body = Page<MemberView>)),
    security(("session" = [])),
)]
pub(crate) async fn list(
    access: TenantAccess<needs::ReadMembers>,
    State(state): State<ApiState>,
    query: PageQuery,
) -> Result<Json<Page<MemberView>>, ApiError> {
    let after = query.after::<UserId>()?;
    let members = access.scope(&state).members(after.as_ref(), query.fetch_limit()).await?;
    Ok(Json(query.page(members, |member| (member.created_at, member.user_id), MemberView::from)))
}
