//! Hours and days as the clocks of a time zone show them.

use jiff::{
    Timestamp as Instant,
    civil::{Date, Time},
    tz::TimeZone,
};

use crate::DbError;

const HOUR_US: i64 = 60 * 60 * 1_000_000;

/// One hour on the clock, microseconds of UTC from `starts_at` until before `ends_at`.
///
/// Where clocks are set back there are two of the same number; one that they are set within is
/// shorter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LocalHour {
    pub(crate) starts_at: i64,
    pub(crate) ends_at: i64,
    pub(crate) date: Date,
    /// 0 to 23.
    pub(crate) hour: i8,
}

impl LocalHour {
    /// 0 is Monday.
    pub(crate) fn weekday(&self) -> i8 {
        self.date.weekday().to_monday_zero_offset()
    }
}

/// A time zone.
#[derive(Debug, Clone)]
pub(crate) struct Zone {
    name: String,
    rules: TimeZone,
}

impl Zone {
    /// The zone with an IANA name.
    pub(crate) fn named(name: &str) -> Result<Self, DbError> {
        let rules = TimeZone::get(name).map_err(|_| DbError::Damaged("time zone"))?;
        Ok(Self { name: name.to_owned(), rules })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The date on the clock.
    pub(crate) fn date_at(&self, micros: i64) -> Date {
        self.rules.to_datetime(instant(micros)).date()
    }

    /// The first moment of a day.
    pub(crate) fn start_of(&self, date: Date) -> i64 {
        let midnight = date.to_datetime(Time::midnight());
        self.rules.to_zoned(midnight).map_or_else(
            // Beyond the ends of the calendar.
            |_| if date.year() < 1970 { i64::MIN } else { i64::MAX },
            |start| start.timestamp().as_microsecond(),
        )
    }

    /// The hour that a moment lies in.
    pub(crate) fn hour_at(&self, micros: i64) -> LocalHour {
        let at = instant(micros);
        let clock = self.rules.to_datetime(at);
        let into_hour = i64::from(clock.minute()) * 60_000_000
            + i64::from(clock.second()) * 1_000_000
            + i64::from(clock.subsec_nanosecond()) / 1_000;
        let micros = at.as_microsecond();
        let full = micros - into_hour;
        let next_us = instant(micros + 1);
        let set_before = self.rules.preceding(next_us).next().map(|change| change.timestamp());
        let set_after = self.rules.following(at).next().map(|change| change.timestamp());
        LocalHour {
            starts_at: set_before.map_or(full, |change| full.max(change.as_microsecond())),
            ends_at: set_after
                .map_or(full + HOUR_US, |change| (full + HOUR_US).min(change.as_microsecond())),
            date: clock.date(),
            hour: clock.hour(),
        }
    }

    /// The hours from the one that holds `from` until the one that begins at or after `until`.
    pub(crate) fn hours(&self, from: i64, until: i64) -> Vec<LocalHour> {
        let mut hours = Vec::new();
        let mut at = from;
        while at < until {
            let hour = self.hour_at(at);
            at = hour.ends_at;
            hours.push(hour);
        }
        hours
    }
}

fn instant(micros: i64) -> Instant {
    let fallback = if micros < 0 { Instant::MIN } else { Instant::MAX };
    Instant::from_microsecond(micros).unwrap_or(fallback)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn micros(text: &str) -> i64 {
        text.parse::<Instant>().unwrap().as_microsecond()
    }

    fn zone(name: &str) -> Zone {
        Zone::named(name).unwrap()
    }

    /// Hours of a day by number, with their length in minutes.
    fn day(zone: &Zone, date: Date) -> Vec<(i8, i64)> {
        let hours = zone.hours(zone.start_of(date), zone.start_of(date.tomorrow().unwrap()));
        assert!(hours.iter().all(|hour| hour.date == date), "{hours:?}");
        hours.iter().map(|hour| (hour.hour, (hour.ends_at - hour.starts_at) / 60_000_000)).collect()
    }

    #[test]
    fn a_day_without_a_change_has_24_hours() {
        for name in ["UTC", "Asia/Jakarta", "Asia/Kathmandu"] {
            let expected: Vec<_> = (0..24).map(|hour| (hour, 60)).collect();
            assert_eq!(day(&zone(name), date(2026, 11, 22)), expected, "{name}");
        }
    }

    #[test]
    fn clocks_that_are_set_back_show_an_hour_twice() {
        let hours = day(&zone("Europe/Berlin"), date(2026, 10, 25));
        assert_eq!(hours.len(), 25);
        assert_eq!(hours[..5], [(0, 60), (1, 60), (2, 60), (2, 60), (3, 60)]);
    }

    #[test]
    fn clocks_that_are_set_forward_leave_an_hour_out() {
        let hours = day(&zone("Europe/Berlin"), date(2026, 3, 29));
        assert_eq!(hours.len(), 23);
        assert_eq!(hours[..4], [(0, 60), (1, 60), (3, 60), (4, 60)]);
    }

    /// Lord Howe Island sets its clocks by half an hour: 02:00 becomes 01:30.
    #[test]
    fn clocks_that_are_set_by_half_an_hour_cut_one() {
        let hours = day(&zone("Australia/Lord_Howe"), date(2026, 4, 5));
        assert_eq!(hours[..4], [(0, 60), (1, 60), (1, 30), (2, 60)]);
        assert_eq!(hours.iter().map(|(_, minutes)| minutes).sum::<i64>(), 24 * 60 + 30);
    }

    #[test]
    fn a_moment_lies_in_its_hour() {
        let hour = zone("Asia/Jakarta").hour_at(micros("2026-11-22T16:59:59Z"));
        assert_eq!((hour.date, hour.hour, hour.weekday()), (date(2026, 11, 22), 23, 6));
        assert_eq!(hour.starts_at, micros("2026-11-22T16:00:00Z"));
        assert_eq!(zone("Asia/Jakarta").date_at(hour.ends_at), date(2026, 11, 23));
    }
}
