import { describe, expect, it } from 'vitest';
import { type PathVerdict, PathWatch } from './PathWatch.js';

/** Takes a sample each half second; returns what was said. */
function watch(counts: readonly Record<string, number>[]): PathVerdict[] {
  const path = new PathWatch();
  return counts.map((sample, index) =>
    path.handleSample(new Map(Object.entries(sample)), index * 500),
  );
}

describe('PathWatch', () => {
  it('hears what arrives', () => {
    expect(watch([{ a: 0 }, { a: 10 }, { a: 20 }])).toEqual(['quiet', 'heard', 'heard']);
  });

  it('asks twice before it takes a silent path for dead', () => {
    const verdicts = watch([{ a: 10 }, { a: 10 }, { a: 10 }, { a: 10 }, { a: 10 }]);
    expect(verdicts).toEqual(['heard', 'quiet', 'probe', 'probe', 'dead']);
  });

  it('takes an answer to a probe for life', () => {
    const verdicts = watch([{ a: 10 }, { a: 10 }, { a: 10 }, { a: 11 }, { a: 11 }, { a: 11 }]);
    expect(verdicts).toEqual(['heard', 'quiet', 'probe', 'heard', 'quiet', 'probe']);
  });

  it('does not take a pair that disappears for a sign of life', () => {
    const verdicts = watch([{ a: 10, b: 5 }, { a: 10 }, { a: 10 }, { a: 10 }, { a: 10 }]);
    expect(verdicts.at(-1)).toBe('dead');
  });

  it('hears a new pair', () => {
    expect(watch([{ a: 10 }, { a: 10 }, { a: 10, b: 1 }]).at(-1)).toBe('heard');
  });

  it('does not judge by the clock alone after the page slept', () => {
    const path = new PathWatch();
    path.handleSample(new Map([['a', 10]]), 0);
    expect(path.handleSample(new Map([['a', 10]]), 600_000)).toBe('probe');
  });
});
