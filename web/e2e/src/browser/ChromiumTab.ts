import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type ElementHandle, type Page } from 'playwright-core';
import { inPageScript } from '../page/inPageScript.ts';
import { describe, type Key, locate, path, pressable, type Tab, type Target } from './Tab.ts';

/** What a Chromium of one person is started with. */
export interface ChromiumOptions {
  /** Clip and sound that its fake camera and microphone play in a loop. */
  readonly videoFile: string;
  readonly audioFile: string;
  readonly language: 'en' | 'id';
  readonly size?: { width: number; height: number };
  /** Without UDP the media has to find its way over TCP. */
  readonly isUdpBlocked?: boolean;
  /** What the browser answers when a page asks for camera and microphone. */
  readonly permission?: 'granted' | 'denied';
  /** Title of the tab that is shared when the page asks for the screen. */
  readonly sharedTab?: string;
  /** A codec that this browser does not have, as its MIME type. */
  readonly lacksCodec?: string;
}

const EXECUTABLE = process.env.JUMPA_CHROMIUM ?? '/usr/bin/chromium';

/** Flags of every Chromium: it runs as any user, alone, and asks nobody outside this machine. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
];

function flags(options: ChromiumOptions): string[] {
  const media = [
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${options.videoFile}`,
    `--use-file-for-fake-audio-capture=${options.audioFile}`,
  ];
  return [
    ...QUIET,
    ...media,
    '--deny-permission-prompts',
    ...(options.isUdpBlocked ? ['--webrtc-ip-handling-policy=disable_non_proxied_udp'] : []),
    ...(options.sharedTab
      ? [`--auto-select-tab-capture-source-by-title=${options.sharedTab}`]
      : []),
  ];
}

/** Runs in the page before its own scripts: makes the browser say that it does not know a codec. */
function hideCodec(mimeType: string): void {
  for (const side of [RTCRtpSender, RTCRtpReceiver]) {
    const ask = side.getCapabilities.bind(side);
    side.getCapabilities = (kind) => {
      const all = ask(kind);
      return all && { ...all, codecs: all.codecs.filter((codec) => codec.mimeType !== mimeType) };
    };
  }
}

/** One page in a Chromium process of its own, with its own fake camera and microphone. */
export class ChromiumTab implements Tab {
  readonly console: string[] = [];
  readonly #context: BrowserContext;
  readonly #page: Page;
  readonly #profile: string;

  private constructor(context: BrowserContext, page: Page, profile: string) {
    this.#context = context;
    this.#page = page;
    this.#profile = profile;
    page.on('console', (message) => this.console.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => this.console.push(`uncaught: ${error.message}`));
  }

  static async open(options: ChromiumOptions): Promise<ChromiumTab> {
    const profile = mkdtempSync(join(tmpdir(), 'jumpa-chromium-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: EXECUTABLE,
      headless: true,
      args: flags(options),
      // The defaults of the library mute sound, which the tests listen to.
      ignoreDefaultArgs: ['--mute-audio'],
      locale: options.language === 'id' ? 'id-ID' : 'en-GB',
      permissions: options.permission === 'denied' ? [] : ['camera', 'microphone'],
      viewport: options.size ?? { width: 1280, height: 720 },
    });
    await context.addInitScript(await inPageScript());
    if (options.lacksCodec) await context.addInitScript(hideCodec, options.lacksCodec);
    const page = context.pages()[0] ?? (await context.newPage());
    return new ChromiumTab(context, page, profile);
  }

  async goto(url: string): Promise<void> {
    await this.#page.goto(url);
  }

  async reload(): Promise<void> {
    await this.#page.reload();
  }

  async setSize(width: number, height: number): Promise<void> {
    await this.#page.setViewportSize({ width, height });
  }

  async setTheme(theme: 'light' | 'dark'): Promise<void> {
    await this.#page.emulateMedia({ colorScheme: theme });
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
      // The library passes the element first.
      const swapped = new Function('element', 'argument', `return (${script})(argument, element)`);
      return (await element.evaluate(
        swapped as (node: unknown, a: unknown) => unknown,
        argument,
      )) as R;
    });
  }

  async click(target: Target): Promise<void> {
    await this.#with(target, async (element) => {
      const drawn = (await element.evaluateHandle(pressable)).asElement();
      await (drawn ?? element).click({ timeout: 5_000 });
      await drawn?.dispose();
    });
  }

  async fill(target: Target, text: string): Promise<void> {
    await this.#with(target, async (element) => {
      await element.click({ clickCount: 3, timeout: 5_000 });
      await this.#page.keyboard.press('Control+A');
      await this.#page.keyboard.press('Backspace');
      await this.#page.keyboard.type(text);
    });
  }

  async press(key: Key): Promise<void> {
    await this.#page.keyboard.press(key);
  }

  async screenshot(path: string): Promise<void> {
    await this.#page.screenshot({ path });
  }

  /** Opens a second page, for a tab that is shared; the first stays in front. */
  async openBeside(html: string): Promise<void> {
    const page = await this.#context.newPage();
    await page.setContent(html);
    await this.#page.bringToFront();
  }

  async close(): Promise<void> {
    await this.#context.close();
    rmSync(this.#profile, { recursive: true, force: true });
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
