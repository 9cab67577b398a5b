//! Reads what is stored of hours and days, and counts the rest from the stays.

use std::collections::BTreeMap;

use jiff::{ToSpan, civil::Date};
use jumpa_protocol::AppId;
use sqlx::FromRow;

use super::{
    count::{Progress, add_hours, facts_in, month_name},
    local_hours::{LocalHour, Zone},
    tally::{Counts, Facts},
};
use crate::{DbError, TenantScope, Timestamp, statement::sql, transaction::Transaction};

/// How many rooms and clients an overview names.
const TOP: u32 = 10;

/// Days in the zone of the tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageDates {
    /// The first.
    pub from: Date,
    /// The last.
    pub until: Date,
}

/// What a tenant sees first.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// The zone that days and hours are counted in.
    pub time_zone: String,
    /// Calls that go on.
    pub live_calls: i64,
    /// Participants who are in them.
    pub live_participants: i64,
    /// The days together.
    pub totals: PeriodTotals,
    /// As many days before them.
    pub previous: PeriodTotals,
    /// Each day, also one without calls.
    pub days: Vec<DayUsage>,
    /// Calls that began, by weekday from Monday on and hour.
    pub hours: [[i64; 24]; 7],
    /// Rooms with the most participant time.
    pub top_rooms: Vec<TopRoom>,
    /// With what most participants came.
    pub clients: Vec<Client>,
}

/// Several days together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodTotals {
    /// What adds up.
    pub counts: Counts,
    /// Different people in the calendar month of the last day. People without an id of the tenant's
    /// own system count as often as they come.
    pub monthly_active_users: i64,
    /// Calls in which there were two at once and never more.
    pub one_on_one_calls: i64,
    /// How long the one in the middle was of the calls that are over, microseconds.
    pub median_duration_us: Option<i64>,
}

/// One day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayUsage {
    /// In the zone of the tenant.
    pub date: Date,
    /// What was counted.
    pub counts: Counts,
}

/// A room and how much it was used.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct TopRoom {
    /// The app.
    #[sqlx(try_from = "String")]
    pub app_id: AppId,
    /// The room.
    pub room: String,
    /// Calls that began.
    pub calls: i64,
    /// Time of all their participants, microseconds.
    pub participant_us: i64,
}

/// With what participants came.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Client {
    /// The browser, without its version.
    pub browser: String,
    /// The system.
    pub os: String,
    /// How many.
    pub participants: i64,
}

impl TenantScope<'_> {
    /// The zone that days are counted in, and the day that it is in it.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn today(&self, now: Timestamp) -> Result<Date, DbError> {
        let mut view = self.snapshot().await?;
        let zone = self.zone(&mut view).await?;
        view.commit().await?;
        Ok(zone.date_at(now.as_micros()))
    }

    /// How much was used on these days and on as many before them: of one app, or of all.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn overview(
        &self,
        dates: UsageDates,
        app_id: Option<&AppId>,
        now: Timestamp,
    ) -> Result<Overview, DbError> {
        let length = (dates.until - dates.from).get_days() + 1;
        let before = |date: Date, days: i32| date.saturating_sub(days.days());
        let previous =
            UsageDates { from: before(dates.from, length), until: before(dates.from, 1) };
        let all = UsageDates {
            from: previous.from.min(previous.until.first_of_month()),
            until: dates.until.last_of_month(),
        };
        let mut reading = self.read(all, app_id, now).await?;
        let (live_calls, live_participants) = reading.live().await?;
        let overview = Overview {
            time_zone: reading.zone.name().to_owned(),
            live_calls,
            live_participants,
            totals: reading.totals(dates).await?,
            previous: reading.totals(previous).await?,
            days: reading.days(dates),
            hours: reading.hours(dates).await?,
            top_rooms: reading.top_rooms(dates).await?,
            clients: reading.clients(dates).await?,
        };
        reading.view.commit().await?;
        Ok(overview)
    }

    async fn zone(&self, view: &mut Transaction) -> Result<Zone, DbError> {
        let (name,): (String,) = sql("SELECT time_zone FROM tenants WHERE id = $1")
            .bind(self.tenant_id())
            .fetch_optional(view)
            .await?
            .ok_or(DbError::TenantUnknown)?;
        Zone::named(&name)
    }

    /// Reads the counts of days, and the stays of those hours of them that are not stored.
    pub(super) async fn read<'a>(
        &'a self,
        dates: UsageDates,
        app_id: Option<&'a AppId>,
        now: Timestamp,
    ) -> Result<Reading<'a>, DbError> {
        let mut view = self.snapshot().await?;
        let zone = self.zone(&mut view).await?;
        let progress: Option<Progress> =
            sql("SELECT time_zone, counted_until FROM usage_progress WHERE tenant_id = $1")
                .bind(self.tenant_id())
                .fetch_optional(&mut view)
                .await?;
        let stored = progress.filter(|progress| progress.time_zone == zone.name());
        // A report may have set it back into the middle of an hour, whose count is void then.
        let counted_until =
            stored.map_or(0, |progress| zone.hour_at(progress.counted_until).starts_at);
        let now = now.as_micros();
        let end = zone.start_of(dates.until.saturating_add(1.days()));
        let from = zone.start_of(dates.from).max(counted_until);
        // What happened this very moment counts.
        let until = end.min(now.saturating_add(1));
        let hours = zone.hours(from, until);
        let tail = if hours.is_empty() {
            Facts::default()
        } else {
            let app_id = app_id.map(AppId::as_str);
            facts_in(&mut view, self.tenant_id(), from, until, app_id).await?
        };
        let mut reading = Reading {
            scope: self,
            view,
            app_id,
            now,
            counted: tail.count(&hours, now),
            by_day: BTreeMap::new(),
            tail,
            hours,
            tail_from: from,
            zone,
        };
        reading.load_days(dates, counted_until).await?;
        Ok(reading)
    }
}

/// One moment of the database, as far as one app or all are concerned.
pub(super) struct Reading<'a> {
    scope: &'a TenantScope<'a>,
    pub(super) view: Transaction,
    zone: Zone,
    app_id: Option<&'a AppId>,
    now: i64,
    /// What is not stored begins here.
    tail_from: i64,
    hours: Vec<LocalHour>,
    tail: Facts,
    counted: super::tally::HourCounts,
    /// By day and app; with an empty app of all of them.
    pub(super) by_day: BTreeMap<(Date, String), Counts>,
}

#[derive(FromRow)]
struct StoredDay {
    app_id: String,
    local_date: String,
    #[sqlx(flatten)]
    counts: Counts,
}

impl Reading<'_> {
    /// The key of what is read: of all apps together it is empty.
    fn key(&self) -> String {
        self.app_id.map_or_else(String::new, ToString::to_string)
    }

    async fn load_days(&mut self, dates: UsageDates, counted_until: i64) -> Result<(), DbError> {
        // Whole days first, then the hours of the day that is counted in part.
        let partial = self.zone.date_at(counted_until);
        let days: Vec<StoredDay> =
            sql("SELECT app_id, local_date, calls, participants, guests, participant_us, \
             peak_participants, measured_intervals, good_intervals FROM usage_days \
             WHERE tenant_id = $1 AND local_date >= $2 AND local_date <= $3 AND local_date < $4")
            .bind(self.scope.tenant_id())
            .bind(dates.from.to_string())
            .bind(dates.until.to_string())
            .bind(partial.to_string())
            .fetch_all(&mut self.view)
            .await?;
        let hours: Vec<StoredDay> =
            sql("SELECT app_id, local_date, calls, participants, guests, participant_us, \
             peak_participants, measured_intervals, good_intervals FROM usage_hours \
             WHERE tenant_id = $1 AND starts_at >= $2 AND starts_at < $3")
            .bind(self.scope.tenant_id())
            .bind(self.zone.start_of(partial.max(dates.from)))
            .bind(counted_until.min(self.tail_from))
            .fetch_all(&mut self.view)
            .await?;
        for StoredDay { app_id, local_date, counts } in days.into_iter().chain(hours) {
            let date = local_date.parse().map_err(|_| DbError::Damaged("date of usage"))?;
            if (dates.from..=dates.until).contains(&date) {
                self.by_day.entry((date, app_id)).or_default().add(&counts);
            }
        }
        add_hours(&mut self.by_day, &self.hours, &self.counted);
        Ok(())
    }

    fn day(&self, date: Date) -> Counts {
        self.by_day.get(&(date, self.key())).copied().unwrap_or_default()
    }

    fn days(&self, dates: UsageDates) -> Vec<DayUsage> {
        each_day(dates).map(|date| DayUsage { date, counts: self.day(date) }).collect()
    }

    pub(super) fn sum(&self, dates: UsageDates) -> Counts {
        let mut sum = Counts::default();
        each_day(dates).for_each(|date| sum.add(&self.day(date)));
        sum
    }

    /// Beginning and end of days, microseconds.
    fn span(&self, dates: UsageDates) -> (i64, i64) {
        let end = dates.until.saturating_add(1.days());
        (self.zone.start_of(dates.from), self.zone.start_of(end))
    }

    async fn live(&mut self) -> Result<(i64, i64), DbError> {
        sql("SELECT COUNT(DISTINCT call_id), COUNT(*) FROM stays WHERE tenant_id = $1 \
             AND left_at IS NULL AND ($2 IS NULL OR app_id = $2)")
        .bind(self.scope.tenant_id())
        .bind(self.app_id)
        .fetch_one(&mut self.view)
        .await
    }

    async fn totals(&mut self, dates: UsageDates) -> Result<PeriodTotals, DbError> {
        let (from, until) = self.span(dates);
        let (ended, one_on_one_calls): (i64, i64) = sql("SELECT COUNT(ended_at), \
             CAST(COALESCE(SUM(CASE WHEN peak_participants = 2 THEN 1 ELSE 0 END), 0) AS BIGINT) \
             FROM calls WHERE tenant_id = $1 AND started_at >= $2 AND started_at < $3 \
             AND ($4 IS NULL OR app_id = $4)")
        .bind(self.scope.tenant_id())
        .bind(from)
        .bind(until)
        .bind(self.app_id)
        .fetch_one(&mut self.view)
        .await?;
        // Of an even number the two in the middle.
        let middle: Vec<(i64,)> =
            sql("SELECT ended_at - started_at AS duration_us FROM calls WHERE tenant_id = $1 \
             AND started_at >= $2 AND started_at < $3 AND ($4 IS NULL OR app_id = $4) \
             AND ended_at IS NOT NULL ORDER BY duration_us LIMIT $5 OFFSET $6")
            .bind(self.scope.tenant_id())
            .bind(from)
            .bind(until)
            .bind(self.app_id)
            .bind(2 - ended % 2)
            .bind((ended - 1).max(0) / 2)
            .fetch_all(&mut self.view)
            .await?;
        let sum: i64 = middle.iter().map(|(duration_us,)| duration_us).sum();
        Ok(PeriodTotals {
            counts: self.sum(dates),
            monthly_active_users: self.monthly_active_users(dates.until, self.key()).await?,
            one_on_one_calls,
            median_duration_us: sum.checked_div(i64::try_from(middle.len()).unwrap_or(0)),
        })
    }

    /// Different people in the month of a day.
    pub(super) async fn monthly_active_users(
        &mut self,
        day: Date,
        key: String,
    ) -> Result<i64, DbError> {
        let month = UsageDates { from: day.first_of_month(), until: day.last_of_month() };
        let (from, until) = self.span(month);
        let (known,): (i64,) = sql("SELECT COUNT(*) FROM usage_people WHERE tenant_id = $1 \
                                    AND app_id = $2 AND month = $3")
        .bind(self.scope.tenant_id())
        .bind(&key)
        .bind(month_name(day))
        .fetch_one(&mut self.view)
        .await?;
        let (new,): (i64,) = if self.tail_from < until.min(self.now) {
            sql("SELECT COUNT(DISTINCT subject) FROM stays s WHERE tenant_id = $1 \
                 AND joined_at >= $2 AND joined_at < $3 AND subject IS NOT NULL \
                 AND ($4 = '' OR app_id = $4) AND NOT EXISTS (SELECT 1 FROM usage_people p \
                 WHERE p.tenant_id = s.tenant_id AND p.app_id = $4 AND p.month = $5 \
                 AND p.subject = s.subject)")
            .bind(self.scope.tenant_id())
            .bind(from.max(self.tail_from))
            .bind(until)
            .bind(&key)
            .bind(month_name(day))
            .fetch_one(&mut self.view)
            .await?
        } else {
            (0,)
        };
        let guests: i64 = each_day(month)
            .filter_map(|date| self.by_day.get(&(date, key.clone())))
            .map(|counts| counts.guests)
            .sum();
        Ok(known + new + guests)
    }

    async fn hours(&mut self, dates: UsageDates) -> Result<[[i64; 24]; 7], DbError> {
        let (from, until) = self.span(dates);
        let stored: Vec<(i64, i64, i64)> =
            sql("SELECT weekday, hour, CAST(SUM(calls) AS BIGINT) FROM usage_hours \
             WHERE tenant_id = $1 AND app_id = $2 AND starts_at >= $3 AND starts_at < $4 \
             GROUP BY weekday, hour")
            .bind(self.scope.tenant_id())
            .bind(self.key())
            .bind(from)
            .bind(until.min(self.tail_from))
            .fetch_all(&mut self.view)
            .await?;
        let key = self.key();
        let tail = self.hours.iter().filter(|hour| (from..until).contains(&hour.starts_at));
        let tail = tail.filter_map(|hour| {
            let counts = self.counted.get(&(hour.starts_at, key.clone()))?;
            Some((i64::from(hour.weekday()), i64::from(hour.hour), counts.calls))
        });
        let mut hours = [[0; 24]; 7];
        for (weekday, hour, calls) in stored.into_iter().chain(tail) {
            let place = usize::try_from(weekday).ok().zip(usize::try_from(hour).ok());
            let cell = place.and_then(|(weekday, hour)| hours.get_mut(weekday)?.get_mut(hour));
            *cell.ok_or(DbError::Damaged("hour of usage"))? += calls;
        }
        Ok(hours)
    }

    async fn top_rooms(&mut self, dates: UsageDates) -> Result<Vec<TopRoom>, DbError> {
        let (from, until) = self.span(dates);
        sql("SELECT app_id, room, COUNT(*) AS calls, CAST(SUM(participant_us + \
             CASE WHEN ended_at IS NOT NULL THEN 0 ELSE (SELECT COALESCE(SUM($5 - s.joined_at), 0) \
             FROM stays s WHERE s.tenant_id = c.tenant_id AND s.call_id = c.id \
             AND s.left_at IS NULL) END) AS BIGINT) AS participant_us \
             FROM calls c WHERE tenant_id = $1 AND started_at >= $2 AND started_at < $3 \
             AND ($4 IS NULL OR app_id = $4) GROUP BY app_id, room \
             ORDER BY participant_us DESC, app_id, room LIMIT $6")
        .bind(self.scope.tenant_id())
        .bind(from)
        .bind(until)
        .bind(self.app_id)
        .bind(self.now)
        .bind(TOP)
        .fetch_all(&mut self.view)
        .await
    }

    async fn clients(&mut self, dates: UsageDates) -> Result<Vec<Client>, DbError> {
        let (from, until) = self.span(dates);
        let stored: Vec<Client> =
            sql("SELECT browser, os, CAST(SUM(participants) AS BIGINT) AS participants \
             FROM usage_clients WHERE tenant_id = $1 AND app_id = $2 AND starts_at >= $3 \
             AND starts_at < $4 GROUP BY browser, os")
            .bind(self.scope.tenant_id())
            .bind(self.key())
            .bind(from)
            .bind(until.min(self.tail_from))
            .fetch_all(&mut self.view)
            .await?;
        let mut clients: BTreeMap<(String, String), i64> = stored
            .into_iter()
            .map(|client| ((client.browser, client.os), client.participants))
            .collect();
        let key = self.key();
        for ((starts_at, app_id, browser, os), participants) in self.tail.clients(&self.hours) {
            if app_id == key && (from..until).contains(&starts_at) {
                *clients.entry((browser, os)).or_default() += participants;
            }
        }
        let mut clients: Vec<Client> = clients
            .into_iter()
            .map(|((browser, os), participants)| Client { browser, os, participants })
            .collect();
        clients.sort_by_key(|client| std::cmp::Reverse(client.participants));
        clients.truncate(TOP as usize);
        Ok(clients)
    }
}

fn each_day(dates: UsageDates) -> impl Iterator<Item = Date> {
    dates.from.series(1.day()).take_while(move |date| *date <= dates.until)
}
