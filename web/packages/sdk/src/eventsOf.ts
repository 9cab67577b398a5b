import type { Emitter } from './Emitter.js';
import type { CallRecording } from './generated/protocol.js';
import type { RoomEvent } from './protocol.js';
import type { RoomEvents } from './RoomEvents.js';
import type { RoomState } from './RoomState.js';
import { recordingView } from './roomReducer.js';

/** Tells one thing to the listeners of a room. */
export type Tell = (events: Emitter<RoomEvents>) => void;

/** What an event of the server means to the page, given the state before and after it. */
export function eventsOf(event: RoomEvent, before: RoomState, after: RoomState): readonly Tell[] {
  switch (event.type) {
    case 'participant_joined':
      return joinedEvents(event.participant.id, before, after);
    case 'participant_left': {
      const participant = before.participants.find(({ id }) => id === event.participant_id);
      if (!participant) return [];
      return [tell('participantLeft', { participant, reason: event.reason })];
    }
    case 'chat_received': {
      if (after.chat === before.chat) return [];
      const entry = after.chat.at(-1);
      return entry ? [tell('chatReceived', { entry })] : [];
    }
    case 'reacted':
      return [tell('reacted', { participantId: event.participant_id, reaction: event.reaction })];
    case 'hand_changed':
      if (event.raised_at_ms === null || after.participants === before.participants) return [];
      return [tell('handRaised', { participantId: event.participant_id })];
    case 'muted_by_moderator':
      return [tell('mutedByModerator', { source: event.source, by: event.by })];
    case 'unmute_asked':
      return [tell('unmuteAsked', { source: event.source, by: event.by })];
    case 'lobby_changed': {
      const known = new Set(before.lobby.map(({ participantId }) => participantId));
      return after.lobby
        .filter(({ participantId }) => !known.has(participantId))
        .map((entry) => tell('lobbyKnocked', { entry }));
    }
    case 'recording_changed':
      return recordingEvents(event.recording, before);
    default:
      return [];
  }
}

function joinedEvents(id: string, before: RoomState, after: RoomState): readonly Tell[] {
  const isKnown = before.participants.some((participant) => participant.id === id);
  const participant = after.participants.find((other) => other.id === id);
  if (isKnown || !participant || participant.isLocal) return [];
  return [tell('participantJoined', { participant })];
}

function recordingEvents(recording: CallRecording, before: RoomState): readonly Tell[] {
  const known = before.recordings.find(({ id }) => id === recording.id);
  const view = recordingView(recording);
  const { failure } = recording;
  if (failure) return [tell('recordingFailed', { recording: view, failure })];
  const wasActive = known?.state === 'active';
  const isActive = view.state === 'active';
  if (isActive && !wasActive) return [tell('recordingStarted', { recording: view })];
  return wasActive && !isActive ? [tell('recordingStopped', { recording: view })] : [];
}

function tell<Name extends keyof RoomEvents>(name: Name, event: RoomEvents[Name]): Tell {
  return (events) => events.emit(name, event);
}
