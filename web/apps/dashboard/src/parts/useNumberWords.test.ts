import { describe, expect, it } from 'vitest';
import { numberWords } from './useNumberWords';

const en = numberWords('en');
const id = numberWords('id');

describe('number words', () => {
  it.each([
    [0, '0s'],
    [59.4, '59s'],
    [60, '1m'],
    [754, '12m 34s'],
    [3_600, '1h'],
    [3_599.7, '1h'],
    [7_530, '2h 6m'],
  ])('%s seconds are %s', (seconds, words) => {
    expect(en.length(seconds)).toBe(words);
  });

  it('follow the language', () => {
    expect(en.minutes(1_234.56)).toBe('1,234.6');
    expect(id.minutes(1_234.56)).toBe('1.234,6');
    expect(id.share(0.4567)).toBe('45,7%');
  });

  it('name a day without moving it into another zone', () => {
    expect(en.day('2026-11-22')).toBe('Sunday, November 22, 2026');
    expect(id.shortDay('2026-11-22')).toBe('22 Nov');
  });

  it('say what both ends of a span share only once', () => {
    expect(en.span('2026-11-01', '2026-11-22')).toMatch(/^Nov 1\s–\s22, 2026$/);
  });

  it('name a month', () => {
    expect(en.month('2026-11')).toBe('November 2026');
    expect(id.month('2026-10')).toBe('Oktober 2026');
  });

  it('choose the unit of a bit rate', () => {
    expect(en.bitrate(48_200)).toBe('48 kbit/s');
    expect(en.bitrate(1_240_000)).toBe('1.2 Mbit/s');
  });
});
