//! Who is there at a moment, and which of their sources are live, as the log tells it.

use std::collections::BTreeMap;

use jumpa_protocol::{ParticipantId, SourceKind, signal::SourceState};
use jumpa_recorded::events::{Line, LogEvent};

use crate::layout::Audience;

/// Lines about the same moment are no further apart.
const SLACK_MS: u64 = 1_000;

/// The call at a moment.
#[derive(Debug, Clone, Default)]
pub struct Scene {
    people: Vec<Attendee>,
    speakers: Vec<ParticipantId>,
    /// Who spoke last; stays when all are silent.
    speaker: Option<ParticipantId>,
    /// By how much pictures are turned, and since when. A picture may come before the line that says
    /// whose it is.
    turns: BTreeMap<(ParticipantId, SourceKind), (u64, u16)>,
}

#[derive(Debug, Clone)]
struct Attendee {
    participant_id: ParticipantId,
    name: String,
    sources: BTreeMap<SourceKind, Source>,
}

/// One source of somebody who is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// What it does.
    pub state: SourceState,
    /// Since when.
    pub since_ms: u64,
    /// By how much its pictures have to be turned, clockwise.
    pub degrees: u16,
}

impl Scene {
    /// The moment from which a line counts.
    #[must_use]
    pub const fn effect_ms(line: &Line) -> u64 {
        match line.event {
            LogEvent::PictureTurned { from_ms, .. } => from_ms,
            _ => line.at_ms,
        }
    }

    /// Lets a line count.
    pub fn apply(&mut self, line: &Line) {
        match &line.event {
            LogEvent::ParticipantJoined { participant_id, name } => {
                match self.attendee_mut(*participant_id) {
                    Some(attendee) => attendee.name.clone_from(name),
                    None => self.people.push(Attendee {
                        participant_id: *participant_id,
                        name: name.clone(),
                        sources: BTreeMap::new(),
                    }),
                }
            }
            LogEvent::ParticipantLeft { participant_id } => {
                self.people.retain(|attendee| attendee.participant_id != *participant_id);
                self.speakers.retain(|speaker| speaker != participant_id);
                self.speaker = self.speaker.filter(|speaker| speaker != participant_id);
            }
            LogEvent::NameChanged { participant_id, name } => {
                if let Some(attendee) = self.attendee_mut(*participant_id) {
                    attendee.name.clone_from(name);
                }
            }
            LogEvent::SourceChanged { participant_id, source, state } => {
                if let Some(source) = self.source_mut(*participant_id, *source)
                    && source.state != *state
                {
                    source.state = *state;
                    source.since_ms = line.at_ms;
                }
            }
            LogEvent::SpeakersChanged { participant_ids } => {
                self.speakers.clone_from(participant_ids);
                let present = |id: &&ParticipantId| self.attendee(**id).is_some();
                self.speaker = participant_ids.iter().find(present).copied().or(self.speaker);
            }
            LogEvent::PictureTurned { participant_id, source, from_ms, degrees } => {
                self.turns.insert((*participant_id, *source), (*from_ms, *degrees));
            }
            // The recorder tells next who is there. When it comes back nobody knows who has left, or
            // stopped a screen, while it was away.
            LogEvent::RecordingBegan { .. } => {
                let mut turns = std::mem::take(&mut self.turns);
                turns.retain(|_, (from_ms, _)| *from_ms + SLACK_MS >= line.at_ms);
                *self = Self { turns, ..Self::default() };
            }
            LogEvent::RecordingEnded
            | LogEvent::FileBegan { .. }
            | LogEvent::Gap { .. }
            | LogEvent::ClockAnchored { .. }
            | LogEvent::DiskLevelChanged { .. } => {}
        }
    }

    /// Who can be shown.
    #[must_use]
    pub fn audience(&self) -> Audience {
        let presents = |attendee: &&Attendee| {
            attendee
                .sources
                .get(&SourceKind::Screen)
                .is_some_and(|screen| screen.state == SourceState::Live)
        };
        Audience {
            people: self.people.iter().map(|attendee| attendee.participant_id).collect(),
            speaker: self.speaker,
            presenter: self.people.iter().find(presents).map(|attendee| attendee.participant_id),
        }
    }

    /// How somebody who is there is called.
    #[must_use]
    pub fn name(&self, participant_id: ParticipantId) -> &str {
        self.attendee(participant_id).map_or("", |attendee| &attendee.name)
    }

    /// Whether somebody is heard right now.
    #[must_use]
    pub fn speaks(&self, participant_id: ParticipantId) -> bool {
        self.speakers.contains(&participant_id)
    }

    /// A source of somebody who is there.
    #[must_use]
    pub fn source(&self, participant_id: ParticipantId, source: SourceKind) -> Option<Source> {
        let known = self.attendee(participant_id)?.sources.get(&source).copied()?;
        let (_, degrees) = self.turns.get(&(participant_id, source)).copied().unwrap_or_default();
        Some(Source { degrees, ..known })
    }

    fn attendee(&self, participant_id: ParticipantId) -> Option<&Attendee> {
        self.people.iter().find(|attendee| attendee.participant_id == participant_id)
    }

    fn attendee_mut(&mut self, participant_id: ParticipantId) -> Option<&mut Attendee> {
        self.people.iter_mut().find(|attendee| attendee.participant_id == participant_id)
    }

    fn source_mut(
        &mut self,
        participant_id: ParticipantId,
        source: SourceKind,
    ) -> Option<&mut Source> {
        let sources = &mut self.attendee_mut(participant_id)?.sources;
        let unknown = Source { state: SourceState::Off, since_ms: 0, degrees: 0 };
        Some(sources.entry(source).or_insert(unknown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scene(lines: &[(u64, LogEvent)]) -> Scene {
        let mut scene = Scene::default();
        for (at_ms, event) in lines {
            scene.apply(&Line { at_ms: *at_ms, event: event.clone() });
        }
        scene
    }

    fn joined(participant_id: ParticipantId, name: &str) -> LogEvent {
        LogEvent::ParticipantJoined { participant_id, name: name.to_owned() }
    }

    #[test]
    fn people_stand_in_the_order_in_which_they_came() {
        let (siti, budi) = (ParticipantId::generate(), ParticipantId::generate());
        let mut lines = vec![(0, joined(budi, "Budi")), (5, joined(siti, "Siti"))];
        assert_eq!(scene(&lines).audience().people, [budi, siti]);
        lines.push((9, LogEvent::ParticipantLeft { participant_id: budi }));
        lines.push((12, joined(budi, "Budi Santoso")));
        let scene = scene(&lines);
        assert_eq!(scene.audience().people, [siti, budi]);
        assert_eq!(scene.name(budi), "Budi Santoso");
    }

    #[test]
    fn who_spoke_last_stays_until_they_leave() {
        let (siti, budi) = (ParticipantId::generate(), ParticipantId::generate());
        let said = |participant_ids| LogEvent::SpeakersChanged { participant_ids };
        let mut lines = vec![
            (0, joined(budi, "Budi")),
            (0, joined(siti, "Siti")),
            (1, said(vec![siti])),
            (2, said(Vec::new())),
        ];
        assert_eq!(scene(&lines).audience().speaker, Some(siti));
        assert!(!scene(&lines).speaks(siti));
        lines.push((3, LogEvent::ParticipantLeft { participant_id: siti }));
        assert_eq!(scene(&lines).audience().speaker, None);
    }

    #[test]
    fn who_left_while_the_recorder_was_away_is_gone() {
        let (siti, budi) = (ParticipantId::generate(), ParticipantId::generate());
        let began = LogEvent::RecordingBegan { wall_ms: 0 };
        let scene = scene(&[
            (0, began.clone()),
            (0, joined(budi, "Budi")),
            (0, joined(siti, "Siti")),
            (9_000, began),
            (9_000, joined(siti, "Siti")),
        ]);
        assert_eq!(scene.audience().people, [siti]);
    }

    #[test]
    fn a_first_picture_that_is_turned_stays_turned() {
        let siti = ParticipantId::generate();
        let (participant_id, source) = (siti, SourceKind::Camera);
        let turned = LogEvent::PictureTurned { participant_id, source, from_ms: 0, degrees: 90 };
        let state = SourceState::Live;
        let mut lines = vec![
            (0, turned),
            (4, LogEvent::RecordingBegan { wall_ms: 4 }),
            (4, joined(siti, "Siti")),
            (5, LogEvent::SourceChanged { participant_id, source, state }),
        ];
        let degrees = |lines: &[_]| scene(lines).source(siti, source).unwrap().degrees;
        assert_eq!(degrees(&lines), 90);
        // A recorder that comes back says again what is turned.
        lines.push((9_000, LogEvent::RecordingBegan { wall_ms: 9_000 }));
        lines.push((9_000, joined(siti, "Siti")));
        lines.push((9_000, LogEvent::SourceChanged { participant_id, source, state }));
        assert_eq!(degrees(&lines), 0);
    }

    #[test]
    fn a_source_that_comes_back_is_live_since_then() {
        let siti = ParticipantId::generate();
        let camera = |state| LogEvent::SourceChanged {
            participant_id: siti,
            source: SourceKind::Camera,
            state,
        };
        let scene = scene(&[
            (0, joined(siti, "Siti")),
            (1, camera(SourceState::Live)),
            (5, camera(SourceState::Muted)),
            (9, camera(SourceState::Live)),
            (11, camera(SourceState::Live)),
        ]);
        let expected = Source { state: SourceState::Live, since_ms: 9, degrees: 0 };
        assert_eq!(scene.source(siti, SourceKind::Camera), Some(expected));
    }
}
