import { RequestError } from './errors.js';
import { CLOSE_CODES, type ErrorCode, type Join, type Snapshot } from './generated/protocol.js';
import {
  type Answer,
  type ClientRequest,
  type JoinedMessage,
  parseServerMessage,
  type RoomEvent,
} from './protocol.js';
import type { Logger } from './RoomOptions.js';
import { retryDelay } from './retryDelay.js';

/** The part of a WebSocket that {@link SignalClient} uses. */
export interface SignalSocket {
  onopen: ((event: Event) => unknown) | null;
  onclose: ((event: CloseEvent) => unknown) | null;
  onmessage: ((event: MessageEvent) => unknown) | null;
  send(text: string): void;
  close(): void;
}

/** What {@link SignalClient} needs from the world. */
export interface SignalWorld {
  /** Opens a WebSocket to the server. */
  openSocket(): SignalSocket;
  /** Resolves to whether an HTTP request reaches the server; never rejects. */
  probe(): Promise<boolean>;
  /** Milliseconds of a clock that never jumps. */
  now(): number;
  /** A number from 0 to 1. */
  random(): number;
}

/** Who is told what {@link SignalClient} gets. */
export interface SignalHandler {
  /**
   * Makes the request to enter the room; called for the first join, and again when the server no
   * longer knows the session.
   */
  makeJoin(): Promise<Join>;
  /** A session began. */
  handleJoined(joined: JoinedMessage): void;
  /** The session goes on; missed events follow, or the snapshot replaces what is known. */
  handleResumed(snapshot: Snapshot | null): void;
  /** Something happened; each event once, in order. */
  handleEvent(event: RoomEvent): void;
  /** The connection was lost; attempts to restore it have begun. */
  handleDown(): void;
  /** It is over: the server refused for good, or was never reached. */
  handleRefused(code: ErrorCode | 'server_unreachable', message: string): void;
  /** It is over without a `left` event: the server closed for good. */
  handleClosed(reason: 'ended' | 'replaced'): void;
}

/** How a request is treated when the connection is lost. */
export interface RequestOptions {
  /** Reject at once when there is no connection, instead of waiting for it. */
  readonly isOnlyNow?: boolean;
}

interface Pending {
  /** Stays the same when the request is sent again: the server does nothing twice for one id. */
  readonly id: number;
  readonly request: ClientRequest;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: RequestError) => void;
  readonly deadline: ReturnType<typeof setTimeout>;
}

/** How long after the last sign of life the server is asked for one, milliseconds. */
const PING_AFTER_MS = 4_000;

/** How long it may take to answer, milliseconds; then the socket counts as dead. */
const PING_TIMEOUT_MS = 4_000;

/** The same when the network has just changed and the old socket is likely dead. */
const WAKE_PING_TIMEOUT_MS = 1_500;

/** How long a socket may take to open, milliseconds; more than two lost SYN packets. */
const OPEN_TIMEOUT_MS = 5_000;

/** How long joining or resuming may take without any sign of the server, milliseconds. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** How long a request waits for its answer over all reconnections, milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;

/** Attempts before the first join is given up. Somebody waits in front of the screen. */
const FIRST_JOIN_ATTEMPTS = 4;

/** Refusals that pass by themselves: joining again after a moment makes sense. */
const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'server_closing',
  'media_unavailable',
  'internal',
  'too_many_messages',
]);

/**
 * Signalling with one server: requests and answers, events in order and once, and a session that
 * outlives its WebSocket.
 *
 * After a loss it tries again with growing pauses. Browsers delay WebSockets to a host that failed
 * repeatedly (Chromium by up to 5 s, Firefox by up to 60 s), so from the second attempt on a plain
 * HTTP request tells whether the server is there before a WebSocket is opened.
 */
export class SignalClient {
  readonly #world: SignalWorld;
  readonly #handler: SignalHandler;
  readonly #logger: Logger | undefined;

  #socket: SignalSocket | null = null;
  #phase: 'idle' | 'opening' | 'handshake' | 'ready' | 'waiting' | 'closed' = 'idle';
  #resumeToken: string | null = null;
  #isSessionLost = false;
  #hasJoined = false;
  #lastSeq = 0;

  #nextRequestId = 1;
  /** Of the join or resume on this socket. */
  #handshakeId = 0;
  readonly #pending = new Map<number, Pending>();
  /** Requests that were in flight when the socket was lost, or made while there was none. */
  #unsent: Pending[] = [];

  #attempt = 0;
  #downSince = 0;
  #retryAfterMs: number | null = null;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #aliveTimer: ReturnType<typeof setTimeout> | undefined;
  #cancelAttempt: () => void = () => undefined;

  constructor(world: SignalWorld, handler: SignalHandler, logger?: Logger) {
    this.#world = world;
    this.#handler = handler;
    this.#logger = logger;
  }

  /** Whether requests reach the server at the moment. */
  get isReady(): boolean {
    return this.#phase === 'ready';
  }

  /** Continues earlier sessions: the newest resume token, `null` before joining. */
  get resumeToken(): string | null {
    return this.#resumeToken;
  }

  /** Connects and joins; `resumeToken` of an earlier page keeps the identity of that time. */
  start(resumeToken: string | null = null): void {
    this.#resumeToken = resumeToken;
    this.#isSessionLost = true;
    this.#downSince = this.#world.now();
    this.#open();
  }

  /** Asks the server for something and waits for the answer, over reconnections if need be. */
  request(request: ClientRequest, options: RequestOptions = {}): Promise<Answer> {
    if (this.#phase === 'closed' || this.#phase === 'idle') {
      return Promise.reject(new RequestError('not_joined', 'the room is not joined'));
    }
    if (options.isOnlyNow && this.#phase !== 'ready') {
      return Promise.reject(new RequestError('disconnected', 'the server is not connected'));
    }
    return new Promise((resolve, reject) => {
      const pending: Pending = {
        id: this.#takeRequestId(),
        request,
        resolve,
        reject,
        deadline: setTimeout(() => this.#handleDeadline(pending), REQUEST_TIMEOUT_MS),
      };
      if (this.#phase === 'ready') this.#send(pending);
      else this.#unsent.push(pending);
    });
  }

  /** Begins a new session with the same identity: the media of the old one cannot be saved. */
  rejoin(): void {
    if (this.#phase === 'closed' || this.#phase === 'idle') return;
    this.#isSessionLost = true;
    this.#lose('the session is made anew');
  }

  /** The network came back or changed: finds out at once whether the connection still works. */
  handleNetworkChange(): void {
    switch (this.#phase) {
      case 'waiting':
        this.#attempt = 0;
        this.#open();
        break;
      case 'opening':
        this.#cancelAttempt();
        this.#open();
        break;
      case 'ready':
        this.#ping(WAKE_PING_TIMEOUT_MS);
        break;
      case 'idle':
      case 'handshake':
      case 'closed':
        break;
      default:
        this.#phase satisfies never;
    }
  }

  /** Ends the session here; what waits for an answer is rejected. */
  close(): void {
    this.#phase = 'closed';
    this.#dropSocket();
    clearTimeout(this.#retryTimer);
    const error = new RequestError('not_joined', 'the room was left');
    for (const pending of [...this.#pending.values(), ...this.#unsent]) {
      clearTimeout(pending.deadline);
      pending.reject(error);
    }
    this.#pending.clear();
    this.#unsent = [];
  }

  #open(): void {
    clearTimeout(this.#retryTimer);
    this.#phase = 'opening';
    let isCancelled = false;
    this.#cancelAttempt = () => {
      isCancelled = true;
      this.#dropSocket();
    };
    const isFirst = this.#attempt === 0;
    this.#attempt += 1;
    const go = (isThere: boolean): void => {
      if (isCancelled) return;
      if (isThere) this.#openSocket();
      else this.#retry('the server does not answer');
    };
    if (isFirst) go(true);
    else this.#world.probe().then(go);
  }

  #openSocket(): void {
    const socket = this.#world.openSocket();
    this.#socket = socket;
    // The offer is made while the socket opens.
    const join = this.#isSessionLost ? this.#handler.makeJoin() : null;
    join?.catch(() => undefined);
    this.#expectAlive(OPEN_TIMEOUT_MS, 'the socket does not open');
    socket.onopen = () => {
      this.#phase = 'handshake';
      this.#expectAlive(HANDSHAKE_TIMEOUT_MS, 'the server does not answer');
      if (join) this.#joinWith(socket, join);
      else this.#sendResume();
    };
    socket.onmessage = ({ data }) => {
      if (typeof data === 'string') this.#handleText(data);
    };
    socket.onclose = ({ code }) => this.#handleClose(code);
  }

  #joinWith(socket: SignalSocket, join: Promise<Join>): void {
    join.then(
      (message) => {
        if (this.#socket === socket) this.#sendJoin(message);
      },
      (error: unknown) => {
        if (this.#socket !== socket) return;
        this.#logger?.warn('making the offer failed', { error });
        this.#lose('there is no offer');
      },
    );
  }

  #sendJoin(join: Join): void {
    const token = this.#resumeToken;
    this.#sendHandshake({
      type: 'join',
      ...join,
      ...(token === null ? {} : { resume_token: token }),
    });
  }

  #sendResume(): void {
    this.#sendHandshake({
      type: 'resume',
      resume_token: this.#resumeToken ?? '',
      last_seq: this.#lastSeq,
    });
  }

  #sendHandshake(request: ClientRequest): void {
    this.#handshakeId = this.#takeRequestId();
    this.#write(this.#handshakeId, request);
  }

  #send(pending: Pending): void {
    this.#pending.set(pending.id, pending);
    this.#write(pending.id, pending.request);
  }

  #write(id: number, request: ClientRequest): void {
    this.#socket?.send(JSON.stringify({ request_id: id, ...request }));
  }

  #takeRequestId(): number {
    const id = this.#nextRequestId;
    this.#nextRequestId += 1;
    return id;
  }

  #handleText(text: string): void {
    this.#awaitPing();
    const message = parseServerMessage(text);
    switch (message?.type) {
      case undefined:
        this.#logger?.debug('ignored a message of an unknown type');
        break;
      case 'event':
        this.#handleEvent(message.seq, message.event);
        break;
      case 'error':
        this.#handleError(message.request_id, message.code, message.message);
        break;
      case 'joined':
        this.#handleJoined(message);
        break;
      case 'resumed':
        this.#handleResumed(message.snapshot ?? null, message.seq);
        break;
      case 'ok':
      case 'negotiated':
      case 'stream_targets':
        this.#settle(message.request_id)?.resolve(message);
        break;
      default:
        message satisfies never;
    }
  }

  #handleEvent(seq: number, event: RoomEvent): void {
    if (seq !== 0) {
      if (seq <= this.#lastSeq) return;
      this.#lastSeq = seq;
    }
    if (event.type === 'left') {
      if (event.retry_after_ms === undefined) this.#phase = 'closed';
      else this.#retryAfterMs = event.retry_after_ms;
    }
    this.#handler.handleEvent(event);
  }

  #handleError(requestId: number | undefined, code: ErrorCode, message: string): void {
    if (this.#phase === 'handshake' && (requestId ?? this.#handshakeId) === this.#handshakeId) {
      this.#handleHandshakeRefused(code, message);
      return;
    }
    const pending = requestId === undefined ? undefined : this.#settle(requestId);
    if (pending) pending.reject(new RequestError(code, message));
    else this.#logger?.warn(`the server refused a message: ${message}`, { code });
  }

  #handleHandshakeRefused(code: ErrorCode, message: string): void {
    this.#logger?.debug(`joining was refused: ${message}`, { code });
    const socket = this.#socket;
    if (!this.#isSessionLost && !PASSING.has(code) && socket) {
      // The session is over, the identity is not; the server waits for a join on the same socket.
      this.#isSessionLost = true;
      this.#joinWith(socket, this.#handler.makeJoin());
    } else if (this.#hasJoined && PASSING.has(code)) {
      this.#dropSocket();
      this.#retry(message);
    } else {
      this.#phase = 'closed';
      this.#dropSocket();
      this.#handler.handleRefused(code, message);
    }
  }

  #handleJoined(joined: JoinedMessage): void {
    this.#resumeToken = joined.resume_token;
    this.#isSessionLost = false;
    this.#hasJoined = true;
    this.#lastSeq = 0;
    this.#handleReady();
    this.#handler.handleJoined(joined);
    const unsent = this.#takeUnsent();
    // An offer belongs to the session that it was made in.
    this.#abandon(unsent.filter(({ request }) => request.type === 'negotiate'));
    this.#sendAgain(unsent.filter(({ request }) => request.type !== 'negotiate'));
  }

  #handleResumed(snapshot: Snapshot | null, seq: number): void {
    if (snapshot) this.#lastSeq = seq;
    this.#handleReady();
    this.#handler.handleResumed(snapshot);
    this.#sendAgain(this.#takeUnsent());
  }

  #handleReady(): void {
    this.#phase = 'ready';
    this.#attempt = 0;
    this.#retryAfterMs = null;
    this.#awaitPing();
  }

  #takeUnsent(): Pending[] {
    const unsent = this.#unsent;
    this.#unsent = [];
    return unsent;
  }

  #sendAgain(unsent: readonly Pending[]): void {
    for (const pending of unsent) this.#send(pending);
  }

  #abandon(requests: readonly Pending[]): void {
    for (const { deadline, reject } of requests) {
      clearTimeout(deadline);
      reject(new RequestError('disconnected', 'the connection to the server was lost'));
    }
  }

  #settle(requestId: number): Pending | undefined {
    const pending = this.#pending.get(requestId);
    if (!pending) return undefined;
    this.#pending.delete(requestId);
    clearTimeout(pending.deadline);
    return pending;
  }

  #handleDeadline(pending: Pending): void {
    for (const [id, other] of this.#pending) if (other === pending) this.#pending.delete(id);
    this.#unsent = this.#unsent.filter((other) => other !== pending);
    pending.reject(new RequestError('disconnected', 'the server did not answer in time'));
  }

  #handleClose(code: number): void {
    if (this.#phase === 'closed') {
      this.#dropSocket();
    } else if (code === CLOSE_CODES.ENDED || code === CLOSE_CODES.REPLACED) {
      this.#phase = 'closed';
      this.#dropSocket();
      this.#handler.handleClosed(code === CLOSE_CODES.ENDED ? 'ended' : 'replaced');
    } else {
      this.#lose(`the socket was closed with ${code}`);
    }
  }

  #lose(why: string): void {
    if (this.#phase === 'closed') return;
    const wasReady = this.#phase === 'ready';
    this.#dropSocket();
    if (wasReady) {
      this.#downSince = this.#world.now();
      this.#attempt = 0;
      const open = [...this.#pending.values(), ...this.#unsent];
      this.#pending.clear();
      this.#abandon(open.filter(({ request }) => isVoidAfterLoss(request)));
      this.#unsent = open.filter(({ request }) => !isVoidAfterLoss(request));
    }
    this.#retry(why);
    if (wasReady) this.#handler.handleDown();
  }

  #retry(why: string): void {
    this.#dropSocket();
    if (!this.#hasJoined && this.#attempt >= FIRST_JOIN_ATTEMPTS) {
      this.#phase = 'closed';
      this.#handler.handleRefused('server_unreachable', 'the server could not be reached');
      return;
    }
    const downForMs = this.#world.now() - this.#downSince;
    const delay = retryDelay(this.#attempt, downForMs, this.#world.random());
    const wait = Math.max(delay, this.#retryAfterMs ?? 0);
    this.#retryAfterMs = null;
    this.#phase = 'waiting';
    this.#logger?.debug(`connecting again in ${Math.round(wait)} ms: ${why}`);
    this.#retryTimer = setTimeout(() => this.#open(), wait);
  }

  #dropSocket(): void {
    clearTimeout(this.#aliveTimer);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  /** Something came; the next sign of life is asked for after a while. */
  #awaitPing(): void {
    if (this.#phase === 'closed' || !this.#socket) return;
    clearTimeout(this.#aliveTimer);
    this.#aliveTimer = setTimeout(() => this.#ping(PING_TIMEOUT_MS), PING_AFTER_MS);
  }

  #ping(timeoutMs: number): void {
    if (this.#phase === 'closed' || !this.#socket) return;
    this.#write(this.#takeRequestId(), { type: 'ping' });
    this.#expectAlive(timeoutMs, 'the server is silent');
  }

  #expectAlive(timeoutMs: number, why: string): void {
    clearTimeout(this.#aliveTimer);
    this.#aliveTimer = setTimeout(() => this.#lose(why), timeoutMs);
  }
}

/** Whether a request means nothing on the next socket. */
function isVoidAfterLoss(request: ClientRequest): boolean {
  return request.type === 'ping' || request.type === 'leave';
}
