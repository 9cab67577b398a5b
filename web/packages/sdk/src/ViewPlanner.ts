import { VIDEO_SLOT_STEPS } from './generated/protocol.js';
import type { VideoKey } from './RoomState.js';

/** One picture that the page wants to show. */
export interface ViewDemand extends VideoKey {
  /** Wanted height, device pixels. */
  readonly height: number;
  /** Larger is served first, 0 to 255. */
  readonly priority: number;
}

/** What shall stand in one slot. */
export interface ViewSlot extends ViewDemand {
  /** Index among the video slots. */
  readonly slot: number;
}

/** What {@link ViewPlanner.plan} decides. */
export interface ViewPlan {
  /** The slots in use, by index. */
  readonly slots: readonly ViewSlot[];
  /** How many slots the page should have; more than it has when it has to grow. */
  readonly wantedSlotCount: number;
}

/**
 * Heights that are asked for. Steps keep a tile that is being resized from asking anew at each
 * pixel; the usual layers (180, 360, 720) are among them, so rounding up costs no larger layer.
 */
const HEIGHT_STEPS = [90, 180, 270, 360, 540, 720, 1080, 1440, 2160] as const;

/**
 * Decides which picture stands in which video slot.
 *
 * A picture keeps its slot as long as it is wanted: changing a slot costs a keyframe of its sender.
 * When there are fewer slots than pictures, those of the lowest priority go without until there are
 * more slots.
 */
export class ViewPlanner {
  #slotCount: number;
  /** Which picture stands in which slot. */
  #keys: (string | null)[] = [];
  /** What stood there last: a picture that comes back finds the fewest changes in its old slot. */
  #lastKeys: (string | null)[] = [];

  constructor(slotCount: number) {
    this.#slotCount = slotCount;
  }

  /** The connection has this many video slots now. */
  handleSlotCount(slotCount: number): void {
    this.#slotCount = slotCount;
  }

  /** A new connection: nothing stands anywhere. */
  reset(slotCount: number): void {
    this.#slotCount = slotCount;
    this.#keys = [];
    this.#lastKeys = [];
  }

  /** Assigns the wanted pictures to slots. One picture that is wanted twice gets one slot. */
  plan(demands: readonly ViewDemand[]): ViewPlan {
    const wanted = merge(demands);
    const served = this.#serve(wanted);
    this.#free(served);
    this.#assign(served);
    return { slots: this.#slots(served), wantedSlotCount: slotStep(wanted.size, this.#slotCount) };
  }

  /** The pictures that get a slot: by priority, then those that have one already. */
  #serve(wanted: ReadonlyMap<string, ViewDemand>): ReadonlyMap<string, ViewDemand> {
    if (wanted.size <= this.#slotCount) return wanted;
    const held = new Set(this.#keys);
    const order = [...wanted].toSorted(
      ([keyA, a], [keyB, b]) =>
        b.priority - a.priority || Number(held.has(keyB)) - Number(held.has(keyA)),
    );
    return new Map(order.slice(0, this.#slotCount));
  }

  #free(served: ReadonlyMap<string, ViewDemand>): void {
    for (let slot = 0; slot < this.#slotCount; slot += 1) {
      const key = this.#keys[slot] ?? null;
      if (key !== null && !served.has(key)) {
        this.#lastKeys[slot] = key;
        this.#keys[slot] = null;
      }
    }
  }

  #assign(served: ReadonlyMap<string, ViewDemand>): void {
    const held = new Set(this.#keys);
    const missing = [...served.keys()].filter((key) => !held.has(key));
    for (const key of missing) {
      const slot = this.#freeSlotFor(key);
      if (slot === null) return;
      this.#keys[slot] = key;
    }
  }

  #freeSlotFor(key: string): number | null {
    let firstFree: number | null = null;
    for (let slot = 0; slot < this.#slotCount; slot += 1) {
      if ((this.#keys[slot] ?? null) !== null) continue;
      if (this.#lastKeys[slot] === key) return slot;
      firstFree ??= slot;
    }
    return firstFree;
  }

  #slots(served: ReadonlyMap<string, ViewDemand>): ViewSlot[] {
    return this.#keys.flatMap((key, slot) => {
      const demand = key === null ? undefined : served.get(key);
      return demand ? [{ ...demand, slot, height: heightStep(demand.height) }] : [];
    });
  }
}

/** A text that names a picture. */
export function videoKey({ participantId, source }: VideoKey): string {
  return `${participantId}/${source}`;
}

/** Whether two plans ask the server for the same. */
export function isSameView(a: readonly ViewSlot[], b: readonly ViewSlot[]): boolean {
  return (
    a.length === b.length &&
    a.every((one, index) => {
      const other = b[index];
      return (
        other !== undefined &&
        one.slot === other.slot &&
        videoKey(one) === videoKey(other) &&
        one.height === other.height &&
        one.priority === other.priority
      );
    })
  );
}

function merge(demands: readonly ViewDemand[]): Map<string, ViewDemand> {
  const merged = new Map<string, ViewDemand>();
  for (const demand of demands) {
    const key = videoKey(demand);
    const other = merged.get(key);
    merged.set(
      key,
      other
        ? {
            ...other,
            height: Math.max(other.height, demand.height),
            priority: Math.max(other.priority, demand.priority),
          }
        : demand,
    );
  }
  return merged;
}

function heightStep(height: number): number {
  return HEIGHT_STEPS.find((step) => height <= step) ?? 2160;
}

/** The smallest step that holds `wanted` slots; never fewer than there are. */
function slotStep(wanted: number, current: number): number {
  const step = VIDEO_SLOT_STEPS.find((count) => count >= wanted) ?? VIDEO_SLOT_STEPS.at(-1) ?? 49;
  return Math.max(step, current);
}
