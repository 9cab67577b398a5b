import type { MediaErrorCode } from './errors.js';

/** What one local source does. */
export interface LocalSourceState {
  /** Whether it is captured and sent (or will be sent after joining). */
  readonly isOn: boolean;
  /** Which device is or was used; `null` before the first use and for screens. */
  readonly deviceId: string | null;
  /** Why the last attempt failed. */
  readonly error?: MediaErrorCode;
  /** Whether the browser is being asked. */
  readonly isPending: boolean;
}

/** What the local sources do. Immutable. */
export interface LocalMediaState {
  /** The microphone. */
  readonly microphone: LocalSourceState;
  /** The camera. */
  readonly camera: LocalSourceState & {
    /** Whether the picture should be mirrored in the own view: not for cameras that face away. */
    readonly isMirrored: boolean;
  };
  /** The shared screen. */
  readonly screen: LocalSourceState & {
    /** Whether its sound is shared too. */
    readonly hasAudio: boolean;
  };
}

/**
 * The own microphone, camera and screen. Works before joining too, so a preview and the call use the
 * same object and the same tracks.
 *
 * @example
 * ```ts
 * const room = new Room();
 * await room.local.setCamera(true);
 * preview.srcObject = new MediaStream([room.local.cameraTrack!]);
 * await room.join({ appId: 'klinik-sehat-k3x9q', room: 'ruang-1', name: 'Ibu Sari' });
 * ```
 */
export interface LocalMedia {
  /** What the sources do. */
  readonly state: LocalMediaState;
  /** The camera's track, `null` when it is off. */
  readonly cameraTrack: MediaStreamTrack | null;
  /** The microphone's track, `null` when it was never on; disabled while muted. */
  readonly microphoneTrack: MediaStreamTrack | null;
  /** The screen's track, `null` when nothing is shared. */
  readonly screenTrack: MediaStreamTrack | null;
  /** Calls `listener` when `state` or a track was replaced. Bound, for `useSyncExternalStore`. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Switches the microphone on or off, or to another device. Fails with `MediaError`. */
  setMicrophone(isOn: boolean, options?: { readonly deviceId?: string }): Promise<void>;
  /** Switches the camera on or off, or to another device. Fails with `MediaError`. */
  setCamera(isOn: boolean, options?: { readonly deviceId?: string }): Promise<void>;
  /** Starts or stops sharing a screen, window or tab. Fails with `MediaError`. */
  setScreen(isOn: boolean, options?: { readonly audio?: boolean }): Promise<void>;
  /** How loud the microphone is now, 0 to 1, for a meter; 0 while it is off. */
  microphoneLevel(): number;
  /** Changes to the next camera, on phones between front and back. */
  flipCamera(): Promise<void>;
}

/** Nothing is on. */
export const IDLE_LOCAL_MEDIA_STATE: LocalMediaState = {
  microphone: { isOn: false, deviceId: null, isPending: false },
  camera: { isOn: false, deviceId: null, isPending: false, isMirrored: true },
  screen: { isOn: false, deviceId: null, isPending: false, hasAudio: false },
};
