//! `GET /v1/operator/usage` and its export: what every tenant used in a month, for invoices.

use axum::{Json, extract::State, response::Response};
use jiff::civil::Date;
use jumpa_db::{TenantUsage, Timestamp};
use jumpa_protocol::TenantId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ApiError,
    api_state::ApiState,
    calls::minutes,
    export::{self, ExportParameters, ExportQuery},
    page::{Filter, Page},
    session::OperatorAccess,
};

/// Which month.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct MonthQuery {
    /// The current month of UTC without it. Each tenant's month is that of its own time zone.
    #[param(example = "2026-11", pattern = "^[0-9]{4}-[0-9]{2}$")]
    month: Option<String>,
}

impl MonthQuery {
    fn first_day(&self, now: Timestamp) -> Result<Date, ApiError> {
        let Some(text) = &self.month else {
            let today = jiff::Timestamp::from_microsecond(now.as_micros()).unwrap_or_default();
            return Ok(today.to_zoned(jiff::tz::TimeZone::UTC).date().first_of_month());
        };
        let is_plausible = |date: &Date| (2000..=2999).contains(&date.year()) && text.len() == 7;
        let parsed = format!("{text}-01").parse().ok().filter(is_plausible);
        parsed.ok_or(ApiError::invalid("month", "a month like 2026-11"))
    }
}

/// What a tenant used in a month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TenantUsage)]
pub(crate) struct TenantUsageView {
    tenant_id: TenantId,
    #[schema(example = "Toko Melati")]
    tenant_name: String,
    /// Apps that were used.
    apps: i64,
    /// That began in the month.
    calls: i64,
    participant_minutes: f64,
    /// Who came for the first time into a call in the month.
    participants: i64,
    /// Most at once.
    peak_participants: i64,
    /// Different people; who has no id of the tenant's own system counts with each call.
    monthly_active_users: i64,
}

impl export::Row for TenantUsageView {
    const COLUMNS: &'static [&'static str] = &[
        "tenant_id",
        "tenant_name",
        "apps",
        "calls",
        "participant_minutes",
        "participants",
        "peak_participants",
        "monthly_active_users",
    ];
}

impl From<TenantUsage> for TenantUsageView {
    fn from(usage: TenantUsage) -> Self {
        Self {
            tenant_id: usage.tenant_id,
            tenant_name: usage.tenant_name,
            apps: usage.apps,
            calls: usage.counts.calls,
            participant_minutes: minutes(usage.counts.participant_us),
            participants: usage.counts.participants,
            peak_participants: usage.counts.peak_participants,
            monthly_active_users: usage.monthly_active_users,
        }
    }
}

/// List what tenants used in a month
///
/// The one with the most participant minutes first, all on one page; those that used nothing are
/// left out.
#[utoipa::path(
    get,
    path = "/v1/operator/usage",
    operation_id = "list_tenant_usage",
    tag = "operator",
    params(MonthQuery),
    responses((status = OK, description = "Each tenant", body = Page<TenantUsageView>)),
    security(("session" = [])),
)]
pub(crate) async fn list(
    _operator: OperatorAccess,
    State(state): State<ApiState>,
    Filter(query): Filter<MonthQuery>,
) -> Result<Json<Page<TenantUsageView>>, ApiError> {
    Ok(Json(Page::whole(rows(&state, &query).await?)))
}

/// Export what tenants used in a month
///
/// The same rows as in the list.
#[utoipa::path(
    get,
    path = "/v1/operator/usage/export",
    operation_id = "export_tenant_usage",
    tag = "operator",
    params(MonthQuery, ExportParameters),
    responses((status = OK, description = "The file", content(
        (String = "text/csv"),
        (TenantUsageView = "application/x-ndjson"),
    ))),
    security(("session" = [])),
)]
pub(crate) async fn export(
    _operator: OperatorAccess,
    State(state): State<ApiState>,
    query: ExportQuery<MonthQuery>,
) -> Result<Response, ApiError> {
    query.format.file("tenant_usage", &rows(&state, &query.filter).await?)
}

async fn rows(state: &ApiState, query: &MonthQuery) -> Result<Vec<TenantUsageView>, ApiError> {
    let now = Timestamp::now();
    let found = state.database().operator().usage_of_month(query.first_day(now)?, now).await?;
    Ok(found.into_iter().map(TenantUsageView::from).collect())
}
