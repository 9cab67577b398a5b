import type { Rect } from './geometry';

/** Widths divided by heights that a tile may have. */
export interface AspectRange {
  readonly min: number;
  readonly max: number;
}

/** How a number of equal tiles fills an area. */
export interface TileFit {
  readonly columns: number;
  readonly rows: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  /** One place per tile, row by row; the last row is centred. */
  readonly rects: readonly Rect[];
}

/** The most tiles of one page: as many video slots as a client can have. */
export const MAX_TILES = 49;

/** Below this a face is no longer recognised, CSS pixels. */
const MIN_READABLE = { width: 120, height: 80 };

/**
 * Fits `count` equal tiles into an area so that they are as large as possible.
 *
 * Lengths are CSS pixels. Tries every number of columns, gives each tile the whole cell cut to the
 * aspect range, and takes the largest; of equals the one with fewer empty cells.
 */
export function fitTiles(
  count: number,
  width: number,
  height: number,
  aspect: AspectRange,
  gap = 8,
): TileFit {
  if (count < 1 || width <= 0 || height <= 0) {
    return { columns: 0, rows: 0, tileWidth: 0, tileHeight: 0, rects: [] };
  }
  let best = candidate(count, 1, width, height, aspect, gap);
  for (let columns = 2; columns <= count; columns += 1) {
    const next = candidate(count, columns, width, height, aspect, gap);
    if (isBetter(next, best, count)) best = next;
  }
  return { ...best, rects: placeRows(count, best, width, height, gap) };
}

/**
 * How many people one page of an area shows, 1 to 49: as many as stay recognisable.
 *
 * When fewer people are there, all are on one page.
 */
export function tilesPerPage(width: number, height: number, aspect: AspectRange, gap = 8): number {
  for (let count = MAX_TILES; count > 1; count -= 1) {
    const fit = fitTiles(count, width, height, aspect, gap);
    if (fit.tileWidth >= MIN_READABLE.width && fit.tileHeight >= MIN_READABLE.height) return count;
  }
  return 1;
}

type Candidate = Omit<TileFit, 'rects'>;

function candidate(
  count: number,
  columns: number,
  width: number,
  height: number,
  aspect: AspectRange,
  gap: number,
): Candidate {
  const rows = Math.ceil(count / columns);
  const cellWidth = Math.max(0, (width - gap * (columns - 1)) / columns);
  const cellHeight = Math.max(0, (height - gap * (rows - 1)) / rows);
  const tileWidth = Math.floor(Math.min(cellWidth, cellHeight * aspect.max));
  const tileHeight = Math.floor(Math.min(cellHeight, cellWidth / aspect.min));
  return { columns, rows, tileWidth, tileHeight };
}

function isBetter(next: Candidate, best: Candidate, count: number): boolean {
  const nextArea = next.tileWidth * next.tileHeight;
  const bestArea = best.tileWidth * best.tileHeight;
  if (nextArea !== bestArea) return nextArea > bestArea;
  return next.columns * next.rows - count < best.columns * best.rows - count;
}

function placeRows(
  count: number,
  fit: Candidate,
  width: number,
  height: number,
  gap: number,
): Rect[] {
  const { columns, rows, tileWidth, tileHeight } = fit;
  const top = Math.round((height - rows * tileHeight - (rows - 1) * gap) / 2);
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const left = Math.round((width - inRow * tileWidth - (inRow - 1) * gap) / 2);
    return {
      x: left + (index % columns) * (tileWidth + gap),
      y: top + row * (tileHeight + gap),
      width: tileWidth,
      height: tileHeight,
    };
  });
}
