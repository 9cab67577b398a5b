import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { type Language, readStoredLanguage, startLanguage, storeLanguage } from './language';

/** Where the texts of a page come from: one import per language and namespace. */
export type Catalogues = Record<Language, Record<string, () => Promise<{ default: object }>>>;

/**
 * Makes the translator and loads one language; the first of `namespaces` is the default.
 *
 * `otherwise` gives the language for people who chose none and whose browser speaks none of ours.
 */
export async function createTranslator(
  catalogues: Catalogues,
  namespaces: readonly string[],
  otherwise: () => Promise<Language> = async () => 'en',
): Promise<i18n> {
  const known = startLanguage(readStoredLanguage(), navigator.languages);
  const language = known ?? (await otherwise());
  const instance = createInstance();
  await instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    ns: [...namespaces],
    ...(namespaces[0] !== undefined && { defaultNS: namespaces[0] }),
    resources: { [language]: await load(catalogues, language, namespaces) },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = language;
  instance.on('languageChanged', (next) => {
    document.documentElement.lang = next;
  });
  return instance;
}

/** Changes the language of the page and remembers it. */
export async function switchLanguage(
  instance: i18n,
  catalogues: Catalogues,
  language: Language,
): Promise<void> {
  const namespaces = [instance.options.ns ?? []].flat();
  const texts = await load(catalogues, language, namespaces);
  for (const [namespace, bundle] of Object.entries(texts)) {
    instance.addResourceBundle(language, namespace, bundle, true, true);
  }
  storeLanguage(language);
  await instance.changeLanguage(language);
}

async function load(
  catalogues: Catalogues,
  language: Language,
  namespaces: readonly string[],
): Promise<Record<string, object>> {
  const entries = await Promise.all(
    namespaces.map(async (namespace) => {
      const read = catalogues[language][namespace];
      if (!read) throw new Error(`there are no texts ${namespace} in ${language}`);
      return [namespace, (await read()).default] as const;
    }),
  );
  return Object.fromEntries(entries);
}
