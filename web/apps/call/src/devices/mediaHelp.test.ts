import { expect, it } from 'vitest';
import { browserFamily, mediaHelpKeys } from './mediaHelp';

it.each([
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36', 'chrome'],
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156', 'chrome'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0', 'firefox'],
  ['Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/20.0 Safari/605.1.15', 'safari'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 20_0) AppleWebKit/605 CriOS/156 Safari/604', 'ios'],
  ['Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/156 Mobile Safari/537', 'android'],
  ['curl/8', 'other'],
])('%s is %s', (userAgent, family) => {
  expect(browserFamily(userAgent)).toBe(family);
});

it('blocked devices are explained for the browser at hand', () => {
  expect(mediaHelpKeys('permission_denied', 'camera', 'Firefox/153.0').help).toBe(
    'media.help.permission_denied_firefox',
  );
});

it('screens have their own explanation', () => {
  expect(mediaHelpKeys('permission_denied', 'screen', 'Chrome/156').help).toBe(
    'media.help.permission_denied_screen',
  );
});
