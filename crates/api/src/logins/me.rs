//! `GET /v1/me`: who is logged in.

use axum::{Json, extract::State};
use jumpa_db::{Membership, User};
use jumpa_protocol::{Language, Role, TenantId, TenantStatus, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiError, api_state::ApiState, session::LoggedIn};

/// Somebody who logged in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    id: UserId,
    #[schema(example = "ops@sehat.example")]
    email: String,
    #[schema(example = "Ops")]
    name: String,
    language: Language,
    /// Whether they run the platform.
    is_operator: bool,
    /// Whether their login needs a code beside the password.
    has_totp: bool,
    /// The tenants that they belong to, by name.
    memberships: Vec<MembershipView>,
}

/// A tenant that somebody belongs to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Membership)]
pub(crate) struct MembershipView {
    tenant_id: TenantId,
    #[schema(example = "Toko Melati")]
    tenant_name: String,
    tenant_status: TenantStatus,
    /// IANA name of its zone.
    #[schema(example = "Asia/Jakarta")]
    time_zone: String,
    role: Role,
}

impl Me {
    /// Reads what belongs to a user.
    pub(crate) async fn of(state: &ApiState, user: &User) -> Result<Self, ApiError> {
        let memberships = state.database().logins().memberships(user.id).await?;
        Ok(Self {
            id: user.id,
            email: user.email.clone(),
            name: user.name.clone(),
            language: user.language,
            is_operator: user.is_operator,
            has_totp: user.second_factor_since.is_some(),
            memberships: memberships.into_iter().map(MembershipView::from).collect(),
        })
    }
}

impl From<Membership> for MembershipView {
    fn from(membership: Membership) -> Self {
        Self {
            tenant_id: membership.tenant_id,
            tenant_name: membership.tenant_name,
            tenant_status: membership.tenant_status,
            time_zone: membership.time_zone,
            role: membership.role,
        }
    }
}

/// Show who is logged in
#[utoipa::path(
    get,
    path = "/v1/me",
    operation_id = "show_me",
    tag = "account",
    responses((status = OK, description = "Who is logged in", body = Me)),
    security(("session" = [])),
)]
pub(crate) async fn me(
    login: LoggedIn,
    State(state): State<ApiState>,
) -> Result<Json<Me>, ApiError> {
    Ok(Json(Me::of(&state, login.user()).await?))
}
