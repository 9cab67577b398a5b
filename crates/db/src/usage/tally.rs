//! Counts hours from the stays that lie in them, without a database.

use std::collections::BTreeMap;

use sqlx::FromRow;

use super::local_hours::LocalHour;

/// What is counted of a time. Two times add up to one, but for the most at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromRow)]
pub struct Counts {
    /// Calls that began in it.
    pub calls: i64,
    /// Participants who came for the first time in it.
    pub participants: i64,
    /// Those of them without an id of the tenant's own system.
    pub guests: i64,
    /// Time of all participants together, microseconds.
    pub participant_us: i64,
    /// Most participants at once.
    pub peak_participants: i64,
    /// Intervals of ten seconds whose media was measured.
    pub measured_intervals: i64,
    /// Those of them that were good.
    pub good_intervals: i64,
}

impl Counts {
    /// Takes in another time.
    pub(crate) fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.participants += other.participants;
        self.guests += other.guests;
        self.participant_us += other.participant_us;
        self.peak_participants = self.peak_participants.max(other.peak_participants);
        self.measured_intervals += other.measured_intervals;
        self.good_intervals += other.good_intervals;
    }
}

/// A stay as far as counting needs it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(crate) struct CountedStay {
    pub(crate) app_id: String,
    pub(crate) joined_at: i64,
    pub(crate) left_at: Option<i64>,
    /// Whether the participant was in the call before.
    pub(crate) is_return: bool,
    pub(crate) is_guest: bool,
    pub(crate) browser: String,
    pub(crate) os: String,
}

/// Calls that began at a moment.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(crate) struct CountedCall {
    pub(crate) app_id: String,
    pub(crate) started_at: i64,
}

/// How five minutes of an app were.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(crate) struct CountedMedia {
    pub(crate) app_id: String,
    pub(crate) began_at: i64,
    pub(crate) measured_intervals: i64,
    pub(crate) good_intervals: i64,
}

/// Everything that lies in some hours.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    pub(crate) stays: Vec<CountedStay>,
    pub(crate) calls: Vec<CountedCall>,
    pub(crate) media: Vec<CountedMedia>,
}

/// Of which app: all for an empty id.
pub(crate) type AppKey = String;

/// The counts of hours, by the beginning of the hour and the app; hours without any are absent.
pub(crate) type HourCounts = BTreeMap<(i64, AppKey), Counts>;

/// Browser and system, with how many came by them, by hour and app.
pub(crate) type ClientCounts = BTreeMap<(i64, AppKey, String, String), i64>;

impl Facts {
    /// Counts each of the hours, which follow each other without a gap; who is still in stays until
    /// `now`.
    pub(crate) fn count(&self, hours: &[LocalHour], now: i64) -> HourCounts {
        let mut counts = HourCounts::new();
        let mut spans: BTreeMap<(i64, AppKey), Vec<(i64, i64)>> = BTreeMap::new();
        for stay in &self.stays {
            let left_at = stay.left_at.unwrap_or(now).max(stay.joined_at);
            for hour in overlapped(hours, stay.joined_at, left_at) {
                let span = (stay.joined_at.max(hour.starts_at), left_at.min(hour.ends_at));
                let is_first = !stay.is_return && stay.joined_at >= hour.starts_at;
                for app in scopes(&stay.app_id) {
                    let here = counts.entry((hour.starts_at, app.clone())).or_default();
                    here.participant_us += span.1 - span.0;
                    here.participants += i64::from(is_first);
                    here.guests += i64::from(is_first && stay.is_guest);
                    spans.entry((hour.starts_at, app)).or_default().push(span);
                }
            }
        }
        for (place, spans) in spans {
            counts.entry(place).or_default().peak_participants = most_at_once(&spans);
        }
        for call in &self.calls {
            let Some(hour) = hour_of(hours, call.started_at) else { continue };
            for app in scopes(&call.app_id) {
                counts.entry((hour.starts_at, app)).or_default().calls += 1;
            }
        }
        for media in &self.media {
            let Some(hour) = hour_of(hours, media.began_at) else { continue };
            for app in scopes(&media.app_id) {
                let here = counts.entry((hour.starts_at, app)).or_default();
                here.measured_intervals += media.measured_intervals;
                here.good_intervals += media.good_intervals;
            }
        }
        counts
    }

    /// With what those came who came for the first time in the hours.
    pub(crate) fn clients(&self, hours: &[LocalHour]) -> ClientCounts {
        let mut clients = ClientCounts::new();
        for stay in self.stays.iter().filter(|stay| !stay.is_return) {
            let Some(hour) = hour_of(hours, stay.joined_at) else { continue };
            for app in scopes(&stay.app_id) {
                let browser = without_version(&stay.browser).to_owned();
                let client = (hour.starts_at, app, browser, stay.os.clone());
                *clients.entry(client).or_default() += 1;
            }
        }
        clients
    }
}

/// Most spans that share a moment. One that ends when another begins does not share it.
pub(crate) fn most_at_once(spans: &[(i64, i64)]) -> i64 {
    let mut steps: Vec<(i64, i64)> =
        spans.iter().flat_map(|(from, until)| [(*from, 1), (*until, -1)]).collect();
    // At one moment those who leave go first.
    steps.sort_unstable();
    let mut inside = 0;
    steps.iter().fold(0, |most, (_, step)| {
        inside += step;
        most.max(inside)
    })
}

/// The app itself and all apps together.
fn scopes(app_id: &str) -> [AppKey; 2] {
    [app_id.to_owned(), AppKey::new()]
}

fn hour_of(hours: &[LocalHour], at: i64) -> Option<&LocalHour> {
    let behind = hours.partition_point(|hour| hour.starts_at <= at);
    hours.get(behind.checked_sub(1)?).filter(|hour| at < hour.ends_at)
}

/// The hours that share time with a span; one without length lies in its hour.
fn overlapped(hours: &[LocalHour], from: i64, until: i64) -> &[LocalHour] {
    let first = hours.partition_point(|hour| hour.ends_at <= from);
    let end = hours.partition_point(|hour| hour.starts_at < until.max(from + 1));
    hours.get(first..end).unwrap_or_default()
}

/// "Chrome" of "Chrome 156".
pub(crate) fn without_version(browser: &str) -> &str {
    match browser.rsplit_once(' ') {
        Some((name, version)) if version.starts_with(|first: char| first.is_ascii_digit()) => name,
        _ => browser,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::local_hours::Zone, *};

    const MINUTE: i64 = 60_000_000;

    fn stay(joined_at: i64, left_at: Option<i64>) -> CountedStay {
        CountedStay {
            app_id: "klinik".to_owned(),
            joined_at: joined_at * MINUTE,
            left_at: left_at.map(|at| at * MINUTE),
            is_return: false,
            is_guest: false,
            browser: "Chrome 156".to_owned(),
            os: "Android".to_owned(),
        }
    }

    /// The counts of the app in each of the first hours of 1970, two to begin with.
    fn count(stays: Vec<CountedStay>, now: i64) -> Vec<Counts> {
        let hours = Zone::named("UTC").unwrap().hours(0, 120 * MINUTE);
        let counted = Facts { stays, ..Facts::default() }.count(&hours, now * MINUTE);
        hours
            .iter()
            .map(|hour| {
                let of = |app: &str| {
                    counted.get(&(hour.starts_at, app.to_owned())).copied().unwrap_or_default()
                };
                assert_eq!(of("klinik"), of(""));
                of("klinik")
            })
            .collect()
    }

    #[test]
    fn a_stay_is_cut_at_the_hour_and_its_participant_counted_once() {
        let counts = count(vec![stay(50, Some(70))], 200);
        assert_eq!(counts[0].participant_us, 10 * MINUTE);
        assert_eq!(counts[1].participant_us, 10 * MINUTE);
        assert_eq!((counts[0].participants, counts[1].participants), (1, 0));
        assert_eq!((counts[0].peak_participants, counts[1].peak_participants), (1, 1));
    }

    #[test]
    fn who_is_still_in_counts_until_now() {
        let counts = count(vec![stay(10, None)], 25);
        assert_eq!(counts[0].participant_us, 15 * MINUTE);
        assert_eq!(counts[1], Counts::default());
    }

    #[test]
    fn who_came_from_before_is_no_new_participant_but_is_there() {
        let counts = count(vec![stay(-30, Some(5))], 200);
        assert_eq!((counts[0].participants, counts[0].participant_us), (0, 5 * MINUTE));
        assert_eq!(counts[0].peak_participants, 1);
    }

    #[test]
    fn one_who_leaves_when_another_comes_is_not_there_with_them() {
        let counts = count(vec![stay(10, Some(20)), stay(20, Some(30))], 200);
        assert_eq!((counts[0].peak_participants, counts[0].participants), (1, 2));
        assert_eq!(most_at_once(&[(0, 10), (5, 15), (9, 20)]), 3);
        assert_eq!(most_at_once(&[]), 0);
    }

    #[test]
    fn a_stay_of_no_length_is_a_participant() {
        let counts = count(vec![stay(60, Some(60))], 200);
        assert_eq!((counts[0], counts[1].participants), (Counts::default(), 1));
    }

    #[test]
    fn a_browser_is_counted_without_its_version() {
        assert_eq!(without_version("Mobile Safari 18.1"), "Mobile Safari");
        assert_eq!(without_version("Firefox"), "Firefox");
        assert_eq!(without_version(""), "");
    }
}
