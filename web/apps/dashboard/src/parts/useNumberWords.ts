import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

/** Numbers, shares, lengths and days in the language of the page. */
export interface NumberWords {
  /** 1,234 */
  readonly count: (value: number) => string;
  /** 12K: for axes. */
  readonly short: (value: number) => string;
  /** 1,234.5; of a meeting the minutes, to one place. */
  readonly minutes: (value: number) => string;
  /** 1,234.50: what is billed. */
  readonly exactMinutes: (value: number) => string;
  /** 42.5% */
  readonly share: (value: number) => string;
  /** 42%: in sentences. */
  readonly wholeShare: (value: number) => string;
  /** 1h 5m; of seconds. */
  readonly length: (seconds: number) => string;
  /** 1.2 GB; as disks are sold. */
  readonly bytes: (value: number) => string;
  /** 1.2 Mbit/s */
  readonly bitrate: (bitsPerSecond: number) => string;
  /** 120 ms */
  readonly milliseconds: (value: number) => string;
  /** Sunday, 22 November 2026; of `YYYY-MM-DD`. */
  readonly day: (date: string) => string;
  /** 22 Nov */
  readonly shortDay: (date: string) => string;
  /** November 2026; of `YYYY-MM`. */
  readonly month: (month: string) => string;
  /** 1 – 22 Nov 2026; both included. */
  readonly span: (from: string, until: string) => string;
}

/** Each is a thousand of the one before. */
const SIZES = ['B', 'kB', 'MB', 'GB', 'TB'];

export function useNumberWords(): NumberWords {
  const { language } = useTranslation().i18n;
  return useMemo(() => numberWords(language), [language]);
}

/** Makes the words of one language; building formats is slow, so keep them. */
export function numberWords(language: string): NumberWords {
  const number = (options: Intl.NumberFormatOptions) => {
    const format = new Intl.NumberFormat(language, options);
    return (value: number) => format.format(value);
  };
  const date = (options: Intl.DateTimeFormatOptions) =>
    // Dates of the API have no time, so no zone may move them.
    new Intl.DateTimeFormat(language, { timeZone: 'UTC', ...options });
  const days = date({ day: 'numeric', month: 'short', year: 'numeric' });
  const day = date({ dateStyle: 'full' });
  const shortDay = date({ day: 'numeric', month: 'short' });
  const month = date({ month: 'long', year: 'numeric' });
  const unit = (name: string) =>
    number({ style: 'unit', unit: name, unitDisplay: 'narrow', maximumFractionDigits: 0 });
  const units = { hour: unit('hour'), minute: unit('minute'), second: unit('second') };
  const mega = number({ maximumFractionDigits: 1 });
  const whole = number({ maximumFractionDigits: 0 });
  return {
    count: whole,
    short: number({ notation: 'compact', maximumFractionDigits: 1 }),
    minutes: number({ maximumFractionDigits: 1 }),
    exactMinutes: number({ minimumFractionDigits: 2, maximumFractionDigits: 2 }),
    share: number({ style: 'percent', maximumFractionDigits: 1 }),
    wholeShare: number({ style: 'percent', maximumFractionDigits: 0 }),
    length: (seconds) => lengthWords(seconds, units),
    bitrate: (value) =>
      value >= 1_000_000 ? `${mega(value / 1_000_000)} Mbit/s` : `${whole(value / 1_000)} kbit/s`,
    bytes: (value) => {
      const power = SIZES.findLastIndex((_, index) => value >= 1_000 ** index);
      const at = Math.max(power, 0);
      return `${(at === 0 ? whole : mega)(value / 1_000 ** at)} ${SIZES[at]}`;
    },
    milliseconds: (value) => `${whole(value)} ms`,
    day: (text) => day.format(new Date(text)),
    shortDay: (text) => shortDay.format(new Date(text)),
    month: (text) => month.format(new Date(text)),
    span: (from, until) => days.formatRange(new Date(from), new Date(until)),
  };
}

type Units = Record<'hour' | 'minute' | 'second', (value: number) => string>;

/** The two largest units: seconds do not matter beside hours. */
function lengthWords(seconds: number, { hour, minute, second }: Units): string {
  const whole = Math.round(seconds);
  if (whole < 60) return second(whole);
  if (whole < 3_600) {
    const rest = whole % 60;
    return [minute(Math.floor(whole / 60)), ...(rest > 0 ? [second(rest)] : [])].join(' ');
  }
  const minutes = Math.round(whole / 60);
  const rest = minutes % 60;
  return [hour(Math.floor(minutes / 60)), ...(rest > 0 ? [minute(rest)] : [])].join(' ');
}
