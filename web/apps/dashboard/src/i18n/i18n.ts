import { type Catalogues, createTranslator, type Language, switchLanguage } from '@jumpa/ui';
import type { i18n } from 'i18next';

/** `common`: frame and shared parts; `people`: signing in and one's own account; `client`: that area. */
const NAMESPACES = ['common', 'people', 'client'] as const;

/** Texts that come with the first screen that needs them: calls and their numbers, the operator's area. */
const SCREEN_NAMESPACES = [
  'audit',
  'numbers',
  'operator',
  'platform',
  'recorders',
  'recordings',
  'reference',
  'rooms',
  'webhooks',
] as const;
export type ScreenTexts = (typeof SCREEN_NAMESPACES)[number];

const catalogues = {
  en: {
    audit: () => import('../../locales/en/audit.json'),
    common: () => import('../../locales/en/common.json'),
    people: () => import('../../locales/en/people.json'),
    client: () => import('../../locales/en/client.json'),
    operator: () => import('../../locales/en/operator.json'),
    numbers: () => import('../../locales/en/numbers.json'),
    platform: () => import('../../locales/en/platform.json'),
    recorders: () => import('../../locales/en/recorders.json'),
    recordings: () => import('../../locales/en/recordings.json'),
    reference: () => import('../../locales/en/reference.json'),
    rooms: () => import('../../locales/en/rooms.json'),
    webhooks: () => import('../../locales/en/webhooks.json'),
  },
  id: {
    audit: () => import('../../locales/id/audit.json'),
    common: () => import('../../locales/id/common.json'),
    people: () => import('../../locales/id/people.json'),
    client: () => import('../../locales/id/client.json'),
    operator: () => import('../../locales/id/operator.json'),
    numbers: () => import('../../locales/id/numbers.json'),
    platform: () => import('../../locales/id/platform.json'),
    recorders: () => import('../../locales/id/recorders.json'),
    recordings: () => import('../../locales/id/recordings.json'),
    reference: () => import('../../locales/id/reference.json'),
    rooms: () => import('../../locales/id/rooms.json'),
    webhooks: () => import('../../locales/id/webhooks.json'),
  },
} satisfies Catalogues;

/** Makes the translator and loads one language; `otherwise` is for people of whom none is known. */
export async function createI18n(otherwise?: () => Promise<Language>): Promise<i18n> {
  return createTranslator(catalogues, NAMESPACES, otherwise);
}

/** Loads the texts of a screen, once. */
export async function loadScreenTexts(
  instance: i18n,
  namespace: ScreenTexts,
  language = instance.language as Language,
): Promise<void> {
  if (instance.hasResourceBundle(language, namespace)) return;
  const { default: texts } = await catalogues[language][namespace]();
  instance.addResourceBundle(language, namespace, texts);
}

/** Changes the language of the page and remembers it. */
export async function changeLanguage(instance: i18n, language: Language): Promise<void> {
  const open = SCREEN_NAMESPACES.filter((name) =>
    instance.hasResourceBundle(instance.language, name),
  );
  await Promise.all(open.map((name) => loadScreenTexts(instance, name, language)));
  await switchLanguage(instance, catalogues, language);
}
