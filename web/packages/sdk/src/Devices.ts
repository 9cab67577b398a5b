/** One device that can be chosen. */
export interface Device {
  /** For `setMicrophone`, `setCamera` and `setAudioOutput`. */
  readonly deviceId: string;
  /** What the browser calls it; empty before permission was given. */
  readonly label: string;
}

/** The devices of this machine. Immutable. */
export interface DevicesState {
  /** Microphones. */
  readonly microphones: readonly Device[];
  /** Cameras. */
  readonly cameras: readonly Device[];
  /** Loudspeakers and headphones; empty where the browser cannot choose. */
  readonly speakers: readonly Device[];
  /** Whether labels are known, that is, whether permission was given. */
  readonly hasLabels: boolean;
}

/**
 * The list of devices, kept up to date while somebody listens.
 *
 * @example
 * ```ts
 * const devices = new Devices();
 * const stop = devices.subscribe(() => draw(devices.state.cameras));
 * await devices.refresh();
 * ```
 */
export class Devices {
  #state: DevicesState = { microphones: [], cameras: [], speakers: [], hasLabels: false };
  readonly #listeners = new Set<() => void>();
  readonly #mediaDevices: MediaDevices | undefined;

  /** Takes the browser's devices; another source can be given, for tests. */
  constructor(mediaDevices: MediaDevices | undefined = globalThis.navigator?.mediaDevices) {
    this.#mediaDevices = mediaDevices;
  }

  /** The devices as they were at the last refresh. */
  get state(): DevicesState {
    return this.#state;
  }

  /** Calls `listener` after each change. Bound, for `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size === 0) {
      this.#mediaDevices?.addEventListener('devicechange', this.#handleDeviceChange);
      this.#handleDeviceChange();
    }
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) {
        this.#mediaDevices?.removeEventListener('devicechange', this.#handleDeviceChange);
      }
    };
  };

  /** Reads the list again, for example after permission was given. */
  async refresh(): Promise<void> {
    if (!this.#mediaDevices?.enumerateDevices) return;
    const all = await this.#mediaDevices.enumerateDevices();
    const next = devicesState(all);
    if (JSON.stringify(next) === JSON.stringify(this.#state)) return;
    this.#state = next;
    for (const listener of [...this.#listeners]) listener();
  }

  readonly #handleDeviceChange = (): void => {
    this.refresh().catch(() => undefined);
  };
}

function devicesState(all: readonly MediaDeviceInfo[]): DevicesState {
  const ofKind = (kind: MediaDeviceKind): Device[] =>
    all
      .filter((device) => device.kind === kind && device.deviceId !== '')
      .map(({ deviceId, label }) => ({ deviceId, label }));
  return {
    microphones: ofKind('audioinput'),
    cameras: ofKind('videoinput'),
    speakers: ofKind('audiooutput'),
    hasLabels: all.some((device) => device.label !== ''),
  };
}
