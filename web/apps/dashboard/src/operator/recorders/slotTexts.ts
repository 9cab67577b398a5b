import type { AppRecordingSlots, UpdateRecordingSlots } from '../../api/recorders';

/** The fields of the dialog as they are typed. */
export interface SlotTexts {
  readonly guaranteed: string;
  readonly burst: string;
  readonly weight: string;
}

/** Most millicores and weight that the server takes. */
const MAX_MILLICORES = 10_000_000;
const MAX_WEIGHT = 100;

export function slotTexts(slots: AppRecordingSlots | undefined): SlotTexts {
  return {
    guaranteed: String(slots?.guaranteed_millicores ?? 0),
    burst: slots?.burst_millicores == null ? '' : String(slots.burst_millicores),
    weight: String(slots?.weight ?? 1),
  };
}

export interface ReadSlots {
  readonly slots: UpdateRecordingSlots | null;
  readonly wrong: ReadonlySet<keyof SlotTexts>;
}

/** What was typed; an empty upper end is all there is. */
export function readSlots(texts: SlotTexts): ReadSlots {
  const guaranteed = whole(texts.guaranteed, 0, MAX_MILLICORES);
  const isOpen = texts.burst.trim() === '';
  const burst = isOpen ? null : whole(texts.burst, guaranteed ?? 0, MAX_MILLICORES);
  const weight = whole(texts.weight, 1, MAX_WEIGHT);
  const wrong = new Set<keyof SlotTexts>();
  if (guaranteed === null) wrong.add('guaranteed');
  if (burst === null && !isOpen) wrong.add('burst');
  if (weight === null) wrong.add('weight');
  if (guaranteed === null || weight === null || wrong.size > 0) return { slots: null, wrong };
  const slots = { guaranteed_millicores: guaranteed, burst_millicores: burst, weight };
  return { slots, wrong };
}

function whole(text: string, least: number, most: number): number | null {
  const typed = text.trim();
  const value = Number(typed);
  return /^\d+$/.test(typed) && value >= least && value <= most ? value : null;
}
