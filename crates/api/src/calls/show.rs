//! `GET /v1/calls/{call_id}`: one call.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::{CallRecord, Timestamp};
use jumpa_protocol::CallId;
use serde::Serialize;
use utoipa::ToSchema;

use super::CallView;
use crate::{
    ApiError, actor::AppsAccess, api_state::ApiState, error::Code, fields, needs,
    tenant_access::TenantHeader,
};

/// A call with what its participants said of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallDetail {
    #[serde(flatten)]
    call: CallView,
    rating: CallRating,
}

/// Stars that participants gave.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallRating {
    /// 1 (bad) to 5 (good); null when nobody gave any.
    #[schema(required, minimum = 1, maximum = 5)]
    average: Option<f64>,
    /// How many gave some.
    count: i64,
}

/// Show a call
///
/// Needs `calls:read`.
#[utoipa::path(
    get,
    path = "/v1/calls/{call_id}",
    operation_id = "show_call",
    tag = "calls",
    params(TenantHeader, ("call_id" = CallId, Path)),
    responses((status = OK, description = "The call", body = CallDetail)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn show(
    access: AppsAccess<needs::ReadCalls>,
    State(state): State<ApiState>,
    Path(call_id): Path<String>,
) -> Result<Json<CallDetail>, ApiError> {
    let now = Timestamp::now();
    let scope = access.scope(&state);
    let call = find(&access, &state, &call_id, now).await?;
    let (count, average) = scope.call_rating(call.id).await?;
    let rating = CallRating { average, count };
    Ok(Json(CallDetail { call: CallView::new(call, now), rating }))
}

/// The call with an id that stands in a path, if whoever asks reaches its app.
pub(super) async fn find(
    access: &AppsAccess<needs::ReadCalls>,
    state: &ApiState,
    call_id: &str,
    now: Timestamp,
) -> Result<CallRecord, ApiError> {
    let only_app = access.select(None)?;
    let found = access.scope(state).call(fields::id(call_id)?, now).await?;
    let found = found.filter(|call| only_app.is_none_or(|app_id| app_id == call.app_id));
    found.ok_or_else(|| Code::NotFound.into())
}
