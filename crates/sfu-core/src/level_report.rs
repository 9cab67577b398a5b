//! How loud people are, for the data channel.

use std::time::{Duration, Instant};

use jumpa_protocol::fast::FastMessage;

/// At most five reports a second.
const MIN_INTERVAL: Duration = Duration::from_millis(200);
/// A report goes out at least this often, empty when nobody is heard: both sides notice a dead path
/// by it, since its arrival is acknowledged (RFC 9260 section 6.2).
const MAX_INTERVAL: Duration = Duration::from_millis(500);
/// Levels above this (−dBov) are noise and are not told.
const NOISE: f32 = 65.0;
/// Most people in one report, the loudest first: it has to fit into one packet.
const MAX_LEVELS: usize = 30;

/// Decides when levels are told, and makes the text.
#[derive(Debug, Clone, Default)]
pub struct LevelReport {
    sent_at: Option<Instant>,
}

impl LevelReport {
    /// The report that is due, as JSON text. `levels` are pairs of participant number and −dBov.
    pub fn poll(
        &mut self,
        levels: impl Iterator<Item = (u32, f32)>,
        now: Instant,
    ) -> Option<String> {
        let age = self.sent_at.map(|at| now.saturating_duration_since(at));
        if age.is_some_and(|age| age < MIN_INTERVAL) {
            return None;
        }
        let mut levels: Vec<(u32, u8)> = levels
            .filter(|(_, level)| *level <= NOISE)
            .map(|(number, level)| (number, level.clamp(0.0, 127.0).round() as u8))
            .collect();
        if levels.is_empty() && age.is_some_and(|age| age < MAX_INTERVAL) {
            return None;
        }
        levels.sort_by_key(|(number, level)| (*level, *number));
        levels.truncate(MAX_LEVELS);
        self.sent_at = Some(now);
        serde_json::to_string(&FastMessage::Levels { levels }).ok()
    }
}

#[cfg(test)]
mod tests {
    use jumpa_netsim::epoch;

    use super::*;

    /// Times of reports within two seconds, asked for every 10 ms.
    fn reports(levels: &[(u32, f32)]) -> usize {
        let mut report = LevelReport::default();
        (0..200)
            .filter(|step| {
                let now = epoch() + Duration::from_millis(10) * *step;
                report.poll(levels.iter().copied(), now).is_some()
            })
            .count()
    }

    #[test]
    fn levels_are_told_five_times_a_second() {
        assert_eq!(reports(&[(1, 30.0)]), 10);
    }

    #[test]
    fn silence_is_told_twice_a_second() {
        assert_eq!(reports(&[]), 4);
    }

    #[test]
    fn noise_is_left_out_and_the_loudest_come_first() {
        let text =
            LevelReport::default().poll([(1, 40.4), (2, 90.0), (3, 20.0)].into_iter(), epoch());
        assert_eq!(text.as_deref(), Some(r#"{"type":"levels","levels":[[3,20],[1,40]]}"#));
    }

    #[test]
    fn a_report_of_a_thousand_people_fits_into_one_packet() {
        let everybody = (0..1_000).map(|number| (1_000_000 + number, 20.0));
        let text = LevelReport::default().poll(everybody, epoch()).expect("it is the first");
        assert!(text.len() < 1_000, "{}", text.len());
    }
}
