/** What can be chosen with one click. */
export const PRESETS = ['7d', '30d', '90d', 'this_month', 'last_month'] as const;
export type Preset = (typeof PRESETS)[number];

const DEFAULT_PRESET: Preset = '30d';
const DAY_MS = 86_400_000;
/** The server counts at most a leap year at once. */
export const MOST_DAYS = 366;

/** A span of whole days, both included; dates are `YYYY-MM-DD`. */
export interface Period {
  readonly preset: Preset | 'custom';
  readonly from: string;
  readonly until: string;
}

/** What the address says about the period. */
export interface PeriodSearch {
  readonly period?: string | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

/** The day that a time zone has now. */
export function todayIn(zone: string, now = new Date()): string {
  // The Swedish way of writing dates is that of the API.
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(now);
}

/** The period of an address; what it does not say or says wrongly is the last 30 days. */
export function periodOf({ period, from, until }: PeriodSearch, today: string): Period {
  if (from && until && isDate(from) && isDate(until) && isSpan(from, until)) {
    return { preset: 'custom', from, until };
  }
  const preset = PRESETS.find((candidate) => candidate === period) ?? DEFAULT_PRESET;
  return { preset, ...spanOf(preset, today) };
}

/** What stands in the address for a preset; the usual one needs no words. */
export function searchOf(preset: Preset): PeriodSearch {
  return {
    period: preset === DEFAULT_PRESET ? undefined : preset,
    from: undefined,
    until: undefined,
  };
}

/** The days of a preset; those of this month reach until today. */
export function spanOf(preset: Preset, today: string): { from: string; until: string } {
  switch (preset) {
    case '7d':
      return { from: addDays(today, -6), until: today };
    case '30d':
      return { from: addDays(today, -29), until: today };
    case '90d':
      return { from: addDays(today, -89), until: today };
    case 'this_month':
      return { from: `${today.slice(0, 7)}-01`, until: today };
    case 'last_month': {
      const until = addDays(`${today.slice(0, 7)}-01`, -1);
      return { from: `${until.slice(0, 7)}-01`, until };
    }
    default:
      return preset satisfies never;
  }
}

/** How many days it has. */
export function dayCount({ from, until }: Pick<Period, 'from' | 'until'>): number {
  return Math.round((Date.parse(until) - Date.parse(from)) / DAY_MS) + 1;
}

/** Whether two dates are in order and near enough to be asked for. */
export function isSpan(from: string, until: string): boolean {
  return from <= until && dayCount({ from, until }) <= MOST_DAYS;
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);
}

function isDate(text: string): boolean {
  const time = Date.parse(text);
  // The engine takes the 31st of February for a day of March.
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(time) && addDays(text, 0) === text;
}
