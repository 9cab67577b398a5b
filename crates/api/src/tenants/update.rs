//! `PATCH /v1/tenant`: another name or time zone.

use axum::{Json, extract::State};
use jumpa_db::{TenantChange, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    ApiError,
    api_state::ApiState,
    fields,
    json_body::JsonBody,
    needs,
    tenant_access::{TenantAccess, TenantHeader},
    tenant_view::TenantView,
    time,
};

/// The request; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateTenant {
    #[schema(example = "Toko Melati", min_length = 1, max_length = 80)]
    name: Option<String>,
    /// IANA name.
    #[schema(example = "Asia/Jakarta")]
    time_zone: Option<String>,
}

impl UpdateTenant {
    pub(crate) fn checked(self) -> Result<TenantChange, ApiError> {
        Ok(TenantChange {
            name: self.name.map(|name| fields::name(&name)).transpose()?,
            time_zone: self.time_zone.map(|zone| time::zone(&zone)).transpose()?,
        })
    }
}

/// Change the tenant
///
/// Needs `tenant:write`.
#[utoipa::path(
    patch,
    path = "/v1/tenant",
    operation_id = "update_tenant",
    tag = "tenant",
    params(TenantHeader),
    request_body = UpdateTenant,
    responses((status = OK, description = "The tenant", body = TenantView)),
    security(("session" = [])),
)]
pub(crate) async fn update(
    access: TenantAccess<needs::WriteTenant>,
    State(state): State<ApiState>,
    JsonBody(request): JsonBody<UpdateTenant>,
) -> Result<Json<TenantView>, ApiError> {
    let scope = access.scope(&state);
    scope.change_tenant(&request.checked()?, access.author(), Timestamp::now()).await?;
    Ok(Json(TenantView::from(&scope.tenant().await?)))
}
