//! `POST /v1/logout`: ends the session.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    ApiError,
    api_state::ApiState,
    session::{self, Secure, SessionToken},
};

/// Log out
///
/// Ends the session on the server and makes the browser forget it.
#[utoipa::path(
    post,
    path = "/v1/logout",
    operation_id = "end_session",
    tag = "logins",
    responses((status = NO_CONTENT, description = "The session is over")),
    security(("session" = [])),
)]
pub(crate) async fn logout(
    State(state): State<ApiState>,
    secure: Secure,
    SessionToken(token): SessionToken,
) -> Result<Response, ApiError> {
    state.database().logins().end_session(&token).await?;
    let cookie = session::forget(secure)?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}
