import { describe, expect, it } from 'vitest';
import { startLanguage } from './language';

describe('startLanguage', () => {
  it.each([
    [null, ['id-ID', 'en'], 'id'],
    [null, ['in'], 'id'],
    [null, ['fr', 'de', 'id'], 'id'],
    [null, ['fr'], null],
    ['en', ['id'], 'en'],
    ['xx', ['id'], 'id'],
  ] as const)('stored %j and browser %j give %s', (stored, browser, language) => {
    expect(startLanguage(stored, [...browser])).toBe(language);
  });
});
