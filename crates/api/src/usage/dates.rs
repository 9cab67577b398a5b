//! Which days numbers are asked for.

use jiff::{ToSpan, civil::Date};
use jumpa_db::UsageDates;

use crate::ApiError;

/// Most days at once: a leap year.
const MAX_DAYS: i32 = 366;

/// Days when nothing else is asked.
const DEFAULT_DAYS: i32 = 30;

/// The days that a query names; the last 30 when it names none.
pub(super) fn dates(
    from: Option<&str>,
    until: Option<&str>,
    today: Date,
) -> Result<UsageDates, ApiError> {
    let until = until.map(|text| date("until", text)).transpose()?.unwrap_or(today);
    let from = match from {
        Some(text) => date("from", text)?,
        None => until.saturating_sub((DEFAULT_DAYS - 1).days()),
    };
    let days = (until - from).get_days() + 1;
    if (1..=MAX_DAYS).contains(&days) {
        Ok(UsageDates { from, until })
    } else {
        Err(ApiError::invalid("from", "at most 366 days before `until`, and not after it"))
    }
}

/// A date that a client wrote. Beyond these years there is nothing to be counted.
fn date(field: &'static str, text: &str) -> Result<Date, ApiError> {
    text.parse()
        .ok()
        .filter(|date: &Date| (2000..=2999).contains(&date.year()) && date.to_string() == text)
        .ok_or(ApiError::invalid(field, "a date like 2026-11-22"))
}

#[cfg(test)]
mod tests {
    use jiff::civil;

    use super::*;

    fn given(from: Option<&str>, until: Option<&str>) -> Option<(String, String)> {
        let dates = dates(from, until, civil::date(2026, 11, 22)).ok()?;
        Some((dates.from.to_string(), dates.until.to_string()))
    }

    fn some(from: &str, until: &str) -> Option<(String, String)> {
        Some((from.to_owned(), until.to_owned()))
    }

    #[test]
    fn without_dates_it_is_the_last_thirty_days() {
        assert_eq!(given(None, None), some("2026-10-24", "2026-11-22"));
        assert_eq!(given(None, Some("2026-03-01")), some("2026-01-31", "2026-03-01"));
        assert_eq!(given(Some("2026-11-22"), None), some("2026-11-22", "2026-11-22"));
    }

    #[test]
    fn more_than_a_year_and_what_is_no_date_is_refused() {
        assert!(given(Some("2024-01-01"), Some("2024-12-31")).is_some());
        assert_eq!(given(Some("2024-01-01"), Some("2025-01-01")), None);
        assert_eq!(given(Some("2026-11-23"), None), None);
        for text in ["", "22.11.2026", "2026-11-22T10:00", "9999-01-01", "2026-02-30"] {
            assert_eq!(given(Some(text), None), None, "{text}");
        }
    }
}
