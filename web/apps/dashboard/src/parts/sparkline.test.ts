import { describe, expect, it } from 'vitest';
import { sparkline } from './sparkline';

describe('sparkline', () => {
  it('stands on zero and reaches the top at the highest value', () => {
    expect(sparkline([0, 5, 10], 100, 20)).toBe('M0 18L50 10L100 2');
  });

  it('lies on the ground when nothing happened', () => {
    expect(sparkline([0, 0], 100, 20)).toBe('M0 18L100 18');
  });
});
