import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** Where a Jumpa server listens: `make run` in the root of the repository starts one here. */
const server = process.env.JUMPA_SERVER ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  server: {
    proxy: {
      '/v1': { target: server, ws: true },
      '/livez': { target: server },
    },
  },
});
