// Compares the texts of the two languages.

const PLURAL = /_(?:zero|one|two|few|many|other)$/;

/** Whether a key is a plural form: `people_one` beside `people_other`, and not `too_many` alone. */
function isPlural(key, texts) {
  return PLURAL.test(key) && texts.has(key.replace(PLURAL, '_other'));
}

/** The variables of a text: `{{name}}`. */
function variablesOf(text) {
  return [...String(text).matchAll(/\{\{\s*([\w.]+)/g)].map((match) => match[1]).sort();
}

function flatten(texts, prefix = '') {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null
      ? flatten(value, `${prefix}${key}.`)
      : [[`${prefix}${key}`, value]],
  );
}

/** Problems between an English text file and its Indonesian twin. */
export function localeProblems(english, indonesian) {
  const problems = [];
  const inEnglish = new Map(flatten(english));
  const inIndonesian = new Map(flatten(indonesian));
  const stems = (map) =>
    new Set([...map.keys()].map((key) => (isPlural(key, map) ? key.replace(PLURAL, '') : key)));

  for (const stem of stems(inEnglish)) {
    if (!stems(inIndonesian).has(stem)) problems.push(`${stem}: missing in Indonesian`);
  }
  for (const stem of stems(inIndonesian)) {
    if (!stems(inEnglish).has(stem)) problems.push(`${stem}: missing in English`);
  }
  for (const [key, text] of inIndonesian) {
    if (isPlural(key, inIndonesian) && !key.endsWith('_other')) {
      problems.push(`${key}: Indonesian has one plural form, _other`);
    }
    const twin = inEnglish.get(key);
    if (twin !== undefined && variablesOf(twin).join() !== variablesOf(text).join()) {
      problems.push(`${key}: the two languages use different variables`);
    }
  }
  for (const [language, map] of [
    ['English', inEnglish],
    ['Indonesian', inIndonesian],
  ]) {
    for (const [key, text] of map) {
      if (String(text).trim() === '') problems.push(`${key}: empty in ${language}`);
    }
  }
  return problems;
}
