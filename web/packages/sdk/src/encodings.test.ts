import { describe, expect, it } from 'vitest';
import { encodingsFor, initialEncodings } from './encodings.js';

const HD = { width: 1280, height: 720 };

function sent(source: 'camera' | 'screen', size = HD, wanted: ('q' | 'h' | 'f')[] | null = null) {
  return encodingsFor(source, size, wanted === null ? null : new Set(wanted))
    .filter(({ active }) => active)
    .map(({ rid, scaleResolutionDownBy }) => `${rid}/${scaleResolutionDownBy}`);
}

describe('layers of a camera', () => {
  it('are a quarter, a half and the whole of a large picture', () => {
    expect(sent('camera')).toEqual(['q/4', 'h/2', 'f/1']);
  });

  it('are two for 640×360, since Chromium would drop the third', () => {
    expect(sent('camera', { width: 640, height: 360 })).toEqual(['q/2', 'h/1']);
  });

  it('are chosen by pixels, so that a phone held upright sends the same', () => {
    expect(sent('camera', { width: 720, height: 1280 })).toEqual(['q/4', 'h/2', 'f/1']);
  });

  it('are one for a tiny picture', () => {
    expect(sent('camera', { width: 320, height: 180 })).toEqual(['q/1']);
  });

  it('that nobody receives are not sent, but the smallest is', () => {
    expect(sent('camera', HD, [])).toEqual(['q/4']);
    expect(sent('camera', HD, ['f'])).toEqual(['q/4', 'f/1']);
  });

  it('that a small picture cannot fill are not sent even when they are wanted', () => {
    expect(sent('camera', { width: 640, height: 360 }, ['q', 'h', 'f'])).toEqual(['q/2', 'h/1']);
  });

  it('are all named in the first offer', () => {
    expect(initialEncodings('camera').map(({ rid }) => rid)).toEqual(['q', 'h', 'f']);
  });
});

describe('layers of a screen', () => {
  it('are half and whole', () => {
    expect(sent('screen', { width: 1920, height: 1080 })).toEqual(['q/2', 'f/1']);
  });

  it('save frames for the sake of sharp text', () => {
    for (const { maxFramerate } of initialEncodings('screen')) {
      expect(maxFramerate).toBeLessThanOrEqual(15);
    }
  });
});
