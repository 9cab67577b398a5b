//! `POST /v1/operator/identity_providers`

use axum::{Json, extract::State, http::StatusCode};
use jumpa_db::{NewIdentityProvider, Timestamp};
use jumpa_protocol::{Role, TenantId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{IdentityProviderView, view};
use crate::{
    ApiError, api_state::ApiState, fields, identity::ProviderClient, json_body::JsonBody,
    openapi::Refusal, session::OperatorAccess,
};

/// The request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateIdentityProvider {
    /// The tenant whose people it names; those who run the platform when it is left out.
    tenant_id: Option<TenantId>,
    #[schema(min_length = 1, max_length = 80, example = "Akun Toko Melati")]
    name: String,
    /// The address below which its discovery document stands.
    #[schema(max_length = 2048, example = "https://login.melati.example")]
    issuer: String,
    #[schema(min_length = 1, max_length = 2048, example = "jumpa")]
    client_id: String,
    #[schema(min_length = 1, max_length = 2048)]
    client_secret: String,
    /// Whose e-mail addresses it answers for.
    #[schema(min_items = 1, max_items = 50, example = json!(["melati.example"]))]
    domains: Vec<String>,
    /// What people of the tenant become that it names for the first time: admin, developer, agent
    /// or viewer. Left out, they have to be invited first.
    new_role: Option<Role>,
}

/// Add an identity provider
///
/// Its discovery document is read first; `identity_provider_unreachable` says that this failed.
/// Register `/v1/oidc/callback` of this server with the provider.
#[utoipa::path(
    post,
    path = "/v1/operator/identity_providers",
    operation_id = "create_identity_provider",
    tag = "operator",
    request_body = CreateIdentityProvider,
    responses(
        (status = CREATED, description = "The provider", body = IdentityProviderView),
        (status = CONFLICT, response = Refusal),
        (status = BAD_GATEWAY, response = Refusal),
    ),
    security(("session" = [])),
)]
pub(crate) async fn create(
    operator: OperatorAccess,
    State(state): State<ApiState>,
    JsonBody(request): JsonBody<CreateIdentityProvider>,
) -> Result<(StatusCode, Json<IdentityProviderView>), ApiError> {
    if request.new_role.is_some() && request.tenant_id.is_none() {
        return Err(ApiError::invalid("new_role", "only with a tenant"));
    }
    let new = NewIdentityProvider {
        tenant_id: request.tenant_id,
        name: fields::name(&request.name)?,
        issuer: view::issuer(&request.issuer)?,
        client_id: view::given("client_id", &request.client_id)?,
        client_secret: view::given("client_secret", &request.client_secret)?,
        domains: view::domains(&request.domains)?,
        new_role: view::new_role(request.new_role)?,
    };
    let secret = new.client_secret.clone();
    ProviderClient::discover(&new.issuer, &new.client_id, secret, &state.config.link_base).await?;
    let platform = state.database().operator();
    let provider =
        platform.create_identity_provider(&new, &operator.author, Timestamp::now()).await?;
    Ok((StatusCode::CREATED, Json(provider.into())))
}
