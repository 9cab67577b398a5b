//! Where somebody is logged in.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use jumpa_db::Timestamp;
use jumpa_protocol::SessionId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{ApiError, api_state::ApiState, fields, page::Page, session::LoggedIn, time::rfc3339};

/// A login in one browser.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub(crate) struct SessionView {
    id: SessionId,
    /// Whether it is the one that asks.
    is_current: bool,
    #[schema(format = DateTime)]
    created_at: String,
    /// To a few minutes.
    #[schema(format = DateTime, required)]
    last_seen_at: Option<String>,
    #[schema(format = DateTime)]
    expires_at: String,
    /// From which network address it began.
    #[schema(required, example = "192.0.2.7")]
    address: Option<String>,
    /// The browser's own description, `User-Agent`.
    #[schema(required)]
    device: Option<String>,
}

/// List the own sessions
///
/// All of them, the newest first.
#[utoipa::path(
    get,
    path = "/v1/me/sessions",
    operation_id = "list_sessions",
    tag = "account",
    responses((status = OK, description = "All on one page", body = Page<SessionView>)),
    security(("session" = [])),
)]
pub(crate) async fn list(
    login: LoggedIn,
    State(state): State<ApiState>,
) -> Result<Json<Page<SessionView>>, ApiError> {
    let logins = state.database().logins();
    let sessions = logins.sessions(login.user().id, Timestamp::now()).await?;
    let view = |session: jumpa_db::Session| SessionView {
        is_current: session.id == login.session.id,
        id: session.id,
        created_at: rfc3339(session.created_at),
        last_seen_at: session.last_seen_at.map(rfc3339),
        expires_at: rfc3339(session.expires_at),
        address: session.address,
        device: session.device,
    };
    Ok(Json(Page::whole(sessions.into_iter().map(view).collect())))
}

/// End a session
#[utoipa::path(
    delete,
    path = "/v1/me/sessions/{session_id}",
    operation_id = "revoke_session",
    tag = "account",
    params(("session_id" = SessionId, Path)),
    responses((status = NO_CONTENT, description = "It is over")),
    security(("session" = [])),
)]
pub(crate) async fn revoke(
    login: LoggedIn,
    State(state): State<ApiState>,
    Path(session_id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let id = fields::id(&session_id)?;
    let logins = state.database().logins();
    logins.revoke_session(login.user().id, id, &login.author, Timestamp::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End every other session
///
/// The one that asks goes on.
#[utoipa::path(
    delete,
    path = "/v1/me/sessions",
    operation_id = "revoke_other_sessions",
    tag = "account",
    responses((status = NO_CONTENT, description = "They are over")),
    security(("session" = [])),
)]
pub(crate) async fn revoke_others(
    login: LoggedIn,
    State(state): State<ApiState>,
) -> Result<StatusCode, ApiError> {
    let logins = state.database().logins();
    let (user_id, keep) = (login.user().id, login.session.id);
    logins.revoke_other_sessions(user_id, keep, &login.author, Timestamp::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
