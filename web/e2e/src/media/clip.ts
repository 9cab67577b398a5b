import { createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { type Colour, type ColourName, PALETTE } from './palette.ts';

const WIDTH = 640;
const HEIGHT = 360;
const BAND = 64;

/** Studio-range BT.601 of a colour, as the fake camera of Chromium expects it. */
function toYuv({ red, green, blue }: Colour): [number, number, number] {
  return [
    Math.round(16 + 0.257 * red + 0.504 * green + 0.098 * blue),
    Math.round(128 - 0.148 * red - 0.291 * green + 0.439 * blue),
    Math.round(128 + 0.439 * red - 0.368 * green - 0.071 * blue),
  ];
}

/** One I420 frame: the colour all over, with a brighter band that stands at `bandX`. */
function frame(colour: Colour, bandX: number): Buffer {
  const [luma, cb, cr] = toYuv(colour);
  const row = Buffer.alloc(WIDTH, luma);
  for (let x = 0; x < BAND; x += 1) row[(bandX + x) % WIDTH] = Math.min(235, luma + 45);
  const chroma = (WIDTH / 2) * (HEIGHT / 2);
  return Buffer.concat([
    ...Array.from({ length: HEIGHT }, () => row),
    Buffer.alloc(chroma, cb),
    Buffer.alloc(chroma, cr),
  ]);
}

/**
 * Writes a clip of one second, 640×360, in one colour with a band that moves through it, and returns its path. The browser plays it in a loop as the picture of its camera.
 */
export async function colourClip(name: ColourName, framesPerSecond: number): Promise<string> {
  const folder = join(tmpdir(), 'jumpa-e2e-clips');
  const path = join(folder, `${name}-${WIDTH}x${HEIGHT}-${framesPerSecond}.y4m`);
  if (existsSync(path)) return path;

  mkdirSync(folder, { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  const file = createWriteStream(unfinished);
  file.write(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F${framesPerSecond}:1 Ip A1:1 C420mpeg2\n`);
  for (let index = 0; index < framesPerSecond; index += 1) {
    file.write('FRAME\n');
    file.write(frame(PALETTE[name], Math.floor((index * WIDTH) / framesPerSecond)));
  }
  file.end();
  await finished(file);
  renameSync(unfinished, path);
  return path;
}
