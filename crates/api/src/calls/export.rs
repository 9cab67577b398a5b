//! `GET /v1/calls/export`: calls of the tenant as a file.

use axum::{extract::State, response::Response};
use futures_util::stream;
use jumpa_db::{CallFilter, Database, Timestamp};
use jumpa_protocol::{CallId, TenantId};

use super::{CallParameters, CallQuery, CallView};
use crate::{
    ApiError,
    actor::AppsAccess,
    api_state::ApiState,
    export::{ExportParameters, ExportQuery},
    needs,
    tenant_access::TenantHeader,
};

/// Calls that are read at once.
const PAGE: u32 = 500;

/// Export the calls
///
/// The same rows as in the list of calls, all of them. Needs `calls:read`.
#[utoipa::path(
    get,
    path = "/v1/calls/export",
    operation_id = "export_calls",
    tag = "calls",
    params(TenantHeader, CallParameters, ExportParameters),
    responses((status = OK, description = "The file", content(
        (String = "text/csv"),
        (CallView = "application/x-ndjson"),
    ))),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn export(
    access: AppsAccess<needs::ReadCalls>,
    State(state): State<ApiState>,
    query: ExportQuery<CallQuery>,
) -> Result<Response, ApiError> {
    let mut filter = query.filter.filter()?;
    filter.app_id = access.select(filter.app_id)?;
    let mut pages = Pages {
        database: state.database().clone(),
        tenant_id: access.scope(&state).tenant_id(),
        filter,
        now: Timestamp::now(),
        after: None,
        is_over: false,
    };
    let first = pages.next().await?.unwrap_or_default();
    let rest = stream::try_unfold(pages, |mut pages| async move {
        Ok(pages.next().await?.map(|page| (page, pages)))
    });
    query.format.stream("calls", first, rest)
}

/// Where the reading is.
struct Pages {
    database: Database,
    tenant_id: TenantId,
    filter: CallFilter,
    /// Until when those who are in calls are counted, the same for all rows.
    now: Timestamp,
    after: Option<(Timestamp, CallId)>,
    is_over: bool,
}

impl Pages {
    async fn next(&mut self) -> Result<Option<Vec<CallView>>, ApiError> {
        if self.is_over {
            return Ok(None);
        }
        let scope = self.database.tenant(self.tenant_id);
        let found = scope.calls(&self.filter, self.after, PAGE, self.now).await?;
        self.is_over = found.len() < PAGE as usize;
        self.after = found.last().map(|call| (call.started_at, call.id));
        Ok(Some(found.into_iter().map(|call| CallView::new(call, self.now)).collect()))
    }
}
