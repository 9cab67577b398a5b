// Compares the English and Indonesian texts of every web package.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { localeProblems } from './lib/locales.mjs';
import { ROOT, report, trackedPaths } from './lib/repository.mjs';

const read = (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

const results = {};
for (const path of trackedPaths().filter((candidate) =>
  /\/locales\/(?:en|id)\/[^/]+\.json$/.test(candidate),
)) {
  const [english, indonesian] = ['en', 'id'].map((language) =>
    path.replace(/\/locales\/(?:en|id)\//, `/locales/${language}/`),
  );
  if (results[english]) continue;
  results[english] =
    existsSync(join(ROOT, english)) && existsSync(join(ROOT, indonesian))
      ? localeProblems(read(english), read(indonesian))
      : [`${path}: has no twin in the other language`];
}
if (Object.keys(results).length === 0)
  results['texts of the web packages'] = ['no locales/en/*.json found'];
report(results);
