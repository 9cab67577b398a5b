import type { QueryClient } from '@tanstack/react-query';
import {
  createRouter,
  parseSearchWith,
  type RouterHistory,
  stringifySearchWith,
} from '@tanstack/react-router';
import type { ScreenTexts } from './i18n/i18n';
import { accountRoutes, homeRoute } from './routes/accountRoutes';
import { clientRoutes } from './routes/clientRoutes';
import { operatorRoutes } from './routes/operatorRoutes';
import { publicRoutes } from './routes/publicRoutes';
import { BASE_PATH, rootRoute, signedInRoute } from './routes/roots';
import { ErrorPage } from './shell/ErrorPage';

const routeTree = rootRoute.addChildren([
  ...publicRoutes,
  signedInRoute.addChildren([homeRoute, accountRoutes, operatorRoutes, clientRoutes]),
]);

export interface RouterOptions {
  /** Replaces the browser's. */
  readonly history?: RouterHistory;
  /** Loads what a screen says, before it is drawn; absent where all texts are there already. */
  readonly loadTexts?: (name: ScreenTexts) => Promise<void>;
}

/** The screens by address. */
export function createDashboardRouter(
  queries: QueryClient,
  { history, loadTexts = async () => undefined }: RouterOptions = {},
) {
  return createRouter({
    routeTree,
    basepath: BASE_PATH,
    context: { queries, loadTexts },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: ErrorPage,
    scrollRestoration: true,
    // No quotes around texts in the address bar.
    parseSearch: parseSearchWith(String),
    stringifySearch: stringifySearchWith(String),
    ...(history && { history }),
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createDashboardRouter>;
  }
}
