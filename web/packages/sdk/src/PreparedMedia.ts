import type { Environment } from './Environment.js';
import { LIMITS, VIDEO_SLOT_STEPS } from './generated/protocol.js';
import { MediaConnection } from './MediaConnection.js';
import type { SourceKind } from './protocol.js';
import type { RoomOptions } from './RoomOptions.js';

/**
 * How long a connection lies ready, milliseconds. It holds no port and its offer stays right, so
 * only memory speaks against keeping it: longer than people look into the mirror, and shorter than
 * a forgotten tab stays open.
 */
const MAX_AGE_MS = 10 * 60_000;

/** Everything that can be sent. */
export const SOURCES = ['microphone', 'camera', 'screen', 'screen_audio'] as const;

/** At most one connection that was made before joining, with its offer. */
export class PreparedMedia {
  readonly #environment: Environment;
  readonly #options: RoomOptions;
  #media: MediaConnection | null = null;
  #madeAtMs = 0;
  #ageTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(environment: Environment, options: RoomOptions) {
    this.#environment = environment;
    this.#options = options;
  }

  /**
   * Makes a connection and its offer unless one lies ready. `trackOf` names what shall be sent, as
   * {@link handleTrack} does later. Never rejects.
   */
  async prepare(trackOf: (source: SourceKind) => MediaStreamTrack | null): Promise<void> {
    if (this.#isTooOld()) this.drop();
    let media: MediaConnection | null = null;
    try {
      media = this.#media ?? this.#makeAhead(trackOf);
      await media.prepareOffer();
    } catch (error) {
      // Joining tries again and says why it does not work.
      this.#options.logger?.warn('preparing the connection failed', { error });
      // Unless somebody took it meanwhile.
      if (media && this.#media === media) this.drop();
    }
  }

  /** Another track shall be sent. */
  handleTrack(source: SourceKind, track: MediaStreamTrack | null): void {
    // Joining tries once more.
    this.#media?.setTrack(source, track).catch(() => undefined);
  }

  /** The connection that lies ready, or a new one where none does or it does not fit; used once. */
  take(videoSlots: number): MediaConnection {
    const media = this.#media;
    const isRight = media?.hasSlots(audioSlotCount(this.#options.audioSlots), videoSlots) ?? false;
    if (!media || !isRight || this.#isTooOld()) {
      this.drop();
      return this.#make(videoSlots);
    }
    this.#forget();
    return media;
  }

  /** Closes the connection that lies ready. */
  drop(): void {
    this.#media?.close();
    this.#forget();
  }

  #makeAhead(trackOf: (source: SourceKind) => MediaStreamTrack | null): MediaConnection {
    const media = this.#make(VIDEO_SLOT_STEPS[0]);
    this.#media = media;
    this.#madeAtMs = this.#environment.now();
    this.#ageTimer = setTimeout(() => this.drop(), MAX_AGE_MS);
    for (const source of SOURCES) media.setTrack(source, trackOf(source)).catch(() => undefined);
    return media;
  }

  #make(videoSlots: number): MediaConnection {
    const { createPeerConnection, now } = this.#environment;
    return new MediaConnection({
      createPeerConnection,
      audioSlots: audioSlotCount(this.#options.audioSlots),
      videoSlots,
      now,
      logger: this.#options.logger,
    });
  }

  #forget(): void {
    clearTimeout(this.#ageTimer);
    this.#media = null;
  }

  /** A timer may be late, where a page sleeps. */
  #isTooOld(): boolean {
    return this.#media !== null && this.#environment.now() > this.#madeAtMs + MAX_AGE_MS;
  }
}

function audioSlotCount(wanted: number = LIMITS.DEFAULT_AUDIO_SLOTS): number {
  return Math.min(LIMITS.MAX_AUDIO_SLOTS, Math.max(1, Math.floor(wanted)));
}
