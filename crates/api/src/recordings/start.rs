//! `POST /v1/apps/{app_id}/rooms/{room}/recordings`: record the call of a room.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use jumpa_db::{NewRecording, Requester, Timestamp};
use jumpa_protocol::{AppId, RoomKey, RoomName, recording::RecordingKind};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    service::{DEFAULT_MAX_HEIGHT, is_recorded},
    view::RecordingSummary,
};
use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, error::Code, json_body::JsonBody, needs,
    tenant_access::TenantHeader,
};

/// Heights that can be asked for, pixels: below the smallest layer nothing is left, and above it no
/// camera of a call sends.
const HEIGHTS: std::ops::RangeInclusive<u16> = 180..=1080;

/// How a call is recorded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StartRecording {
    kind: RecordingKind,
    /// Height of the largest picture that is recorded, pixels; 720 when it is left out.
    #[serde(default)]
    #[schema(minimum = 180, maximum = 1080)]
    max_height: Option<u16>,
}

/// Record the call of a room
///
/// It waits until a recorder is free, mostly for less than a second; people in the call see it from
/// then on. A call is recorded once in each kind; other kinds than `tracks` are refused with
/// `recording_kind_unsupported`. Needs `recordings:write`.
#[utoipa::path(
    post,
    path = "/v1/apps/{app_id}/rooms/{room}/recordings",
    operation_id = "start_recording",
    tag = "recordings",
    params(TenantHeader, ("app_id" = AppId, Path), ("room" = RoomName, Path)),
    request_body = StartRecording,
    responses((status = CREATED, description = "The recording", body = RecordingSummary)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn start(
    access: AppAccess<needs::WriteRecordings>,
    State(state): State<ApiState>,
    Path((_, room)): Path<(String, String)>,
    JsonBody(request): JsonBody<StartRecording>,
) -> Result<(StatusCode, Json<RecordingSummary>), ApiError> {
    let max_height = request.max_height.unwrap_or(DEFAULT_MAX_HEIGHT);
    if !HEIGHTS.contains(&max_height) {
        return Err(ApiError::invalid("max_height", "180 to 1080"));
    }
    if !is_recorded(request.kind) {
        return Err(Code::RecordingKindUnsupported.into());
    }
    let room: RoomName = room.parse().map_err(|_| Code::RoomUnknown)?;
    let key = RoomKey { app_id: access.app.id.clone(), room };
    let call = state.config.node.live_room(&key).ok_or(Code::RoomUnknown)?;
    let new = NewRecording {
        app_id: key.app_id,
        room: key.room,
        call_id: call.call_id,
        kind: request.kind,
        max_height,
        requester: Requester::Author(access.author().clone()),
    };
    let recording = state.config.recordings.start(access.app.tenant_id, &new).await?;
    let view = state.config.recordings.summary(recording, Timestamp::now());
    Ok((StatusCode::CREATED, Json(view)))
}
