import { describe, expect, it } from 'vitest';
import { relativeTime } from './timeWords';

const now = new Date('2026-11-22T12:00:00Z');

describe('relativeTime', () => {
  it.each([
    ['2026-11-22T11:59:50Z', 'en', 'now'],
    ['2026-11-22T11:55:00Z', 'en', '5 minutes ago'],
    ['2026-11-22T11:55:00Z', 'id', '5 menit yang lalu'],
    ['2026-11-22T11:10:00Z', 'en', '1 hour ago'],
    ['2026-11-21T13:00:00Z', 'en', '23 hours ago'],
    ['2026-11-20T12:00:00Z', 'en', 'Nov 20'],
    ['2025-11-20T12:00:00Z', 'id', '20 Nov 2025'],
    ['2026-11-22T15:00:00Z', 'en', 'in 3 hours'],
  ])('%s in %s is %s', (at, language, words) => {
    expect(relativeTime(new Date(at), now, language)).toBe(words);
  });
});
