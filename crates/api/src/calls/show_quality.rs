//! `GET /v1/calls/{call_id}/quality`: how the media of a call was, for charts.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::Timestamp;
use jumpa_protocol::{CallId, ParticipantId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    show::find,
    tracks::{Chart, ParticipantQuality},
};
use crate::{
    ApiError, actor::AppsAccess, api_state::ApiState, needs, page::Filter,
    tenant_access::TenantHeader,
};

/// Points of a track when one participant is asked for: an hour of measurements.
const POINTS_OF_ONE: i64 = 360;
/// Points of a track when everybody is.
const POINTS_OF_ALL: i64 = 60;
/// Pieces of five minutes that are read at once; bounds memory.
const PIECES: u32 = 50;

/// Whose media is asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct QualityQuery {
    /// Only of this participant, with more points.
    participant_id: Option<ParticipantId>,
}

/// How the media of a call was.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallMedia {
    /// Version of the formula of the mean opinion score; scores of different versions are not to
    /// be compared.
    mos_version: u32,
    data: Vec<ParticipantQuality>,
}

/// Show how the media of a call was
///
/// Clients measure every ten seconds. A track has at most 60 points, 360 when one participant is
/// asked for; in longer calls a point is the mean of several measurements. Needs `calls:read`.
#[utoipa::path(
    get,
    path = "/v1/calls/{call_id}/quality",
    operation_id = "show_call_quality",
    tag = "calls",
    params(TenantHeader, ("call_id" = CallId, Path), QualityQuery),
    responses((status = OK, description = "Participants with their tracks", body = CallMedia)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn show_quality(
    access: AppsAccess<needs::ReadCalls>,
    State(state): State<ApiState>,
    Path(call_id): Path<String>,
    Filter(query): Filter<QualityQuery>,
) -> Result<Json<CallMedia>, ApiError> {
    let now = Timestamp::now();
    let scope = access.scope(&state);
    let call = find(&access, &state, &call_id, now).await?;
    let points = if query.participant_id.is_some() { POINTS_OF_ONE } else { POINTS_OF_ALL };
    let mut chart = Chart::new(call.started_at, call.ended_at.unwrap_or(now), points);
    let mut after = None;
    loop {
        let pieces = scope.media_samples(call.id, query.participant_id, after, PIECES).await?;
        pieces.iter().for_each(|piece| chart.add(piece));
        match pieces.last() {
            Some(last) if pieces.len() == PIECES as usize => {
                after = Some((last.participant_id, last.began_at));
            }
            _ => break,
        }
    }
    Ok(Json(CallMedia { mos_version: jumpa_db::MOS_VERSION, data: chart.finish() }))
}
