const MINUTE_MS = 60_000;

/**
 * When the clock of a time zone shows a time: RFC 3339, UTC.
 *
 * `time` is `YYYY-MM-DDTHH:MM`, as fields for a time hold it, `zone` an IANA name. A time that a
 * change of the clock leaves out is the moment of the change.
 */
export function momentOf(time: string, zone: string): string {
  const utc = Date.parse(`${time}Z`);
  // The offset at the first guess may be that of the other side of a change of the clock.
  const guess = utc - offsetMs(utc, zone);
  const moment = utc - offsetMs(guess, zone);
  return new Date(moment).toISOString().replace('.000Z', 'Z');
}

/** What the clock of a time zone shows at a moment: `YYYY-MM-DDTHH:MM`. */
export function clockTime(at: string, zone: string): string {
  const moment = Date.parse(at);
  return new Date(moment + offsetMs(moment, zone))
    .toISOString()
    .slice(0, 'YYYY-MM-DDTHH:MM'.length);
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
