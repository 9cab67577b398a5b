// Writes the public face of the SDK into etc/sdk.api.md, without comments, so that a change of it is
// seen in a review. Without --write the file is compared and a difference is an error.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const REPORT = join(ROOT, 'etc/sdk.api.md');

/** The declarations of every source file, as they would be published, without comments. */
function declarations() {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const files = new Map();
  ts.createProgram(fileNames, {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    removeComments: true,
  }).emit(undefined, (name, text) => files.set(name, text));
  return { files, options };
}

/** The text of everything that `index.d.ts` exports, by name. */
function publicFace() {
  const { files, options } = declarations();
  const index = join(ROOT, 'src/index.d.ts');
  const host = ts.createCompilerHost(options);
  const readFile = host.readFile.bind(host);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.fileExists = (name) => files.has(name) || (!name.startsWith(ROOT) && existsSync(name));
  host.getSourceFile = (name, version) => {
    const text = host.readFile(name);
    return text === undefined ? undefined : ts.createSourceFile(name, text, version, true);
  };
  const program = ts.createProgram([index], { ...options, types: [] }, host);
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(index));
  return checker
    .getExportsOfModule(module)
    .map((symbol) => {
      const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
      const target = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
      const text = target.declarations.map((node) => node.getText()).join('\n');
      return { name: symbol.name, text };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const report = [
  '# What `@jumpa/sdk` exports',
  '',
  'Written by `npm run codegen`; `npm run check` compares it.',
  '',
  '```ts',
  publicFace()
    .map(({ text }) => text)
    .join('\n\n'),
  '```',
  '',
].join('\n');

if (process.argv.includes('--write')) {
  writeFileSync(REPORT, report);
} else if (!existsSync(REPORT) || readFileSync(REPORT, 'utf8') !== report) {
  console.error('etc/sdk.api.md differs from the exports of the SDK; run `npm run codegen` there');
  process.exitCode = 1;
}
