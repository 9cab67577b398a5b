//! `PUT /v1/operator/apps/{app_id}/recording_slots`: how much of the recorders an app may use.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::{RecordingSlots, Timestamp};
use jumpa_protocol::AppId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    ApiError, api_state::ApiState, error::Code, json_body::JsonBody, openapi::Refusal,
    recordings::AppSlotsView, session::OperatorAccess,
};

/// Most that can be set, thousandths of a processor core: ten thousand cores.
const MAX_MILLICORES: u32 = 10_000_000;

/// Largest weight.
const MAX_WEIGHT: u32 = 100;

/// How much of the recorders an app may use, thousandths of a processor core.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateRecordingSlots {
    /// What it has whenever it wants it.
    #[schema(minimum = 0, maximum = 10_000_000, example = 1_200)]
    guaranteed_millicores: u32,
    /// What it takes at most, no less than what is guaranteed; null is all there is.
    #[schema(required, minimum = 0, maximum = 10_000_000)]
    burst_millicores: Option<u32>,
    /// Its share of what is free, against the weights of others that wait.
    #[schema(minimum = 1, maximum = 100, example = 1)]
    weight: u32,
}

impl UpdateRecordingSlots {
    fn checked(self) -> Result<RecordingSlots, ApiError> {
        let Self { guaranteed_millicores: guaranteed, burst_millicores: burst, weight } = self;
        if guaranteed > MAX_MILLICORES {
            return Err(ApiError::invalid("guaranteed_millicores", "0 to 10000000"));
        }
        if burst.is_some_and(|most| most > MAX_MILLICORES || most < guaranteed) {
            let rule = "no less than guaranteed_millicores, at most 10000000, or null";
            return Err(ApiError::invalid("burst_millicores", rule));
        }
        if !(1..=MAX_WEIGHT).contains(&weight) {
            return Err(ApiError::invalid("weight", "1 to 100"));
        }
        Ok(RecordingSlots { guaranteed, burst, weight })
    }
}

/// Set how much of the recorders an app may use
///
/// Holds at once for what waits and what is asked for from now on; what is recorded goes on. All
/// guarantees together stay within seven tenths of the recorders that are connected, and of several
/// recorders within what is left beside the largest gaps: `guarantees_too_large` says how much can
/// be guaranteed to this app.
#[utoipa::path(
    put,
    path = "/v1/operator/apps/{app_id}/recording_slots",
    operation_id = "update_recording_slots",
    tag = "operator",
    params(("app_id" = AppId, Path)),
    request_body = UpdateRecordingSlots,
    responses(
        (status = OK, description = "The slots of the app", body = AppSlotsView),
        (status = CONFLICT, response = Refusal),
    ),
    security(("session" = [])),
)]
pub(crate) async fn update(
    operator: OperatorAccess,
    State(state): State<ApiState>,
    Path(app_id): Path<String>,
    JsonBody(request): JsonBody<UpdateRecordingSlots>,
) -> Result<Json<AppSlotsView>, ApiError> {
    let id: AppId = app_id.parse().map_err(|_| Code::AppUnknown)?;
    let app = state.database().operator().app(&id).await?.ok_or(Code::AppUnknown)?;
    let slots = request.checked()?;
    let (recordings, now) = (&state.config.recordings, Timestamp::now());
    let scope = state.database().tenant(app.tenant_id);
    let most = recordings.most_guaranteed();
    scope.set_recording_slots(&id, slots, most, &operator.author, now).await?;
    recordings.look_soon();
    Ok(Json(recordings.app_slots(&app, now).await?))
}
