import { describe, expect, it } from 'vitest';
import { shownHeight, type TileMeasure } from './TileView.js';

const WIDE: TileMeasure = {
  width: 640,
  height: 360,
  pixelRatio: 1,
  aspect: 16 / 9,
  isCropped: true,
};

describe('shownHeight', () => {
  it('is the height of a tile that has the shape of the picture', () => {
    expect(shownHeight(WIDE)).toBe(360);
  });

  it('is larger than a flat tile that crops the picture', () => {
    expect(shownHeight({ ...WIDE, height: 100 })).toBe(360);
  });

  it('is smaller than a tall tile that shows the picture whole', () => {
    expect(shownHeight({ ...WIDE, height: 1000, isCropped: false })).toBe(360);
  });

  it('counts device pixels', () => {
    expect(shownHeight({ ...WIDE, pixelRatio: 2.5 })).toBe(900);
  });

  it('knows pictures of phones held upright', () => {
    expect(shownHeight({ ...WIDE, aspect: 9 / 16, isCropped: false })).toBe(360);
    expect(shownHeight({ ...WIDE, aspect: 9 / 16, isCropped: true })).toBe(1138);
  });
});
