//! Who is in the call and what they send, as the log of the recording has it.

use std::collections::BTreeMap;

use jumpa_protocol::{
    ParticipantId, SourceKind,
    signal::{Participant, SourceState},
};
use jumpa_recorded::events::LogEvent;

/// What the log has told. It is held against what there is, instead of every event being copied: who
/// joins brings sources, and whoever was away for a moment hears of nobody who left meanwhile.
#[derive(Debug, Default)]
pub(super) struct Roll {
    people: BTreeMap<ParticipantId, Person>,
    speakers: Vec<ParticipantId>,
}

#[derive(Debug)]
struct Person {
    name: String,
    sources: BTreeMap<SourceKind, SourceState>,
}

impl Roll {
    /// Takes over who is there now and who speaks, and gives what the log does not tell yet, in the
    /// order in which it has to be written. The recorder itself is nobody in the call.
    pub(super) fn call(
        &mut self,
        participants: &[Participant],
        speakers: &[ParticipantId],
        own: ParticipantId,
    ) -> Vec<LogEvent> {
        let others = || participants.iter().filter(|person| person.id != own);
        let mut news = Vec::new();
        self.people.retain(|participant_id, _| {
            let is_here = others().any(|person| person.id == *participant_id);
            if !is_here {
                news.push(LogEvent::ParticipantLeft { participant_id: *participant_id });
            }
            is_here
        });
        for participant in others() {
            self.tell(participant, &mut news);
        }
        if self.speakers != speakers {
            self.speakers = speakers.to_vec();
            news.push(LogEvent::SpeakersChanged { participant_ids: speakers.to_vec() });
        }
        news
    }

    fn tell(&mut self, participant: &Participant, news: &mut Vec<LogEvent>) {
        let participant_id = participant.id;
        let name = || participant.name.clone();
        let known = self.people.entry(participant_id).or_insert_with(|| {
            news.push(LogEvent::ParticipantJoined { participant_id, name: name() });
            Person { name: name(), sources: BTreeMap::new() }
        });
        if known.name != participant.name {
            known.name = name();
            news.push(LogEvent::NameChanged { participant_id, name: name() });
        }
        // Those that are off are absent.
        let sources: BTreeMap<_, _> =
            participant.sources.iter().map(|of| (of.source, of.state)).collect();
        let ended = known.sources.keys().filter(|source| !sources.contains_key(source));
        let ended = ended.map(|source| (*source, SourceState::Off));
        let begun =
            sources.iter().filter(|(source, state)| known.sources.get(source) != Some(*state));
        let changed = ended.chain(begun.map(|(source, state)| (*source, *state)));
        news.extend(changed.map(|(source, state)| LogEvent::SourceChanged {
            participant_id,
            source,
            state,
        }));
        known.sources = sources;
    }
}

#[cfg(test)]
mod tests {
    use jumpa_protocol::signal::{ConnectionState, QualityLevel, Role, SourceInfo};

    use super::*;

    fn person(id: ParticipantId, name: &str, sources: &[(SourceKind, SourceState)]) -> Participant {
        Participant {
            id,
            number: 1,
            name: name.to_owned(),
            avatar: None,
            role: Role::Participant,
            is_verified: false,
            joined_at_ms: 0,
            connection: ConnectionState::Connected,
            hand_raised_at_ms: None,
            quality: QualityLevel::Good,
            quality_cause: None,
            sources: sources
                .iter()
                .map(|(source, state)| SourceInfo { source: *source, state: *state })
                .collect(),
        }
    }

    fn changed(participant_id: ParticipantId, source: SourceKind, state: SourceState) -> LogEvent {
        LogEvent::SourceChanged { participant_id, source, state }
    }

    fn joined(participant_id: ParticipantId, name: &str) -> LogEvent {
        LogEvent::ParticipantJoined { participant_id, name: name.to_owned() }
    }

    use SourceKind::{Camera, Microphone};
    use SourceState::{Live, Muted, Off};

    #[test]
    fn who_joins_is_told_with_what_they_send() {
        let [own, siti, budi] = [(); 3].map(|()| ParticipantId::generate());
        let mut roll = Roll::default();
        let me = person(own, "Perekam", &[]);
        let mut call = vec![me, person(siti, "Siti", &[(Microphone, Live), (Camera, Live)])];
        let siti_came = vec![
            joined(siti, "Siti"),
            changed(siti, Microphone, Live),
            changed(siti, Camera, Live),
        ];
        assert_eq!(roll.call(&call, &[], own), siti_came);
        assert_eq!(roll.call(&call, &[], own), []);
        call.push(person(budi, "Budi", &[(Camera, Live)]));
        let speaks = LogEvent::SpeakersChanged { participant_ids: vec![siti] };
        let budi_came = vec![joined(budi, "Budi"), changed(budi, Camera, Live), speaks];
        assert_eq!(roll.call(&call, &[siti], own), budi_came);
    }

    #[test]
    fn what_changed_while_nobody_looked_is_told_at_once() {
        let [own, siti, budi, dewi] = [(); 4].map(|()| ParticipantId::generate());
        let mut roll = Roll::default();
        let sends = [(Microphone, Live), (Camera, Live)];
        roll.call(&[person(siti, "Siti", &sends), person(budi, "Budi", &sends)], &[budi], own);
        let siti_now = person(siti, "Siti N.", &[(Microphone, Muted)]);
        let news = roll.call(&[siti_now, person(dewi, "Dewi", &[])], &[], own);
        assert_eq!(
            news,
            [
                LogEvent::ParticipantLeft { participant_id: budi },
                LogEvent::NameChanged { participant_id: siti, name: "Siti N.".to_owned() },
                changed(siti, Camera, Off),
                changed(siti, Microphone, Muted),
                joined(dewi, "Dewi"),
                LogEvent::SpeakersChanged { participant_ids: Vec::new() },
            ]
        );
    }
}
