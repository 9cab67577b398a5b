import { expect, it } from 'vitest';
import { MAX_ZOOM, panned, ZOOM_FIT, zoomed } from './zoom';

it('zooms in steps and stops at the largest', () => {
  let zoom = ZOOM_FIT;
  for (let press = 0; press < 9; press += 1) zoom = zoomed(zoom, 1, 800, 450);
  expect(zoom.scale).toBe(MAX_ZOOM);
});

it('a zoomed picture is moved no further than its edge', () => {
  const zoom = panned({ scale: 2, x: 0, y: 0 }, 10_000, -10_000, 800, 450);
  expect(zoom).toEqual({ scale: 2, x: 400, y: -225 });
});

it('a picture that fits cannot be moved, and zooming out brings it back', () => {
  expect(panned(ZOOM_FIT, 50, 50, 800, 450)).toEqual(ZOOM_FIT);
  expect(zoomed({ scale: 1.5, x: 200, y: 100 }, -1, 800, 450)).toEqual(ZOOM_FIT);
});
