//! `DELETE /v1/operator/recording_storage`.

use axum::{extract::State, http::StatusCode};
use jumpa_db::Timestamp;

use crate::{ApiError, api_state::ApiState, session::OperatorAccess};

/// Let recordings lie in the folder of the server
///
/// As they are, from now on. Recordings in the bucket of before stay there, can be played and are
/// removed there when their time is over.
#[utoipa::path(
    delete,
    path = "/v1/operator/recording_storage",
    operation_id = "remove_platform_recording_storage",
    tag = "operator",
    responses((status = NO_CONTENT, description = "They do")),
    security(("session" = [])),
)]
pub(crate) async fn remove(
    operator: OperatorAccess,
    State(state): State<ApiState>,
) -> Result<StatusCode, ApiError> {
    let scope = state.database().operator();
    scope.unset_recording_storage(&operator.author, Timestamp::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
