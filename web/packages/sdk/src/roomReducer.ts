import type {
  CallRecording,
  CallStream,
  Participant,
  QueuePlace,
  Snapshot,
  LobbyEntry as WireLobbyEntry,
} from './generated/protocol.js';
import type { RoomEvent, SourceKind, SourceState } from './protocol.js';
import type {
  ChatEntry,
  LobbyEntry,
  ParticipantView,
  QueueView,
  RecordingView,
  RoomState,
  StreamView,
  VideoKey,
} from './RoomState.js';

/**
 * The state after an event of the server. Pure: the same object comes back when nothing changed.
 * Events about participants that are not known are ignored.
 */
export function roomReducer(state: RoomState, event: RoomEvent): RoomState {
  switch (event.type) {
    case 'lobby_waiting':
      return {
        ...state,
        lobbyInfo: { appName: event.app_name, hasModerator: event.has_moderator },
      };
    case 'participant_joined':
      return withParticipant(state, event.participant);
    case 'participant_left':
      return without(state, event.participant_id);
    case 'connection_changed':
      return change(state, event.participant_id, { connection: event.connection });
    case 'name_changed':
      return change(state, event.participant_id, { name: event.name });
    case 'role_changed':
      return withRole(state, event.participant_id, event.role === 'moderator');
    case 'source_changed':
      return change(state, event.participant_id, {
        [FIELD[event.source.source]]: event.source.state,
      });
    case 'hand_changed':
      return change(state, event.participant_id, { handRaisedAtMs: event.raised_at_ms });
    case 'quality_changed':
      return withQuality(state, event);
    case 'chat_received':
      return withChat(state, chatEntry(event.message, state.localId));
    case 'speakers_changed':
      return sameItems(state.speakers, event.participant_ids)
        ? state
        : { ...state, speakers: event.participant_ids };
    case 'slot_changed':
      return event.kind === 'video' ? withSlot(state, event.slot, event.state) : state;
    case 'room_changed':
      return {
        ...state,
        settings: {
          hasPassword: event.settings.has_password,
          hasLobby: event.settings.has_lobby,
        },
      };
    case 'lobby_changed':
      return { ...state, lobby: event.waiting.map(lobbyEntry) };
    case 'recording_changed':
      return withRecording(state, event.recording);
    case 'reacted':
    case 'layers_wanted':
    case 'muted_by_moderator':
    case 'unmute_asked':
    case 'left':
      return state;
    default:
      event satisfies never;
      return state;
  }
}

/** The state that a snapshot describes; what the server does not know is kept from `state`. */
export function applySnapshot(state: RoomState, snapshot: Snapshot, localId: string): RoomState {
  const views = snapshot.participants.map((participant) => participantView(participant, localId));
  return {
    ...state,
    app: {
      id: snapshot.app.id,
      name: snapshot.app.name,
      // Servers of before do not say it.
      isTrial: snapshot.app.is_trial ?? false,
    },
    room: snapshot.room,
    call: { id: snapshot.call.id, startedAtMs: snapshot.call.started_at_ms },
    settings: {
      hasPassword: snapshot.settings.has_password,
      hasLobby: snapshot.settings.has_lobby,
    },
    localId,
    participants: localFirst(views),
    speakers: snapshot.speakers,
    chat: snapshot.chat.map((message) => chatEntry(message, localId)),
    // Servers of before do not say it.
    recordings: (snapshot.recordings ?? []).map(recordingView),
    recordingDeadlineMs: deadlineOf(snapshot.recordings ?? []),
    lobby: snapshot.lobby.map(lobbyEntry),
    lobbyInfo: null,
    leaveReason: null,
    pausedVideos: [],
  };
}

/**
 * Those of `before` that `after` lacks, as somebody whose connection is being restored: they send
 * nothing at the moment.
 */
export function missingAfterRestart(before: RoomState, after: RoomState): ParticipantView[] {
  const here = new Set(after.participants.map(({ id }) => id));
  return before.participants
    .filter(({ id, isLocal }) => !isLocal && !here.has(id))
    .map((participant) => ({
      ...participant,
      connection: 'reconnecting',
      microphone: 'off',
      camera: 'off',
      screen: 'off',
      screenAudio: 'off',
    }));
}

/** A recording as the user interface shows it. */
export function recordingView(recording: CallRecording): RecordingView {
  return {
    id: recording.id,
    kind: recording.kind,
    state: recording.state,
    startedAtMs: recording.started_at_ms,
    ...given('startedBy', recording.started_by),
    ...given('startedById', recording.started_by_id),
    ...given('queue', recording.queue && queueView(recording.queue)),
    isSoundOnly: recording.is_sound_only ?? false,
    isRequired: recording.is_required ?? false,
    streams: (recording.streams ?? []).map(streamView),
  };
}

function queueView({ place, expected_at_ms }: QueuePlace): QueueView {
  return { place, ...given('expectedAtMs', expected_at_ms) };
}

function streamView(stream: CallStream): StreamView {
  return {
    id: stream.id,
    name: stream.name,
    state: stream.state,
    ...given('bitrateBps', stream.bitrate_bps),
    ...given('failure', stream.failure),
    ...given('viewerUrl', stream.viewer_url),
  };
}

/** The field, or nothing where it is not given. */
function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [name in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [name in Name]?: Value };
}

/** One participant as the user interface shows them. */
export function participantView(participant: Participant, localId: string | null): ParticipantView {
  const stateOf = (kind: SourceKind): SourceState =>
    participant.sources.find(({ source }) => source === kind)?.state ?? 'off';
  return {
    id: participant.id,
    number: participant.number,
    name: participant.name,
    ...(participant.avatar === undefined ? {} : { avatar: participant.avatar }),
    isLocal: participant.id === localId,
    isModerator: participant.role === 'moderator',
    isVerified: participant.is_verified,
    joinedAtMs: participant.joined_at_ms,
    connection: participant.connection,
    handRaisedAtMs: participant.hand_raised_at_ms,
    quality: participant.quality,
    ...(participant.quality_cause === undefined ? {} : { qualityCause: participant.quality_cause }),
    microphone: stateOf('microphone'),
    camera: stateOf('camera'),
    screen: stateOf('screen'),
    screenAudio: stateOf('screen_audio'),
  };
}

/** The field of {@link ParticipantView} that tells the state of a source. */
const FIELD = {
  microphone: 'microphone',
  camera: 'camera',
  screen: 'screen',
  screen_audio: 'screenAudio',
} as const satisfies Record<SourceKind, keyof ParticipantView>;

/** States of a recording in which people are recorded, or are about to be. */
const RUNNING: readonly RecordingView['state'][] = ['queued', 'starting', 'active'];

/** A paused picture together with the slot that should show it; the slot is for the reducer alone. */
interface PausedVideo extends VideoKey {
  readonly slot: number;
}

function withParticipant(state: RoomState, participant: Participant): RoomState {
  const view = participantView(participant, state.localId);
  const known = state.participants.some(({ id }) => id === view.id);
  const participants = known
    ? state.participants.map((other) => (other.id === view.id ? view : other))
    : localFirst([...state.participants, view]);
  return { ...state, participants };
}

function without(state: RoomState, participantId: string): RoomState {
  if (!state.participants.some(({ id }) => id === participantId)) return state;
  return {
    ...state,
    participants: state.participants.filter(({ id }) => id !== participantId),
    speakers: state.speakers.filter((id) => id !== participantId),
    pausedVideos: state.pausedVideos.filter((video) => video.participantId !== participantId),
  };
}

function withRole(state: RoomState, participantId: string, isModerator: boolean): RoomState {
  const next = change(state, participantId, { isModerator });
  const hasLostLobby = participantId === state.localId && !isModerator && next.lobby.length > 0;
  return hasLostLobby ? { ...next, lobby: [] } : next;
}

function withQuality(
  state: RoomState,
  event: Extract<RoomEvent, { type: 'quality_changed' }>,
): RoomState {
  return update(state, event.participant_id, ({ qualityCause: _, ...view }) => ({
    ...view,
    quality: event.level,
    ...(event.cause === undefined ? {} : { qualityCause: event.cause }),
  }));
}

function withChat(state: RoomState, entry: ChatEntry): RoomState {
  if (state.chat.some(({ id }) => id === entry.id)) return state;
  return { ...state, chat: [...state.chat, entry] };
}

/** Each tells of the call as well; one that ended tells it while it leaves the list. */
function withRecording(state: RoomState, wire: CallRecording): RoomState {
  const recording = recordingView(wire);
  const recordingDeadlineMs = wire.ends_call_at_ms ?? null;
  const known = state.recordings.findIndex(({ id }) => id === recording.id);
  if (!RUNNING.includes(recording.state)) {
    if (known < 0 && state.recordingDeadlineMs === recordingDeadlineMs) return state;
    return {
      ...state,
      recordingDeadlineMs,
      recordings: state.recordings.filter(({ id }) => id !== recording.id),
    };
  }
  const recordings =
    known < 0 ? [...state.recordings, recording] : state.recordings.with(known, recording);
  return { ...state, recordings, recordingDeadlineMs };
}

/** What a whole list tells: one that waits since before may not know that another has begun. */
function deadlineOf(recordings: readonly CallRecording[]): number | null {
  if (recordings.some(({ state }) => state === 'active')) return null;
  return recordings.find((one) => one.ends_call_at_ms !== undefined)?.ends_call_at_ms ?? null;
}

function withSlot(
  state: RoomState,
  slot: number,
  slotState: Extract<RoomEvent, { type: 'slot_changed' }>['state'],
): RoomState {
  const paused = state.pausedVideos as readonly PausedVideo[];
  const rest = paused.filter((video) => video.slot !== slot);
  if (slotState.is === 'paused') {
    const source = slotState.source === 'screen' ? 'screen' : 'camera';
    return {
      ...state,
      pausedVideos: [...rest, { participantId: slotState.participant_id, source, slot }],
    };
  }
  return rest.length === paused.length ? state : { ...state, pausedVideos: rest };
}

function change(
  state: RoomState,
  participantId: string,
  fields: Partial<ParticipantView>,
): RoomState {
  return update(state, participantId, (view) => {
    const names = Object.keys(fields) as (keyof ParticipantView)[];
    return names.every((name) => view[name] === fields[name]) ? view : { ...view, ...fields };
  });
}

function update(
  state: RoomState,
  participantId: string,
  apply: (view: ParticipantView) => ParticipantView,
): RoomState {
  const index = state.participants.findIndex(({ id }) => id === participantId);
  const view = state.participants[index];
  if (!view) return state;
  const next = apply(view);
  return next === view ? state : { ...state, participants: state.participants.with(index, next) };
}

function localFirst(views: readonly ParticipantView[]): ParticipantView[] {
  return views.toSorted((a, b) => Number(b.isLocal) - Number(a.isLocal) || a.number - b.number);
}

function chatEntry(message: Snapshot['chat'][number], localId: string | null): ChatEntry {
  return {
    id: message.id,
    from: message.from,
    fromName: message.from_name,
    ...(message.to === undefined ? {} : { to: message.to }),
    text: message.text,
    atMs: message.at_ms,
    isOwn: message.from === localId,
  };
}

function lobbyEntry(entry: WireLobbyEntry): LobbyEntry {
  return {
    participantId: entry.participant_id,
    name: entry.name,
    isVerified: entry.is_verified,
    sinceMs: entry.since_ms,
  };
}

function sameItems(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
