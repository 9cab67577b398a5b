//! `events.jsonl`: what happened in the call and with the recording, one JSON object in a line,
//! written as it happens.

use std::collections::{BTreeMap, BTreeSet};

use jumpa_protocol::{ParticipantId, SourceKind, recording::SpoolLevel, signal::SourceState};
use serde::{Deserialize, Serialize};

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// When, on the clock of the recording, milliseconds.
    pub at_ms: u64,
    /// What.
    #[serde(flatten)]
    pub event: LogEvent,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LogEvent {
    /// The recorder is in the call and something was sent; at the first time zero of the clock.
    RecordingBegan {
        /// The same moment on the clock of the wall, milliseconds since 1970.
        wall_ms: u64,
    },
    /// The recorder has left the call.
    RecordingEnded,
    /// Somebody joined, or was there when the recording began.
    ParticipantJoined {
        /// Who.
        participant_id: ParticipantId,
        /// How they are called.
        name: String,
    },
    /// Somebody left.
    ParticipantLeft {
        /// Who.
        participant_id: ParticipantId,
    },
    /// Somebody has another name.
    NameChanged {
        /// Who.
        participant_id: ParticipantId,
        /// The new one.
        name: String,
    },
    /// A source began, was muted, or ended.
    SourceChanged {
        /// Whose.
        participant_id: ParticipantId,
        /// Which.
        source: SourceKind,
        /// What it does now.
        state: SourceState,
    },
    /// Who speaks, the most recent dominant speaker first.
    SpeakersChanged {
        /// Who.
        participant_ids: Vec<ParticipantId>,
    },
    /// A file begins.
    FileBegan {
        /// Its name.
        file: String,
        /// Where its first frame stands.
        start_ms: u64,
    },
    /// Something is missing in the file of a source.
    Gap {
        /// Whose.
        participant_id: ParticipantId,
        /// Which.
        source: SourceKind,
        /// From here,
        from_ms: u64,
        /// to here.
        to_ms: u64,
    },
    /// The clock of a source was set against the clock of the recording.
    ClockAnchored {
        /// Whose.
        participant_id: ParticipantId,
        /// Which.
        source: SourceKind,
        /// Time on the clock of the recording,
        media_ms: u64,
        /// of this RTP timestamp.
        rtp_timestamp: u32,
    },
    /// The disk is as full as this from now on: pictures are left out or small, or as they were
    /// wanted.
    DiskLevelChanged {
        /// How full.
        level: SpoolLevel,
    },
    /// Pictures have to be turned from now on.
    PictureTurned {
        /// Whose.
        participant_id: ParticipantId,
        /// Which.
        source: SourceKind,
        /// From here.
        from_ms: u64,
        /// Clockwise.
        degrees: u16,
    },
}

/// Somebody who was in the call while it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub participant_id: ParticipantId,
    /// The name that they had last.
    pub name: String,
    /// When they were there.
    pub stays: Vec<Stay>,
}

/// A time in the call, on the clock of the recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    /// From here,
    pub joined_ms: u64,
    /// to here; absent when they were there to the end of what is known. Of somebody who left while
    /// the recorder was away it is when the recorder last wrote anything: nobody knows better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_ms: Option<u64>,
}

/// A recorder that comes back says at once who is there, milliseconds.
const ROLL_CALL_MS: u64 = 1_000;

/// Everybody in a log, in the order of their ids. A line that was cut is left out.
#[must_use]
pub fn people(log: &str) -> Vec<Person> {
    let mut attendance = Attendance::default();
    for line in log.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok()) {
        attendance.apply(line);
    }
    attendance.people.into_values().collect()
}

/// Who was there when, as far as the log was read.
#[derive(Debug, Default)]
struct Attendance {
    people: BTreeMap<ParticipantId, Person>,
    /// When the recorder came back last, and who was there before and has not been named since.
    missing: (u64, BTreeSet<ParticipantId>),
    /// When the last line was written.
    written_ms: u64,
}

impl Attendance {
    fn apply(&mut self, Line { at_ms, event }: Line) {
        match event {
            LogEvent::RecordingBegan { .. } => {
                let missing = self.end_stays(self.written_ms);
                self.missing = (at_ms, missing);
            }
            LogEvent::ParticipantJoined { participant_id, name } => {
                self.join(participant_id, name, at_ms);
            }
            LogEvent::ParticipantLeft { participant_id } => {
                let person = self.people.get_mut(&participant_id);
                if let Some(stay) = person.and_then(|person| person.stays.last_mut()) {
                    stay.left_ms.get_or_insert(at_ms);
                }
            }
            LogEvent::NameChanged { participant_id, name } => {
                if let Some(person) = self.people.get_mut(&participant_id) {
                    person.name = name;
                }
            }
            LogEvent::RecordingEnded => {
                self.end_stays(at_ms);
            }
            _ => {}
        }
        self.written_ms = self.written_ms.max(at_ms);
    }

    fn join(&mut self, participant_id: ParticipantId, name: String, at_ms: u64) {
        let unknown = || Person { participant_id, name: String::new(), stays: Vec::new() };
        let person = self.people.entry(participant_id).or_insert_with(unknown);
        person.name = name;
        let (returned_ms, missing) = &mut self.missing;
        if missing.remove(&participant_id)
            && at_ms <= *returned_ms + ROLL_CALL_MS
            && let Some(stay) = person.stays.last_mut()
        {
            // Who is there when the recorder comes back has never been away.
            stay.left_ms = None;
        } else if person.stays.last().is_none_or(|stay| stay.left_ms.is_some()) {
            person.stays.push(Stay { joined_ms: at_ms, left_ms: None });
        }
    }

    /// Ends every stay that goes on, and says whose they were.
    fn end_stays(&mut self, at_ms: u64) -> BTreeSet<ParticipantId> {
        let mut ended = BTreeSet::new();
        for person in self.people.values_mut() {
            if let Some(stay) = person.stays.last_mut().filter(|stay| stay.left_ms.is_none()) {
                stay.left_ms = Some(at_ms);
                ended.insert(person.participant_id);
            }
        }
        ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(participant_id: ParticipantId, name: &str) -> LogEvent {
        LogEvent::ParticipantJoined { participant_id, name: name.to_owned() }
    }

    fn text_of(lines: impl IntoIterator<Item = (u64, LogEvent)>) -> String {
        let text = |(at_ms, event)| serde_json::to_string(&Line { at_ms, event }).unwrap() + "\n";
        lines.into_iter().map(text).collect()
    }

    const fn stay(joined_ms: u64, left_ms: u64) -> Stay {
        Stay { joined_ms, left_ms: Some(left_ms) }
    }

    #[test]
    fn a_log_tells_who_was_there_when() {
        let siti = ParticipantId::generate();
        let budi = ParticipantId::generate();
        let mut log = text_of([
            (0, joined(siti, "Siti")),
            (500, joined(budi, "Budi")),
            (900, LogEvent::ParticipantLeft { participant_id: siti }),
            (1_000, joined(budi, "Budi Santoso")),
            (2_000, joined(siti, "Siti")),
            (3_000, LogEvent::RecordingEnded),
        ]);
        log += r#"{"at_ms":4000,"type":"particip"#;
        let expected = [
            Person {
                participant_id: siti,
                name: "Siti".to_owned(),
                stays: vec![stay(0, 900), stay(2_000, 3_000)],
            },
            Person {
                participant_id: budi,
                name: "Budi Santoso".to_owned(),
                stays: vec![stay(500, 3_000)],
            },
        ];
        assert_eq!(people(&log), expected);
    }
    #[test]
    fn who_left_while_the_recorder_was_away_was_there_until_it_went() {
        let [siti, budi, dewi] = [(); 3].map(|()| ParticipantId::generate());
        let began = |wall_ms| LogEvent::RecordingBegan { wall_ms };
        let log = text_of([
            (0, began(1_000)),
            (0, joined(siti, "Siti")),
            (0, joined(budi, "Budi")),
            (100, joined(dewi, "Dewi")),
            (4_000, LogEvent::SpeakersChanged { participant_ids: vec![siti] }),
            (9_000, began(10_000)),
            (9_001, joined(siti, "Siti")),
            // Back after a while.
            (15_000, joined(dewi, "Dewi")),
            (20_000, LogEvent::RecordingEnded),
        ]);
        let stays: Vec<_> = people(&log).into_iter().map(|person| person.stays).collect();
        assert_eq!(
            stays,
            [
                vec![stay(0, 20_000)],
                vec![stay(0, 4_000)],
                vec![stay(100, 4_000), stay(15_000, 20_000)],
            ]
        );
    }
}
