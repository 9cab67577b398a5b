import { FrameOwner } from './FrameOwner.js';
import type { SlotView } from './generated/protocol.js';
import { sourceNumber } from './protocol.js';
import type { VideoTarget } from './RoomOptions.js';
import type { ParticipantView, RoomState, VideoKey, VideoQuality } from './RoomState.js';
import { TileView } from './TileView.js';
import {
  isSameView,
  type ViewDemand,
  ViewPlanner,
  type ViewSlot,
  videoKey,
} from './ViewPlanner.js';

/** What {@link VideoViews} needs from the room. */
export interface VideoViewsHandler {
  /** The call as it is now. */
  state(): RoomState;
  /** Own pictures. */
  localTrack(source: 'camera' | 'screen'): MediaStreamTrack | null;
  /** The receiver of a video slot; `null` when there is none. */
  receiver(slot: number): RTCRtpReceiver | null;
  /** Asks the server for these pictures. */
  sendView(slots: SlotView[]): void;
  /** Whether the server says that a slot plays this picture. */
  isPlaying(slot: number, key: VideoKey): boolean;
  /** More slots are needed. */
  grow(slotCount: number): void;
}

/** Least time between two requests for pictures, milliseconds: five a second. */
const UPDATE_EVERY_MS = 200;

/** How long a page may be hidden until its pictures are given up, milliseconds. */
const HIDDEN_GRACE_MS = 3_000;

/** Highest picture under `low`, device pixels: the smallest layer of a camera. */
const LOW_HEIGHT = 180;

/**
 * After so many frames without any source the browser does not name sources at all, and the server's
 * word has to do.
 */
const MAX_UNNAMED_FRAMES = 5;

/** Priority of a tile that names none. */
const DEFAULT_PRIORITY = 100;

/**
 * All elements that show pictures of a call. Keeps the slots filled with what can be seen: measures
 * the tiles, plans the slots, tells the server, and puts each slot's track into its tiles.
 */
export class VideoViews {
  readonly #handler: VideoViewsHandler;
  readonly #planner: ViewPlanner;
  readonly #tiles = new Set<TileView>();
  /** The slot that a tile shows at the moment. */
  readonly #shownSlots = new Map<TileView, number>();
  #slotCount = 0;
  #sent: readonly ViewSlot[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #updatedAtMs = Number.NEGATIVE_INFINITY;
  #isHidden = false;
  #hiddenTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #now: () => number;

  constructor(handler: VideoViewsHandler, now: () => number) {
    this.#handler = handler;
    this.#now = now;
    this.#planner = new ViewPlanner(0);
  }

  /** Shows a picture in an element until the returned function is called. */
  attach(element: HTMLVideoElement, target: VideoTarget): () => void {
    const tile = new TileView(element, target, () => this.schedule());
    this.#tiles.add(tile);
    if (this.#isLocal(target)) this.#showLocal(tile);
    this.schedule();
    return () => {
      this.#tiles.delete(tile);
      this.#shownSlots.delete(tile);
      tile.close();
      this.schedule();
    };
  }

  /** A new connection with this many video slots: everything is asked for anew. */
  handleNewConnection(slotCount: number): void {
    this.#slotCount = slotCount;
    this.#planner.reset(slotCount);
    this.#sent = [];
    for (const tile of this.#shownSlots.keys()) tile.play(null, () => false);
    this.#shownSlots.clear();
    this.#updatedAtMs = Number.NEGATIVE_INFINITY;
    this.schedule();
  }

  /** The connection grew. */
  handleSlotCount(slotCount: number): void {
    this.#slotCount = slotCount;
    this.#planner.handleSlotCount(slotCount);
    this.schedule();
  }

  /** Asks again for what is wanted, since the server may not have got the last request. */
  sendAgain(): void {
    this.#sent = [];
    this.schedule();
  }

  /** The page was hidden or shown. */
  handlePageHidden(isHidden: boolean): void {
    clearTimeout(this.#hiddenTimer);
    const apply = (): void => {
      this.#isHidden = isHidden;
      this.schedule();
    };
    if (isHidden) this.#hiddenTimer = setTimeout(apply, HIDDEN_GRACE_MS);
    else apply();
  }

  /** The call ended: nothing is shown any more. Elements stay attached for the next call. */
  handleEnd(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#slotCount = 0;
    this.#planner.reset(0);
    this.#sent = [];
    for (const tile of this.#tiles) tile.play(null, () => false);
    this.#shownSlots.clear();
  }

  /** Something that decides about the slots changed; it is looked at soon, not now. */
  readonly schedule = (): void => {
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#updatedAtMs + UPDATE_EVERY_MS - this.#now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#update();
    }, wait);
  };

  /** Who should be in a slot, for statistics. */
  ownerOf(slot: number): VideoKey | null {
    return this.#sent.find((view) => view.slot === slot) ?? null;
  }

  #update(): void {
    for (const tile of this.#tiles) if (this.#isLocal(tile.target)) this.#showLocal(tile);
    if (this.#slotCount === 0) return;
    const plan = this.#planner.plan(this.#demands());
    // Where nothing is wanted and nothing was, the first picture should not wait for its turn: the
    // tiles of a call appear moments after its connection.
    if (plan.slots.length > 0 || this.#sent.length > 0) this.#updatedAtMs = this.#now();
    this.#showSlots(plan.slots);
    if (!isSameView(plan.slots, this.#sent)) {
      this.#sent = plan.slots;
      this.#handler.sendView(plan.slots.map(slotView));
    }
    if (plan.wantedSlotCount > this.#slotCount) this.#handler.grow(plan.wantedSlotCount);
  }

  #demands(): ViewDemand[] {
    const { participants, videoQuality } = this.#handler.state();
    const live = new Map(participants.map((participant) => [participant.id, participant]));
    return [...this.#tiles].flatMap((tile) => {
      const { participantId, source, priority } = tile.target;
      const participant = live.get(participantId);
      if (!participant || participant.isLocal || participant[source] !== 'live') return [];
      const height = this.#isHidden ? 0 : limitHeight(tile.wantedHeight(), videoQuality);
      if (height === 0) return [];
      return [{ participantId, source, height, priority: priority ?? DEFAULT_PRIORITY }];
    });
  }

  #showSlots(slots: readonly ViewSlot[]): void {
    const byKey = new Map(slots.map((view) => [videoKey(view), view.slot]));
    for (const tile of this.#tiles) {
      if (this.#isLocal(tile.target)) continue;
      const slot = byKey.get(videoKey(tile.target));
      if (slot === undefined) {
        this.#shownSlots.delete(tile);
        tile.play(null, () => false);
      } else if (this.#shownSlots.get(tile) !== slot) {
        this.#showSlot(tile, slot);
      }
    }
  }

  #showSlot(tile: TileView, slot: number): void {
    const receiver = this.#handler.receiver(slot);
    const participant = this.#participant(tile.target.participantId);
    if (!receiver || !participant) return;
    this.#shownSlots.set(tile, slot);
    const wanted = sourceNumber(participant.number, tile.target.source);
    const owner = new FrameOwner();
    let unnamedFrames = 0;
    tile.play(null, () => false);
    tile.play(receiver.track, (rtpTimestamp) => {
      const sources = receiver.getContributingSources?.() ?? [];
      unnamedFrames = sources.length === 0 ? unnamedFrames + 1 : 0;
      if (unnamedFrames > MAX_UNNAMED_FRAMES) return this.#handler.isPlaying(slot, tile.target);
      const shown = owner.handleFrame(rtpTimestamp, sources);
      // A frame that cannot be named changes nothing.
      return shown === null ? tile.isShown : shown === wanted;
    });
  }

  #showLocal(tile: TileView): void {
    tile.play(this.#handler.localTrack(tile.target.source), () => true);
  }

  #isLocal({ participantId }: VideoTarget): boolean {
    const { localId } = this.#handler.state();
    return participantId === localId || participantId === 'local';
  }

  #participant(id: string): ParticipantView | undefined {
    return this.#handler.state().participants.find((participant) => participant.id === id);
  }
}

function slotView({ slot, participantId, source, height, priority }: ViewSlot): SlotView {
  return { slot, participant_id: participantId, source, max_height: height, priority };
}

function limitHeight(height: number, quality: VideoQuality): number {
  switch (quality) {
    case 'auto':
      return height;
    case 'low':
      return Math.min(height, LOW_HEIGHT);
    case 'audio_only':
      return 0;
    default:
      quality satisfies never;
      return height;
  }
}
