import type { AppLimits } from '../api/clientApps';
import { BYTES_PER_GB } from '../parts/useLimitWords';

/** The limits in the order of the form. */
export const LIMITS = [
  'max_participants',
  'max_calls',
  'minutes_per_month',
  'recordings_at_once',
  'storage_bytes',
  'retention_days',
] as const satisfies readonly (keyof AppLimits)[];

/** What stands in the fields; empty is without limit, storage is in gigabytes. */
export type LimitTexts = Readonly<Record<keyof AppLimits, string>>;

/** The limits as they stand in the fields. */
export function limitTexts(limits: AppLimits): LimitTexts {
  const text = (limit: keyof AppLimits) => {
    const value = limits[limit];
    if (value === null) return '';
    return String(limit === 'storage_bytes' ? value / BYTES_PER_GB : value);
  };
  return Object.fromEntries(LIMITS.map((limit) => [limit, text(limit)])) as LimitTexts;
}

/** Least value of each; an app without a single participant would be disabled instead. */
const LEAST: Readonly<Record<keyof AppLimits, number>> = {
  max_participants: 1,
  max_calls: 1,
  minutes_per_month: 0,
  recordings_at_once: 0,
  storage_bytes: 0,
  retention_days: 1,
};

/** Reads the fields; `limits` is `null` when one of them holds no possible value. */
export function readLimits(texts: LimitTexts): {
  readonly limits: AppLimits | null;
  readonly wrong: ReadonlySet<keyof AppLimits>;
} {
  const values = LIMITS.map((limit) => [limit, readLimit(limit, texts[limit].trim())] as const);
  const wrong = new Set(values.flatMap(([limit, value]) => (value === undefined ? [limit] : [])));
  return { limits: wrong.size > 0 ? null : (Object.fromEntries(values) as AppLimits), wrong };
}

function readLimit(limit: keyof AppLimits, text: string): number | null | undefined {
  if (text === '') return limit === 'max_participants' ? undefined : null;
  const isStorage = limit === 'storage_bytes';
  if (!(isStorage ? /^\d+([.,]\d+)?$/ : /^\d+$/).test(text)) return undefined;
  const number = Number(text.replace(',', '.'));
  const value = isStorage ? Math.round(number * BYTES_PER_GB) : number;
  return Number.isSafeInteger(value) && value >= LEAST[limit] ? value : undefined;
}
