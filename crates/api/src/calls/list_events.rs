//! `GET /v1/calls/{call_id}/events`: what happened between joins and leaves.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::{CallEvent, Timestamp};
use jumpa_protocol::{CallId, ParticipantId, ReportId};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::show::find;
use crate::{
    ApiError,
    actor::AppsAccess,
    api_state::ApiState,
    needs,
    page::{Page, PageParameters, PageQuery},
    tenant_access::TenantHeader,
    time::rfc3339,
    word_sets::CallEventKind,
};

/// Something that happened to a participant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallEvent)]
pub(crate) struct CallEventView {
    #[schema(value_type = String, example = "evt_01937a5c8f2b7c3e9d4f5a6b7c8d9e0f")]
    id: ReportId,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    at: String,
    participant_id: ParticipantId,
    #[schema(value_type = CallEventKind, example = "source_changed")]
    kind: String,
    /// `source` and `state`; `connection`; `role`; `name`; `is_admitted`.
    #[schema(value_type = Object)]
    detail: Value,
}

impl From<CallEvent> for CallEventView {
    fn from(event: CallEvent) -> Self {
        Self {
            id: event.id,
            at: rfc3339(event.at),
            participant_id: event.participant_id,
            kind: event.kind,
            detail: serde_json::from_str(&event.detail).unwrap_or_default(),
        }
    }
}

/// List what happened in a call
///
/// Switched sources, lost connections, roles, names and waiting in the lobby, the oldest first.
/// Joins and leaves stand with the participants. Needs `calls:read`.
#[utoipa::path(
    get,
    path = "/v1/calls/{call_id}/events",
    operation_id = "list_call_events",
    tag = "calls",
    params(TenantHeader, ("call_id" = CallId, Path), PageParameters),
    responses((status = OK, description = "One page", body = Page<CallEventView>)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn list_events(
    access: AppsAccess<needs::ReadCalls>,
    State(state): State<ApiState>,
    Path(call_id): Path<String>,
    query: PageQuery,
) -> Result<Json<Page<CallEventView>>, ApiError> {
    let scope = access.scope(&state);
    let call = find(&access, &state, &call_id, Timestamp::now()).await?;
    let after = query.after::<ReportId>()?;
    let found = scope.call_events(call.id, after, query.fetch_limit()).await?;
    Ok(Json(query.page(found, |event| (event.at, event.id), CallEventView::from)))
}
