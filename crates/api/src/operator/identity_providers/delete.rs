//! `DELETE /v1/operator/identity_providers/{identity_provider_id}`

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use jumpa_db::Timestamp;
use jumpa_protocol::IdentityProviderId;

use crate::{ApiError, api_state::ApiState, fields, session::OperatorAccess};

/// Remove an identity provider
///
/// Whoever logged in by it stays logged in. People whom it made get in by a password reset.
#[utoipa::path(
    delete,
    path = "/v1/operator/identity_providers/{identity_provider_id}",
    operation_id = "delete_identity_provider",
    tag = "operator",
    params(("identity_provider_id" = IdentityProviderId, Path)),
    responses((status = NO_CONTENT, description = "It is gone")),
    security(("session" = [])),
)]
pub(crate) async fn delete(
    operator: OperatorAccess,
    State(state): State<ApiState>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let id: IdentityProviderId = fields::id(&id)?;
    let platform = state.database().operator();
    platform.delete_identity_provider(id, &operator.author, Timestamp::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
