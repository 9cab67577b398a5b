//! `POST /v1/apps/{app_id}/keys`: another key.

use axum::{Json, extract::State, http::StatusCode};
use jumpa_db::Timestamp;
use jumpa_protocol::{
    AppId,
    directory::{KeyKind, KeyMaterial},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{AppKeyView, NewAppKeyView, view};
use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, json_body::JsonBody, needs, openapi::Refusal,
    tenant_access::TenantHeader,
};

/// The request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateAppKey {
    kind: KeyKind,
    /// The public half, PEM or JWK, for every kind but `hs256`, whose secret the server makes.
    #[schema(max_length = 8192)]
    public_key: Option<String>,
}

/// Make a signing key
///
/// Of kind `hs256` the server makes the secret; of the others it takes the public half and never
/// sees the private one. Needs `keys:write`.
#[utoipa::path(
    post,
    path = "/v1/apps/{app_id}/keys",
    operation_id = "create_app_key",
    tag = "keys",
    params(TenantHeader, ("app_id" = AppId, Path)),
    request_body = CreateAppKey,
    responses(
        (status = CREATED, description = "The key, and its secret if it has one", body = NewAppKeyView),
        (status = CONFLICT, response = Refusal),
    ),
    security(("session" = [])),
)]
pub(crate) async fn create(
    access: AppAccess<needs::WriteKeys>,
    State(state): State<ApiState>,
    JsonBody(request): JsonBody<CreateAppKey>,
) -> Result<(StatusCode, Json<NewAppKeyView>), ApiError> {
    let (scope, app_id, now) = (access.scope(&state), &access.app.id, Timestamp::now());
    let (id, secret) = match (request.kind, request.public_key) {
        (KeyKind::Hs256, None) => {
            let key = scope.create_key(app_id, access.author(), now).await?;
            (key.id, Some(key.secret))
        }
        (KeyKind::Hs256, Some(_)) => {
            return Err(ApiError::invalid("public_key", "a secret is made by the server"));
        }
        (_, None) => return Err(ApiError::invalid("public_key", "PEM or JWK")),
        (kind, Some(text)) => {
            let public_key = view::public_key(&text)?;
            if KeyMaterial::Public(public_key.clone()).kind() != kind {
                return Err(ApiError::invalid("kind", "what the public key is"));
            }
            (scope.add_public_key(app_id, &public_key, access.author(), now).await?, None)
        }
    };
    let key = AppKeyView::new(scope.key(app_id, &id).await?, now);
    Ok((StatusCode::CREATED, Json(NewAppKeyView { key, secret })))
}
