import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The server behind the pages during development.
const server = process.env.JUMPA_SERVER ?? 'http://127.0.0.1:8080';

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
      '/v1': { target: server, ws: true },
      // Its own development server, `npm run dev` in apps/dashboard.
      '/dashboard': 'http://127.0.0.1:5174',
      '/livez': server,
      '/whip': server,
      '/whep': server,
    },
  },
});
