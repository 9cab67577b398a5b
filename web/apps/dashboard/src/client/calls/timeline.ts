import type { Call, CallEvent, CallParticipant } from '../../api/calls';

/** What a span of a lane tells: that somebody was in, what they sent, or that they were cut off. */
export const SPAN_KINDS = ['present', 'microphone', 'camera', 'screen', 'reconnecting'] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];

/** A time in which something was so; milliseconds since 1970. */
export interface Span {
  readonly kind: SpanKind;
  readonly from: number;
  readonly until: number;
  /** It was so when the call ended, or is so now. */
  readonly isOpen: boolean;
  /** Why somebody left, of a presence that is over. */
  readonly reason: string | null;
}

/** One participant: their spans in the order of time. */
export interface Lane {
  readonly participant: CallParticipant;
  readonly spans: readonly Span[];
}

export interface Timeline {
  readonly from: number;
  readonly until: number;
  readonly lanes: readonly Lane[];
}

/** How long the axis of a call that began just now is, so that it has a width. */
const SHORTEST_MS = 1_000;

/** Draws up the lanes of a call; `now` ends what goes on. */
export function timelineOf(
  call: Pick<Call, 'started_at' | 'ended_at'>,
  participants: readonly CallParticipant[],
  events: readonly CallEvent[],
  now: number,
): Timeline {
  const from = Date.parse(call.started_at);
  const until = Math.max(call.ended_at ? Date.parse(call.ended_at) : now, from + SHORTEST_MS);
  const lanes = participants.map((participant) => ({
    participant,
    spans: spansOf(
      participant,
      events.filter((event) => event.participant_id === participant.participant_id),
      until,
    ),
  }));
  return { from, until, lanes };
}

function spansOf(
  participant: CallParticipant,
  events: readonly CallEvent[],
  end: number,
): readonly Span[] {
  const stays = participant.stays.map((stay) => ({
    kind: 'present' as const,
    from: Date.parse(stay.joined_at),
    until: stay.left_at ? Date.parse(stay.left_at) : end,
    isOpen: stay.left_at === null,
    reason: stay.leave_reason,
  }));
  const within = stays.flatMap((stay, index) => {
    const next = stays[index + 1]?.from ?? Number.POSITIVE_INFINITY;
    const during = events.filter(({ at }) => Date.parse(at) >= stay.from && Date.parse(at) < next);
    return statesOf(during, stay);
  });
  return [...stays, ...within].sort((a, b) => a.from - b.from);
}

/** What was on and for how long; leaving ends everything. */
function statesOf(events: readonly CallEvent[], stay: Span): readonly Span[] {
  const since = new Map<SpanKind, number>();
  const spans: Span[] = [];
  const close = (kind: SpanKind, until: number, isOpen: boolean) => {
    const from = since.get(kind);
    if (from === undefined) return;
    since.delete(kind);
    if (until > from) spans.push({ kind, from, until, isOpen, reason: null });
  };
  for (const event of [...events].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    const change = changeOf(event);
    if (!change) continue;
    const at = Math.min(Date.parse(event.at), stay.until);
    if (!change.isOn) close(change.kind, at, false);
    else if (!since.has(change.kind)) since.set(change.kind, at);
  }
  for (const kind of [...since.keys()]) close(kind, stay.until, stay.isOpen);
  return spans;
}

function changeOf({ kind, detail }: CallEvent): { kind: SpanKind; isOn: boolean } | null {
  if (kind === 'connection_changed') {
    return { kind: 'reconnecting', isOn: detail.connection === 'reconnecting' };
  }
  const { source } = detail;
  if (kind !== 'source_changed') return null;
  if (source !== 'microphone' && source !== 'camera' && source !== 'screen') return null;
  return { kind: source, isOn: detail.state === 'live' };
}

/** Where a moment stands on the axis, 0 to 1. */
export function placeOf(at: number, { from, until }: Pick<Timeline, 'from' | 'until'>): number {
  return Math.min(Math.max((at - from) / (until - from), 0), 1);
}

/** Steps that people read easily, milliseconds. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400].map(
  (seconds) => seconds * 1_000,
);

/** Moments to name on the axis: at most `most`, from the beginning, at even distances. */
export function ticksOf(
  { from, until }: Pick<Timeline, 'from' | 'until'>,
  most: number,
): readonly number[] {
  const length = until - from;
  const step = STEPS.find((candidate) => length / candidate <= most) ?? length / most;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => from + index * step);
}
