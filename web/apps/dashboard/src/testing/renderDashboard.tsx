import { createMemoryHistory } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import axe from 'axe-core';
import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';
import audit from '../../locales/en/audit.json';
import client from '../../locales/en/client.json';
import common from '../../locales/en/common.json';
import numbers from '../../locales/en/numbers.json';
import operator from '../../locales/en/operator.json';
import people from '../../locales/en/people.json';
import platform from '../../locales/en/platform.json';
import recorders from '../../locales/en/recorders.json';
import recordings from '../../locales/en/recordings.json';
import reference from '../../locales/en/reference.json';
import rooms from '../../locales/en/rooms.json';
import webhooks from '../../locales/en/webhooks.json';
import { App } from '../App';
import { createQueryClient } from '../api/queryClient';
import { createDashboardRouter } from '../router';
import type { FakeApi } from './FakeApi';

const texts = createInstance();
await texts.use(initReactI18next).init({
  lng: 'en',
  ns: [
    'audit',
    'common',
    'people',
    'client',
    'operator',
    'numbers',
    'platform',
    'recorders',
    'recordings',
    'reference',
    'rooms',
    'webhooks',
  ],
  defaultNS: 'common',
  resources: {
    en: {
      audit,
      client,
      common,
      numbers,
      operator,
      people,
      platform,
      recorders,
      recordings,
      reference,
      rooms,
      webhooks,
    },
  },
  interpolation: { escapeValue: false },
});

/** Opens the dashboard at a path, in English, with a fake server behind it. */
export function renderDashboard(path: string, api: FakeApi) {
  api.install();
  const queries = createQueryClient();
  // An absent server is absent for good: no test waits for retries.
  queries.setDefaultOptions({ queries: { ...queries.getDefaultOptions().queries, retry: false } });
  const history = createMemoryHistory({ initialEntries: [`/dashboard${path}`] });
  const router = createDashboardRouter(queries, { history });
  return { ...render(<App i18n={texts} queries={queries} router={router} />), router, history };
}

/** What axe finds in the page, colours aside: jsdom draws nothing. */
export async function axeViolations(): Promise<readonly string[]> {
  const { violations } = await axe.run(document.body, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`));
}
