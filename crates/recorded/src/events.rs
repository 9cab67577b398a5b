//! `events.jsonl`: what happened in the call and with the recording, one JSON object in a line,
//! written as it happens.

use std::collections::BTreeMap;

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
    /// to here; absent when they were there to the end of what is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_ms: Option<u64>,
}

/// Everybody in a log, in the order of their ids. A line that was cut is left out.
#[must_use]
pub fn people(log: &str) -> Vec<Person> {
    let mut people: BTreeMap<ParticipantId, Person> = BTreeMap::new();
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
    for Line { at_ms, event } in lines {
        match event {
            LogEvent::ParticipantJoined { participant_id, name } => {
                let person = people.entry(participant_id).or_insert_with(|| Person {
                    participant_id,
                    name: String::new(),
                    stays: Vec::new(),
                });
                person.name = name;
                // Who was there when the recorder came back has never been away.
                if person.stays.last().is_none_or(|stay| stay.left_ms.is_some()) {
                    person.stays.push(Stay { joined_ms: at_ms, left_ms: None });
                }
            }
            LogEvent::ParticipantLeft { participant_id } => {
                if let Some(stay) =
                    people.get_mut(&participant_id).and_then(|person| person.stays.last_mut())
                {
                    stay.left_ms.get_or_insert(at_ms);
                }
            }
            LogEvent::NameChanged { participant_id, name } => {
                if let Some(person) = people.get_mut(&participant_id) {
                    person.name = name;
                }
            }
            LogEvent::RecordingEnded => {
                for stay in people.values_mut().filter_map(|person| person.stays.last_mut()) {
                    stay.left_ms.get_or_insert(at_ms);
                }
            }
            _ => {}
        }
    }
    people.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_tells_who_was_there_when() {
        let siti = ParticipantId::generate();
        let budi = ParticipantId::generate();
        let joined = |participant_id, name: &str| LogEvent::ParticipantJoined {
            participant_id,
            name: name.to_owned(),
        };
        let lines = [
            (0, joined(siti, "Siti")),
            (500, joined(budi, "Budi")),
            (900, LogEvent::ParticipantLeft { participant_id: siti }),
            (1_000, joined(budi, "Budi Santoso")),
            (2_000, joined(siti, "Siti")),
            (3_000, LogEvent::RecordingEnded),
        ];
        let mut log = String::new();
        for (at_ms, event) in lines {
            log += &serde_json::to_string(&Line { at_ms, event }).unwrap();
            log.push('\n');
        }
        log += r#"{"at_ms":4000,"type":"particip"#;
        let stay = |joined_ms, left_ms| Stay { joined_ms, left_ms: Some(left_ms) };
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
}
