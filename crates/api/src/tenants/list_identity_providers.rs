//! `GET /v1/tenant/identity_providers`: where people of the tenant log in instead of with a password.

use axum::{Json, extract::State};
use jumpa_db::IdentityProvider;
use jumpa_protocol::{IdentityProviderId, Role};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    ApiError,
    api_state::ApiState,
    needs,
    page::Page,
    tenant_access::{TenantAccess, TenantHeader},
};

/// A provider as those see it whom it names; the operator sets it up.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TenantIdentityProvider {
    id: IdentityProviderId,
    #[schema(example = "Akun Toko Melati")]
    name: String,
    #[schema(example = "https://login.melati.example")]
    issuer: String,
    /// Whose e-mail addresses it answers for.
    domains: Vec<String>,
    /// What people become that it names for the first time; `null` refuses them.
    #[schema(required)]
    new_role: Option<Role>,
}

impl From<IdentityProvider> for TenantIdentityProvider {
    fn from(provider: IdentityProvider) -> Self {
        let IdentityProvider { id, name, issuer, domains, new_role, .. } = provider;
        Self { id, name, issuer, domains, new_role }
    }
}

/// List the identity providers of the tenant
///
/// The oldest first; those who run the platform set them up. Needs `tenant:read`.
#[utoipa::path(
    get,
    path = "/v1/tenant/identity_providers",
    operation_id = "list_tenant_identity_providers",
    tag = "tenant",
    params(TenantHeader),
    responses((status = OK, description = "The whole list", body = Page<TenantIdentityProvider>)),
    security(("session" = [])),
)]
pub(crate) async fn list_identity_providers(
    access: TenantAccess<needs::ReadTenant>,
    State(state): State<ApiState>,
) -> Result<Json<Page<TenantIdentityProvider>>, ApiError> {
    let providers = access.scope(&state).identity_providers().await?;
    Ok(Json(Page::whole(providers.into_iter().map(TenantIdentityProvider::from).collect())))
}
