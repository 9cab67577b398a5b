//! Stores the hours and days that are over.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jumpa_protocol::TenantId;
use sqlx::FromRow;
use uuid::Uuid;

use super::{
    local_hours::{LocalHour, Zone},
    tally::{ClientCounts, Counts, Facts, HourCounts},
};
use crate::{
    DbError, OperatorScope, TenantScope, Timestamp, calls::sum_up_call, statement::sql,
    transaction::Transaction,
};

/// How much is counted in one transaction. More holds up other writers of an SQLite file.
const STRETCH_US: i64 = 7 * 24 * 60 * 60 * 1_000_000;

/// How far the hours of a tenant are stored.
#[derive(Debug, FromRow)]
pub(crate) struct Progress {
    pub(crate) time_zone: String,
    pub(crate) counted_until: i64,
}

/// A tenant with hours that are over and not stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UncountedTenant {
    /// The tenant.
    pub id: TenantId,
    /// Whether nothing of it is stored, or in another zone than it has now.
    pub is_new: bool,
}

impl OperatorScope<'_> {
    /// Tenants for whom [`TenantScope::count_usage`] has something to do. One whose time zone is
    /// not known is left out and told in the log, so that the others are counted.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn uncounted_tenants(&self, now: Timestamp) -> Result<Vec<UncountedTenant>, DbError> {
        let rows: Vec<(Uuid, String, Option<String>, Option<i64>)> =
            sql("SELECT t.id, t.time_zone, p.time_zone, p.counted_until FROM tenants t \
             LEFT JOIN usage_progress p ON p.tenant_id = t.id \
             WHERE EXISTS (SELECT 1 FROM calls c WHERE c.tenant_id = t.id) ORDER BY t.id")
            .fetch_all(self)
            .await?;
        let mut found = Vec::new();
        for (id, time_zone, counted_zone, counted_until) in rows {
            let is_new = counted_zone.as_ref() != Some(&time_zone);
            let Ok(zone) = Zone::named(&time_zone) else {
                tracing::error!(tenant.id = %TenantId::from_uuid(id), time_zone, "unknown time zone");
                continue;
            };
            let current = zone.hour_at(now.as_micros());
            if is_new || counted_until.is_none_or(|until| until < current.starts_at) {
                found.push(UncountedTenant { id: TenantId::from_uuid(id), is_new });
            }
        }
        Ok(found)
    }
}

impl TenantScope<'_> {
    /// Stores the counts of hours that are over, from where the last counting ended or a later
    /// report set it back; at most a week of them. Whether more are left is the answer.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn count_usage(&self, now: Timestamp) -> Result<bool, DbError> {
        let mut change = self.begin().await?;
        let (zone, progress) = self.progress_in(&mut change).await?;
        let begin = match progress.counted_until {
            0 => self.first_join(&mut change).await?.unwrap_or(now.as_micros()),
            until => until,
        };
        let begin = zone.hour_at(begin).starts_at;
        let end = zone.hour_at(now.as_micros()).starts_at;
        let until = zone.hour_at(end.min(begin + STRETCH_US)).starts_at;
        if begin < until {
            let hours = zone.hours(begin, until);
            let facts = facts_in(&mut change, self.tenant_id(), begin, until, None).await?;
            self.forget_from(&mut change, begin).await?;
            self.store_hours(&mut change, &hours, &facts.count(&hours, now.as_micros())).await?;
            self.store_clients(&mut change, &facts.clients(&hours)).await?;
            self.store_people(&mut change, &hours).await?;
            self.store_days(&mut change, zone.date_at(begin), zone.date_at(until)).await?;
        }
        sql("UPDATE usage_progress SET counted_until = $2 WHERE tenant_id = $1")
            .bind(self.tenant_id())
            .bind(until)
            .execute(&mut change)
            .await?;
        change.commit().await?;
        Ok(until < end)
    }

    /// Throws away all that was counted and counts it again, calls included. Meanwhile numbers
    /// stay right.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn recount_usage(&self, now: Timestamp) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        self.progress_in(&mut change).await?;
        self.forget_all(&mut change).await?;
        change.commit().await?;
        let calls: Vec<(Uuid,)> = sql("SELECT id FROM calls WHERE tenant_id = $1 ORDER BY id")
            .bind(self.tenant_id())
            .fetch_all(self)
            .await?;
        for (call_id,) in calls {
            let mut change = self.begin().await?;
            sum_up_call(&mut change, self.tenant_id(), call_id.into()).await?;
            change.commit().await?;
        }
        while self.count_usage(now).await? {}
        Ok(())
    }

    /// How far it is, made when it is missing and empty when the zone is another. Holds the row, so
    /// that reports that are stored meanwhile wait before they set it back.
    async fn progress_in(&self, change: &mut Transaction) -> Result<(Zone, Progress), DbError> {
        let (name,): (String,) = sql("SELECT time_zone FROM tenants WHERE id = $1")
            .bind(self.tenant_id())
            .fetch_optional(&mut *change)
            .await?
            .ok_or(DbError::TenantUnknown)?;
        let zone = Zone::named(&name)?;
        let mut progress: Progress = sql(
            "INSERT INTO usage_progress (tenant_id, time_zone, counted_until) VALUES ($1, $2, 0) \
             ON CONFLICT (tenant_id) DO UPDATE SET counted_until = usage_progress.counted_until \
             RETURNING time_zone, counted_until",
        )
        .bind(self.tenant_id())
        .bind(zone.name())
        .fetch_one(&mut *change)
        .await?;
        if progress.time_zone != zone.name() {
            self.forget_all(change).await?;
            sql("UPDATE usage_progress SET time_zone = $2 WHERE tenant_id = $1")
                .bind(self.tenant_id())
                .bind(zone.name())
                .execute(change)
                .await?;
            progress.counted_until = 0;
        }
        Ok((zone, progress))
    }

    async fn first_join(&self, change: &mut Transaction) -> Result<Option<i64>, DbError> {
        let (first,) = sql("SELECT MIN(joined_at) FROM stays WHERE tenant_id = $1")
            .bind(self.tenant_id())
            .fetch_one(change)
            .await?;
        Ok(first)
    }

    async fn forget_all(&self, change: &mut Transaction) -> Result<(), DbError> {
        for text in [
            "DELETE FROM usage_hours WHERE tenant_id = $1",
            "DELETE FROM usage_days WHERE tenant_id = $1",
            "DELETE FROM usage_clients WHERE tenant_id = $1",
            "DELETE FROM usage_people WHERE tenant_id = $1",
            "UPDATE usage_progress SET counted_until = 0 WHERE tenant_id = $1",
        ] {
            sql(text).bind(self.tenant_id()).execute(change).await?;
        }
        Ok(())
    }

    /// People stay: who was there in a month was there.
    async fn forget_from(&self, change: &mut Transaction, begin: i64) -> Result<(), DbError> {
        for text in [
            "DELETE FROM usage_hours WHERE tenant_id = $1 AND starts_at >= $2",
            "DELETE FROM usage_clients WHERE tenant_id = $1 AND starts_at >= $2",
        ] {
            sql(text).bind(self.tenant_id()).bind(begin).execute(change).await?;
        }
        Ok(())
    }

    async fn store_hours(
        &self,
        change: &mut Transaction,
        hours: &[LocalHour],
        counts: &HourCounts,
    ) -> Result<(), DbError> {
        let hours: BTreeMap<i64, &LocalHour> =
            hours.iter().map(|hour| (hour.starts_at, hour)).collect();
        for ((starts_at, app_id), counts) in counts {
            let Some(hour) = hours.get(starts_at) else { continue };
            sql("INSERT INTO usage_hours (tenant_id, app_id, starts_at, local_date, weekday, \
                 hour, calls, participants, guests, participant_us, peak_participants, \
                 measured_intervals, good_intervals) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
            .bind(self.tenant_id())
            .bind(app_id)
            .bind(*starts_at)
            .bind(hour.date.to_string())
            .bind(i64::from(hour.weekday()))
            .bind(i64::from(hour.hour))
            .bind(counts.calls)
            .bind(counts.participants)
            .bind(counts.guests)
            .bind(counts.participant_us)
            .bind(counts.peak_participants)
            .bind(counts.measured_intervals)
            .bind(counts.good_intervals)
            .execute(change)
            .await?;
        }
        Ok(())
    }

    async fn store_clients(
        &self,
        change: &mut Transaction,
        clients: &ClientCounts,
    ) -> Result<(), DbError> {
        for ((starts_at, app_id, browser, os), participants) in clients {
            sql("INSERT INTO usage_clients \
                 (tenant_id, app_id, starts_at, browser, os, participants) \
                 VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(self.tenant_id())
            .bind(app_id)
            .bind(*starts_at)
            .bind(browser)
            .bind(os)
            .bind(*participants)
            .execute(change)
            .await?;
        }
        Ok(())
    }

    async fn store_people(
        &self,
        change: &mut Transaction,
        hours: &[LocalHour],
    ) -> Result<(), DbError> {
        let mut months: BTreeMap<Date, (i64, i64)> = BTreeMap::new();
        for hour in hours {
            let span = months.entry(hour.date.first_of_month()).or_insert((hour.starts_at, 0));
            span.1 = hour.ends_at;
        }
        for (first, (from, until)) in months {
            for text in [
                "INSERT INTO usage_people (tenant_id, app_id, month, subject) \
                 SELECT DISTINCT tenant_id, app_id, $2, subject FROM stays WHERE tenant_id = $1 \
                 AND joined_at >= $3 AND joined_at < $4 AND subject IS NOT NULL \
                 ON CONFLICT (tenant_id, app_id, month, subject) DO NOTHING",
                "INSERT INTO usage_people (tenant_id, app_id, month, subject) \
                 SELECT DISTINCT tenant_id, '', $2, subject FROM stays WHERE tenant_id = $1 \
                 AND joined_at >= $3 AND joined_at < $4 AND subject IS NOT NULL \
                 ON CONFLICT (tenant_id, app_id, month, subject) DO NOTHING",
            ] {
                sql(text)
                    .bind(self.tenant_id())
                    .bind(month_name(first))
                    .bind(from)
                    .bind(until)
                    .execute(change)
                    .await?;
            }
        }
        Ok(())
    }

    /// Days from `first` on until before `end`, the first that is not counted whole.
    async fn store_days(
        &self,
        change: &mut Transaction,
        first: Date,
        end: Date,
    ) -> Result<(), DbError> {
        sql("DELETE FROM usage_days WHERE tenant_id = $1 AND local_date >= $2")
            .bind(self.tenant_id())
            .bind(first.to_string())
            .execute(change)
            .await?;
        sql("INSERT INTO usage_days (tenant_id, app_id, local_date, calls, participants, guests, \
             participant_us, peak_participants, measured_intervals, good_intervals) \
             SELECT tenant_id, app_id, local_date, CAST(SUM(calls) AS BIGINT), \
             CAST(SUM(participants) AS BIGINT), CAST(SUM(guests) AS BIGINT), \
             CAST(SUM(participant_us) AS BIGINT), MAX(peak_participants), \
             CAST(SUM(measured_intervals) AS BIGINT), CAST(SUM(good_intervals) AS BIGINT) \
             FROM usage_hours WHERE tenant_id = $1 AND local_date >= $2 AND local_date < $3 \
             GROUP BY tenant_id, app_id, local_date")
        .bind(self.tenant_id())
        .bind(first.to_string())
        .bind(end.to_string())
        .execute(change)
        .await?;
        Ok(())
    }
}

/// What lies from `from` until before `until`: of one app, or of all.
pub(super) async fn facts_in(
    view: &mut Transaction,
    tenant_id: TenantId,
    from: i64,
    until: i64,
    app_id: Option<&str>,
) -> Result<Facts, DbError> {
    // The signs keep both engines from walking through everybody who came before; those who were
    // still there are few.
    let stays = sql(
        "SELECT s.app_id, s.joined_at, s.left_at, s.subject IS NULL AS is_guest, s.browser, s.os, \
         EXISTS (SELECT 1 FROM stays b WHERE b.tenant_id = s.tenant_id AND b.call_id = s.call_id \
          AND b.participant_id = s.participant_id AND b.joined_at < s.joined_at) AS is_return \
         FROM stays s WHERE s.tenant_id = $1 AND s.joined_at >= $2 AND s.joined_at < $3 \
         AND ($4 IS NULL OR s.app_id = $4) \
         UNION ALL SELECT s.app_id, s.joined_at, s.left_at, s.subject IS NULL, s.browser, s.os, \
         FALSE FROM stays s WHERE s.tenant_id = $1 AND s.left_at > $2 AND +s.joined_at < $2 \
         AND ($4 IS NULL OR s.app_id = $4) \
         UNION ALL SELECT s.app_id, s.joined_at, s.left_at, s.subject IS NULL, s.browser, s.os, \
         FALSE FROM stays s WHERE s.tenant_id = $1 AND s.left_at IS NULL AND +s.joined_at < $2 \
         AND ($4 IS NULL OR s.app_id = $4)",
    );
    let calls = sql("SELECT app_id, started_at FROM calls WHERE tenant_id = $1 \
                     AND started_at >= $2 AND started_at < $3 AND ($4 IS NULL OR app_id = $4)");
    let media = sql("SELECT app_id, began_at, \
                     CAST(SUM(measured_intervals) AS BIGINT) AS measured_intervals, \
                     CAST(SUM(good_intervals) AS BIGINT) AS good_intervals FROM media_quality \
                     WHERE tenant_id = $1 AND began_at >= $2 AND began_at < $3 \
                     AND ($4 IS NULL OR app_id = $4) GROUP BY app_id, began_at");
    let bound = |statement: crate::statement::Statement| {
        statement.bind(tenant_id).bind(from).bind(until).bind(app_id)
    };
    Ok(Facts {
        stays: bound(stays).fetch_all(&mut *view).await?,
        calls: bound(calls).fetch_all(&mut *view).await?,
        media: bound(media).fetch_all(view).await?,
    })
}

/// `2026-11`
pub(super) fn month_name(date: Date) -> String {
    format!("{:04}-{:02}", date.year(), date.month())
}

/// Adds the counts of days from hours.
pub(super) fn add_hours(
    days: &mut BTreeMap<(Date, String), Counts>,
    hours: &[LocalHour],
    counted: &HourCounts,
) {
    for hour in hours {
        let from = (hour.starts_at, String::new());
        for ((_, app_id), counts) in
            counted.range(from..).take_while(|((starts_at, _), _)| *starts_at == hour.starts_at)
        {
            days.entry((hour.date, app_id.clone())).or_default().add(counts);
        }
    }
}
