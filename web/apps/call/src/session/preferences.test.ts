import { beforeEach, expect, it } from 'vitest';
import { loadPreferences, parsePreferences, savePreferences } from './preferences';

beforeEach(() => localStorage.clear());

it('remembers the name and keeps the rest', () => {
  savePreferences({ isCameraWanted: false });
  savePreferences({ name: 'Siti' });
  expect(loadPreferences()).toMatchObject({ name: 'Siti', isCameraWanted: false });
});

it.each([null, '', 'not json', '42', '{"quality":"huge","name":7}'])(
  'starts with the defaults from %j',
  (text) => {
    expect(parsePreferences(text)).toMatchObject({
      name: '',
      quality: 'auto',
      isCameraWanted: true,
    });
  },
);
