import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { clientInfo, VERSION } from './clientInfo.js';

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

describe('clientInfo', () => {
  it.each([
    [CHROME, 'Chrome 156', 'Windows'],
    [`${CHROME} Edg/156.0.0.0`, 'Edge 156', 'Windows'],
    [
      'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0',
      'Firefox 153',
      'Linux',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
      'Safari 18',
      'iOS',
    ],
    ['', '', ''],
  ])('reads %s', (userAgent, browser, os) => {
    expect(clientInfo(userAgent)).toMatchObject({ browser, os });
  });

  it('names the version of the package', () => {
    const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
    expect(VERSION).toBe(JSON.parse(text).version);
  });
});
