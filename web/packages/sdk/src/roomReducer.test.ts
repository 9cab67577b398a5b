import { describe, expect, it } from 'vitest';
import type { Emitter } from './Emitter.js';
import { eventsOf } from './eventsOf.js';
import type { CallRecording, Event } from './generated/protocol.js';
import type { RoomEvents } from './RoomEvents.js';
import { IDLE_ROOM_STATE, type RoomState } from './RoomState.js';
import { applySnapshot, roomReducer } from './roomReducer.js';
import { fixtureNames, serverMessage } from './testing/fixtures.js';

const BUDI = 'par_019b7700000070008000000000000002';
const { snapshot, participant_id: SITI } = serverMessage('server_joined', 'joined');
const START = joinedAs(BUDI);

function joinedAs(localId: string): RoomState {
  return applySnapshot(IDLE_ROOM_STATE, snapshot, localId);
}

function fixtureEvent(name: string): Event {
  return serverMessage(`server_event_${name}`, 'event').event;
}

describe('the snapshot', () => {
  it('becomes the state in the names of the SDK', () => {
    expect(START).toMatchObject({
      app: { id: 'klinik-sehat-k3x9q', name: 'Klinik Sehat', isTrial: true },
      room: 'ruang-tunggu',
      call: { startedAtMs: 1767225600000 },
      settings: { hasPassword: false, hasLobby: true },
      localId: BUDI,
    });
    expect(START.participants[0]).toMatchObject({
      id: BUDI,
      number: 2,
      isLocal: true,
      isModerator: false,
      isVerified: true,
      quality: 'fair',
      qualityCause: 'downlink_bandwidth',
      microphone: 'live',
      camera: 'off',
    });
    expect(START.chat[0]).toMatchObject({ fromName: 'Budi Santoso', isOwn: true });
    expect(START.lobby).toHaveLength(1);
  });

  it('puts oneself first and the others in the order of joining', () => {
    const [budi] = snapshot.participants;
    if (!budi) throw new Error('the fixture has nobody');
    const participants = [
      { ...budi, id: 'par_9', number: 9 },
      { ...budi, id: 'par_1', number: 1 },
      { ...budi, id: 'par_5', number: 5 },
    ];
    const state = applySnapshot(IDLE_ROOM_STATE, { ...snapshot, participants }, 'par_5');
    expect(state.participants.map(({ id }) => id)).toEqual(['par_5', 'par_1', 'par_9']);
  });
});

describe('every event of the server', () => {
  it.each(fixtureNames('server_event_'))('%s leaves the state before it untouched', (name) => {
    const before = JSON.stringify(START);
    roomReducer(START, serverMessage(name, 'event').event);
    expect(JSON.stringify(START)).toBe(before);
  });

  it.each(fixtureNames('server_event_'))('%s changes nothing when it comes again', (name) => {
    const { event } = serverMessage(name, 'event');
    const once = roomReducer(START, event);
    expect(roomReducer(once, event)).toEqual(once);
  });

  it('of a type that this version does not know is ignored', () => {
    const event = { type: 'something_new' } as unknown as Event;
    expect(roomReducer(START, event)).toBe(START);
  });
});

describe('participants', () => {
  const joined = roomReducer(START, fixtureEvent('participant_joined'));

  it('appear when they join', () => {
    expect(joined.participants.length).toBeGreaterThanOrEqual(START.participants.length);
    const event = fixtureEvent('participant_joined');
    if (event.type !== 'participant_joined') throw new Error('unexpected fixture');
    expect(joined.participants.map(({ id }) => id)).toContain(event.participant.id);
  });

  it('disappear with all their traces when they leave', () => {
    const speaking = {
      ...START,
      speakers: [BUDI],
      pausedVideos: [{ participantId: BUDI, source: 'camera' as const }],
    };
    const state = roomReducer(speaking, {
      type: 'participant_left',
      participant_id: BUDI,
      reason: 'left',
    });
    expect(state.participants).toEqual([]);
    expect(state.speakers).toEqual([]);
    expect(state.pausedVideos).toEqual([]);
  });

  it('that are not known are not invented by other events', () => {
    const state = roomReducer(START, {
      type: 'hand_changed',
      participant_id: 'par_unknown',
      raised_at_ms: 1,
    });
    expect(state).toBe(START);
  });

  it('keep their identity when nothing about them changed', () => {
    const state = roomReducer(START, {
      type: 'name_changed',
      participant_id: BUDI,
      name: 'Budi Santoso',
    });
    expect(state).toBe(START);
  });

  it('show what they send', () => {
    const state = roomReducer(START, {
      type: 'source_changed',
      participant_id: BUDI,
      source: { source: 'screen_audio', state: 'live' },
    });
    expect(state.participants[0]?.screenAudio).toBe('live');
  });

  it('lose the cause of bad quality together with it', () => {
    const state = roomReducer(START, {
      type: 'quality_changed',
      participant_id: BUDI,
      level: 'good',
    });
    expect(state.participants[0]).not.toHaveProperty('qualityCause');
  });

  it('who no longer moderate do not see the lobby', () => {
    const moderator = roomReducer(START, {
      type: 'role_changed',
      participant_id: BUDI,
      role: 'moderator',
    });
    const demoted = roomReducer(moderator, {
      type: 'role_changed',
      participant_id: BUDI,
      role: 'participant',
    });
    expect(demoted.lobby).toEqual([]);
  });
});

describe('chat', () => {
  it('takes each message once', () => {
    const event = fixtureEvent('chat_received');
    const once = roomReducer({ ...START, chat: [] }, event);
    expect(once.chat).toHaveLength(1);
    expect(roomReducer(once, event)).toBe(once);
  });

  it('knows what one wrote oneself', () => {
    expect(joinedAs(SITI).chat[0]?.isOwn).toBe(false);
  });
});

describe('paused videos', () => {
  const slot = (is: 'paused' | 'playing', number = 3): Event => ({
    type: 'slot_changed',
    kind: 'video',
    slot: number,
    state: { is, participant_id: BUDI, source: 'camera' },
  });

  it('are listed while the server pauses them', () => {
    const paused = roomReducer(START, slot('paused'));
    expect(paused.pausedVideos).toMatchObject([{ participantId: BUDI, source: 'camera' }]);
    expect(roomReducer(paused, slot('playing')).pausedVideos).toEqual([]);
  });

  it('are forgotten when the slot becomes empty', () => {
    const paused = roomReducer(START, slot('paused'));
    const empty = roomReducer(paused, {
      type: 'slot_changed',
      kind: 'video',
      slot: 3,
      state: { is: 'empty' },
    });
    expect(empty.pausedVideos).toEqual([]);
  });

  it('are not touched by other slots', () => {
    const paused = roomReducer(START, slot('paused'));
    expect(roomReducer(paused, slot('playing', 1)).pausedVideos).toHaveLength(1);
  });
});

describe('recordings', () => {
  const running = serverMessage('server_event_recording_changed', 'event').event;
  if (running.type !== 'recording_changed') throw new Error('the fixture is another');
  const now = (state: typeof running.recording.state) =>
    ({ ...running, recording: { ...running.recording, state } }) as Event;

  it('are in the state from the beginning', () => {
    expect(START.recordings).toMatchObject([
      { kind: 'tracks', state: 'active', startedAtMs: 1767225600000, startedBy: 'dr. Ayu' },
    ]);
  });

  it('are added, changed and taken away when they are over', () => {
    const empty = { ...START, recordings: [] };
    const queued = roomReducer(empty, now('queued'));
    expect(queued.recordings.map(({ state }) => state)).toEqual(['queued']);
    const active = roomReducer(queued, now('active'));
    expect(active.recordings.map(({ state }) => state)).toEqual(['active']);
    expect(roomReducer(active, now('finalising')).recordings).toEqual([]);
    expect(roomReducer(empty, now('failed'))).toBe(empty);
  });

  it('tell when the call ends without them, until one of them begins', () => {
    const must = { ...running.recording, is_required: true, is_sound_only: true };
    const queued = { ...must, state: 'queued', ends_call_at_ms: 1_767_225_660_000 } as const;
    const waiting = roomReducer({ ...START, recordings: [] }, { ...running, recording: queued });
    expect(waiting.recordingDeadlineMs).toBe(1_767_225_660_000);
    const recorded = roomReducer(waiting, { ...running, recording: must });
    expect(recorded).toMatchObject({
      recordingDeadlineMs: null,
      recordings: [{ isRequired: true, isSoundOnly: true }],
    });
    const lost = { ...must, state: 'failed', ends_call_at_ms: 1_767_225_900_000 } as const;
    expect(roomReducer(recorded, { ...running, recording: lost })).toMatchObject({
      recordingDeadlineMs: 1_767_225_900_000,
      recordings: [],
    });
  });

  it('tell whoever joins meanwhile when the call ends without them', () => {
    const queued = {
      ...running.recording,
      state: 'queued',
      ends_call_at_ms: 1_767_225_660_000,
    } as const;
    const joined = (recordings: readonly CallRecording[]) =>
      applySnapshot(IDLE_ROOM_STATE, { ...snapshot, recordings: [...recordings] }, 'par_0');
    expect(joined([queued]).recordingDeadlineMs).toBe(1_767_225_660_000);
    expect(joined([queued, { ...running.recording, id: 'rec_9' }]).recordingDeadlineMs).toBeNull();
  });

  it('tell where they wait and where they are sent', () => {
    const recording: CallRecording = {
      ...running.recording,
      kind: 'stream',
      started_by_id: 'par_1',
      queue: { place: 2, expected_at_ms: 1_767_225_700_000 },
      streams: [
        { id: 'str_1', name: 'YouTube', state: 'live', bitrate_bps: 2_900_000 },
        { id: 'str_2', name: 'Klinik', state: 'refused', failure: 'key_refused' },
      ],
    };
    const [view] = roomReducer({ ...START, recordings: [] }, { ...running, recording }).recordings;
    expect(view).toMatchObject({
      startedById: 'par_1',
      queue: { place: 2, expectedAtMs: 1_767_225_700_000 },
      streams: [
        { id: 'str_1', state: 'live', bitrateBps: 2_900_000 },
        { id: 'str_2', state: 'refused', failure: 'key_refused' },
      ],
    });
  });

  it('tell when they begin, end and fail', () => {
    const told = (before: RoomState, event: Event) => {
      const names: string[] = [];
      const events = { emit: (name: string) => names.push(name) } as unknown as Emitter<RoomEvents>;
      for (const tell of eventsOf(event, before, roomReducer(before, event))) tell(events);
      return names;
    };
    const queued = roomReducer({ ...START, recordings: [] }, now('queued'));
    expect(told(START, now('active'))).toEqual([]);
    expect(told(queued, now('active'))).toEqual(['recordingStarted']);
    expect(told(START, now('finalising'))).toEqual(['recordingStopped']);
    expect(told(queued, now('finalising'))).toEqual([]);
    const failed = { ...running.recording, state: 'failed', failure: 'no_capacity' } as const;
    expect(told(queued, { ...running, recording: failed })).toEqual(['recordingFailed']);
  });
});
