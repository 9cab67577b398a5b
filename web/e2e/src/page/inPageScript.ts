import { fileURLToPath } from 'node:url';
import { build, type Rollup } from 'vite';

let script: Promise<string> | null = null;

async function bundle(): Promise<string> {
  const results = (await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: {
        entry: fileURLToPath(new URL('./inPage.ts', import.meta.url)),
        formats: ['iife'],
        name: 'inPage',
      },
    },
  })) as Rollup.RollupOutput[];
  const chunk = results[0]?.output[0];
  if (!chunk) throw new Error('the script for the page under test was not built');
  return chunk.code;
}

/** `inPage.ts` with what it imports, as one script that a browser runs before the page's own. */
export function inPageScript(): Promise<string> {
  script ??= bundle();
  return script;
}
