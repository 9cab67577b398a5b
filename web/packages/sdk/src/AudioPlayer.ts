import { MediaError } from './errors.js';
import { mediaError } from './mediaErrors.js';

/** Browsers that block sound say so within this time, milliseconds. */
const PLAY_TIMEOUT_MS = 500;

/**
 * Plays the audio slots of a call, each in an element of its own that is not shown. The elements
 * exist from the join, so one click allows all of them to play.
 */
export class AudioPlayer {
  readonly #createElement: () => HTMLAudioElement;
  readonly #handleBlocked: (isBlocked: boolean) => void;
  #elements: HTMLAudioElement[] = [];
  #deviceId = '';

  constructor(createElement: () => HTMLAudioElement, handleBlocked: (isBlocked: boolean) => void) {
    this.#createElement = createElement;
    this.#handleBlocked = handleBlocked;
  }

  /** The tracks of the audio slots of a new connection, by slot. */
  handleTracks(tracks: readonly MediaStreamTrack[]): void {
    while (this.#elements.length < tracks.length) this.#elements.push(this.#createElement());
    for (const [slot, element] of this.#elements.entries()) {
      const track = tracks[slot];
      element.srcObject = track ? new MediaStream([track]) : null;
      if (this.#deviceId !== '') this.#applyOutput(element).catch(() => undefined);
    }
    this.resume().catch(() => undefined);
  }

  /** Tries to play; whether it may is told to the handler. */
  async resume(): Promise<void> {
    let isBlocked = false;
    const attempts = this.#elements.map((element) =>
      element.play().catch((reason: unknown) => {
        isBlocked ||= isNotAllowed(reason);
      }),
    );
    // An element that waits for its first sound is not blocked, so nobody should wait for it.
    const patience = new Promise((done) => setTimeout(done, PLAY_TIMEOUT_MS));
    await Promise.race([Promise.all(attempts), patience]);
    this.#handleBlocked(isBlocked);
  }

  /** Chooses the loudspeaker; `''` for the system's default. */
  async setOutput(deviceId: string): Promise<void> {
    if (!('setSinkId' in HTMLMediaElement.prototype)) {
      throw new MediaError('unsupported', 'the browser cannot choose a loudspeaker');
    }
    const before = this.#deviceId;
    this.#deviceId = deviceId;
    try {
      await Promise.all(this.#elements.map((element) => this.#applyOutput(element)));
    } catch (error) {
      this.#deviceId = before;
      throw mediaError(error, { kind: 'speaker', isSecureContext: globalThis.isSecureContext });
    }
  }

  /** Stops playing. */
  close(): void {
    for (const element of this.#elements) element.srcObject = null;
    this.#elements = [];
  }

  async #applyOutput(element: HTMLAudioElement): Promise<void> {
    await element.setSinkId?.(this.#deviceId);
  }
}

function isNotAllowed(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'NotAllowedError';
}
