import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';

/** Languages that are complete. */
export const LANGUAGES = ['en', 'id'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Texts of the call page are in `call`; those of the pages around it in `pages`. */
type Namespace = 'call' | 'pages';

const STORAGE_KEY = 'jumpa.language';

const catalogues: Record<Language, Record<Namespace, () => Promise<{ default: object }>>> = {
  en: {
    call: () => import('../../locales/en/call.json'),
    pages: () => import('../../locales/en/pages.json'),
  },
  id: {
    call: () => import('../../locales/id/call.json'),
    pages: () => import('../../locales/id/pages.json'),
  },
};

/**
 * The language to start with: the one chosen before, else the first of the browser's that we have.
 *
 * `in` is the old code of Indonesian that some systems still report.
 */
export function startLanguage(
  stored: string | null,
  browserLanguages: readonly string[],
): Language {
  const wanted = [stored ?? '', ...browserLanguages];
  for (const tag of wanted) {
    const code = tag.toLowerCase().split('-')[0];
    const language = code === 'in' ? 'id' : code;
    if (LANGUAGES.includes(language as Language)) return language as Language;
  }
  return 'en';
}

/** Makes the translator and loads one language; `namespaces` are what the screen needs. */
export async function createI18n(namespaces: readonly Namespace[]): Promise<i18n> {
  const language = startLanguage(readStoredLanguage(), navigator.languages);
  const instance = createInstance();
  await instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    ns: [...namespaces],
    defaultNS: 'call',
    resources: { [language]: await loadCatalogues(language, namespaces) },
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
export async function changeLanguage(instance: i18n, language: Language): Promise<void> {
  const namespaces = [instance.options.ns ?? []].flat() as Namespace[];
  const catalogue = await loadCatalogues(language, namespaces);
  for (const [namespace, texts] of Object.entries(catalogue)) {
    instance.addResourceBundle(language, namespace, texts, true, true);
  }
  try {
    localStorage.setItem(STORAGE_KEY, language);
  } catch {
    // Storage may be closed to us (private window): the choice then lasts as long as the page.
  }
  await instance.changeLanguage(language);
}

async function loadCatalogues(
  language: Language,
  namespaces: readonly Namespace[],
): Promise<Record<string, object>> {
  const entries = await Promise.all(
    namespaces.map(async (namespace) => {
      const catalogue = await catalogues[language][namespace]();
      return [namespace, catalogue.default] as const;
    }),
  );
  return Object.fromEntries(entries);
}

function readStoredLanguage(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}
