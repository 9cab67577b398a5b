// Compares src/generated/openapi.ts with crates/api/openapi.json, or writes it: node scripts/generate.mjs [--write]
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const description = new URL('../../../../crates/api/openapi.json', import.meta.url);
const target = new URL('../src/generated/openapi.ts', import.meta.url);
const head = '// Generated from crates/api/openapi.json by `make codegen`. Do not edit.\n\n';

const text = head + astToString(await openapiTS(description, { alphabetize: true }));
if (process.argv.includes('--write')) {
  mkdirSync(new URL('.', target), { recursive: true });
  writeFileSync(target, text);
} else if (readFileSync(target, 'utf8') !== text) {
  console.error(
    'src/generated/openapi.ts does not fit crates/api/openapi.json: run `make codegen`',
  );
  process.exit(1);
}
