//! `POST /v1/operator/users/{user_id}/reset_second_factor`: for somebody who lost their phone and
//! their recovery codes.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use jumpa_db::{Author, Timestamp};
use jumpa_protocol::UserId;

use crate::{
    ApiError,
    api_state::ApiState,
    error::Code,
    fields,
    session::{Fresh, OperatorAccess},
};

/// Reset somebody's second factor
///
/// From now on their password is enough, until they enrol again. Needs a proof of who you are.
#[utoipa::path(
    post,
    path = "/v1/operator/users/{user_id}/reset_second_factor",
    operation_id = "reset_second_factor",
    tag = "operator",
    params(("user_id" = UserId, Path)),
    responses((status = NO_CONTENT, description = "The password is enough")),
    security(("session" = [])),
)]
pub(crate) async fn reset_second_factor(
    operator: OperatorAccess,
    _fresh: Fresh,
    State(state): State<ApiState>,
    Path(user_id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let id: UserId = fields::id(&user_id)?;
    state.database().operator().user(id).await?.ok_or(Code::NotFound)?;
    let by: &Author = &operator.author;
    state.database().logins().disable_second_factor(id, by, Timestamp::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
