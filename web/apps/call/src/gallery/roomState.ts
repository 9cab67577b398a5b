import type { LocalMediaState, MediaErrorCode, RoomState } from '@jumpa/sdk';
import { people } from './people';

const now = Date.now();

/** A made-up call of five people, with some things otherwise. */
export function roomState(changes: Partial<RoomState> = {}): RoomState {
  return {
    phase: 'connected',
    phaseSince: now - 31_000,
    app: { id: 'klinik-sehat-k3x9q', name: 'Klinik Sehat', isTrial: false },
    room: 'ruang-1',
    call: { id: 'call_0', startedAtMs: now - 754_000 },
    settings: { hasPassword: false, hasLobby: false },
    localId: 'par_000',
    participants: people(5),
    speakers: [],
    chat: [],
    lobby: [],
    recordings: [],
    recordingDeadlineMs: null,
    lobbyInfo: null,
    leaveReason: null,
    ratingToken: 'rate',
    isAudioBlocked: false,
    videoQuality: 'auto',
    pausedVideos: [],
    ...changes,
  } as RoomState;
}

/** Microphone and camera send. */
export const MEDIA_ON: LocalMediaState = {
  microphone: { isOn: true, deviceId: 'default', isPending: false },
  camera: { isOn: true, deviceId: 'c1', isPending: false, isMirrored: true },
  screen: { isOn: false, deviceId: null, isPending: false, hasAudio: false },
};

/** Nothing sends. */
export const MEDIA_OFF: LocalMediaState = {
  microphone: { isOn: false, deviceId: 'default', isPending: false },
  camera: { isOn: false, deviceId: 'c1', isPending: false, isMirrored: true },
  screen: { isOn: false, deviceId: null, isPending: false, hasAudio: false },
};

/** Nothing sends because of one error. */
export function mediaWithError(error: MediaErrorCode): LocalMediaState {
  return {
    ...MEDIA_OFF,
    microphone: { ...MEDIA_OFF.microphone, error },
    camera: { ...MEDIA_OFF.camera, error },
  };
}
