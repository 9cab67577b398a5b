//! `POST /v1/apps/{app_id}/stream_targets`.

use axum::{Json, extract::State, http::StatusCode};
use jumpa_db::Timestamp;
use jumpa_protocol::{
    AppId,
    recording::{StreamPreset, WantedTarget},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::StoredTargetView;
use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, error::Code, json_body::JsonBody, needs,
    openapi::Refusal, tenant_access::TenantHeader,
};

/// A target to be stored, with a preset or an address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateStreamTarget {
    /// How people call it; the preset's name or the host of its address when it is left out.
    #[schema(min_length = 1, max_length = 80, example = "Kanal klinik")]
    name: Option<String>,
    /// A service whose address is known.
    preset: Option<StreamPreset>,
    /// `rtmp://` or `rtmps://` with the application, without the key.
    #[schema(max_length = 1024, example = "rtmps://live.klinik.example/app")]
    url: Option<String>,
    /// The stream key. It is never shown again.
    #[schema(min_length = 1, max_length = 512, example = "abcd-efgh-1234")]
    key: String,
    /// Where viewers see the stream; everybody in the call is shown it.
    #[schema(max_length = 2048, example = "https://youtu.be/abc")]
    viewer_url: Option<String>,
}

/// Store a target for streams
///
/// Streams are sent to it by its id; its key is kept encrypted and shown to nobody. Needs
/// `recordings:write`.
#[utoipa::path(
    post,
    path = "/v1/apps/{app_id}/stream_targets",
    operation_id = "create_stream_target",
    tag = "recordings",
    params(TenantHeader, ("app_id" = AppId, Path)),
    request_body = CreateStreamTarget,
    responses(
        (status = CREATED, description = "The target", body = StoredTargetView),
        (status = CONFLICT, response = Refusal),
    ),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn create(
    access: AppAccess<needs::WriteRecordings>,
    State(state): State<ApiState>,
    JsonBody(request): JsonBody<CreateStreamTarget>,
) -> Result<(StatusCode, Json<StoredTargetView>), ApiError> {
    let CreateStreamTarget { name, preset, url, key, viewer_url } = request;
    let wanted = WantedTarget { id: None, name, preset, url, key: Some(key), viewer_url };
    let address = wanted.address()?;
    if !state.config.recordings.may_reach(&address.url).await {
        return Err(Code::StreamTargetRefused.into());
    }
    let (scope, now) = (access.scope(&state), Timestamp::now());
    let target = scope.create_stream_target(&access.app.id, &address, access.author(), now).await?;
    Ok((StatusCode::CREATED, Json(target.into())))
}
