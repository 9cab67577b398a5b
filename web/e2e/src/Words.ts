import { readFileSync } from 'node:fs';
import { literal } from './literal.ts';

/** Languages that Jumpa speaks. */
export type Language = 'en' | 'id';

type Texts = { readonly [key: string]: string | Texts };

function read(language: Language, app: 'call' | 'dashboard', file: string): Texts {
  const url = new URL(`../../apps/${app}/locales/${language}/${file}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as Texts;
}

/** The texts of the pages in one language, so that tests find elements by the names people read. */
export class Words {
  readonly #texts: Texts;
  readonly #plurals: Intl.PluralRules;

  constructor(language: Language) {
    this.#texts = {
      ...read(language, 'call', 'call'),
      ...read(language, 'call', 'pages'),
      // Its files use the same sections as the call page's, so they stand in one of their own.
      dashboard: {
        common: read(language, 'dashboard', 'common'),
        people: read(language, 'dashboard', 'people'),
        client: read(language, 'dashboard', 'client'),
        operator: read(language, 'dashboard', 'operator'),
        numbers: read(language, 'dashboard', 'numbers'),
        recordings: read(language, 'dashboard', 'recordings'),
        rooms: read(language, 'dashboard', 'rooms'),
      },
    };
    this.#plurals = new Intl.PluralRules(language);
  }

  /** The text at `key`, `prejoin.join`, with its variables filled in. */
  say(key: string, variables: Readonly<Record<string, string | number>> = {}): string {
    const count = variables.count;
    const plural =
      typeof count === 'number' ? this.#find(`${key}_${this.#plurals.select(count)}`) : null;
    const text = plural ?? this.#find(key) ?? this.#find(`${key}_other`);
    if (text === null) throw new Error(`the pages have no text ${key}`);
    return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => {
      const value = variables[name];
      if (value === undefined) throw new Error(`the text ${key} needs ${name}`);
      return String(value);
    });
  }

  /** The text at `key` as a pattern, in which variables that are not given stand for anything. */
  like(key: string, variables: Readonly<Record<string, string | number>> = {}): RegExp {
    const forms = [key, `${key}_one`, `${key}_other`].map((form) => this.#find(form));
    const texts = forms.filter((text) => text !== null);
    if (texts.length === 0) throw new Error(`the pages have no text ${key}`);
    return new RegExp(`^(?:${texts.map((text) => pattern(text, variables)).join('|')})$`);
  }

  /** The text at `key` as the beginning of a name that goes on. */
  begins(key: string): RegExp {
    return new RegExp(`^${literal(this.say(key))}`);
  }

  #find(key: string): string | null {
    let found: string | Texts | undefined = this.#texts;
    for (const step of key.split('.')) {
      if (found === undefined || typeof found === 'string') return null;
      found = found[step];
    }
    return typeof found === 'string' ? found : null;
  }
}

function pattern(text: string, variables: Readonly<Record<string, string | number>>): string {
  const parts = text.split(/(\{\{\s*\w+\s*\}\})/).map((part) => {
    const name = /^\{\{\s*(\w+)\s*\}\}$/.exec(part)?.[1];
    if (!name) return literal(part);
    const value = variables[name];
    return value === undefined ? '.+' : literal(String(value));
  });
  return parts.join('');
}
