//! `POST /v1/apps/{app_id}/bans`.

use axum::{Json, extract::State, http::StatusCode};
use jumpa_db::{NewBan, Timestamp};
use jumpa_protocol::AppId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::BanView;
use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, fields, json_body::JsonBody, needs,
    openapi::Refusal, tenant_access::TenantHeader, time,
};

/// Longest reason, characters.
const MAX_REASON_CHARS: usize = 300;

/// The request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateBan {
    /// Whom: what their tokens say in `sub` (`context.user.id` in Jitsi's).
    #[schema(example = "kasir-7", min_length = 1, max_length = 256)]
    subject: String,
    /// Why, for those who look at it later.
    #[schema(max_length = 300)]
    reason: Option<String>,
    /// When it ends, RFC 3339; never when it is left out.
    #[schema(format = DateTime)]
    until: Option<String>,
}

/// Ban somebody from an app
///
/// They are out of its calls within ten seconds and join no more. A ban of the same person is
/// replaced. Needs `rooms:write`.
#[utoipa::path(
    post,
    path = "/v1/apps/{app_id}/bans",
    operation_id = "create_ban",
    tag = "bans",
    params(TenantHeader, ("app_id" = AppId, Path)),
    request_body = CreateBan,
    responses(
        (status = CREATED, description = "The ban", body = BanView),
        (status = CONFLICT, response = Refusal),
    ),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn create(
    access: AppAccess<needs::WriteRooms>,
    State(state): State<ApiState>,
    JsonBody(request): JsonBody<CreateBan>,
) -> Result<(StatusCode, Json<BanView>), ApiError> {
    let now = Timestamp::now();
    let ends_at = request.until.map(|text| time::parse("until", &text)).transpose()?;
    if ends_at.is_some_and(|end| end <= now) {
        return Err(ApiError::invalid("until", "in the future"));
    }
    let reason = request.reason.filter(|reason| !reason.trim().is_empty());
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > MAX_REASON_CHARS) {
        return Err(ApiError::invalid("reason", "at most 300 characters"));
    }
    let new = NewBan { subject: fields::subject(&request.subject)?, reason, ends_at };
    let ban = access.scope(&state).ban(&access.app.id, &new, access.author(), now).await?;
    Ok((StatusCode::CREATED, Json(ban.into())))
}
