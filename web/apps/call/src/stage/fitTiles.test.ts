import { describe, expect, it } from 'vitest';
import { fitTiles, MAX_TILES, tilesPerPage } from './fitTiles';

const LANDSCAPE = { min: 4 / 3, max: 16 / 9 };
const PORTRAIT = { min: 3 / 4, max: 16 / 9 };

describe.each([
  ['desktop', 1264, 700, LANDSCAPE],
  ['large desktop', 1904, 980, LANDSCAPE],
  ['tablet', 752, 880, PORTRAIT],
  ['phone', 344, 600, PORTRAIT],
  ['phone on its side', 724, 260, LANDSCAPE],
] as const)('on a %s', (_, width, height, aspect) => {
  const counts = Array.from({ length: MAX_TILES }, (__, index) => index + 1);

  it.each(counts)('%i tiles stay inside, apart and within the aspect range', (count) => {
    const { rects } = fitTiles(count, width, height, aspect);
    expect(rects).toHaveLength(count);
    for (const [index, rect] of rects.entries()) {
      expect(rect.x).toBeGreaterThanOrEqual(0);
      expect(rect.y).toBeGreaterThanOrEqual(0);
      expect(rect.x + rect.width).toBeLessThanOrEqual(width);
      expect(rect.y + rect.height).toBeLessThanOrEqual(height);
      // Whole pixels move the aspect a little on small tiles.
      expect(rect.width / rect.height).toBeGreaterThan(aspect.min - 0.05);
      expect(rect.width / rect.height).toBeLessThan(aspect.max + 0.05);
      for (const other of rects.slice(index + 1)) {
        const isApart =
          rect.x + rect.width + 8 <= other.x ||
          other.x + other.width + 8 <= rect.x ||
          rect.y + rect.height + 8 <= other.y ||
          other.y + other.height + 8 <= rect.y;
        expect(isApart).toBe(true);
      }
    }
  });

  it('more people never make tiles larger', () => {
    const areas = counts.map((count) => {
      const fit = fitTiles(count, width, height, aspect);
      return fit.tileWidth * fit.tileHeight;
    });
    expect(areas).toEqual([...areas].sort((a, b) => b - a));
  });
});

it.each([
  [2, 1264, 700, 2, 1],
  [4, 1264, 700, 2, 2],
  [6, 1264, 700, 3, 2],
  [9, 1264, 700, 3, 3],
  [49, 1264, 700, 7, 7],
  [2, 344, 600, 1, 2],
  [3, 344, 600, 1, 3],
])('%i tiles in %i×%i stand in %i columns and %i rows', (count, width, height, columns, rows) => {
  const aspect = height > width ? PORTRAIT : LANDSCAPE;
  expect(fitTiles(count, width, height, aspect)).toMatchObject({ columns, rows });
});

it('the last row is centred', () => {
  const { rects } = fitTiles(5, 1264, 700, LANDSCAPE);
  const lastRow = rects.filter((rect) => rect.y === rects[4]?.y);
  const left = Math.min(...lastRow.map((rect) => rect.x));
  const right = Math.max(...lastRow.map((rect) => rect.x + rect.width));
  expect(Math.abs(left - (1264 - right))).toBeLessThanOrEqual(1);
});

it.each([
  [0, 800, 600],
  [4, 0, 600],
  [4, 800, -3],
])('nothing is placed for %i tiles in %i×%i', (count, width, height) => {
  expect(fitTiles(count, width, height, LANDSCAPE).rects).toEqual([]);
});

it('a laptop shows all 49, a phone as many as are recognised', () => {
  expect(tilesPerPage(1264, 700, LANDSCAPE)).toBe(49);
  const phone = tilesPerPage(344, 600, PORTRAIT);
  expect(phone).toBeGreaterThanOrEqual(8);
  expect(phone).toBeLessThanOrEqual(14);
});

it('a tiny area still shows one', () => {
  expect(tilesPerPage(90, 50, LANDSCAPE)).toBe(1);
});
