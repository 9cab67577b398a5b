import type call from '../../locales/en/call.json';
import type pages from '../../locales/en/pages.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'call';
    resources: { call: typeof call; pages: typeof pages };
    returnNull: false;
  }
}
