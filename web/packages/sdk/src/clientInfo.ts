import type { ClientInfo } from './generated/protocol.js';

/** Version of the SDK; a test compares it with `package.json`. */
export const VERSION = '0.1.0';

/** Browsers by the mark in their user agent, the more special first: most also name Chrome. */
const BROWSERS: readonly (readonly [name: string, mark: RegExp])[] = [
  ['Edge', /Edg(?:A|iOS)?\/(\d+)/],
  ['Opera', /OPR\/(\d+)/],
  ['Samsung Internet', /SamsungBrowser\/(\d+)/],
  ['Firefox', /(?:Firefox|FxiOS)\/(\d+)/],
  ['Chrome', /(?:Chrome|CriOS)\/(\d+)/],
  ['Safari', /Version\/(\d+).*Safari/],
];

const SYSTEMS: readonly (readonly [name: string, mark: RegExp])[] = [
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['ChromeOS', /CrOS/],
  ['Linux', /Linux/],
];

/** Names the client for statistics, from the browser's user agent. */
export function clientInfo(userAgent: string): ClientInfo {
  const browser = BROWSERS.flatMap(([name, mark]) => {
    const version = mark.exec(userAgent)?.[1];
    return version === undefined ? [] : [`${name} ${version}`];
  });
  const os = SYSTEMS.find(([, mark]) => mark.test(userAgent));
  return { sdk: `jumpa-sdk ${VERSION}`, browser: browser[0] ?? '', os: os?.[0] ?? '' };
}
