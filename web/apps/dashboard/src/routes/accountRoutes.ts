import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { startTenant } from '../client/lastTenant';
import { signedInRoute } from './roots';

/** Leads whoever signed in to where they work. */
export const homeRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  beforeLoad: ({ context }) => {
    if (context.me.is_operator) throw redirect({ to: '/operator' });
    const tenantId = startTenant(context.me);
    if (tenantId) throw redirect({ to: '/t/$tenantId', params: { tenantId } });
  },
  component: lazyRouteComponent(() => import('../people/NoAreaPage'), 'NoAreaPage'),
});

/** One's own account, whichever area one comes from. */
const accountRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('../account/AccountFrame'), 'AccountFrame'),
});

const profileRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: '/',
  component: lazyRouteComponent(() => import('../account/ProfilePage'), 'ProfilePage'),
});

const securityRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: '/security',
  component: lazyRouteComponent(() => import('../account/SecurityPage'), 'SecurityPage'),
});

export const accountRoutes = accountRoute.addChildren([profileRoute, securityRoute]);
