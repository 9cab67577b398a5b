const MINUTE_MS = 60_000;

/**
 * When a day begins by the clock of a time zone: RFC 3339, UTC.
 *
 * `date` is `YYYY-MM-DD`, `zone` an IANA name. Where a change of the clock leaves out midnight, it is
 * the moment of the change.
 */
export function dayStart(date: string, zone: string): string {
  const midnightUtc = Date.parse(date);
  // The offset at the first guess may be that of the other side of a change of the clock.
  const guess = midnightUtc - offsetMs(midnightUtc, zone);
  const start = midnightUtc - offsetMs(guess, zone);
  return new Date(start).toISOString().replace('.000Z', 'Z');
}

/** How far the clock of a zone is ahead of UTC at a moment, milliseconds. */
function offsetMs(at: number, zone: string): number {
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
  );
  return shown - Math.floor(at / MINUTE_MS) * MINUTE_MS;
}
