//! Times as they stand in JSON: RFC 3339, UTC.

use jumpa_db::Timestamp;

use crate::ApiError;

/// A stored time as text.
pub(crate) fn rfc3339(at: Timestamp) -> String {
    jiff::Timestamp::from_microsecond(at.as_micros()).unwrap_or_default().to_string()
}

/// A time in milliseconds since 1970, as calls count it.
pub(crate) fn at_ms(unix_ms: u64) -> Timestamp {
    Timestamp::from_micros(i64::try_from(unix_ms.saturating_mul(1_000)).unwrap_or(i64::MAX))
}

/// The same as text.
pub(crate) fn from_ms(unix_ms: u64) -> String {
    rfc3339(at_ms(unix_ms))
}

/// A time that a client wrote.
pub(crate) fn parse(field: &'static str, text: &str) -> Result<Timestamp, ApiError> {
    text.parse::<jiff::Timestamp>()
        .map(|at| Timestamp::from_micros(at.as_microsecond()))
        .map_err(|_| ApiError::invalid(field, "a time like 2026-11-22T04:30:00Z"))
}

/// A time zone by its IANA name.
pub(crate) fn zone(text: &str) -> Result<String, ApiError> {
    match jiff::tz::TimeZone::get(text) {
        Ok(zone) if text.len() <= 64 => Ok(zone.iana_name().unwrap_or(text).to_owned()),
        _ => Err(ApiError::invalid("time_zone", "an IANA name like Asia/Jakarta")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_reads_back_what_it_printed() {
        let at = Timestamp::from_micros(1_795_321_800_000_000);
        assert_eq!(parse("from", &rfc3339(at)).unwrap(), at);
    }

    #[test]
    fn a_zone_is_one_that_exists() {
        assert_eq!(zone("Asia/Jakarta").unwrap(), "Asia/Jakarta");
        for text in ["", "WIB!", "Asia/Konoha", "../etc/passwd"] {
            assert!(zone(text).is_err(), "{text}");
        }
    }
}
