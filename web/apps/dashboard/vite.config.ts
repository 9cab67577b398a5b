import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The server behind the pages during development.
const server = process.env.JUMPA_SERVER ?? 'http://127.0.0.1:8080';

export default defineConfig({
  base: '/dashboard/',
  // One sign for all pages.
  publicDir: '../call/public',
  plugins: [react()],
  build: {
    target: 'es2022',
    // Nothing as `data:` address: the content security policy stays short.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    // The library of charts, 180 kB gzip, loaded where one is drawn.
    chunkSizeWarningLimit: 600,
  },
  server: {
    port: 5174,
    proxy: { '/v1': { target: server, ws: true } },
  },
});
