import { expect, it } from 'vitest';
import { clockTime, momentOf } from './momentOf';

it.each([
  ['2026-11-22T14:30', 'UTC', '2026-11-22T14:30:00Z'],
  ['2026-11-22T06:30', 'Asia/Jakarta', '2026-11-21T23:30:00Z'],
  ['2026-11-22T14:30', 'America/New_York', '2026-11-22T19:30:00Z'],
  ['2026-03-29T03:30', 'Europe/Berlin', '2026-03-29T01:30:00Z'],
])('%s in %s is %s, and shown so', (time, zone, at) => {
  expect(momentOf(time, zone)).toBe(at);
  expect(clockTime(at, zone)).toBe(time);
});

it('shows the seconds of a moment to nobody', () => {
  expect(clockTime('2026-11-22T04:30:59.5Z', 'Asia/Jakarta')).toBe('2026-11-22T11:30');
});
