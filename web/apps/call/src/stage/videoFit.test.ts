import { expect, it } from 'vitest';
import { videoFit } from './videoFit';

it.each([
  [16 / 9, 16 / 9, 'cover'],
  [16 / 9, 4 / 3, 'cover'],
  [4 / 3, 16 / 9, 'cover'],
  [9 / 16, 16 / 9, 'contain'],
  [16 / 9, 3 / 4, 'contain'],
  [9 / 16, 3 / 4, 'cover'],
  [null, 16 / 9, 'cover'],
] as const)('a picture of %f in a tile of %f: %s', (video, tile, fit) => {
  expect(videoFit(video, tile)).toBe(fit);
});
