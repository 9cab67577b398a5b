//! `POST /v1/apps/{app_id}/tokens/check`: what a join with a token would be told.

use axum::{Json, extract::State};
use jumpa_protocol::{AppId, ErrorCode, RoomName, limits};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, json_body::JsonBody, needs,
    tenant_access::TenantHeader,
};

/// The request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckToken {
    #[schema(max_length = 8192)]
    token: String,
    /// The room to be joined; the one that the token names when it is left out.
    #[schema(value_type = Option<RoomName>)]
    room: Option<String>,
}

/// The answer.
#[derive(Serialize, ToSchema)]
pub(crate) struct CheckedToken {
    /// Whether somebody with the token may join.
    is_valid: bool,
    /// What a join would be refused with.
    #[schema(required)]
    problem: Option<TokenProblem>,
    /// What the token says of itself, whether or not that is true; null where it cannot be read.
    #[schema(required, value_type = Option<Object>)]
    header: Option<Value>,
    /// What the token claims, whether or not that is true; null where it cannot be read.
    #[schema(required, value_type = Option<Object>)]
    claims: Option<Value>,
}

/// Why somebody with the token may not join.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenProblem {
    /// The code that a join is refused with.
    #[schema(value_type = String, example = "token_expired")]
    code: ErrorCode,
    /// One English sentence for developers.
    detail: String,
}

/// Check a join token
///
/// As at a join to this app, but nothing is used up: what would be refused, and what the token
/// says. Limits of calls are not looked at. A key that was made just now is known after a second.
/// Needs `tokens:create`.
#[utoipa::path(
    post,
    path = "/v1/apps/{app_id}/tokens/check",
    operation_id = "check_token",
    tag = "tokens",
    params(TenantHeader, ("app_id" = AppId, Path)),
    request_body = CheckToken,
    responses((status = OK, description = "What a join would be told", body = CheckedToken)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn check(
    access: AppAccess<needs::CreateTokens>,
    State(state): State<ApiState>,
    JsonBody(request): JsonBody<CheckToken>,
) -> Result<Json<CheckedToken>, ApiError> {
    if request.token.len() > limits::MAX_TOKEN_BYTES {
        return Err(ApiError::invalid("token", "at most 8192 bytes"));
    }
    let room: Option<RoomName> = match request.room {
        Some(text) => Some(text.parse().map_err(|error| ApiError::invalid_because("room", error))?),
        None => None,
    };
    let check = &state.config.join_tokens.check;
    let checked = check(&state.directory(), &access.app.id, room.as_ref(), request.token.trim());
    let problem =
        checked.refusal.map(|refusal| TokenProblem { code: refusal.code, detail: refusal.message });
    Ok(Json(CheckedToken {
        is_valid: problem.is_none(),
        problem,
        header: checked.header,
        claims: checked.claims,
    }))
}
