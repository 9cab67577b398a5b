//! `GET /v1/usage/limits`: how much of their limits apps have used.

use axum::{Json, extract::State};
use jumpa_db::{AppQuota, QuotaAlert, RecordingQuota, Timestamp};
use jumpa_protocol::AppId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ApiError,
    actor::AppsAccess,
    api_state::ApiState,
    calls::minutes,
    needs,
    page::{Filter, Page},
    tenant_access::TenantHeader,
};

/// Of which app.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitQuery {
    /// Only of this app; of each without it.
    app_id: Option<AppId>,
}

/// The limits of an app.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AppUsageLimits)]
pub(crate) struct AppLimitsView {
    app_id: AppId,
    #[schema(example = "Klinik Sehat")]
    app_name: String,
    limits: Vec<UsageLimit>,
}

/// A limit and what is used of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsageLimit {
    name: LimitName,
    /// Minutes of all participants in this month; calls that go on; participants of the largest of
    /// them; recordings that are running; bytes of recordings that are kept.
    used: f64,
    /// Null is without limit.
    #[schema(required)]
    limit: Option<i64>,
    /// Of the limit that is used; null without limit.
    #[schema(required)]
    ratio: Option<f64>,
    alert: LimitAlert,
}

/// What is limited.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LimitName {
    /// Minutes of all participants together in a calendar month of the tenant's time zone.
    MinutesPerMonth,
    /// Calls at a time.
    MaxCalls,
    /// Participants in one call.
    MaxParticipants,
    /// Recordings at a time.
    RecordingsAtOnce,
    /// Bytes of recordings that are kept.
    StorageBytes,
}

/// How much of a limit is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LimitAlert {
    /// Less than 80 %.
    None,
    /// 80 % or more.
    Warning,
    /// All of it.
    Reached,
}

impl From<QuotaAlert> for LimitAlert {
    fn from(alert: QuotaAlert) -> Self {
        match alert {
            QuotaAlert::None => Self::None,
            QuotaAlert::Warning => Self::Warning,
            QuotaAlert::Reached => Self::Reached,
        }
    }
}

impl UsageLimit {
    fn new(name: LimitName, used: f64, limit: Option<i64>, alert: QuotaAlert) -> Self {
        let ratio = limit.filter(|limit| *limit > 0).map(|limit| {
            let ratio = used / limit as f64;
            (ratio * 10_000.0).round() / 10_000.0
        });
        Self { name, used, limit, ratio, alert: alert.into() }
    }

    fn count(name: LimitName, used: i64, limit: Option<i64>) -> Self {
        Self::new(name, used as f64, limit, QuotaAlert::of(used, limit))
    }
}

impl AppLimitsView {
    fn new(quota: AppQuota, recordings: Option<&RecordingQuota>) -> Self {
        let (running, bytes) =
            recordings.map_or((0, 0), |recordings| (recordings.running, recordings.bytes));
        let limits = quota.app.settings.limits;
        let most_participants = Some(i64::from(limits.max_participants));
        let used = minutes(quota.month_us);
        let alert = quota.minutes_alert();
        Self {
            limits: vec![
                UsageLimit::new(LimitName::MinutesPerMonth, used, limits.minutes_per_month, alert),
                UsageLimit::count(LimitName::MaxCalls, quota.live_calls, limits.max_calls),
                UsageLimit::count(
                    LimitName::MaxParticipants,
                    quota.largest_call,
                    most_participants,
                ),
                UsageLimit::count(LimitName::RecordingsAtOnce, running, limits.recordings_at_once),
                UsageLimit::count(LimitName::StorageBytes, bytes, limits.storage_bytes),
            ],
            app_id: quota.app.id,
            app_name: quota.app.settings.name,
        }
    }
}

/// List the limits and what is used of them
///
/// For each app that was not deleted, as of this moment, all on one page. An app whose minutes are
/// used up takes no joins within a minute. Needs `usage:read`.
#[utoipa::path(
    get,
    path = "/v1/usage/limits",
    operation_id = "list_usage_limits",
    tag = "usage",
    params(TenantHeader, LimitQuery),
    responses((status = OK, description = "Each app", body = Page<AppLimitsView>)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn list_limits(
    access: AppsAccess<needs::ReadUsage>,
    State(state): State<ApiState>,
    Filter(query): Filter<LimitQuery>,
) -> Result<Json<Page<AppLimitsView>>, ApiError> {
    let app_id = access.select(query.app_id)?;
    let scope = access.scope(&state);
    let quotas = scope.quotas(app_id.as_ref(), Timestamp::now()).await?;
    let recordings = scope.recording_quotas(app_id.as_ref()).await?;
    let views = quotas.into_iter().map(|quota| {
        let of_app = recordings.iter().find(|recordings| recordings.app_id == quota.app.id);
        AppLimitsView::new(quota, of_app)
    });
    Ok(Json(Page::whole(views.collect())))
}
