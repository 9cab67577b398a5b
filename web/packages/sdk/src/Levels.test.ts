import { describe, expect, it } from 'vitest';
import { Levels, levelOfDbov } from './Levels.js';
import { parseLevels } from './protocol.js';
import { fixtureText } from './testing/fixtures.js';

describe('levels', () => {
  it('grow with loudness and stay between 0 and 1', () => {
    expect(levelOfDbov(-127)).toBe(0);
    expect(levelOfDbov(-40)).toBeGreaterThan(0);
    expect(levelOfDbov(-20)).toBeGreaterThan(levelOfDbov(-40));
    expect(levelOfDbov(0)).toBe(1);
  });

  it('come from the data channel by participant number', () => {
    const levels = new Levels();
    levels.handleLevels(parseLevels(fixtureText('fast_levels')), 0);
    expect(levels.levelOf(1, 0)).toBeGreaterThan(levels.levelOf(2, 0));
    expect(levels.levelOf(3, 0)).toBe(0);
  });

  it('fade when nothing more is heard', () => {
    const levels = new Levels();
    levels.handleLevels([[1, 10]], 0);
    expect(levels.levelOf(1, 250)).toBe(levels.levelOf(1, 0));
    expect(levels.levelOf(1, 450)).toBeLessThan(levels.levelOf(1, 0));
    expect(levels.levelOf(1, 700)).toBe(0);
  });

  it.each(['', 'null', '[]', '{"type":"levels"}', '{"type":"levels","levels":[1,["a",2]]}'])(
    'ignore %j',
    (text) => {
      expect(parseLevels(text)).toEqual([]);
    },
  );
});
