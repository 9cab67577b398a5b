/** Languages in which every screen is complete. */
export const LANGUAGES = ['en', 'id'] as const;
export type Language = (typeof LANGUAGES)[number];

const STORAGE_KEY = 'jumpa.language';

/**
 * The language to start with: the one chosen before, else the first of the browser's that we have;
 * `null` when there is none.
 *
 * `in` is the old code of Indonesian that some systems still report.
 */
export function startLanguage(
  stored: string | null,
  browserLanguages: readonly string[],
): Language | null {
  const wanted = [stored ?? '', ...browserLanguages];
  for (const tag of wanted) {
    const code = tag.toLowerCase().split('-')[0];
    const language = code === 'in' ? 'id' : code;
    if (LANGUAGES.includes(language as Language)) return language as Language;
  }
  return null;
}

/** What somebody chose before on this browser, in any screen of this server. */
export function readStoredLanguage(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}

/** Remembers the choice; where storage is closed to us it lasts as long as the page. */
export function storeLanguage(language: Language): void {
  try {
    localStorage.setItem(STORAGE_KEY, language);
  } catch {
    // A private window may refuse; the page still speaks the chosen language until it is closed.
  }
}
