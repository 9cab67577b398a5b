import { expect, it } from 'vitest';
import { dayStart } from './dayStart';

it.each([
  ['2026-11-22', 'UTC', '2026-11-22T00:00:00Z'],
  ['2026-11-22', 'Asia/Jakarta', '2026-11-21T17:00:00Z'],
  ['2026-11-22', 'Asia/Kathmandu', '2026-11-21T18:15:00Z'],
  ['2026-07-01', 'America/New_York', '2026-07-01T04:00:00Z'],
  // The day on which the clock goes forward, and the one after it.
  ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00Z'],
  ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00Z'],
  // The day on which it goes back, and the one after it.
  ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00Z'],
  ['2026-10-26', 'Europe/Berlin', '2026-10-25T23:00:00Z'],
])('%s begins in %s at %s', (date, zone, at) => {
  expect(dayStart(date, zone)).toBe(at);
});
