/** How a shared screen is enlarged: `x` and `y` move its middle, CSS pixels. */
export interface Zoom {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const ZOOM_FIT: Zoom = { scale: 1, x: 0, y: 0 };
export const MAX_ZOOM = 4;

const STEPS = [1, 1.5, 2, 3, MAX_ZOOM];

/** One step larger (`1`) or smaller (`-1`), within a tile of the given size. */
export function zoomed(zoom: Zoom, direction: 1 | -1, width: number, height: number): Zoom {
  const at = STEPS.indexOf(zoom.scale);
  const scale = STEPS[Math.min(STEPS.length - 1, Math.max(0, at + direction))] ?? 1;
  const ratio = scale / zoom.scale;
  return panned({ scale, x: zoom.x * ratio, y: zoom.y * ratio }, 0, 0, width, height);
}

/** Moved by some pixels; the picture never leaves the tile. */
export function panned(zoom: Zoom, dx: number, dy: number, width: number, height: number): Zoom {
  const maxX = (width * (zoom.scale - 1)) / 2;
  const maxY = (height * (zoom.scale - 1)) / 2;
  return { scale: zoom.scale, x: clamp(zoom.x + dx, maxX), y: clamp(zoom.y + dy, maxY) };
}

function clamp(value: number, limit: number): number {
  return Math.min(limit, Math.max(-limit, value));
}
