import { describe, expect, it } from 'vitest';
import { nextWords, speechOf, spokenMs } from './speech';

const log = (...lines: readonly object[]) => lines.map((line) => JSON.stringify(line)).join('\n');
const joined = (at_ms: number, participant_id: string, name = participant_id) => ({
  at_ms,
  type: 'participant_joined',
  participant_id,
  name,
});
const speak = (at_ms: number, ...participant_ids: readonly string[]) => ({
  at_ms,
  type: 'speakers_changed',
  participant_ids,
});

describe('who spoke', () => {
  it('is told for as long as they are among the speakers', () => {
    const lanes = speechOf(
      log(
        joined(0, 'budi'),
        joined(2_000, 'siti'),
        speak(3_000, 'siti'),
        speak(9_000, 'budi', 'siti'),
        speak(12_000),
      ),
      20_000,
    );
    expect(lanes).toMatchObject([
      {
        person: 'budi',
        stays: [{ startMs: 0, endMs: 20_000 }],
        spoke: [{ startMs: 9_000, endMs: 12_000 }],
      },
      {
        person: 'siti',
        stays: [{ startMs: 2_000, endMs: 20_000 }],
        spoke: [{ startMs: 3_000, endMs: 12_000 }],
      },
    ]);
  });

  it('ends when they leave, and goes on when they come back', () => {
    const [budi] = speechOf(
      log(
        joined(0, 'budi'),
        speak(1_000, 'budi'),
        { at_ms: 4_000, type: 'participant_left', participant_id: 'budi' },
        joined(8_000, 'budi', 'Budi Santoso'),
      ),
      10_000,
    );
    expect(budi).toEqual({
      person: 'budi',
      name: 'Budi Santoso',
      stays: [
        { startMs: 0, endMs: 4_000 },
        { startMs: 8_000, endMs: 10_000 },
      ],
      spoke: [{ startMs: 1_000, endMs: 4_000 }],
    });
  });

  it('has no gaps where somebody only takes a breath', () => {
    const [budi] = speechOf(
      log(
        joined(0, 'budi'),
        speak(1_000, 'budi'),
        speak(2_000),
        speak(3_000, 'budi'),
        speak(5_000),
      ),
      10_000,
    );
    expect(budi?.spoke).toEqual([{ startMs: 1_000, endMs: 5_000 }]);
    expect(budi && spokenMs(budi)).toBe(4_000);
  });

  it('is read from a log that was cut off or has words of later versions', () => {
    const text = `${log(joined(0, 'budi'), { at_ms: 1, type: 'of_tomorrow' }, speak(1_000, 'budi'))}\n{"at_ms":3_0`;
    expect(speechOf(text, 4_000)[0]?.spoke).toEqual([{ startMs: 1_000, endMs: 4_000 }]);
    expect(speechOf('', 4_000)).toEqual([]);
  });

  it('leads to their next words, and back to the first', () => {
    const [budi] = speechOf(
      log(
        joined(0, 'budi'),
        speak(1_000, 'budi'),
        speak(2_000),
        speak(6_000, 'budi'),
        speak(7_000),
      ),
      10_000,
    );
    if (!budi) throw new Error('nobody was there');
    expect([0, 1_000, 6_000].map((at) => nextWords(budi, at))).toEqual([1_000, 6_000, 1_000]);
    expect(nextWords({ ...budi, spoke: [] }, 0)).toBeNull();
  });
});
