import { expect, it } from 'vitest';
import { limitTexts, readLimits } from './limitTexts';

const LIMITS = {
  max_participants: 50,
  max_calls: null,
  minutes_per_month: 120_000,
  recordings_at_once: 0,
  storage_bytes: 2_500_000_000,
  retention_days: null,
};

it('gives back what it shows', () => {
  expect(limitTexts(LIMITS)).toMatchObject({ max_calls: '', storage_bytes: '2.5' });
  expect(readLimits(limitTexts(LIMITS)).limits).toEqual(LIMITS);
});

it('takes a comma in gigabytes', () => {
  const texts = { ...limitTexts(LIMITS), storage_bytes: '0,5' };
  expect(readLimits(texts).limits?.storage_bytes).toBe(500_000_000);
});

it.each([
  ['max_participants', ''],
  ['max_participants', '0'],
  ['max_calls', '-1'],
  ['minutes_per_month', '1e3'],
  ['retention_days', '0'],
  ['recordings_at_once', '1.5'],
])('%s cannot be "%s"', (limit, text) => {
  const read = readLimits({ ...limitTexts(LIMITS), [limit]: text });
  expect(read.limits).toBeNull();
  expect([...read.wrong]).toEqual([limit]);
});
