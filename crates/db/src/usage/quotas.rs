//! How much apps have used of what they may.

use std::collections::{BTreeMap, HashMap};

use jumpa_protocol::{AppId, TenantId};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use super::{count::month_name, read::UsageDates};
use crate::{
    App, DbError, OperatorScope, TenantScope, Timestamp, WebhookEventType,
    apps::note_directory_change,
    statement::sql,
    transaction::Transaction,
    webhook_events::{WebhookEvent, queue_event},
};

const MINUTE_US: i64 = 60_000_000;

/// How much of a limit is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum QuotaAlert {
    /// Less than four fifths, or there is no limit.
    None,
    /// Four fifths or more.
    Warning,
    /// All of it.
    Reached,
}

impl QuotaAlert {
    /// What it is for so much of a limit.
    #[must_use]
    pub fn of(used: i64, limit: Option<i64>) -> Self {
        match limit {
            Some(limit) if used >= limit => Self::Reached,
            Some(limit) if used.saturating_mul(5) >= limit.saturating_mul(4) => Self::Warning,
            Some(_) | None => Self::None,
        }
    }

    /// As tables and the API name it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Warning => "warning",
            Self::Reached => "reached",
        }
    }
}

/// What an app has used of its limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppQuota {
    /// The app with its limits.
    pub app: App,
    /// Time of all participants together in this month of the tenant's zone, microseconds; of those
    /// who are in calls until now.
    pub month_us: i64,
    /// Calls that go on.
    pub live_calls: i64,
    /// Participants of the largest of them.
    pub largest_call: i64,
    /// `2026-11`
    month: String,
}

impl AppQuota {
    /// The limit of minutes in a month, microseconds.
    #[must_use]
    pub fn month_limit_us(&self) -> Option<i64> {
        self.app.settings.limits.minutes_per_month.map(|minutes| minutes.saturating_mul(MINUTE_US))
    }

    /// How much of the minutes is used.
    #[must_use]
    pub fn minutes_alert(&self) -> QuotaAlert {
        QuotaAlert::of(self.month_us, self.month_limit_us())
    }
}

/// The minutes of an app reached or left a mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaChange {
    /// Whose app.
    pub tenant_id: TenantId,
    /// The app.
    pub app_id: AppId,
    /// How much of its minutes is used now.
    pub alert: QuotaAlert,
}

#[derive(FromRow)]
struct StoredQuota {
    #[sqlx(try_from = "String")]
    app_id: AppId,
    month: String,
    alert: String,
}

impl TenantScope<'_> {
    /// What each app has used of its limits, or one of them, the oldest first.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn quotas(
        &self,
        app_id: Option<&AppId>,
        now: Timestamp,
    ) -> Result<Vec<AppQuota>, DbError> {
        let today = self.today(now).await?;
        let dates = UsageDates { from: today.first_of_month(), until: today.last_of_month() };
        let mut reading = self.read(dates, app_id, now).await?;
        let apps: Vec<App> = sql("SELECT * FROM apps WHERE tenant_id = $1 AND deleted_at IS NULL \
                                  AND ($2 IS NULL OR id = $2) ORDER BY created_at, id")
        .bind(self.tenant_id())
        .bind(app_id)
        .fetch_all(&mut reading.view)
        .await?;
        let live: Vec<(String, i64)> = sql("SELECT app_id, COUNT(*) FROM stays \
             WHERE tenant_id = $1 AND left_at IS NULL GROUP BY app_id, call_id")
        .bind(self.tenant_id())
        .fetch_all(&mut reading.view)
        .await?;
        let mut used: HashMap<&str, i64> = HashMap::new();
        for ((_, app), counts) in &reading.by_day {
            *used.entry(app).or_default() += counts.participant_us;
        }
        let quotas = apps
            .into_iter()
            .map(|app| {
                let calls = live.iter().filter(|(of, _)| of == app.id.as_str());
                AppQuota {
                    month_us: used.get(app.id.as_str()).copied().unwrap_or_default(),
                    live_calls: i64::try_from(calls.clone().count()).unwrap_or(i64::MAX),
                    largest_call: calls.map(|(_, people)| *people).max().unwrap_or_default(),
                    month: month_name(today),
                    app,
                }
            })
            .collect();
        reading.view.commit().await?;
        Ok(quotas)
    }

    /// Stores which apps used up their minutes, so that the directory knows, and tells what changed
    /// since the last time.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn check_minutes(&self, now: Timestamp) -> Result<Vec<QuotaChange>, DbError> {
        let quotas = self.quotas(None, now).await?;
        let mut change = self.begin().await?;
        let stored: Vec<StoredQuota> =
            sql("SELECT app_id, month, alert FROM minute_quotas WHERE tenant_id = $1")
                .bind(self.tenant_id())
                .fetch_all(&mut change)
                .await?;
        let mut stored: BTreeMap<AppId, StoredQuota> =
            stored.into_iter().map(|quota| (quota.app_id.clone(), quota)).collect();
        let mut changes = Vec::new();
        let mut is_directory_changed = false;
        for quota in &quotas {
            let alert = quota.minutes_alert();
            let before = stored.remove(&quota.app.id);
            let was = before.as_ref().map_or("none", |before| before.alert.as_str());
            let is_same_month = before.as_ref().is_some_and(|before| before.month == quota.month);
            if was == alert.as_str() && (is_same_month || alert == QuotaAlert::None) {
                continue;
            }
            self.store_quota(&mut change, quota, alert).await?;
            self.tell_quota(&mut change, quota, alert, now).await?;
            is_directory_changed |=
                (was == QuotaAlert::Reached.as_str()) != (alert == QuotaAlert::Reached);
            let app_id = quota.app.id.clone();
            changes.push(QuotaChange { tenant_id: self.tenant_id(), app_id, alert });
        }
        if is_directory_changed {
            note_directory_change(&mut change).await?;
        }
        change.commit().await?;
        Ok(changes)
    }

    /// Tells webhooks that an app comes to the end of its minutes.
    async fn tell_quota(
        &self,
        change: &mut Transaction,
        quota: &AppQuota,
        alert: QuotaAlert,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let kind = match alert {
            QuotaAlert::None => return Ok(()),
            QuotaAlert::Warning => WebhookEventType::QuotaWarning,
            QuotaAlert::Reached => WebhookEventType::QuotaReached,
        };
        let data = json!({
            "limit": "minutes_per_month",
            "month": quota.month,
            "allowed_minutes": quota.app.settings.limits.minutes_per_month,
            "used_minutes": quota.month_us / MINUTE_US,
        });
        let app_id = Some(quota.app.id.clone());
        let jaas = data.clone();
        let event = WebhookEvent { kind, app_id, place: None, at: now, data, jaas };
        queue_event(change, self.tenant_id(), &event).await
    }

    async fn store_quota(
        &self,
        change: &mut Transaction,
        quota: &AppQuota,
        alert: QuotaAlert,
    ) -> Result<(), DbError> {
        sql("INSERT INTO minute_quotas (tenant_id, app_id, month, alert) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (tenant_id, app_id) DO UPDATE SET \
             month = excluded.month, alert = excluded.alert")
        .bind(self.tenant_id())
        .bind(&quota.app.id)
        .bind(&quota.month)
        .bind(alert.as_str())
        .execute(change)
        .await?;
        Ok(())
    }
}

impl OperatorScope<'_> {
    /// Tenants for whom [`TenantScope::check_minutes`] may have something to do: those with an app
    /// whose minutes are limited, or were at the last time.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn tenants_with_limited_minutes(&self) -> Result<Vec<TenantId>, DbError> {
        let rows: Vec<(Uuid,)> = sql("SELECT DISTINCT a.tenant_id FROM apps a \
             LEFT JOIN minute_quotas q ON q.tenant_id = a.tenant_id AND q.app_id = a.id \
             WHERE a.deleted_at IS NULL AND (a.minutes_per_month IS NOT NULL OR q.alert <> 'none')")
        .fetch_all(self)
        .await?;
        Ok(rows.into_iter().map(|(id,)| TenantId::from_uuid(id)).collect())
    }
}

/// Apps that may take no more joins this month.
pub(crate) async fn used_up_apps(view: &mut Transaction) -> Result<Vec<AppId>, DbError> {
    let rows: Vec<(String,)> =
        sql("SELECT app_id FROM minute_quotas WHERE alert = 'reached'").fetch_all(view).await?;
    rows.into_iter().map(|(id,)| id.parse().map_err(|_| DbError::Damaged("app id"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_at_four_fifths_and_at_all() {
        let alert = |used| QuotaAlert::of(used, Some(100));
        assert_eq!(alert(79), QuotaAlert::None);
        assert_eq!(alert(80), QuotaAlert::Warning);
        assert_eq!(alert(99), QuotaAlert::Warning);
        assert_eq!(alert(100), QuotaAlert::Reached);
        assert_eq!(QuotaAlert::of(0, Some(0)), QuotaAlert::Reached);
        assert_eq!(QuotaAlert::of(i64::MAX, None), QuotaAlert::None);
    }
}
