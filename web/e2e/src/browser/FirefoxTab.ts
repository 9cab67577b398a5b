import { type Browser, type ElementHandle, launch, type Page } from 'puppeteer-core';
import { inPageScript } from '../page/inPageScript.ts';
import { describe, type Key, locate, path, pressable, type Tab, type Target } from './Tab.ts';

/** What a Firefox of one person is started with. */
export interface FirefoxOptions {
  /** Pitch of the tone that its fake microphone gives. */
  readonly toneHz: number;
  readonly language: 'en' | 'id';
  readonly size?: { width: number; height: number };
}

const EXECUTABLE = process.env.JUMPA_FIREFOX ?? '/usr/bin/firefox-esr';

function preferences({ toneHz, language }: FirefoxOptions): Record<string, unknown> {
  return {
    // Firefox's own fake camera: a picture that runs through the colours.
    'media.navigator.streams.fake': true,
    'media.navigator.audio.fake_frequency': toneHz,
    'media.navigator.permission.disabled': true,
    'media.peerconnection.ice.loopback': true,
    'media.peerconnection.ice.obfuscate_host_addresses': false,
    'intl.accept_languages': language === 'id' ? 'id-ID, id' : 'en-GB, en',
    // Nothing is asked of hosts outside this machine.
    'media.gmp-manager.updateEnabled': false,
    'media.gmp-manager.url': '',
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
    'app.normandy.enabled': false,
    'browser.safebrowsing.update.enabled': false,
  };
}

/** One page in a Firefox process of its own, driven over WebDriver BiDi. */
export class FirefoxTab implements Tab {
  readonly console: string[] = [];
  readonly #browser: Browser;
  readonly #page: Page;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.#page = page;
    page.on('console', (message) => this.console.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) =>
      this.console.push(`uncaught: ${error instanceof Error ? error.message : String(error)}`),
    );
  }

  static async open(options: FirefoxOptions): Promise<FirefoxTab> {
    const browser = await launch({
      browser: 'firefox',
      executablePath: EXECUTABLE,
      headless: true,
      extraPrefsFirefox: preferences(options),
      defaultViewport: options.size ?? { width: 1280, height: 720 },
    });
    const page = (await browser.pages())[0] ?? (await browser.newPage());
    await page.evaluateOnNewDocument(await inPageScript());
    return new FirefoxTab(browser, page);
  }

  async goto(url: string): Promise<void> {
    await this.#page.goto(url, { waitUntil: 'load' });
  }

  async reload(): Promise<void> {
    await this.#page.reload({ waitUntil: 'load' });
  }

  async setSize(width: number, height: number): Promise<void> {
    await this.#page.setViewport({ width, height });
  }

  async setTheme(theme: 'light' | 'dark'): Promise<void> {
    throw new Error(`Firefox cannot be set to the ${theme} theme over BiDi; use Chromium`);
  }

  async run<A, R>(script: (argument: A) => R | Promise<R>, argument: A): Promise<R> {
    return (await this.#page.evaluate(script as (argument: unknown) => unknown, argument)) as R;
  }

  async runSource(source: string): Promise<void> {
    await this.#page.evaluate(source);
  }

  async isThere(target: Target): Promise<boolean> {
    const element = await this.#locate(target);
    await element?.dispose();
    return element !== null;
  }

  async runOn<A, R>(
    target: Target,
    script: (argument: A, element: Element) => R | Promise<R>,
    argument: A,
  ): Promise<R> {
    return this.#with(target, async (element) => {
      const swapped = new Function('element', 'argument', `return (${script})(argument, element)`);
      return (await element.evaluate(
        swapped as (node: Element, a: unknown) => unknown,
        argument,
      )) as R;
    });
  }

  async click(target: Target): Promise<void> {
    await this.#with(target, async (element) => {
      const drawn = (
        await element.evaluateHandle(pressable)
      ).asElement() as ElementHandle<Element> | null;
      await (drawn ?? element).click();
      await drawn?.dispose();
    });
  }

  async fill(target: Target, text: string): Promise<void> {
    await this.#with(target, async (element) => {
      await element.click({ count: 3 });
      await this.#page.keyboard.down('Control');
      await this.#page.keyboard.press('a');
      await this.#page.keyboard.up('Control');
      await this.#page.keyboard.press('Backspace');
      await this.#page.keyboard.type(text);
    });
  }

  async press(key: Key): Promise<void> {
    await this.#page.keyboard.press(key as Parameters<Page['keyboard']['press']>[0]);
  }

  async screenshot(path: string): Promise<void> {
    await this.#page.screenshot({ path: path as `${string}.png` });
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  async #locate(target: Target): Promise<ElementHandle<Element> | null> {
    const handle = await this.#page.evaluateHandle(locate, path(target));
    return handle.asElement() as ElementHandle<Element> | null;
  }

  async #with<R>(target: Target, act: (element: ElementHandle<Element>) => Promise<R>): Promise<R> {
    const element = await this.#locate(target);
    if (!element) throw new Error(`there is no ${describe(target)}`);
    try {
      return await act(element);
    } finally {
      await element.dispose();
    }
  }
}
