import { describe, expect, it } from 'vitest';
import { dayCount, periodOf, searchOf, spanOf, todayIn } from './period';

describe('the period of an address', () => {
  const today = '2026-03-02';

  it.each([
    ['7d', '2026-02-24', '2026-03-02', 7],
    ['30d', '2026-02-01', '2026-03-02', 30],
    ['90d', '2025-12-03', '2026-03-02', 90],
    ['this_month', '2026-03-01', '2026-03-02', 2],
    ['last_month', '2026-02-01', '2026-02-28', 28],
  ] as const)('%s reaches from %s to %s', (preset, from, until, days) => {
    expect(spanOf(preset, today)).toEqual({ from, until });
    expect(dayCount({ from, until })).toBe(days);
    expect(periodOf(searchOf(preset), today)).toEqual({ preset, from, until });
  });

  it('may be any days', () => {
    const search = { from: '2026-01-05', until: '2026-01-09', period: '7d' };
    expect(periodOf(search, today)).toEqual({
      preset: 'custom',
      from: '2026-01-05',
      until: '2026-01-09',
    });
  });

  it.each([
    { from: '2026-01-09', until: '2026-01-05' },
    { from: '2026-02-31', until: '2026-03-01' },
    { from: '2025-01-01', until: '2026-03-01' },
    { from: 'yesterday', until: '2026-03-01' },
    { period: 'forever' },
    {},
  ])('is the last 30 days for %j', (search) => {
    expect(periodOf(search, today).preset).toBe('30d');
  });

  it('begins where the tenant is', () => {
    const night = new Date('2026-03-01T18:30:00Z');
    expect(todayIn('Asia/Jakarta', night)).toBe('2026-03-02');
    expect(todayIn('America/New_York', night)).toBe('2026-03-01');
  });
});
