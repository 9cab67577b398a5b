//! `POST /v1/apps/{app_id}/rooms/{room}/recordings`: record the call of a room.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use jumpa_db::{NewRecording, Requester, Timestamp};
use jumpa_protocol::{
    AppId, RoomKey, RoomName,
    recording::{ComposeTime, RecordingFallback, RecordingKind, RecordingLayout, RecordingOptions},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    service::max_height,
    view::RecordingSummary,
    wanted::{self, TargetRequest},
};
use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, error::Code, json_body::JsonBody, needs,
    tenant_access::TenantHeader,
};

/// Heights that can be asked for, pixels: below the smallest layer nothing is left, and above it no
/// camera of a call sends.
const HEIGHTS: std::ops::RangeInclusive<u16> = 180..=1080;

/// How a call is recorded.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StartRecording {
    kind: RecordingKind,
    /// Of a composite or a stream: where people stand; `grid` when it is left out.
    #[serde(default)]
    layout: Option<RecordingLayout>,
    /// Of a composite: when it is made; `after_call` when it is left out. A stream is always live.
    #[serde(default)]
    compose: Option<ComposeTime>,
    /// Of a composite or a stream: its height in pixels, 720 or 1080; 720 when it is left out.
    #[serde(default)]
    #[schema(minimum = 720, maximum = 1080, multiple_of = 360)]
    height: Option<u16>,
    /// Of a composite or a stream: whether names stand on the tiles; they do when it is left out.
    #[serde(default)]
    has_names: Option<bool>,
    /// What is made instead when there is no capacity; without it the recording waits.
    #[serde(default)]
    fallback: Option<RecordingFallback>,
    /// Height of the largest picture that is taken from the call, pixels; as much as is shown when
    /// it is left out, 720 of tracks.
    #[serde(default)]
    #[schema(minimum = 180, maximum = 1080)]
    max_height: Option<u16>,
    /// Of a stream: where it is sent.
    #[serde(default)]
    #[schema(max_items = 8)]
    targets: Vec<TargetRequest>,
}

impl StartRecording {
    fn options(&self) -> RecordingOptions {
        let usual = RecordingOptions::new(self.kind);
        RecordingOptions {
            kind: self.kind,
            layout: self.layout.unwrap_or(usual.layout),
            compose: self.compose.unwrap_or(usual.compose),
            height: self.height.unwrap_or(usual.height),
            has_names: self.has_names.unwrap_or(usual.has_names),
            fallback: self.fallback,
        }
    }
}

/// Record the call of a room
///
/// It waits until a recorder is free, mostly for less than a second; people in the call see it from
/// then on. A call is recorded once in each kind. Needs `recordings:write`.
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
    let options = request.options();
    let max_height = request.max_height.unwrap_or_else(|| max_height(&options));
    if !HEIGHTS.contains(&max_height) {
        return Err(ApiError::invalid("max_height", "180 to 1080"));
    }
    if !access.app.settings.features.records(options.kind) {
        return Err(Code::FeatureDisabled.into());
    }
    let targets = wanted::chosen(request.targets)?;
    options.check(targets.len())?;
    let room: RoomName = room.parse().map_err(|_| Code::RoomUnknown)?;
    let key = RoomKey { app_id: access.app.id.clone(), room };
    let call = state.config.node.live_room(&key).ok_or(Code::RoomUnknown)?;
    let recordings = &state.config.recordings;
    if !recordings.may_reach_all(&targets).await {
        return Err(Code::StreamTargetRefused.into());
    }
    let new = NewRecording {
        app_id: key.app_id,
        room: key.room,
        call_id: call.call_id,
        options,
        max_height,
        targets,
        requester: Requester::Author(access.author().clone()),
    };
    let recording = recordings.start(access.app.tenant_id, &new).await?;
    let view = recordings.summary(recording, Timestamp::now());
    Ok((StatusCode::CREATED, Json(view)))
}
