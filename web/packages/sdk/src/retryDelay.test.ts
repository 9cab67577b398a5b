import { describe, expect, it } from 'vitest';
import { retryDelay } from './retryDelay.js';

describe('retryDelay', () => {
  it('tries at once, then soon', () => {
    expect(retryDelay(0, 0, 0)).toBe(0);
    expect(retryDelay(1, 10, 0)).toBe(300);
  });

  it('never waits longer than a second during the first minute', () => {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      expect(retryDelay(attempt, 59_999, 0)).toBeLessThanOrEqual(1_000);
    }
  });

  it('slows down for pages that stay open', () => {
    expect(retryDelay(100, 60_000, 0)).toBe(5_000);
  });

  it('spreads the clients of one server', () => {
    expect(retryDelay(5, 1_000, 1)).toBeLessThan(retryDelay(5, 1_000, 0));
  });
});
