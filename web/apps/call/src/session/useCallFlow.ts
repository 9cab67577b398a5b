import { Devices, JoinError, type JoinErrorCode, type LeaveReason, Room } from '@jumpa/sdk';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { activeRecordings } from '../recording/recordings';
import type { CallRoom, DeviceList } from './CallRoom';
import { loadPreferences, savePreferences } from './preferences';

/** Where a person is on the way through a call. */
export type CallStep = 'prejoin' | 'joining' | 'lobby' | 'call' | 'left';

export interface JoinInput {
  readonly name: string;
  readonly password: string;
}

/** What the "left" page tells. */
export interface LeftSummary {
  readonly reason: LeaveReason;
  /** How long this person was in the call, milliseconds. */
  readonly durationMs: number;
  readonly ratingToken: string | null;
  /** Whether anything of it was recorded while this person was there. */
  readonly wasRecorded: boolean;
}

export interface CallFlow {
  readonly room: CallRoom;
  readonly devices: DeviceList;
  readonly step: CallStep;
  readonly error: JoinErrorCode | null;
  readonly left: LeftSummary | null;
  readonly join: (input: JoinInput) => void;
  readonly cancel: () => void;
  /** Joins again as before. */
  readonly rejoin: () => void;
}

export interface CallAddress {
  readonly appId: string;
  readonly room: string;
  readonly token: string | undefined;
}

/** Leads one person through prejoin, lobby, call and leaving. */
export function useCallFlow(address: CallAddress, createRoom: () => CallRoom = newRoom): CallFlow {
  const [room, setRoom] = useState(createRoom);
  const [devices] = useState<DeviceList>(() => new Devices());
  const [error, setError] = useState<JoinErrorCode | null>(null);
  const [left, setLeft] = useState<LeftSummary | null>(null);
  const phase = useSyncExternalStore(room.subscribe, () => room.state.phase);
  const attempt = useRef<AbortController | null>(null);
  const lastInput = useRef<JoinInput | null>(null);

  const join = useCallback(
    (target: CallRoom, input: JoinInput) => {
      const controller = new AbortController();
      attempt.current = controller;
      lastInput.current = input;
      setError(null);
      setLeft(null);
      if (input.name) savePreferences({ name: input.name });
      const { quality, speakerId } = loadPreferences();
      target
        .join({
          appId: address.appId,
          room: address.room,
          signal: controller.signal,
          ...(address.token && { token: address.token }),
          ...(input.name && { name: input.name }),
          ...(input.password && { password: input.password }),
        })
        .then(() => {
          target.setVideoQuality(quality);
          // A speaker that is gone leaves the system's own choice.
          if (speakerId) target.setAudioOutput(speakerId).catch(() => undefined);
        })
        .catch((reason: unknown) => {
          const code = reason instanceof JoinError ? reason.code : 'internal';
          if (code !== 'aborted') setError(code);
        });
    },
    [address.appId, address.room, address.token],
  );

  useEffect(() => {
    let joinedAtMs: number | null = null;
    let wasRecorded = false;
    const stopListening = room.subscribe(() => {
      if (room.state.phase === 'connected') joinedAtMs ??= Date.now();
      wasRecorded ||= activeRecordings(room.state.recordings).length > 0;
    });
    const stopLeft = room.on('left', ({ reason }) => {
      if (joinedAtMs === null) return;
      setLeft({
        reason,
        durationMs: Date.now() - joinedAtMs,
        ratingToken: room.state.ratingToken,
        wasRecorded,
      });
    });
    // Closing the page leaves at once instead of after the server's patience.
    const handlePageHide = (event: PageTransitionEvent) => {
      if (!event.persisted) room.leave();
    };
    window.addEventListener('pagehide', handlePageHide);
    return () => {
      stopListening();
      stopLeft();
      window.removeEventListener('pagehide', handlePageHide);
    };
  }, [room]);

  return {
    room,
    devices,
    step: stepOf(phase, left),
    error,
    left,
    join: useCallback((input: JoinInput) => join(room, input), [join, room]),
    cancel: useCallback(() => attempt.current?.abort(), []),
    rejoin: useCallback(() => {
      const next = createRoom();
      setRoom(next);
      setLeft(null);
      next.prepare();
      startSources(next).finally(() =>
        join(next, lastInput.current ?? { name: loadPreferences().name, password: '' }),
      );
    }, [createRoom, join]),
  };
}

/** Starts the sources that were on last time, on the devices chosen last time. */
export async function startSources(room: CallRoom): Promise<void> {
  const { isMicrophoneWanted, isCameraWanted, microphoneId, cameraId } = loadPreferences();
  // What does not start says so in its state, where the page shows it.
  await Promise.allSettled([
    isMicrophoneWanted
      ? room.local.setMicrophone(true, microphoneId ? { deviceId: microphoneId } : {})
      : undefined,
    isCameraWanted ? room.local.setCamera(true, cameraId ? { deviceId: cameraId } : {}) : undefined,
  ]);
}

function stepOf(phase: CallRoom['state']['phase'], left: LeftSummary | null): CallStep {
  if (left) return 'left';
  switch (phase) {
    case 'joining':
      return 'joining';
    case 'lobby':
      return 'lobby';
    case 'connected':
    case 'reconnecting':
      return 'call';
    case 'idle':
    case 'left':
      return 'prejoin';
    default:
      return phase satisfies never;
  }
}

function newRoom(): CallRoom {
  return new Room();
}
