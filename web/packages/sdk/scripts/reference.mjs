// Writes the reference documentation of the SDK into docs/reference/sdk.md. Without --write the file is
// compared and a difference is an error; an export without documentation is one too.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application } from 'typedoc';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const REFERENCE = join(ROOT, '../../../docs/reference/sdk/README.md');

async function reference() {
  const folder = mkdtempSync(join(tmpdir(), 'jumpa-sdk-reference-'));
  try {
    const app = await Application.bootstrapWithPlugins({
      plugin: ['typedoc-plugin-markdown'],
      name: '@jumpa/sdk',
      outputs: [{ name: 'markdown', path: folder }],
      entryPoints: [join(ROOT, 'src/index.ts')],
      tsconfig: join(ROOT, 'tsconfig.json'),
      readme: 'none',
      disableSources: true,
      excludePrivate: true,
      sort: ['alphabetical'],
      hideBreadcrumbs: true,
      hidePageHeader: true,
      outputFileStrategy: 'modules',
      entryFileName: 'README',
      parametersFormat: 'table',
      interfacePropertiesFormat: 'table',
      classPropertiesFormat: 'table',
      typeAliasPropertiesFormat: 'table',
      useCodeBlocks: true,
      logLevel: 'Warn',
      treatWarningsAsErrors: true,
      treatValidationWarningsAsErrors: true,
      validation: { notExported: false, invalidLink: true, notDocumented: true },
      requiredToBeDocumented: ['Class', 'Interface', 'TypeAlias', 'Function', 'Method', 'Accessor'],
    });
    const project = await app.convert();
    if (!project) throw new Error('the sources do not compile');
    app.validate(project);
    if (app.logger.hasErrors() || app.logger.hasWarnings()) {
      throw new Error('the documentation has gaps');
    }
    await app.generateOutputs(project);
    return readFileSync(join(folder, 'README.md'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const text = await reference();
if (process.argv.includes('--write')) {
  writeFileSync(REFERENCE, text);
} else if (!existsSync(REFERENCE) || readFileSync(REFERENCE, 'utf8') !== text) {
  console.error(
    'docs/reference/sdk differs from the SDK; run `npm run codegen` in web/packages/sdk',
  );
  process.exitCode = 1;
}
