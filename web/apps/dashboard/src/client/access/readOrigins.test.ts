import { describe, expect, it } from 'vitest';
import { readOrigins } from './readOrigins';

describe('readOrigins', () => {
  it('takes one per line, each once, without the last slash', () => {
    const text = 'https://a.example/\n\n http://localhost:3000\nhttps://a.example';
    expect(readOrigins(text)).toEqual({
      origins: ['https://a.example', 'http://localhost:3000'],
      wrong: [],
    });
  });

  it('takes every host below one', () => {
    expect(readOrigins('https://*.klinik.example').wrong).toEqual([]);
  });

  it.each(['klinik.example', 'https://a.example/page', 'ftp://a.example', '*', 'javascript:1'])(
    '%s is none',
    (text) => {
      expect(readOrigins(text)).toEqual({ origins: [], wrong: [text] });
    },
  );
});
