//! Who acts for a tenant, and that they may.

use std::marker::PhantomData;

use axum::{extract::FromRequestParts, http::request::Parts};
use jumpa_db::{ActorKind, Author, Authority, Membership, TenantScope, Timestamp};
use jumpa_protocol::{Role, TenantId, TenantStatus};
use utoipa::IntoParams;

use crate::{
    ApiError,
    api_state::ApiState,
    error::Code,
    permission::{Holder, Permission, needs::Needs},
    session::LoggedIn,
};

/// Names the tenant that a dashboard acts for.
pub(crate) const TENANT_HEADER: &str = "x-jumpa-tenant";

/// What every operation of a tenant takes, for the OpenAPI document.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes the header that `TenantAccess` reads")]
pub(crate) struct TenantHeader {
    /// The tenant to act for. Somebody who belongs to one only may leave it out.
    #[param(rename = "X-Jumpa-Tenant", value_type = Option<TenantId>)]
    tenant: Option<String>,
}

/// Somebody who may do `P` for a tenant. A tenant that they do not belong to does not exist for
/// them (404); what their role does not hold is refused (403). A suspended tenant may only look.
pub(crate) struct TenantAccess<P> {
    /// The tenant.
    pub(crate) tenant_id: TenantId,
    /// What they are to it.
    pub(crate) role: Role,
    /// Who they are.
    pub(crate) login: LoggedIn,
    permission: PhantomData<P>,
}

impl<P> TenantAccess<P> {
    /// The tenant's data.
    pub(crate) fn scope<'a>(&self, state: &'a ApiState) -> TenantScope<'a> {
        state.database().tenant(self.tenant_id)
    }

    /// Who they are to the audit.
    pub(crate) fn author(&self) -> &Author {
        &self.login.author
    }

    /// What their word counts where owners are concerned.
    pub(crate) fn authority(&self) -> Authority {
        if self.role == Role::Owner { Authority::Owner } else { Authority::Admin }
    }
}

impl<P: Needs> FromRequestParts<ApiState> for TenantAccess<P> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let login = LoggedIn::from_request_parts(parts, state).await?;
        let memberships = state.database().logins().memberships(login.user().id).await?;
        let membership = match named_tenant(parts) {
            Some(wanted) => {
                let mut mine = memberships.into_iter();
                match (mine.find(|membership| Some(membership.tenant_id) == wanted), wanted) {
                    (Some(membership), _) => membership,
                    (None, Some(wanted)) => return Self::of_viewer(login, wanted),
                    (None, None) => return Err(Code::NotFound.into()),
                }
            }
            None => only(memberships)?,
        };
        let permission = P::PERMISSION;
        if !permission.is_held_by(Holder::Member(membership.role)) {
            return Err(Code::Forbidden.into());
        }
        check_status(membership.tenant_status, permission)?;
        Ok(Self {
            tenant_id: membership.tenant_id,
            role: membership.role,
            login,
            permission: PhantomData,
        })
    }
}

impl<P: Needs> TenantAccess<P> {
    /// An operator who looks at the tenant reads what its owner reads.
    fn of_viewer(login: LoggedIn, tenant_id: TenantId) -> Result<Self, ApiError> {
        if !login.session.views(tenant_id, Timestamp::now()) {
            return Err(Code::NotFound.into());
        }
        if !P::PERMISSION.is_read() {
            return Err(Code::ViewOnly.into());
        }
        let author = Author { kind: ActorKind::Operator, ..login.author };
        let login = LoggedIn { author, ..login };
        Ok(Self { tenant_id, role: Role::Owner, login, permission: PhantomData })
    }
}

/// The tenant that a request names; `None` inside when that cannot be one.
pub(crate) fn named_tenant(parts: &Parts) -> Option<Option<TenantId>> {
    let header = parts.headers.get(TENANT_HEADER)?;
    Some(header.to_str().ok().and_then(|text| text.parse().ok()))
}

/// A suspended tenant may only look.
pub(crate) fn check_status(status: TenantStatus, permission: Permission) -> Result<(), ApiError> {
    if status == TenantStatus::Suspended && !permission.is_read() {
        return Err(Code::TenantSuspended.into());
    }
    Ok(())
}

fn only(memberships: Vec<Membership>) -> Result<Membership, ApiError> {
    let mut memberships = memberships.into_iter();
    match (memberships.next(), memberships.next()) {
        (Some(membership), None) => Ok(membership),
        (Some(_), Some(_)) => Err(Code::TenantRequired.into()),
        (None, _) => Err(Code::Forbidden.into()),
    }
}
