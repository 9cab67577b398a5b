import { AudioPlayer } from './AudioPlayer.js';
import { CallSession, serverOf } from './CallSession.js';
import type { CallStats } from './CallStats.js';
import { BROWSER, type Environment, pageOrigin } from './Environment.js';
import { JoinError, RequestError } from './errors.js';
import { Levels } from './Levels.js';
import type { LocalMedia } from './LocalMedia.js';
import { LocalSources } from './LocalSources.js';
import type { Moderation } from './Moderation.js';
import { moderation } from './moderationRequests.js';
import { PreparedMedia } from './PreparedMedia.js';
import type { Answer, ClientRequest, Reaction } from './protocol.js';
import type { RoomEvents } from './RoomEvents.js';
import type { JoinOptions, RoomOptions, VideoTarget } from './RoomOptions.js';
import { IDLE_ROOM_STATE, type RoomState, type VideoQuality } from './RoomState.js';
import { RoomStore } from './RoomStore.js';
import type { RequestOptions } from './SignalClient.js';
import { VideoViews } from './VideoViews.js';

/**
 * One call, seen from one browser.
 *
 * @example
 * ```ts
 * const room = new Room({ serverUrl: 'https://call.example.com' });
 * await room.local.setMicrophone(true);
 * await room.join({ appId: 'klinik-sehat-k3x9q', room: 'ruang-1', name: 'Ibu Sari' });
 * room.subscribe(() => draw(room.state));
 * ```
 */
export class Room {
  /** The own microphone, camera and screen. */
  readonly local: LocalMedia;
  /** What moderators may do. */
  readonly moderation: Moderation;
  /** Calls a listener after each change of `state`. Bound, for `useSyncExternalStore`. */
  readonly subscribe: (listener: () => void) => () => void;

  readonly #options: RoomOptions;
  readonly #environment: Environment;
  readonly #store: RoomStore;
  readonly #sources: LocalSources;
  readonly #views: VideoViews;
  readonly #player: AudioPlayer;
  readonly #levels = new Levels();
  readonly #prepared: PreparedMedia;
  #session: CallSession | null = null;
  #isServerMet = false;

  /** Nothing is contacted or opened until it is asked for. `environment` is for tests. */
  constructor(options: RoomOptions = {}, environment: Environment = BROWSER) {
    this.#options = options;
    this.#environment = environment;
    this.#store = new RoomStore(environment.wallClock);
    this.#prepared = new PreparedMedia(environment, options);
    this.subscribe = this.#store.subscribe;
    this.#sources = new LocalSources(environment.mediaDevices, {
      handleTrack: (source, track) => {
        this.#prepared.handleTrack(source, track);
        this.#session?.handleTrack(source, track);
      },
      handleSource: (source, state) => this.#session?.handleSource(source, state),
      handleChange: (state) => {
        this.#views.schedule();
        this.#store.events.emit('localMediaChanged', { state });
      },
      handleDeviceLost: (source, deviceId) =>
        this.#store.events.emit('deviceLost', { source, deviceId }),
    });
    this.local = this.#sources;
    this.#views = new VideoViews(
      {
        state: () => this.#store.state,
        localTrack: (source) =>
          source === 'camera' ? this.#sources.cameraTrack : this.#sources.screenTrack,
        receiver: (slot) => this.#session?.receiver(slot) ?? null,
        sendView: (slots) => this.#session?.sendView(slots),
        isPlaying: (slot, key) => this.#session?.isPlaying(slot, key) ?? false,
        grow: (slotCount) => this.#session?.grow(slotCount),
      },
      environment.now,
    );
    this.#player = new AudioPlayer(environment.createAudioElement, (isAudioBlocked) =>
      this.#store.change({ isAudioBlocked }),
    );
    this.moderation = moderation((request) => this.#ask(request));
  }

  /** The call as it is now; the same object until something changes. */
  get state(): RoomState {
    return this.#store.state;
  }

  /**
   * Calls `listener` at each event until the returned function is called.
   *
   * @example
   * ```ts
   * const stop = room.on('chatReceived', ({ entry }) => notify(entry.fromName, entry.text));
   * ```
   */
  on<Name extends keyof RoomEvents>(
    name: Name,
    listener: (event: RoomEvents[Name]) => void,
  ): () => void {
    return this.#store.events.on(name, listener);
  }

  /**
   * Does ahead what joining needs and nobody else notices, so that `join()` takes less time: call it
   * while somebody looks at the own picture or types a name. No server counts it, no port is opened,
   * and sources may still change. Calling it again does nothing while it holds: until the next
   * `join()`, which uses it up, `leave()`, or ten minutes. Never rejects; joining works without it.
   *
   * @example
   * ```ts
   * const room = new Room();
   * await room.local.setCamera(true);
   * await room.prepare();
   * joinButton.onclick = () => room.join({ appId, room: 'ruang-1', name: nameField.value });
   * ```
   */
  async prepare(): Promise<void> {
    const { phase } = this.#store.state;
    if (!this.#environment.isSupported || (phase !== 'idle' && phase !== 'left')) return;
    this.#meetServer();
    await this.#prepared.prepare((source) => this.#sources.sentTrack(source));
  }

  /**
   * Enters a room. Resolves when joined; meanwhile the phase is `joining`, and `lobby` while a
   * moderator has to let one in. Rejects with `JoinError`, and the phase is `idle` again.
   *
   * @example
   * ```ts
   * const giveUp = new AbortController();
   * await room.join({ appId, room: 'ruang-1', token, signal: giveUp.signal });
   * ```
   */
  async join(options: JoinOptions): Promise<void> {
    const { phase, videoQuality } = this.#store.state;
    if (phase !== 'idle' && phase !== 'left') {
      throw new JoinError('already_joined', `the room is in phase ${phase}`);
    }
    if (!this.#environment.isSupported) {
      throw new JoinError('browser_unsupported', 'the browser lacks WebRTC or WebSocket');
    }
    if (options.signal?.aborted) throw new JoinError('aborted', 'joining was given up');
    const session = new CallSession(
      {
        environment: this.#environment,
        options: this.#options,
        store: this.#store,
        local: this.#sources,
        views: this.#views,
        player: this.#player,
        levels: this.#levels,
        prepared: this.#prepared,
      },
      options,
    );
    this.#store.enter('joining', { ...IDLE_ROOM_STATE, videoQuality });
    this.#session = session;
    await session.start();
  }

  /**
   * Leaves the call and stops the local sources, or gives up joining; lets go of what `prepare()` made.
   * Never rejects.
   *
   * @example
   * ```ts
   * hangUpButton.onclick = () => room.leave();
   * ```
   */
  async leave(): Promise<void> {
    this.#prepared.drop();
    await this.#session?.leave();
  }

  /**
   * Writes to everybody, or to one participant; 1 to 4,000 characters. A message that was on its way
   * when the connection was lost is sent again and arrives once.
   *
   * @example
   * ```ts
   * await room.sendChat('Halo semua');
   * await room.sendChat('Hanya untuk Anda', participant.id);
   * ```
   */
  async sendChat(text: string, to?: string): Promise<void> {
    await this.#request({ type: 'send_chat', text, ...(to === undefined ? {} : { to }) });
  }

  /**
   * Raises or lowers the own hand.
   *
   * @example
   * ```ts
   * await room.setHand(true);
   * ```
   */
  async setHand(isRaised: boolean): Promise<void> {
    await this.#request({ type: 'set_hand', is_raised: isRaised });
  }

  /**
   * Shows a reaction for a moment.
   *
   * @example
   * ```ts
   * await room.react('clap');
   * ```
   */
  async react(reaction: Reaction): Promise<void> {
    await this.#request({ type: 'react', reaction }, { isOnlyNow: true });
  }

  /**
   * Says that the user knows of a recording, and whether they agree to be in it. It is kept with the
   * recording. Where the app has no call without a recording, whoever does not agree leaves with it.
   *
   * @example
   * ```ts
   * room.on('recordingStarted', async ({ recording }) => {
   *   await room.consentToRecording(recording.id, await askTheUser());
   * });
   * ```
   */
  async consentToRecording(recordingId: string, agrees = true): Promise<void> {
    await this.#request({ type: 'consent_to_recording', recording_id: recordingId, agrees });
  }

  /**
   * Changes the own display name; refused with `not_granted` when a token fixed it.
   *
   * @example
   * ```ts
   * await room.setName('Ibu Sari');
   * ```
   */
  async setName(name: string): Promise<void> {
    await this.#request({ type: 'set_name', name });
  }

  /**
   * Shows a picture in an element until the returned function is called. Asks for as many pixels as
   * the element has on screen, and for none while it cannot be seen. Own pictures come without the
   * network; before joining, `local` is the own participant id.
   *
   * The element is muted and plays by itself. Until `onShown(true)` it may be empty or show somebody
   * else: cover it or make it transparent, but keep its size (not `display: none`).
   *
   * @example
   * ```ts
   * const detach = room.attachVideo(videoElement, {
   *   participantId: participant.id,
   *   source: 'camera',
   *   onShown: (isShown) => videoElement.classList.toggle('is-shown', isShown),
   * });
   * ```
   */
  attachVideo(element: HTMLVideoElement, target: VideoTarget): () => void {
    return this.#views.attach(element, target);
  }

  /**
   * How loud somebody is now, 0 to 1, for animation.
   *
   * @example
   * ```ts
   * requestAnimationFrame(() => ring.style.setProperty('--level', String(room.levelOf(id))));
   * ```
   */
  levelOf(participantId: string): number {
    const participant = this.#store.state.participants.find(({ id }) => id === participantId);
    if (!participant) return 0;
    if (participant.isLocal) return this.#sources.microphoneLevel();
    return this.#levels.levelOf(participant.number, this.#environment.now());
  }

  /**
   * Chooses the loudspeaker or headphones; rejects with `MediaError` where that is impossible.
   *
   * @example
   * ```ts
   * await room.setAudioOutput(devices.state.speakers[0]?.deviceId ?? '');
   * ```
   */
  async setAudioOutput(deviceId: string): Promise<void> {
    await this.#player.setOutput(deviceId);
  }

  /**
   * Plays sound after the browser had blocked it; call it in a click.
   *
   * @example
   * ```ts
   * if (room.state.isAudioBlocked) button.onclick = () => room.resumeAudio();
   * ```
   */
  async resumeAudio(): Promise<void> {
    await this.#player.resume();
  }

  /**
   * Measures the connection; rates are means since the call before.
   *
   * @example
   * ```ts
   * const { transport } = await room.getStats();
   * ```
   */
  async getStats(): Promise<CallStats> {
    if (!this.#session) throw notJoined();
    return this.#session.getStats();
  }

  /**
   * Limits what is received: everything, small pictures, or sound alone.
   *
   * @example
   * ```ts
   * room.setVideoQuality('low');
   * ```
   */
  setVideoQuality(max: VideoQuality): void {
    this.#store.change({ videoQuality: max });
    this.#views.schedule();
  }

  /**
   * Finds out ahead the address and the keys of a server that the page did not come from; with its
   * own the page has spoken before.
   */
  #meetServer(): void {
    if (this.#isServerMet) return;
    this.#isServerMet = true;
    try {
      const server = serverOf(this.#options);
      if (server.origin === pageOrigin()) return;
      this.#environment.probe(new URL('/livez', server).href);
    } catch {
      // Not an address: joining says so.
    }
  }

  async #request(request: ClientRequest, options?: RequestOptions): Promise<void> {
    await this.#ask(request, options);
  }

  async #ask(request: ClientRequest, options?: RequestOptions): Promise<Answer> {
    if (!this.#session) throw notJoined();
    return this.#session.request(request, options);
  }
}

function notJoined(): RequestError {
  return new RequestError('not_joined', 'the room is not joined');
}
