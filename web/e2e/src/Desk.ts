import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const EXECUTABLE = process.env.JUMPA_CHROMIUM ?? '/usr/bin/chromium';

/** A Chromium for dashboards, in which each person has cookies of their own. */
export class Desk {
  readonly #browser: Browser;
  readonly #contexts: BrowserContext[] = [];

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async open(): Promise<Desk> {
    const browser = await chromium.launch({
      executablePath: EXECUTABLE,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
      ],
    });
    return new Desk(browser);
  }

  /** Somebody who sits down at an empty browser and reads English. */
  async person(): Promise<Page> {
    const context = await this.#browser.newContext({
      locale: 'en-GB',
      viewport: { width: 1280, height: 800 },
    });
    this.#contexts.push(context);
    return context.newPage();
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}
