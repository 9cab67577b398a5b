//! Usage by day or month, of the apps of a tenant and of all tenants.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use jumpa_protocol::{AppId, TenantId};
use uuid::Uuid;

use super::{count::month_name, read::UsageDates, tally::Counts};
use crate::{DbError, OperatorScope, TenantScope, Timestamp, statement::sql};

/// What rows of usage stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsagePeriod {
    /// A day.
    Day,
    /// A calendar month, always whole.
    Month,
}

impl UsagePeriod {
    /// `2026-11-22` or `2026-11`.
    fn name(self, date: Date) -> String {
        match self {
            Self::Day => date.to_string(),
            Self::Month => month_name(date),
        }
    }
}

/// How much an app was used in a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodUsage {
    /// `2026-11-22` or `2026-11`.
    pub period: String,
    /// The app.
    pub app_id: AppId,
    /// Its name.
    pub app_name: String,
    /// What was counted.
    pub counts: Counts,
    /// Different people in the month; none for a day. People without an id of the tenant's own
    /// system count as often as they come.
    pub monthly_active_users: Option<i64>,
}

/// How much a tenant used in a month of its own time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantUsage {
    /// The tenant.
    pub tenant_id: TenantId,
    /// Its name.
    pub tenant_name: String,
    /// Apps that were used.
    pub apps: i64,
    /// What was counted.
    pub counts: Counts,
    /// Different people.
    pub monthly_active_users: i64,
}

impl TenantScope<'_> {
    /// How much each app was used, or one of them, in the periods of these days in which it was, by
    /// period and app.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn usage(
        &self,
        dates: UsageDates,
        period: UsagePeriod,
        app_id: Option<&AppId>,
        now: Timestamp,
    ) -> Result<Vec<PeriodUsage>, DbError> {
        let dates = match period {
            UsagePeriod::Day => dates,
            UsagePeriod::Month => {
                UsageDates { from: dates.from.first_of_month(), until: dates.until.last_of_month() }
            }
        };
        let names: Vec<(String, String)> = sql("SELECT id, name FROM apps WHERE tenant_id = $1")
            .bind(self.tenant_id())
            .fetch_all(self)
            .await?;
        let names: HashMap<String, String> = names.into_iter().collect();
        let mut reading = self.read(dates, app_id, now).await?;
        let mut periods: BTreeMap<(String, String), (Date, Counts)> = BTreeMap::new();
        for ((date, app), counts) in &reading.by_day {
            let is_asked = app_id.map_or(!app.is_empty(), |wanted| wanted.as_str() == app);
            if is_asked && *counts != Counts::default() {
                let place = (period.name(*date), app.clone());
                periods.entry(place).or_insert((*date, Counts::default())).1.add(counts);
            }
        }
        let mut rows = Vec::new();
        for ((name, app), (date, counts)) in periods {
            let monthly_active_users = match period {
                UsagePeriod::Day => None,
                UsagePeriod::Month => Some(reading.monthly_active_users(date, app.clone()).await?),
            };
            rows.push(PeriodUsage {
                period: name,
                app_name: names.get(&app).cloned().unwrap_or_default(),
                app_id: app.parse().map_err(|_| DbError::Damaged("app id"))?,
                counts,
                monthly_active_users,
            });
        }
        reading.view.commit().await?;
        Ok(rows)
    }
}

impl OperatorScope<'_> {
    /// How much each tenant used in a month, the one with the most participant time first. Those
    /// that used nothing are left out.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn usage_of_month(
        &self,
        month: Date,
        now: Timestamp,
    ) -> Result<Vec<TenantUsage>, DbError> {
        let dates = UsageDates { from: month.first_of_month(), until: month.last_of_month() };
        let tenants: Vec<(Uuid, String)> = sql("SELECT id, name FROM tenants t \
             WHERE EXISTS (SELECT 1 FROM calls c WHERE c.tenant_id = t.id) ORDER BY name, id")
        .fetch_all(self)
        .await?;
        let mut rows = Vec::new();
        for (id, tenant_name) in tenants {
            let tenant_id = TenantId::from_uuid(id);
            let scope = self.database().tenant(tenant_id);
            let mut reading = scope.read(dates, None, now).await?;
            let counts = reading.sum(dates);
            if counts != Counts::default() {
                let apps: BTreeSet<&String> = reading
                    .by_day
                    .keys()
                    .map(|(_, app)| app)
                    .filter(|app| !app.is_empty())
                    .collect();
                let apps = i64::try_from(apps.len()).unwrap_or(i64::MAX);
                let monthly_active_users =
                    reading.monthly_active_users(dates.from, String::new()).await?;
                rows.push(TenantUsage {
                    tenant_id,
                    tenant_name,
                    apps,
                    counts,
                    monthly_active_users,
                });
            }
            reading.view.commit().await?;
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.counts.participant_us));
        Ok(rows)
    }
}
