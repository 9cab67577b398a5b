//! `GET /v1/overview`: how much was used and how good it was, at one glance.

use axum::{Json, extract::State};
use jumpa_db::{Client, Counts, DayUsage, Overview, PeriodTotals, Timestamp, TopRoom};
use jumpa_protocol::AppId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::dates::dates;
use crate::{
    ApiError,
    actor::AppsAccess,
    api_state::ApiState,
    calls::{minutes, seconds},
    needs,
    page::Filter,
    tenant_access::TenantHeader,
};

/// Which days of which app.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct OverviewQuery {
    /// Only of this app; of all without it.
    app_id: Option<AppId>,
    /// First day in the time zone of the tenant, 29 days before the last one without it.
    #[param(format = Date)]
    from: Option<String>,
    /// Last day, today without it; at most 366 days from the first.
    #[param(format = Date)]
    until: Option<String>,
}

/// How much was used and how good it was.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Overview)]
pub(crate) struct OverviewView {
    /// The zone that days and hours are counted in, IANA name.
    #[schema(example = "Asia/Jakarta")]
    time_zone: String,
    live: LiveNow,
    totals: Totals,
    /// As many days before these.
    previous: Totals,
    /// Each day, also one without calls.
    days: Vec<Day>,
    /// Calls that began, by weekday from Monday on and hour: seven lists of 24.
    hours: Vec<Vec<i64>>,
    /// At most ten, with the most participant minutes first.
    top_rooms: Vec<RoomUsage>,
    /// At most ten, the most used first.
    clients: Vec<ClientUsage>,
}

/// What goes on this moment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LiveNow {
    calls: i64,
    participants: i64,
}

/// Several days together.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UsageTotals)]
pub(crate) struct Totals {
    /// That began on these days.
    calls: i64,
    participant_minutes: f64,
    /// Who came for the first time into a call on these days.
    participants: i64,
    /// Most at once.
    peak_participants: i64,
    /// Different people in the calendar month of the last day; who has no id of your own system
    /// counts with each call.
    monthly_active_users: i64,
    /// Share of the calls in which there were two at once and never more; null without calls.
    #[schema(required)]
    one_on_one_share: Option<f64>,
    /// Share of the measured time; null when nothing was measured.
    #[schema(required)]
    good_quality_share: Option<f64>,
    /// Of the calls that are over; null without any.
    #[schema(required)]
    median_duration_s: Option<i64>,
}

/// One day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UsageDay)]
pub(crate) struct Day {
    #[schema(format = Date, example = "2026-11-22")]
    date: String,
    calls: i64,
    participant_minutes: f64,
    participants: i64,
    peak_participants: i64,
    #[schema(required)]
    good_quality_share: Option<f64>,
}

/// How much a room was used.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoomUsage {
    app_id: AppId,
    #[schema(example = "ruang-1")]
    room: String,
    calls: i64,
    participant_minutes: f64,
}

/// With what participants came.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClientUsage {
    /// Without its version.
    #[schema(example = "Chrome")]
    browser: String,
    #[schema(example = "Android")]
    os: String,
    participants: i64,
}

/// Show usage and quality at a glance
///
/// Numbers are of this moment and right to the second. Needs `usage:read`.
#[utoipa::path(
    get,
    path = "/v1/overview",
    operation_id = "show_overview",
    tag = "usage",
    params(TenantHeader, OverviewQuery),
    responses((status = OK, description = "The numbers", body = OverviewView)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn overview(
    access: AppsAccess<needs::ReadUsage>,
    State(state): State<ApiState>,
    Filter(query): Filter<OverviewQuery>,
) -> Result<Json<OverviewView>, ApiError> {
    let now = Timestamp::now();
    let app_id = access.select(query.app_id)?;
    let scope = access.scope(&state);
    let today = scope.today(now).await?;
    let dates = dates(query.from.as_deref(), query.until.as_deref(), today)?;
    Ok(Json(scope.overview(dates, app_id.as_ref(), now).await?.into()))
}

impl From<Overview> for OverviewView {
    fn from(overview: Overview) -> Self {
        Self {
            time_zone: overview.time_zone,
            live: LiveNow { calls: overview.live_calls, participants: overview.live_participants },
            totals: overview.totals.into(),
            previous: overview.previous.into(),
            days: overview.days.into_iter().map(Day::from).collect(),
            hours: overview.hours.iter().map(|hours| hours.to_vec()).collect(),
            top_rooms: overview.top_rooms.into_iter().map(RoomUsage::from).collect(),
            clients: overview.clients.into_iter().map(ClientUsage::from).collect(),
        }
    }
}

impl From<PeriodTotals> for Totals {
    fn from(totals: PeriodTotals) -> Self {
        let counts = totals.counts;
        Self {
            calls: counts.calls,
            participant_minutes: minutes(counts.participant_us),
            participants: counts.participants,
            peak_participants: counts.peak_participants,
            monthly_active_users: totals.monthly_active_users,
            one_on_one_share: share(totals.one_on_one_calls, counts.calls),
            good_quality_share: good_share(&counts),
            median_duration_s: totals.median_duration_us.map(seconds),
        }
    }
}

impl From<DayUsage> for Day {
    fn from(DayUsage { date, counts }: DayUsage) -> Self {
        Self {
            date: date.to_string(),
            calls: counts.calls,
            participant_minutes: minutes(counts.participant_us),
            participants: counts.participants,
            peak_participants: counts.peak_participants,
            good_quality_share: good_share(&counts),
        }
    }
}

impl From<TopRoom> for RoomUsage {
    fn from(room: TopRoom) -> Self {
        Self {
            app_id: room.app_id,
            room: room.room,
            calls: room.calls,
            participant_minutes: minutes(room.participant_us),
        }
    }
}

impl From<Client> for ClientUsage {
    fn from(client: Client) -> Self {
        Self { browser: client.browser, os: client.os, participants: client.participants }
    }
}

fn good_share(counts: &Counts) -> Option<f64> {
    share(counts.good_intervals, counts.measured_intervals)
}

/// With four decimals, a hundredth of a percent.
fn share(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| (part as f64 / whole as f64 * 10_000.0).round() / 10_000.0)
}
