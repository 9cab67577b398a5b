//! `PATCH /v1/apps/{app_id}/stream_targets/{target_id}`.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::Timestamp;
use jumpa_protocol::{
    AppId, StreamTargetId,
    recording::{StreamAddress, WantedTarget},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::StoredTargetView;
use crate::{
    ApiError, actor::AppAccess, api_state::ApiState, error::Code, fields, json_body::JsonBody,
    needs, tenant_access::TenantHeader,
};

/// What changes; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateStreamTarget {
    #[schema(min_length = 1, max_length = 80, example = "Kanal klinik")]
    name: Option<String>,
    /// Another address, without the key. It needs a key as well: the one that is stored was given
    /// for another place.
    #[schema(max_length = 1024, example = "rtmps://live.klinik.example/app")]
    url: Option<String>,
    /// Another stream key.
    #[schema(min_length = 1, max_length = 512, example = "abcd-efgh-1234")]
    key: Option<String>,
    /// Where viewers see the stream; null when nowhere.
    #[serde(default, deserialize_with = "fields::nullable")]
    #[schema(max_length = 2048, value_type = Option<String>, example = "https://youtu.be/abc")]
    viewer_url: Option<Option<String>>,
}

/// Change a stored target
///
/// Streams that are running go on as they are. Needs `recordings:write`.
#[utoipa::path(
    patch,
    path = "/v1/apps/{app_id}/stream_targets/{target_id}",
    operation_id = "update_stream_target",
    tag = "recordings",
    params(TenantHeader, ("app_id" = AppId, Path), ("target_id" = StreamTargetId, Path)),
    request_body = UpdateStreamTarget,
    responses((status = OK, description = "The target", body = StoredTargetView)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn update(
    access: AppAccess<needs::WriteRecordings>,
    State(state): State<ApiState>,
    Path((_, target_id)): Path<(String, String)>,
    JsonBody(request): JsonBody<UpdateStreamTarget>,
) -> Result<Json<StoredTargetView>, ApiError> {
    let id: StreamTargetId = fields::id(&target_id)?;
    let checked = request.checked()?;
    if request.url.is_some() && !state.config.recordings.may_reach(&checked.url).await {
        return Err(Code::StreamTargetRefused.into());
    }
    let edit = |before: StreamAddress| StreamAddress {
        name: request.name.as_ref().map_or(before.name, |_| checked.name),
        url: request.url.as_ref().map_or(before.url, |_| checked.url),
        key: request.key.as_ref().map_or(before.key, |_| checked.key),
        viewer_url: request.viewer_url.as_ref().map_or(before.viewer_url, |_| checked.viewer_url),
    };
    let (scope, now) = (access.scope(&state), Timestamp::now());
    let target =
        scope.change_stream_target((&access.app.id, id), edit, access.author(), now).await?;
    Ok(Json(target.into()))
}

impl UpdateStreamTarget {
    /// The new values, checked as those of a new target; what is left out has some that could be.
    fn checked(&self) -> Result<StreamAddress, ApiError> {
        if self.url.is_some() && self.key.is_none() {
            return Err(ApiError::invalid("key", "given with another url"));
        }
        let usual = || Some("rtmp://stays/as-it-is".to_owned());
        let wanted = WantedTarget {
            id: None,
            name: self.name.clone(),
            preset: None,
            url: self.url.clone().or_else(usual),
            key: self.key.clone().or_else(usual),
            viewer_url: self.viewer_url.clone().flatten(),
        };
        Ok(wanted.address()?)
    }
}
