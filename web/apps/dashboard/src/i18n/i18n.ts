import { type Catalogues, createTranslator, type Language, switchLanguage } from '@jumpa/ui';
import type { i18n } from 'i18next';

/**
 * `common`: frame and shared parts; `people`: signing in and one's own account; `client` and
 * `operator`: the two areas; `numbers`: calls, usage and their charts; `rooms` and
 * `webhooks`: those screens.
 */
const NAMESPACES = [
  'common',
  'people',
  'client',
  'operator',
  'numbers',
  'rooms',
  'webhooks',
] as const;

const catalogues = {
  en: {
    common: () => import('../../locales/en/common.json'),
    people: () => import('../../locales/en/people.json'),
    client: () => import('../../locales/en/client.json'),
    operator: () => import('../../locales/en/operator.json'),
    numbers: () => import('../../locales/en/numbers.json'),
    rooms: () => import('../../locales/en/rooms.json'),
    webhooks: () => import('../../locales/en/webhooks.json'),
  },
  id: {
    common: () => import('../../locales/id/common.json'),
    people: () => import('../../locales/id/people.json'),
    client: () => import('../../locales/id/client.json'),
    operator: () => import('../../locales/id/operator.json'),
    numbers: () => import('../../locales/id/numbers.json'),
    rooms: () => import('../../locales/id/rooms.json'),
    webhooks: () => import('../../locales/id/webhooks.json'),
  },
} satisfies Catalogues;

/** Makes the translator and loads one language. */
export async function createI18n(): Promise<i18n> {
  return createTranslator(catalogues, NAMESPACES);
}

/** Changes the language of the page and remembers it. */
export async function changeLanguage(instance: i18n, language: Language): Promise<void> {
  await switchLanguage(instance, catalogues, language);
}
