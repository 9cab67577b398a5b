import type { AudioPlayer } from './AudioPlayer.js';
import { CallPhase } from './CallPhase.js';
import type { CallStats } from './CallStats.js';
import { type Environment, type PageEvent, pageOrigin } from './Environment.js';
import { JoinError, type JoinErrorCode, RequestError } from './errors.js';
import { eventsOf } from './eventsOf.js';
import {
  type ErrorCode,
  type Join,
  LIMITS,
  type SlotView,
  type Snapshot,
  VIDEO_SLOT_STEPS,
} from './generated/protocol.js';
import type { Levels } from './Levels.js';
import type { LocalSources } from './LocalSources.js';
import type { MediaConnection, MediaHandler, MediaState } from './MediaConnection.js';
import { MediaSummarizer } from './MediaSummarizer.js';
import { type PreparedMedia, SOURCES } from './PreparedMedia.js';
import {
  type Answer,
  type ClientRequest,
  type JoinedMessage,
  type LeaveReason,
  parseLevels,
  type RoomEvent,
  type SourceKind,
  type SourceState,
} from './protocol.js';
import { qualityOf } from './quality.js';
import type { JoinOptions, RoomOptions } from './RoomOptions.js';
import type { RoomState, VideoKey } from './RoomState.js';
import type { RoomStore } from './RoomStore.js';
import { applySnapshot, missingAfterRestart, roomReducer } from './roomReducer.js';
import { type RequestOptions, SignalClient, type SignalHandler } from './SignalClient.js';
import { type LineMap, type RawStats, StatsDigest } from './StatsDigest.js';
import type { VideoViews } from './VideoViews.js';
import { videoKey } from './ViewPlanner.js';

/** The parts of a room that outlive its calls. */
export interface CallParts {
  readonly environment: Environment;
  readonly options: RoomOptions;
  readonly store: RoomStore;
  readonly local: LocalSources;
  readonly views: VideoViews;
  readonly player: AudioPlayer;
  readonly levels: Levels;
  readonly prepared: PreparedMedia;
}

/** How often the own connection is judged, milliseconds; the server takes a report each 2 s. */
const QUALITY_EVERY_MS = 2_500;

/** How often the own media is summed up for the server, milliseconds; it takes one in 10 s. */
const SUMMARY_EVERY_MS = 10_000;

/** Pause before another connection after one that never carried media, milliseconds; it doubles. */
const REJOIN_DELAY_MS = 500;

/** How long leaving may wait for the server, milliseconds. */
const LEAVE_TIMEOUT_MS = 500;

/**
 * One call of a {@link Room}, from joining to leaving: connects signalling, media and the parts of
 * the room with each other, over any number of reconnections.
 */
export class CallSession implements SignalHandler, MediaHandler {
  readonly #parts: CallParts;
  readonly #join: JoinOptions;
  readonly #signal: SignalClient;
  readonly #phase: CallPhase;
  readonly #joining: Promise<void>;
  #settleJoin: { resolve: () => void; reject: (error: JoinError) => void } = {
    resolve: () => undefined,
    reject: () => undefined,
  };
  readonly #statsForPage = new StatsDigest();
  readonly #statsForQuality = new StatsDigest();
  readonly #statsForSummary = new StatsDigest();
  readonly #summarizer = new MediaSummarizer();
  readonly #slotOwners = new Map<number, string>();
  readonly #stopWatching: () => void;

  /** Own sources that changed while the server could not be told. */
  readonly #untoldSources = new Set<SourceKind>();
  /** Who was here before the server forgot the call, and has not come back to it yet. */
  readonly #missing = new Set<string>();
  #missingTimer: ReturnType<typeof setTimeout> | undefined;
  #rejoinTimer: ReturnType<typeof setTimeout> | undefined;
  /** Connections in a row that never carried media. */
  #failures = 0;
  #media: MediaConnection | null = null;
  #hasAnswer = false;
  #isGrowing = false;
  /** What the last request to join said of the own sources. */
  #sourcesInJoin = new Map<SourceKind, SourceState>();
  #isOver = false;
  #reportedQuality: string | null = null;
  #qualityTimer: ReturnType<typeof setInterval> | undefined;
  #summaryTimer: ReturnType<typeof setInterval> | undefined;

  constructor(parts: CallParts, join: JoinOptions) {
    this.#parts = parts;
    this.#join = join;
    this.#joining = new Promise((resolve, reject) => {
      this.#settleJoin = { resolve, reject };
    });
    const { environment, options, store } = parts;
    const server = serverOf(options);
    this.#signal = new SignalClient(
      {
        openSocket: () => environment.openSocket(signalUrl(server)),
        probe: () => environment.probe(new URL('/livez', server).href),
        now: environment.now,
        random: environment.random,
      },
      this,
      options.logger,
    );
    this.#phase = new CallPhase(store, environment.wallClock);
    this.#stopWatching = environment.watchPage((event) => this.#handlePage(event));
  }

  /** Resolves when joined; rejects with `JoinError`. */
  start(): Promise<void> {
    const { signal } = this.#join;
    signal?.addEventListener('abort', () => this.#fail('aborted', 'joining was given up'), {
      once: true,
    });
    this.#signal.start(this.#parts.environment.takeFromEarlierPage(this.#storageKey()));
    return this.#joining;
  }

  /** Leaves, or gives up joining. */
  async leave(): Promise<void> {
    if (this.#isOver) return;
    if (!this.#hasAnswer) {
      this.#fail('aborted', 'the room was left before it was joined');
      return;
    }
    const said = this.request({ type: 'leave' }, { isOnlyNow: true }).catch(() => undefined);
    this.#end('left', { keepSignal: true });
    await Promise.race([said, new Promise((done) => setTimeout(done, LEAVE_TIMEOUT_MS))]);
    this.#signal.close();
  }

  /** Asks the server for something. */
  request(request: ClientRequest, options?: RequestOptions): Promise<Answer> {
    return this.#signal.request(request, options);
  }

  /** Measures the connection since the last call of this method. */
  async getStats(): Promise<CallStats> {
    return this.#measure(this.#statsForPage);
  }

  /** The receiver of a video slot. */
  receiver(slot: number): RTCRtpReceiver | null {
    return this.#media?.videoReceiver(slot) ?? null;
  }

  /** Whether the server said that a slot plays this picture. */
  isPlaying(slot: number, key: VideoKey): boolean {
    return this.#slotOwners.get(slot) === videoKey(key);
  }

  /** Tells the server what shall stand in the slots. */
  sendView(slots: SlotView[]): void {
    this.#tell({ type: 'view', slots });
  }

  /** Makes more video slots, one growth at a time. */
  grow(slotCount: number): void {
    const media = this.#media;
    if (this.#isGrowing || !media || !this.#hasAnswer) return;
    this.#isGrowing = true;
    media
      .grow(slotCount)
      .then(() => {
        if (this.#media === media) this.#parts.views.handleSlotCount(media.videoSlotCount);
      })
      .catch((error: unknown) => {
        this.#parts.options.logger?.warn('adding video slots failed', { error });
      })
      .finally(() => {
        this.#isGrowing = false;
      });
  }

  /** The local sources have another track to send. */
  handleTrack(source: SourceKind, track: MediaStreamTrack | null): void {
    this.#media?.setTrack(source, track).catch((error: unknown) => {
      this.#parts.options.logger?.warn('replacing a track failed', { source, error });
    });
    this.#parts.views.schedule();
  }

  /** The others shall know this of a local source. */
  handleSource(source: SourceKind, state: SourceState): void {
    this.#changeLocal(source, state);
    if (!this.#signal.isReady) {
      this.#untoldSources.add(source);
      return;
    }
    this.#signal
      .request({ type: 'set_source', source, state }, { isOnlyNow: true })
      .catch((error: unknown) => {
        if (error instanceof RequestError && error.code === 'not_granted') {
          this.#parts.local.handleRefused(source, 'not_granted');
        }
      });
  }

  // What signalling says.

  async makeJoin(): Promise<Join> {
    const { environment, local } = this.#parts;
    const media = this.#hasAnswer || !this.#media ? this.#newMedia() : this.#media;
    const offer = await media.createOffer();
    const { appId, room, token, name, password } = this.#join;
    const sources = local.sources();
    this.#sourcesInJoin = new Map(sources.map(({ source, state }) => [source, state]));
    return {
      app_id: appId,
      room,
      ...(token === undefined ? {} : { token }),
      ...(name === undefined ? {} : { name }),
      ...(password === undefined ? {} : { password }),
      offer,
      sources,
      client: environment.client,
    };
  }

  handleJoined(joined: JoinedMessage): void {
    const { store, levels, views, player } = this.#parts;
    const media = this.#media;
    if (!media) return;
    this.#hasAnswer = true;
    // First of all: the browser looks for the path while the page draws the call.
    const isAnswered = media.handleAnswer(joined.answer);
    levels.clear();
    this.#slotOwners.clear();
    this.#untoldSources.clear();
    this.#reportedQuality = null;
    const before = store.state;
    this.#replaceBySnapshot(joined.snapshot, joined.participant_id);
    this.#keepMissing(before);
    this.#sendChangedSources();
    store.change({ ratingToken: joined.rating_token });
    this.#phase.handleJoined();
    views.handleNewConnection(media.offeredVideoSlots);
    player.handleTracks(media.audioReceivers.map(({ track }) => track));
    this.#qualityTimer ??= setInterval(() => this.#judge(), QUALITY_EVERY_MS);
    this.#summaryTimer ??= setInterval(() => this.#sumUp(), SUMMARY_EVERY_MS);
    isAnswered.then(
      () => this.#settleJoin.resolve(),
      (error: unknown) => {
        this.#parts.options.logger?.warn('the answer was refused', { error });
        this.#fail('internal', 'the browser refused the session description');
      },
    );
  }

  handleResumed(snapshot: Snapshot | null): void {
    const { localId } = this.#parts.store.state;
    if (snapshot && localId !== null) this.#replaceBySnapshot(snapshot, localId);
    this.#phase.handleSignalUp();
    this.#parts.views.sendAgain();
    // Missed events come before this answer: what a moderator switched off meanwhile stays off.
    this.request({ type: 'ping' }).then(
      () => this.#tellSources(),
      () => undefined,
    );
    if (this.#media?.state === 'silent') this.#media.restartIce();
  }

  handleEvent(event: RoomEvent): void {
    const { store, local, views } = this.#parts;
    const before = store.state;
    store.replace(roomReducer(before, event));
    if (event.type === 'participant_joined') this.#missing.delete(event.participant.id);
    if (event.type === 'participant_left') this.#missing.delete(event.participant_id);
    if (event.type === 'lobby_waiting') this.#phase.handleLobby();
    if (event.type === 'layers_wanted') this.#handleLayersWanted(event);
    if (event.type === 'muted_by_moderator') {
      local.handleMuted(event.source);
      this.#changeLocal(event.source, 'muted');
    }
    if (event.type === 'slot_changed') this.#handleSlot(event);
    for (const tell of eventsOf(event, before, store.state)) tell(store.events);
    if (event.type === 'left' && event.retry_after_ms === undefined) this.#end(event.reason);
    views.schedule();
  }

  handleDown(): void {
    this.#phase.handleSignalDown();
  }

  handleRefused(code: ErrorCode | 'server_unreachable', message: string): void {
    if (this.#hasAnswer) this.#end(leaveReasonOf(code));
    else this.#fail(code, message);
  }

  handleClosed(reason: 'ended' | 'replaced'): void {
    if (!this.#hasAnswer) this.#fail('call_ended', 'the server closed the connection');
    else this.#end(reason === 'ended' ? 'call_ended' : 'connection_lost');
  }

  // What media says.

  handleMediaState(state: MediaState): void {
    switch (state) {
      case 'connected':
        this.#failures = 0;
        this.#phase.handleMediaUp();
        break;
      case 'silent':
        this.#phase.handleMediaDown();
        break;
      case 'failed':
        this.#phase.handleMediaDown();
        this.#rejoinSoon();
        break;
      case 'connecting':
      case 'closed':
        break;
      default:
        state satisfies never;
    }
  }

  handleFast(text: string): void {
    this.#parts.levels.handleLevels(parseLevels(text), this.#parts.environment.now());
  }

  async exchange(offer: string): Promise<string> {
    const answer = await this.request({ type: 'negotiate', offer });
    if (answer.type === 'negotiated') return answer.answer;
    throw new RequestError('internal', `an offer was answered with ${answer.type}`);
  }

  /** The first failure is mended at once; where media is impossible, the server is spared. */
  #rejoinSoon(): void {
    const delay = this.#failures === 0 ? 0 : REJOIN_DELAY_MS * 2 ** Math.min(this.#failures, 4);
    this.#failures += 1;
    clearTimeout(this.#rejoinTimer);
    this.#rejoinTimer = setTimeout(() => this.#signal.rejoin(), delay);
  }

  #newMedia(): MediaConnection {
    const { local, prepared } = this.#parts;
    const videoSlots = Math.max(this.#media?.offeredVideoSlots ?? 0, VIDEO_SLOT_STEPS[0]);
    this.#media?.close();
    const media = prepared.take(videoSlots);
    media.handOver(this);
    this.#media = media;
    for (const source of SOURCES) this.handleTrack(source, local.sentTrack(source));
    return media;
  }

  #replaceBySnapshot(snapshot: Snapshot, localId: string): void {
    const { store } = this.#parts;
    const before = store.state;
    store.replace(applySnapshot(before, snapshot, localId));
    if (before.call === null) return;
    const known = new Set(before.chat.map(({ id }) => id));
    for (const entry of store.state.chat) {
      if (!known.has(entry.id)) store.events.emit('chatReceived', { entry });
    }
  }

  /**
   * After a restart of the server everybody comes back within moments. Until then they are shown as
   * reconnecting, so that nobody leaves and joins for the eye.
   */
  #keepMissing(before: RoomState): void {
    const { store } = this.#parts;
    if (before.call === null || before.call.id !== store.state.call?.id) return;
    const missing = missingAfterRestart(before, store.state);
    if (missing.length === 0) return;
    for (const { id } of missing) this.#missing.add(id);
    store.change({ participants: [...store.state.participants, ...missing] });
    clearTimeout(this.#missingTimer);
    this.#missingTimer = setTimeout(() => this.#giveUpMissing(), LIMITS.RESUME_WINDOW_MS);
  }

  #giveUpMissing(): void {
    for (const participant_id of [...this.#missing]) {
      this.handleEvent({ type: 'participant_left', participant_id, reason: 'connection_lost' });
    }
  }

  #handleLayersWanted(event: Extract<RoomEvent, { type: 'layers_wanted' }>): void {
    if (event.source !== 'camera' && event.source !== 'screen') return;
    this.#media?.setLayersWanted(event.source, event.layers).catch(() => undefined);
  }

  #handleSlot({ kind, slot, state }: Extract<RoomEvent, { type: 'slot_changed' }>): void {
    if (kind !== 'video') return;
    if (state.is === 'playing' && (state.source === 'camera' || state.source === 'screen')) {
      const key = { participantId: state.participant_id, source: state.source };
      this.#slotOwners.set(slot, videoKey(key));
    } else {
      this.#slotOwners.delete(slot);
    }
  }

  /** The own badges change at once, not after a round trip. */
  #changeLocal(source: SourceKind, state: SourceState): void {
    const { store } = this.#parts;
    const { localId } = store.state;
    if (localId === null) return;
    const event = { type: 'source_changed', participant_id: localId, source: { source, state } };
    store.replace(roomReducer(store.state, event as RoomEvent));
  }

  /** Tells the server what changed of the own sources while it was away. */
  #tellSources(): void {
    const untold = new Set(this.#untoldSources);
    this.#untoldSources.clear();
    for (const { source, state } of this.#parts.local.sources()) {
      if (untold.has(source)) this.handleSource(source, state);
    }
  }

  /** Sources that began or ended while the request to join was on its way. */
  #sendChangedSources(): void {
    for (const { source, state } of this.#parts.local.sources()) {
      if (this.#sourcesInJoin.get(source) !== state) this.handleSource(source, state);
    }
  }

  /** Tells the server something that is repeated anyway when the connection is lost. */
  #tell(request: ClientRequest): void {
    this.request(request, { isOnlyNow: true }).catch((error: unknown) => {
      this.#parts.options.logger?.debug(`${request.type} was not done`, { error });
    });
  }

  #judge(): void {
    if (!this.#signal.isReady || this.#media?.state !== 'connected') return;
    this.#measure(this.#statsForQuality)
      .then((stats) => {
        const level = qualityOf(stats);
        if (level === this.#reportedQuality) return;
        this.#reportedQuality = level;
        this.#tell({ type: 'report_quality', level });
      })
      .catch(() => undefined);
  }

  #sumUp(): void {
    if (!this.#signal.isReady || this.#media?.state !== 'connected') return;
    this.#measure(this.#statsForSummary)
      .then((stats) => {
        this.#tell({ type: 'report_media', summary: this.#summarizer.handleStats(stats) });
      })
      .catch(() => undefined);
  }

  async #measure(digest: StatsDigest): Promise<CallStats> {
    const media = this.#media;
    if (!media) throw new RequestError('not_joined', 'the room is not joined');
    const report: RawStats[] = [];
    (await media.peer.getStats()).forEach((stats: RawStats) => {
      report.push(stats);
    });
    return digest.handleReport(report, this.#lineMap(media), this.#parts.environment.wallClock());
  }

  #lineMap(media: MediaConnection): LineMap {
    const { senders, audio, video } = media.lines;
    const sent = new Map<string, SourceKind>();
    for (const source of SOURCES) {
      const { mid, sender } = senders[source];
      if (mid !== null && sender.track) sent.set(mid, source);
    }
    const received = new Map<string, { kind: 'audio' | 'video'; slot: number }>();
    for (const [slot, { mid }] of audio.entries()) {
      if (mid !== null) received.set(mid, { kind: 'audio', slot });
    }
    for (const [slot, { mid }] of video.entries()) {
      if (mid !== null) received.set(mid, { kind: 'video', slot });
    }
    return { sent, received, ownerOf: (slot) => this.#parts.views.ownerOf(slot) };
  }

  #handlePage(event: PageEvent): void {
    switch (event) {
      case 'network_changed':
        this.#signal.handleNetworkChange();
        if (this.#hasAnswer) this.#media?.restartIce();
        break;
      case 'shown':
        this.#signal.handleNetworkChange();
        this.#parts.views.handlePageHidden(false);
        break;
      case 'hidden':
        this.#parts.views.handlePageHidden(true);
        break;
      case 'closing':
        this.#handleClosing();
        break;
      default:
        event satisfies never;
    }
  }

  /** A page that is loaded again comes back as the same participant. */
  #handleClosing(): void {
    const token = this.#signal.resumeToken;
    if (token !== null) this.#parts.environment.leaveForNextPage(this.#storageKey(), token);
  }

  #storageKey(): string {
    return `jumpa.resume:${this.#join.appId}/${this.#join.room}`;
  }

  #fail(code: JoinErrorCode, message: string): void {
    if (this.#isOver || (this.#hasAnswer && code === 'aborted')) return;
    this.#close();
    this.#signal.close();
    this.#parts.store.enter('idle', { lobbyInfo: null });
    this.#settleJoin.reject(new JoinError(code, message));
  }

  #end(reason: LeaveReason, { keepSignal = false } = {}): void {
    if (this.#isOver) return;
    this.#close();
    if (!keepSignal) this.#signal.close();
    const { store, local } = this.#parts;
    local.stopAll();
    store.enter('left', {
      leaveReason: reason,
      participants: [],
      speakers: [],
      recordings: [],
      recordingDeadlineMs: null,
      lobby: [],
      pausedVideos: [],
      isAudioBlocked: false,
    });
    this.#settleJoin.resolve();
    store.events.emit('left', { reason });
  }

  #close(): void {
    this.#isOver = true;
    clearInterval(this.#qualityTimer);
    clearInterval(this.#summaryTimer);
    clearTimeout(this.#missingTimer);
    clearTimeout(this.#rejoinTimer);
    this.#phase.close();
    this.#stopWatching();
    this.#media?.close();
    this.#media = null;
    this.#parts.views.handleEnd();
    this.#parts.player.close();
    this.#parts.levels.clear();
  }
}

/** Where the server of a room is; the origin of the page unless the options name another. */
export function serverOf({ serverUrl }: RoomOptions): URL {
  return new URL(serverUrl ?? pageOrigin());
}

function signalUrl(server: URL): string {
  const url = new URL('/v1/signal', server);
  url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
  return url.href;
}

/** Why a call is over whose session the server would not continue. */
function leaveReasonOf(code: ErrorCode | 'server_unreachable'): LeaveReason {
  switch (code) {
    case 'banned':
    case 'lobby_denied':
      return 'removed';
    case 'call_ended':
      return 'call_ended';
    case 'recorder_unavailable':
      return 'recording_lost';
    case 'app_disabled':
    case 'app_unknown':
    case 'token_key_unknown':
    case 'token_expired':
    case 'token_required':
      return 'access_revoked';
    default:
      return 'connection_lost';
  }
}
