import { type Catalogues, createTranslator, type Language, switchLanguage } from '@jumpa/ui';
import type { i18n } from 'i18next';

/** Texts of the call page are in `call`; those of the start page in `pages`. */
type Namespace = 'call' | 'pages';

const catalogues = {
  en: {
    call: () => import('../../locales/en/call.json'),
    pages: () => import('../../locales/en/pages.json'),
  },
  id: {
    call: () => import('../../locales/id/call.json'),
    pages: () => import('../../locales/id/pages.json'),
  },
} satisfies Catalogues;

/** Makes the translator and loads one language; `namespaces` are what the screen needs. */
export async function createI18n(namespaces: readonly Namespace[]): Promise<i18n> {
  return createTranslator(catalogues, namespaces);
}

/** Changes the language of the page and remembers it. */
export async function changeLanguage(instance: i18n, language: Language): Promise<void> {
  await switchLanguage(instance, catalogues, language);
}
