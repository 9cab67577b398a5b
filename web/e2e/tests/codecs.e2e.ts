import { describe, expect } from 'vitest';
import { test } from '../src/stage.ts';

describe('browsers that differ in what they can encode', () => {
  test('a picture in H264 is seen by a browser that has VP8 as well', async ({ stage }) => {
    const budi = await stage.chromium('Budi', { lacksCodec: 'video/VP8' });
    const siti = await stage.chromium('Siti');
    await budi.join(stage.guest());
    await siti.join(stage.guest());

    await siti.expectSees(budi);
    const codecs = (await siti.inbound()).map(({ codec }) => codec);
    expect(codecs).toContain('video/H264');
    expect(codecs).not.toContain('video/VP8');
  });

  test('two browsers with H264 alone see each other', async ({ stage }) => {
    const budi = await stage.chromium('Budi', { lacksCodec: 'video/VP8' });
    const siti = await stage.chromium('Siti', { lacksCodec: 'video/VP8' });
    await budi.join(stage.guest());
    await siti.join(stage.guest());

    await budi.expectMeets(siti);
  });
});
