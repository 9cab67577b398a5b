import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localeProblems } from '../lib/locales.mjs';

test('complete texts with their own plural forms have no problem', () => {
  const english = { lobby: { waiting_one: '{{count}} person', waiting_other: '{{count}} people' } };
  const indonesian = { lobby: { waiting_other: '{{count}} orang' } };
  assert.deepEqual(localeProblems(english, indonesian), []);
});

test('a text that one language lacks is found', () => {
  assert.equal(localeProblems({ join: 'Join' }, {}).length, 1);
  assert.equal(localeProblems({}, { join: 'Gabung' }).length, 1);
});

test('a plural form that Indonesian does not have is found', () => {
  const english = { people_one: '1', people_other: 'n' };
  assert.equal(localeProblems(english, { people_one: '1', people_other: 'n' }).length, 1);
});

test('a key that only ends like a plural form is none', () => {
  const texts = { login: { too_many: 'Too many', too_many_help: 'Wait' } };
  assert.deepEqual(localeProblems(texts, texts), []);
});

test('a variable that one language forgets is found', () => {
  assert.equal(localeProblems({ hello: 'Hello {{name}}' }, { hello: 'Halo' }).length, 1);
});

test('an empty text is found', () => {
  assert.equal(localeProblems({ join: 'Join' }, { join: ' ' }).length, 1);
});
