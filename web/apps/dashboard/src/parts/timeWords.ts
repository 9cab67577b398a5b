const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Words for a moment: "5 minutes ago" within a day of `now`, else the date, with the year if it is another. */
export function relativeTime(at: Date, now: Date, language: string): string {
  const distance = at.getTime() - now.getTime();
  const size = Math.abs(distance);
  if (size < DAY) {
    const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
    if (size < 45 * SECOND) return words.format(0, 'second');
    if (size < 45 * MINUTE) return words.format(awayFromZero(distance / MINUTE), 'minute');
    return words.format(awayFromZero(distance / HOUR), 'hour');
  }
  const isThisYear = at.getFullYear() === now.getFullYear();
  return new Intl.DateTimeFormat(language, {
    day: 'numeric',
    month: 'short',
    ...(!isThisYear && { year: 'numeric' }),
  }).format(at);
}

/** The nearest whole number that is not 0: "0 minutes ago" says nothing. */
function awayFromZero(value: number): number {
  return Math.round(value) || Math.sign(value);
}
