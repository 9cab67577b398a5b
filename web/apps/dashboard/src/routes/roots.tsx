import { ApiProblem } from '@jumpa/api-client';
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, Outlet, redirect } from '@tanstack/react-router';
import { ProofProvider } from '../account/ProofProvider';
import { meQuery } from '../api/me';
import type { ScreenTexts } from '../i18n/i18n';
import { ErrorPage } from '../shell/ErrorPage';
import { NotFoundPage } from '../shell/NotFoundPage';

/** Where the server serves this app. */
export const BASE_PATH = '/dashboard';

interface Context {
  readonly queries: QueryClient;
  readonly loadTexts: (name: ScreenTexts) => Promise<void>;
}

/** Every screen. */
export const rootRoute = createRootRouteWithContext<Context>()({
  component: Outlet,
  errorComponent: ErrorPage,
  notFoundComponent: NotFoundPage,
});

/** Everything behind the sign-in. */
export const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed_in',
  beforeLoad: async ({ context, location }) => {
    try {
      return { me: await context.queries.ensureQueryData(meQuery) };
    } catch (error) {
      if (error instanceof ApiProblem && error.code === 'unauthenticated') {
        const isStart = location.pathname === '/' || location.pathname === BASE_PATH;
        throw redirect({ to: '/login', search: isStart ? {} : { next: location.publicHref } });
      }
      throw error;
    }
  },
  component: () => (
    <ProofProvider>
      <Outlet />
    </ProofProvider>
  ),
});

/** Waits for the texts of a screen while its code is loaded. */
export function withTexts(...names: readonly ScreenTexts[]) {
  return ({ context }: { context: Context }) => Promise.all(names.map(context.loadTexts));
}
