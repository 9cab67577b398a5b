//! The room as the client knows it: the snapshot, kept up by events.

use jumpa_protocol::{
    ParticipantId, SourceKind,
    signal::{Event, Participant, Snapshot, SourceState},
};

use crate::RemoteSource;

/// Brings a snapshot up to date.
pub(crate) fn apply(snapshot: &mut Snapshot, event: &Event) {
    match event {
        Event::ParticipantJoined { participant } => {
            snapshot.participants.retain(|known| known.id != participant.id);
            snapshot.participants.push(participant.clone());
        }
        Event::ParticipantLeft { participant_id, .. } => {
            snapshot.participants.retain(|known| known.id != *participant_id);
        }
        Event::ConnectionChanged { participant_id, connection } => {
            change(snapshot, *participant_id, |who| who.connection = *connection);
        }
        Event::NameChanged { participant_id, name } => {
            change(snapshot, *participant_id, |who| who.name.clone_from(name));
        }
        Event::RoleChanged { participant_id, role } => {
            change(snapshot, *participant_id, |who| who.role = *role);
        }
        Event::SourceChanged { participant_id, source } => {
            change(snapshot, *participant_id, |who| {
                who.sources.retain(|known| known.source != source.source);
                if source.state != SourceState::Off {
                    who.sources.push(*source);
                }
            });
        }
        Event::HandChanged { participant_id, raised_at_ms } => {
            change(snapshot, *participant_id, |who| who.hand_raised_at_ms = *raised_at_ms);
        }
        Event::QualityChanged { participant_id, level, cause } => {
            change(snapshot, *participant_id, |who| {
                who.quality = *level;
                who.quality_cause = *cause;
            });
        }
        Event::ChatReceived { message } => snapshot.chat.push(message.clone()),
        Event::SpeakersChanged { participant_ids } => {
            snapshot.speakers.clone_from(participant_ids);
        }
        Event::RoomChanged { settings } => snapshot.settings = *settings,
        Event::RecordingChanged { recording } => {
            snapshot.recordings.retain(|known| known.id != recording.id);
            if recording.state.is_running() {
                snapshot.recordings.push(recording.clone());
            }
        }
        Event::LobbyChanged { waiting } => snapshot.lobby.clone_from(waiting),
        Event::LobbyWaiting { .. }
        | Event::Reacted { .. }
        | Event::SlotChanged { .. }
        | Event::LayersWanted { .. }
        | Event::MutedByModerator { .. }
        | Event::UnmuteAsked { .. }
        | Event::Left { .. }
        | Event::Unknown => {}
    }
}

fn change(snapshot: &mut Snapshot, id: ParticipantId, work: impl FnOnce(&mut Participant)) {
    if let Some(participant) = snapshot.participants.iter_mut().find(|known| known.id == id) {
        work(participant);
    }
}

/// Whose packets carry this CSRC: the participant's number times four plus the order of the kind.
pub(crate) fn source_of(snapshot: &Snapshot, csrc: u32) -> Option<RemoteSource> {
    let source = *SourceKind::ALL.get((csrc % 4) as usize)?;
    let number = csrc / 4;
    let participant = snapshot.participants.iter().find(|known| known.number == number)?;
    Some(RemoteSource { participant_id: participant.id, source })
}
