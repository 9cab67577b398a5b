import { describe, expect, it } from 'vitest';

type Texts = { readonly [key: string]: string | Texts };

const catalogues = import.meta.glob<Texts>('../../locales/*/*.json', {
  eager: true,
  import: 'default',
});
const files = Object.keys(catalogues)
  .filter((path) => path.includes('/en/'))
  .map((path) => path.slice(path.lastIndexOf('/') + 1));
const read = (language: string, file: string): Map<string, string> =>
  flatten(catalogues[`../../locales/${language}/${file}`] ?? {});

function flatten(texts: Texts, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === 'string'
        ? [[prefix + key, value] as const]
        : [...flatten(value, `${prefix}${key}.`)],
    ),
  );
}

/** Plural forms of one text count as one: English has two, Indonesian one. */
const bare = (key: string) => key.replace(/_(one|other)$/, '');
const variables = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]);

describe.each(files)('%s', (file) => {
  const english = read('en', file);
  const indonesian = read('id', file);

  it('has the same texts in both languages', () => {
    expect(new Set([...indonesian.keys()].map(bare))).toEqual(
      new Set([...english.keys()].map(bare)),
    );
  });

  it('fills the same variables in both languages', () => {
    for (const [key, text] of indonesian) {
      const other = english.get(key);
      if (other !== undefined) {
        expect(new Set(variables(text)), key).toEqual(new Set(variables(other)));
      }
    }
  });

  it('has every plural form of its language', () => {
    for (const key of english.keys()) {
      if (key.endsWith('_one')) expect(english.has(`${bare(key)}_other`), key).toBe(true);
    }
    for (const key of indonesian.keys()) {
      expect(key.endsWith('_one'), `${key}: Indonesian has one form, _other`).toBe(false);
    }
  });

  it('has no empty and no untranslated sentence', () => {
    for (const [key, text] of indonesian) {
      expect(text.trim(), key).not.toBe('');
      if (text.split(' ').length > 3 && !/\{\{/.test(text)) {
        expect(text, key).not.toBe(english.get(key));
      }
    }
  });
});
