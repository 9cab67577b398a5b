//! `GET /v1/usage` and `GET /v1/usage/export`: usage by day or month and app.

use axum::{Json, extract::State, response::Response};
use jumpa_db::{PeriodUsage, Timestamp, UsagePeriod};
use jumpa_protocol::AppId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::dates::dates;
use crate::{
    ApiError,
    actor::AppsAccess,
    api_state::ApiState,
    calls::minutes,
    export::{self, ExportParameters, ExportQuery},
    needs,
    page::Filter,
    tenant_access::TenantHeader,
};

/// Which days of which app, and what a row stands for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct UsageQuery {
    /// Only of this app; of each without it.
    app_id: Option<AppId>,
    /// First day in the time zone of the tenant, 29 days before the last one without it.
    #[param(format = Date)]
    from: Option<String>,
    /// Last day, today without it; at most 366 days from the first.
    #[param(format = Date)]
    until: Option<String>,
    /// `day` without it. Months are always whole.
    #[param(inline)]
    group: Option<UsageGroup>,
}

/// What a row stands for.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UsageGroup {
    /// A day.
    Day,
    /// A calendar month.
    Month,
}

/// Rows of usage.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsageReport {
    data: Vec<UsageRow>,
}

/// How much an app was used in a period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsageRow {
    /// A day or a month of the tenant's time zone.
    #[schema(example = "2026-11-22")]
    period: String,
    app_id: AppId,
    #[schema(example = "Klinik Sehat")]
    app_name: String,
    /// That began in it.
    calls: i64,
    participant_minutes: f64,
    /// Who came for the first time into a call in it.
    participants: i64,
    /// Most at once.
    peak_participants: i64,
    /// Different people in the month; null for a day.
    #[schema(required)]
    monthly_active_users: Option<i64>,
}

impl export::Row for UsageRow {
    const COLUMNS: &'static [&'static str] = &[
        "period",
        "app_id",
        "app_name",
        "calls",
        "participant_minutes",
        "participants",
        "peak_participants",
        "monthly_active_users",
    ];
}

impl From<PeriodUsage> for UsageRow {
    fn from(usage: PeriodUsage) -> Self {
        Self {
            period: usage.period,
            app_id: usage.app_id,
            app_name: usage.app_name,
            calls: usage.counts.calls,
            participant_minutes: minutes(usage.counts.participant_us),
            participants: usage.counts.participants,
            peak_participants: usage.counts.peak_participants,
            monthly_active_users: usage.monthly_active_users,
        }
    }
}

/// Show usage by day or month
///
/// A row for each app and period in which it was used, the oldest first. Needs `usage:read`.
#[utoipa::path(
    get,
    path = "/v1/usage",
    operation_id = "show_usage",
    tag = "usage",
    params(TenantHeader, UsageQuery),
    responses((status = OK, description = "The rows", body = UsageReport)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn show(
    access: AppsAccess<needs::ReadUsage>,
    State(state): State<ApiState>,
    Filter(query): Filter<UsageQuery>,
) -> Result<Json<UsageReport>, ApiError> {
    Ok(Json(UsageReport { data: rows(&access, &state, query).await? }))
}

/// Export usage by day or month
///
/// The same rows as shown. Needs `usage:read`.
#[utoipa::path(
    get,
    path = "/v1/usage/export",
    operation_id = "export_usage",
    tag = "usage",
    params(TenantHeader, UsageQuery, ExportParameters),
    responses((status = OK, description = "The file", content(
        (String = "text/csv"),
        (UsageRow = "application/x-ndjson"),
    ))),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn export(
    access: AppsAccess<needs::ReadUsage>,
    State(state): State<ApiState>,
    query: ExportQuery<UsageQuery>,
) -> Result<Response, ApiError> {
    query.format.file("usage", &rows(&access, &state, query.filter).await?)
}

async fn rows(
    access: &AppsAccess<needs::ReadUsage>,
    state: &ApiState,
    query: UsageQuery,
) -> Result<Vec<UsageRow>, ApiError> {
    let now = Timestamp::now();
    let app_id = access.select(query.app_id)?;
    let scope = access.scope(state);
    let dates = dates(query.from.as_deref(), query.until.as_deref(), scope.today(now).await?)?;
    let period = match query.group {
        Some(UsageGroup::Month) => UsagePeriod::Month,
        Some(UsageGroup::Day) | None => UsagePeriod::Day,
    };
    let found = scope.usage(dates, period, app_id.as_ref(), now).await?;
    Ok(found.into_iter().map(UsageRow::from).collect())
}
