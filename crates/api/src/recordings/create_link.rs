//! `POST /v1/recordings/{recording_id}/links` and its reverse: links for people without a login.

use std::time::Duration;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use jumpa_db::{LinkToken, Timestamp};
use jumpa_protocol::{RecordingId, RecordingLinkId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    service::SHARE_PATH,
    show::{find, find_kept},
    view::LinkView,
};
use crate::{
    ApiError, actor::AppsAccess, api_state::ApiState, fields, json_body::JsonBody, needs,
    tenant_access::TenantHeader,
};

/// How long a link may last: a minute to ninety days. Longer and nobody remembers that it exists.
const LIFETIMES_S: std::ops::RangeInclusive<u64> = 60..=90 * 24 * 60 * 60;

/// A link to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateRecordingLink {
    /// How long it can be used, seconds.
    #[schema(minimum = 60, maximum = 7776000, example = 86400)]
    expires_in_s: u64,
}

/// A link that was just made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CreatedRecordingLink {
    link: LinkView,
    /// Shown here and never again.
    #[schema(example = "https://call.example/v1/recording_links/8NbQ5fR2…")]
    url: String,
}

/// Share a recording
///
/// Whoever has the link sees the recording without a login until it is over or revoked. Needs
/// `recordings:write`.
#[utoipa::path(
    post,
    path = "/v1/recordings/{recording_id}/links",
    operation_id = "create_recording_link",
    tag = "recordings",
    params(TenantHeader, ("recording_id" = RecordingId, Path)),
    request_body = CreateRecordingLink,
    responses((status = CREATED, description = "The link", body = CreatedRecordingLink)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn create(
    access: AppsAccess<needs::WriteRecordings>,
    State(state): State<ApiState>,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<CreateRecordingLink>,
) -> Result<(StatusCode, Json<CreatedRecordingLink>), ApiError> {
    if !LIFETIMES_S.contains(&request.expires_in_s) {
        return Err(ApiError::invalid("expires_in_s", "60 to 7776000"));
    }
    let recording = find_kept(&access, &state, &id).await?;
    let lifetime = Duration::from_secs(request.expires_in_s);
    let (token, now) = (LinkToken::generate(), Timestamp::now());
    let scope = access.scope(&state);
    let link =
        scope.create_recording_link(recording.id, &token, lifetime, access.author(), now).await?;
    let base = state.config.recordings.link_base();
    let url = format!("{base}{SHARE_PATH}{}", token.as_str());
    Ok((StatusCode::CREATED, Json(CreatedRecordingLink { link: link.into(), url })))
}

/// Revoke a link to a recording
///
/// Needs `recordings:write`.
#[utoipa::path(
    delete,
    path = "/v1/recordings/{recording_id}/links/{link_id}",
    operation_id = "revoke_recording_link",
    tag = "recordings",
    params(
        TenantHeader,
        ("recording_id" = RecordingId, Path),
        ("link_id" = RecordingLinkId, Path),
    ),
    responses((status = NO_CONTENT, description = "Void")),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn revoke(
    access: AppsAccess<needs::WriteRecordings>,
    State(state): State<ApiState>,
    Path((id, link_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let recording = find(&access, &state, &id).await?;
    let link_id = fields::id(&link_id)?;
    let scope = access.scope(&state);
    scope.revoke_recording_link(recording.id, link_id, access.author(), Timestamp::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
