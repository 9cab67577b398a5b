import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test as plainTest } from 'vitest';
import { type ChromiumOptions, ChromiumTab } from './browser/ChromiumTab.ts';
import { FirefoxTab } from './browser/FirefoxTab.ts';
import { colourClip } from './media/clip.ts';
import type { ColourName } from './media/palette.ts';
import { toneFile } from './media/tone.ts';
import { type Invitation, Person } from './Person.ts';
import { Server } from './Server.ts';
import { type Language, Words } from './Words.ts';

const ARTIFACTS = fileURLToPath(new URL('../artifacts', import.meta.url));

/** Pictures and voices in the order in which people enter; pitches share no overtone. */
const COLOURS: readonly ColourName[] = ['red', 'blue', 'green', 'yellow', 'violet'];
const PITCHES_HZ = [440, 620, 870, 1_230, 1_730] as const;

/**
 * Frames per second of cameras in tests: pictures visibly move, and six browsers that encode and decode them
 * in software leave something of two cores.
 */
const TEST_FRAMES_PER_SECOND = 15;

/** What somebody's browser is like. */
export interface PersonOptions extends Partial<Omit<ChromiumOptions, 'videoFile' | 'audioFile'>> {
  readonly language?: Language;
}

/** One test's world: a server of its own and the people it needs. */
export class Stage {
  readonly server = new Server();
  readonly people: Person[] = [];
  readonly #framesPerSecond: number;

  constructor(framesPerSecond: number) {
    this.#framesPerSecond = framesPerSecond;
  }

  /** Somebody with Chromium. */
  async chromium(name: string, options: PersonOptions = {}): Promise<Person> {
    const index = this.people.length;
    const colour = COLOURS[index % COLOURS.length] ?? 'red';
    const toneHz = PITCHES_HZ[index % PITCHES_HZ.length] ?? 440;
    const language = options.language ?? 'en';
    const tab = await ChromiumTab.open({
      ...options,
      language,
      videoFile: await colourClip(colour, this.#framesPerSecond),
      audioFile: toneFile(toneHz),
    });
    return this.#enter(new Person({ name, colour, toneHz }, tab, new Words(language)));
  }

  /** Somebody with Firefox, whose picture runs through the colours. */
  async firefox(name: string, { language = 'en' }: { language?: Language } = {}): Promise<Person> {
    const toneHz = PITCHES_HZ[this.people.length % PITCHES_HZ.length] ?? 440;
    const tab = await FirefoxTab.open({ toneHz, language });
    return this.#enter(new Person({ name, colour: null, toneHz }, tab, new Words(language)));
  }

  /** A way into a room of the clinic, as a guest. */
  guest(room = 'ruang-tamu'): Invitation {
    return { address: this.server.address, app: this.server.app, room };
  }

  /** A way into a room of the clinic with a token, for a moderator. */
  async moderator(name: string, room = 'ruang-tamu'): Promise<Invitation> {
    const app = this.server.app;
    const token = await this.server.token({ app, room, name, isModerator: true });
    return { address: this.server.address, app, room, token };
  }

  /** Saves what everybody saw and what the server said. */
  async save(testName: string): Promise<string> {
    const folder = join(ARTIFACTS, testName.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 80));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'server.log'), this.server.log);
    for (const { name, tab } of this.people) {
      writeFileSync(join(folder, `${name}.console.log`), `${tab.console.join('\n')}\n`);
      await tab.screenshot(join(folder, `${name}.png`)).catch((error: unknown) => {
        writeFileSync(join(folder, `${name}.screenshot-error.txt`), String(error));
      });
    }
    return folder;
  }

  async clear(): Promise<void> {
    await Promise.allSettled(this.people.map(({ tab }) => tab.close()));
    await this.server.dispose();
  }

  #enter(person: Person): Person {
    this.people.push(person);
    return person;
  }
}

/**
 * Tests with a running server and cameras of so many frames per second; on failure screenshots, consoles and
 * the server's log are kept.
 */
export function testAt(framesPerSecond: number) {
  return plainTest.extend<{ stage: Stage }>({
    stage: async ({ task }, use) => {
      const stage = new Stage(framesPerSecond);
      try {
        await stage.server.start();
        await use(stage);
      } finally {
        if (task.result?.state === 'fail') {
          const folder = await stage.save(task.name);
          console.error(`saved ${folder}`);
        }
        await stage.clear();
      }
    },
  });
}

/** What tests use. */
export const test = testAt(TEST_FRAMES_PER_SECOND);
