import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SAMPLE_RATE = 48_000;
const SECONDS = 2;
const SYLLABLES_PER_SECOND = 4;

/** Samples of a tone that swells and fades like syllables, so that no noise suppression takes it for a hum. */
function samples(frequencyHz: number): Int16Array {
  return Int16Array.from({ length: SAMPLE_RATE * SECONDS }, (_, index) => {
    const seconds = index / SAMPLE_RATE;
    const loudness = Math.sin(Math.PI * SYLLABLES_PER_SECOND * seconds) ** 2;
    return Math.round(20_000 * loudness * Math.sin(2 * Math.PI * frequencyHz * seconds));
  });
}

/** Writes a WAV file (PCM, 16 bit, 48 kHz, mono) with a tone of `frequencyHz` and returns its path. */
export function toneFile(frequencyHz: number): string {
  const data = Buffer.from(samples(frequencyHz).buffer);
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(SAMPLE_RATE, 24);
  header.writeUInt32LE(SAMPLE_RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(data.length, 40);

  const folder = join(tmpdir(), 'jumpa-e2e-clips');
  const path = join(folder, `tone-${frequencyHz}.wav`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.${process.pid}`, Buffer.concat([header, data]));
  renameSync(`${path}.${process.pid}`, path);
  return path;
}
