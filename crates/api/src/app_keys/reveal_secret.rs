//! `POST /v1/apps/{app_id}/keys/{key_id}/secret`: for somebody who lost the secret.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::Timestamp;
use jumpa_protocol::{AppId, KeyId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, fields, needs, session::Fresh,
    tenant_access::TenantHeader,
};

/// The answer.
#[derive(Serialize, ToSchema)]
pub(crate) struct AppKeySecret {
    /// The secret as it is: its characters are the key.
    secret: String,
}

/// Show the secret of a signing key
///
/// Of one that signs and has a secret. Needs a proof of who you are (`/v1/me/proof`); the audit
/// tells who looked. Needs `keys:write`.
#[utoipa::path(
    post,
    path = "/v1/apps/{app_id}/keys/{key_id}/secret",
    operation_id = "show_app_key_secret",
    tag = "keys",
    params(TenantHeader, ("app_id" = AppId, Path), ("key_id" = KeyId, Path)),
    responses((status = OK, description = "The secret", body = AppKeySecret)),
    security(("session" = [])),
)]
pub(crate) async fn reveal_secret(
    access: AppAccess<needs::WriteKeys>,
    _fresh: Fresh,
    State(state): State<ApiState>,
    Path((_, key_id)): Path<(String, String)>,
) -> Result<Json<AppKeySecret>, ApiError> {
    let id: KeyId = fields::id(&key_id)?;
    let (scope, now) = (access.scope(&state), Timestamp::now());
    let secret = scope.reveal_key_secret(&access.app.id, &id, access.author(), now).await?;
    Ok(Json(AppKeySecret { secret }))
}
