//! `GET /v1/operator/identity_providers`

use axum::{Json, extract::State};
use jumpa_db::IdentityProvider;
use jumpa_protocol::IdentityProviderId;

use super::IdentityProviderView;
use crate::{
    ApiError,
    api_state::ApiState,
    page::{NoFilter, Page, PageParameters, PageQuery},
    session::OperatorAccess,
};

/// List the identity providers
///
/// The oldest first.
#[utoipa::path(
    get,
    path = "/v1/operator/identity_providers",
    operation_id = "list_identity_providers",
    tag = "operator",
    params(PageParameters),
    responses((status = OK, description = "One page", body = Page<IdentityProviderView>)),
    security(("session" = [])),
)]
pub(crate) async fn list(
    _operator: OperatorAccess,
    State(state): State<ApiState>,
    query: PageQuery<NoFilter>,
) -> Result<Json<Page<IdentityProviderView>>, ApiError> {
    let after = query.after::<IdentityProviderId>()?;
    let operator = state.database().operator();
    let found = operator.identity_providers(after.as_ref(), query.fetch_limit()).await?;
    let place = |provider: &IdentityProvider| (provider.created_at, provider.id);
    Ok(Json(query.page(found, place, IdentityProviderView::from)))
}
