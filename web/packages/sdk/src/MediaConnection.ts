import { audioCodecs, videoCodecs } from './codecs.js';
import { encodingsFor, initialEncodings, type Size } from './encodings.js';
import { FAST_LABEL, type Layer } from './generated/protocol.js';
import { PathWatch } from './PathWatch.js';
import type { SourceKind } from './protocol.js';
import type { Logger } from './RoomOptions.js';
import type { VideoSource } from './RoomState.js';

/** Whether media flows. `silent`: nothing arrives, a restart is under way or needed. */
export type MediaState = 'connecting' | 'connected' | 'silent' | 'failed' | 'closed';

/** Who is told what happens to a {@link MediaConnection}. */
export interface MediaHandler {
  /** Media flows, or no longer does. */
  handleMediaState(state: MediaState): void;
  /** A message came over the data channel. */
  handleFast(text: string): void;
  /** Sends an offer to the server and resolves to its answer. */
  exchange(offer: string): Promise<string>;
}

/** How a {@link MediaConnection} is set up. */
export interface MediaConnectionOptions {
  /** Makes the browser's connection. */
  readonly createPeerConnection: () => RTCPeerConnection;
  /** People that can be heard at once. */
  readonly audioSlots: number;
  /** Pictures of others that can be seen at once, at first. */
  readonly videoSlots: number;
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
  /** Where to write what happens. */
  readonly logger?: Logger | undefined;
}

/** How often the path is looked at, milliseconds. */
const SAMPLE_EVERY_MS = 500;

/**
 * How long an ICE restart may take until something arrives, milliseconds; then only a new connection
 * helps.
 */
const RESTART_TIMEOUT_MS = 6_000;

/**
 * How long a connection that the browser gave up may still count as connected, milliseconds: Firefox
 * says so late, and a restart that is not noticed mends it meanwhile.
 */
const FAILED_GRACE_MS = 1_000;

/**
 * The one connection of a call: four sending m-lines, receiving slots, one data channel.
 *
 * The client always offers. Tracks come and go by `replaceTrack` without negotiation; only more slots
 * and a new path need another offer.
 */
export class MediaConnection {
  /** The browser's connection. */
  readonly peer: RTCPeerConnection;

  readonly #options: MediaConnectionOptions;
  #handler: MediaHandler;
  readonly #senders: Readonly<Record<SourceKind, RTCRtpTransceiver>>;
  readonly #audioSlots: RTCRtpTransceiver[] = [];
  readonly #videoSlots: RTCRtpTransceiver[] = [];
  readonly #channel: RTCDataChannel;
  readonly #watch = new PathWatch();
  readonly #wanted = new Map<VideoSource, ReadonlySet<Layer>>();
  /** What shall be sent of each kind. */
  readonly #tracks = new Map<SourceKind, MediaStreamTrack | null>();
  /** What each video was told last. */
  readonly #encoded = new Map<VideoSource, string>();
  /** Browsers refuse two changes of one sender's parameters at a time. */
  readonly #encodingTurns = new Map<VideoSource, Promise<void>>();

  #state: MediaState = 'connecting';
  #tellClosing: () => void = () => undefined;
  readonly #closing = new Promise<void>((resolve) => {
    this.#tellClosing = resolve;
  });
  #firstOffer: Promise<RTCSessionDescriptionInit> | null = null;
  /** Settles when the browser has taken the first offer. */
  #firstOfferTaken: Promise<void> | null = null;
  #negotiatedVideoSlots = 0;
  /** Offers run one after the other. */
  #negotiation: Promise<void> = Promise.resolve();
  #restartedAtMs: number | null = null;
  #failedAtMs = 0;
  #isRestartQueued = false;
  #sampleTimer: ReturnType<typeof setInterval> | undefined;

  /** Without a `handler` until {@link handOver}, for a connection that is made ahead. */
  constructor(options: MediaConnectionOptions, handler: MediaHandler = NOBODY) {
    this.#options = options;
    this.#handler = handler;
    this.peer = options.createPeerConnection();
    this.#senders = this.#addSenders();
    for (let slot = 0; slot < options.audioSlots; slot += 1) this.#addSlot('audio');
    for (let slot = 0; slot < options.videoSlots; slot += 1) this.#addSlot('video');
    this.#channel = this.peer.createDataChannel(FAST_LABEL, { ordered: false, maxRetransmits: 0 });
    this.#channel.onmessage = ({ data }) => {
      if (typeof data === 'string') this.#handler.handleFast(data);
    };
    this.peer.onconnectionstatechange = () => this.#handleConnectionState();
  }

  /** From now on this handler is told what happens. */
  handOver(handler: MediaHandler): void {
    this.#handler = handler;
  }

  /** Whether it has so many slots, or will have once its answer is there. */
  hasSlots(audioSlots: number, videoSlots: number): boolean {
    return this.#audioSlots.length === audioSlots && this.#videoSlots.length === videoSlots;
  }

  /** Whether media flows. */
  get state(): MediaState {
    return this.#state;
  }

  /** Video slots that the server knows. */
  get videoSlotCount(): number {
    return this.#negotiatedVideoSlots;
  }

  /** Video slots of the latest offer. */
  get offeredVideoSlots(): number {
    return this.#videoSlots.length;
  }

  /** The receivers of the audio slots. */
  get audioReceivers(): readonly RTCRtpReceiver[] {
    return this.#audioSlots.map(({ receiver }) => receiver);
  }

  /** The receiver of a video slot; `null` before its answer. */
  videoReceiver(slot: number): RTCRtpReceiver | null {
    return this.#videoSlots[slot]?.receiver ?? null;
  }

  /** The m-lines, for statistics: which mid belongs to what. */
  get lines(): MediaLines {
    return { senders: this.#senders, audio: this.#audioSlots, video: this.#videoSlots };
  }

  /**
   * Makes the first offer without putting it to use: no port is opened and no path looked for, so
   * that it may lie ready through a change of the network. Resolves when it is closed, too.
   */
  async prepareOffer(): Promise<void> {
    // Browsers forget the promises of a closed connection.
    await Promise.race([this.#makeFirstOffer(), this.#closing]);
  }

  /**
   * The first offer, for the request to join; the same each time. The browser takes it while it is
   * on its way: the server finds the paths by itself and needs none of its candidates.
   */
  async createOffer(): Promise<string> {
    const offer = await this.#makeFirstOffer();
    if (!this.#firstOfferTaken && !this.#isClosed()) {
      this.#firstOfferTaken = this.peer.setLocalDescription(offer);
      // Told to whoever brings the answer.
      this.#firstOfferTaken.catch(() => undefined);
    }
    return offer.sdp ?? '';
  }

  /** The answer to the first offer. Media flows from here on. */
  async handleAnswer(answer: string): Promise<void> {
    await this.#firstOfferTaken;
    await this.peer.setRemoteDescription({ type: 'answer', sdp: answer });
    this.#negotiatedVideoSlots = this.#videoSlots.length;
    this.#sampleTimer ??= setInterval(() => {
      this.sample().catch(() => undefined);
    }, SAMPLE_EVERY_MS);
  }

  /** Makes more video slots; resolves when the server knows them. */
  async grow(videoSlots: number): Promise<void> {
    await this.#negotiate(() => {
      while (this.#videoSlots.length < videoSlots) this.#addSlot('video');
      return {};
    });
  }

  /** Looks for a new path, keeping everything else; does nothing while one is being looked for. */
  restartIce(): void {
    if (this.#isRestartQueued || this.#state === 'closed' || this.#state === 'failed') return;
    this.#isRestartQueued = true;
    this.#negotiate(() => ({ iceRestart: true }))
      .then(() => {
        // The time for a sign of life counts from the answer: without signalling there is no hurry
        // to give up media that may come back by itself.
        this.#restartedAtMs = this.#options.now();
      })
      .catch((error: unknown) => {
        this.#options.logger?.warn('restarting ICE failed', { error });
        this.#setState('failed');
      })
      .finally(() => {
        this.#isRestartQueued = false;
      });
  }

  /** Sends a track, or nothing with `null`. */
  async setTrack(kind: SourceKind, track: MediaStreamTrack | null): Promise<void> {
    const { sender } = this.#senders[kind];
    const isVideo = kind === 'camera' || kind === 'screen';
    if ((this.#tracks.get(kind) ?? null) !== track) {
      // Not `sender.track`: that is the old one until the browser's turn has come.
      this.#tracks.set(kind, track);
      try {
        await sender.replaceTrack(track);
      } catch (error) {
        this.#tracks.set(kind, sender.track);
        throw error;
      }
      if (isVideo) this.#encoded.delete(kind);
    }
    if (isVideo) await this.#applyEncodings(kind);
  }

  /** Encodes only the layers that somebody receives. */
  async setLayersWanted(source: VideoSource, layers: readonly Layer[]): Promise<void> {
    this.#wanted.set(source, new Set(layers));
    await this.#applyEncodings(source);
  }

  /** Looks whether something arrived since the last time. Called by a timer. */
  async sample(): Promise<void> {
    const report = await this.peer.getStats();
    if (this.#state === 'closed' || this.#state === 'failed') return;
    this.#handleCounts(receivedCounts(report));
    // A phone that was turned sends other dimensions.
    await Promise.all([this.#applyEncodings('camera'), this.#applyEncodings('screen')]);
  }

  /** Ends the connection. Tracks are not stopped: they belong to the local media. */
  close(): void {
    clearInterval(this.#sampleTimer);
    this.peer.onconnectionstatechange = null;
    this.#channel.onmessage = null;
    this.peer.close();
    this.#state = 'closed';
    this.#tellClosing();
  }

  #makeFirstOffer(): Promise<RTCSessionDescriptionInit> {
    this.#firstOffer ??= this.peer.createOffer().catch((error: unknown) => {
      this.#firstOffer = null;
      throw error;
    });
    return this.#firstOffer;
  }

  #addSenders(): Readonly<Record<SourceKind, RTCRtpTransceiver>> {
    const audio = (): RTCRtpTransceiver => this.#add('audio', { direction: 'sendonly' });
    const video = (source: VideoSource): RTCRtpTransceiver =>
      this.#add('video', {
        direction: 'sendonly',
        sendEncodings: initialEncodings(source).map((encoding) => ({ ...encoding })),
      });
    return {
      microphone: audio(),
      camera: video('camera'),
      screen: video('screen'),
      screen_audio: audio(),
    };
  }

  #addSlot(kind: 'audio' | 'video'): void {
    const slots = kind === 'audio' ? this.#audioSlots : this.#videoSlots;
    slots.push(this.#add(kind, { direction: 'recvonly' }));
  }

  #add(kind: 'audio' | 'video', init: RTCRtpTransceiverInit): RTCRtpTransceiver {
    const transceiver = this.peer.addTransceiver(kind, init);
    // Preferences are chosen among what can be received, for sending lines too (W3C webrtc 5.4).
    const all = globalThis.RTCRtpReceiver?.getCapabilities?.(kind)?.codecs ?? [];
    const codecs = kind === 'audio' ? audioCodecs(all) : videoCodecs(all);
    if (codecs.length > 0) {
      try {
        transceiver.setCodecPreferences?.(codecs);
      } catch (error) {
        // Without preferences the offer is larger and still right.
        this.#options.logger?.debug('codec preferences were refused', { error });
      }
    }
    return transceiver;
  }

  #negotiate(prepare: () => RTCOfferOptions): Promise<void> {
    const run = this.#negotiation.then(async () => {
      if (this.#state === 'closed') return;
      const offer = await this.peer.createOffer(prepare());
      await this.peer.setLocalDescription(offer);
      const answer = await this.#handler.exchange(this.peer.localDescription?.sdp ?? '');
      if (this.#isClosed()) return;
      await this.peer.setRemoteDescription({ type: 'answer', sdp: answer });
      this.#negotiatedVideoSlots = this.#videoSlots.length;
    });
    this.#negotiation = run.catch(() => undefined);
    return run;
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #handleConnectionState(): void {
    switch (this.peer.connectionState) {
      case 'connected':
        if (this.#state === 'connecting') this.#setState('connected');
        break;
      case 'disconnected':
        // Late and sometimes already wrong; what arrives is the better witness where it can be asked.
        if (this.#state === 'connected' && !this.#canProbe()) this.#handleSilence();
        break;
      case 'failed':
        // Before the first connection there is nothing to restart, and a restart mends paths, not
        // encryption.
        if (this.#state === 'connecting' || this.#isEncryptionOver()) {
          this.#setState('failed');
        } else {
          this.#failedAtMs = this.#options.now();
          this.restartIce();
        }
        break;
      default:
        break;
    }
  }

  #handleCounts(counts: ReadonlyMap<string, number>): void {
    const now = this.#options.now();
    const verdict = this.#watch.handleSample(counts, now);
    if (verdict !== 'heard' && verdict !== 'quiet') this.#probe();
    const isDead = verdict === 'dead' && this.#canProbe();
    const isOver = this.#hasFailed() && now > this.#failedAtMs + FAILED_GRACE_MS;
    if (this.#state === 'connected' && (isDead || isOver)) {
      this.#handleSilence();
    } else if (this.#state === 'silent' && verdict === 'heard' && !this.#hasFailed()) {
      this.#restartedAtMs = null;
      this.#setState('connected');
    } else if (this.#state === 'silent' && this.#restartedAtMs !== null) {
      if (now > this.#restartedAtMs + RESTART_TIMEOUT_MS) this.#setState('failed');
    }
  }

  /** The browser sends nothing any more, even while something arrives. */
  #hasFailed(): boolean {
    return this.peer.connectionState === 'failed';
  }

  #isEncryptionOver(): boolean {
    const state = this.#senders.microphone.sender.transport?.state;
    return state === 'failed' || state === 'closed';
  }

  #probe(): void {
    if (this.#canProbe()) this.#channel.send('{}');
  }

  #canProbe(): boolean {
    return this.#channel.readyState === 'open';
  }

  #handleSilence(): void {
    this.#setState('silent');
    this.restartIce();
  }

  #setState(state: MediaState): void {
    if (this.#state === state || this.#isClosed()) return;
    this.#state = state;
    this.#options.logger?.debug(`media is ${state}`);
    this.#handler.handleMediaState(state);
  }

  #applyEncodings(source: VideoSource): Promise<void> {
    const before = this.#encodingTurns.get(source) ?? Promise.resolve();
    const turn = before.then(() => this.#applyEncodingsNow(source));
    this.#encodingTurns.set(source, turn);
    return turn;
  }

  async #applyEncodingsNow(source: VideoSource): Promise<void> {
    const { sender } = this.#senders[source];
    const size = trackSize(sender.track);
    if (!size || this.#isClosed()) return;
    const encodings = encodingsFor(source, size, this.#wanted.get(source) ?? null);
    const text = JSON.stringify(encodings);
    if (this.#encoded.get(source) === text) return;
    const parameters = sender.getParameters();
    // The rids come from the browser, everything else from the own table: what browsers give back
    // for scales has been wrong.
    for (const encoding of parameters.encodings ?? []) {
      const ours = encodings.find(({ rid }) => rid === encoding.rid);
      if (ours) Object.assign(encoding, ours);
    }
    try {
      await sender.setParameters(parameters);
      this.#encoded.set(source, text);
    } catch (error) {
      this.#options.logger?.warn('encodings were refused', { source, error });
    }
  }
}

/** Of a connection that was made ahead: nothing happens to it before its answer. */
const NOBODY: MediaHandler = {
  handleMediaState: () => undefined,
  handleFast: () => undefined,
  exchange: () => Promise.reject(new Error('nobody has taken over the connection')),
};

/** The m-lines of a connection. */
export interface MediaLines {
  readonly senders: Readonly<Record<SourceKind, RTCRtpTransceiver>>;
  readonly audio: readonly RTCRtpTransceiver[];
  readonly video: readonly RTCRtpTransceiver[];
}

/** What came over each candidate pair: bytes, and answers to connectivity checks. */
function receivedCounts(report: RTCStatsReport): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  report.forEach(
    (stats: { id: string; type: string; bytesReceived?: number; responsesReceived?: number }) => {
      if (stats.type !== 'candidate-pair') return;
      counts.set(stats.id, (stats.bytesReceived ?? 0) + (stats.responsesReceived ?? 0));
    },
  );
  return counts;
}

function trackSize(track: MediaStreamTrack | null): Size | null {
  if (track?.kind !== 'video') return null;
  const { width, height } = track.getSettings();
  // Without dimensions yet, the usual ones are right more often than none.
  return { width: width ?? 1280, height: height ?? 720 };
}
