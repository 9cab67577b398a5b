//! `PATCH /v1/operator/identity_providers/{identity_provider_id}`

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::{IdentityProviderChange, Timestamp};
use jumpa_protocol::{IdentityProviderId, Role};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{IdentityProviderView, view};
use crate::{
    ApiError, api_state::ApiState, fields, json_body::JsonBody, openapi::Refusal,
    session::OperatorAccess,
};

/// What changes; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateIdentityProvider {
    #[schema(min_length = 1, max_length = 80)]
    name: Option<String>,
    #[schema(min_length = 1, max_length = 2048)]
    client_secret: Option<String>,
    /// Whose e-mail addresses it answers for.
    #[schema(min_items = 1, max_items = 50)]
    domains: Option<Vec<String>>,
    /// What people of the tenant become that it names for the first time: admin, developer, agent
    /// or viewer; `null` refuses them. A provider without a tenant has none.
    #[serde(default, deserialize_with = "fields::nullable")]
    #[schema(value_type = Option<Role>)]
    new_role: Option<Option<Role>>,
}

/// Change an identity provider
#[utoipa::path(
    patch,
    path = "/v1/operator/identity_providers/{identity_provider_id}",
    operation_id = "update_identity_provider",
    tag = "operator",
    params(("identity_provider_id" = IdentityProviderId, Path)),
    request_body = UpdateIdentityProvider,
    responses(
        (status = OK, description = "The provider", body = IdentityProviderView),
        (status = CONFLICT, response = Refusal),
    ),
    security(("session" = [])),
)]
pub(crate) async fn update(
    operator: OperatorAccess,
    State(state): State<ApiState>,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<UpdateIdentityProvider>,
) -> Result<Json<IdentityProviderView>, ApiError> {
    let id: IdentityProviderId = fields::id(&id)?;
    let secret = request.client_secret.as_deref();
    let change = IdentityProviderChange {
        name: request.name.as_deref().map(fields::name).transpose()?,
        client_secret: secret.map(|text| view::given("client_secret", text)).transpose()?,
        domains: request.domains.as_deref().map(view::domains).transpose()?,
        new_role: request.new_role.map(view::new_role).transpose()?,
    };
    if change.new_role.flatten().is_some() {
        let (before, _) = state.database().logins().identity_provider(id).await?;
        before.tenant_id.ok_or_else(|| ApiError::invalid("new_role", "only with a tenant"))?;
    }
    let platform = state.database().operator();
    let now = Timestamp::now();
    let provider = platform.change_identity_provider(id, &change, &operator.author, now).await?;
    Ok(Json(provider.into()))
}
