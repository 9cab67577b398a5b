import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2022',
    // Nothing as `data:` address: the content security policy stays short.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
  },
  server: {
    port: 5173,
    proxy: {
      '/v1': { target: 'http://127.0.0.1:8080', ws: true },
      '/whip': 'http://127.0.0.1:8080',
      '/whep': 'http://127.0.0.1:8080',
    },
  },
});
