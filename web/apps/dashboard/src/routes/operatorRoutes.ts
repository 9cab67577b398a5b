import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { signedInRoute, withTexts } from './roots';
import { optional, optionals, type Search } from './search';

const operatorRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/operator',
  beforeLoad: ({ context }) => {
    if (!context.me.is_operator) throw redirect({ to: '/' });
  },
  loader: withTexts('operator'),
  component: lazyRouteComponent(() => import('../operator/OperatorFrame'), 'OperatorFrame'),
});

const operatorHomeRoute = createRoute({
  getParentRoute: () => operatorRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/operator/clients' });
  },
});

const operatorAppsRoute = createRoute({
  getParentRoute: () => operatorRoute,
  path: '/apps',
  component: lazyRouteComponent(() => import('../operator/AppsPage'), 'AppsPage'),
});

const operatorClientsRoute = createRoute({
  getParentRoute: () => operatorRoute,
  path: '/clients',
  validateSearch: (search: Search) => ({
    ...optional('search', search),
    ...optional('status', search),
  }),
  component: lazyRouteComponent(() => import('../operator/ClientsPage'), 'ClientsPage'),
});

const operatorClientRoute = createRoute({
  getParentRoute: () => operatorRoute,
  path: '/clients/$tenantId',
  loader: withTexts('audit', 'recorders'),
  component: lazyRouteComponent(() => import('../operator/ClientPage'), 'ClientPage'),
});

const operatorPeopleRoute = createRoute({
  getParentRoute: () => operatorRoute,
  path: '/people',
  validateSearch: (search: Search) => optional('search', search),
  component: lazyRouteComponent(() => import('../operator/PeoplePage'), 'PeoplePage'),
});

const operatorRoomsRoute = createRoute({
  getParentRoute: () => operatorRoute,
  path: '/rooms',
  component: lazyRouteComponent(() => import('../operator/RoomsPage'), 'RoomsPage'),
});

const operatorSystemRoute = createRoute({
  getParentRoute: () => operatorRoute,
  path: '/system',
  loader: withTexts('platform'),
  component: lazyRouteComponent(() => import('../operator/SystemPage'), 'SystemPage'),
});

const operatorRecordersRoute = createRoute({
  getParentRoute: () => operatorRoute,
  path: '/recorders',
  loader: withTexts('recorders', 'recordings'),
  component: lazyRouteComponent(
    () => import('../operator/recorders/RecordersPage'),
    'RecordersPage',
  ),
});

const operatorProvidersRoute = createRoute({
  getParentRoute: () => operatorRoute,
  path: '/identity_providers',
  loader: withTexts('platform'),
  component: lazyRouteComponent(
    () => import('../operator/providers/ProvidersPage'),
    'ProvidersPage',
  ),
});

const operatorSettingsRoute = createRoute({
  getParentRoute: () => operatorRoute,
  path: '/settings',
  loader: withTexts('platform', 'recordings'),
  component: lazyRouteComponent(() => import('../operator/settings/SettingsPage'), 'SettingsPage'),
});

const operatorMailsRoute = createRoute({
  getParentRoute: () => operatorRoute,
  path: '/mails',
  validateSearch: (search: Search) => optional('status', search),
  component: lazyRouteComponent(() => import('../operator/MailsPage'), 'MailsPage'),
});

const operatorAuditRoute = createRoute({
  getParentRoute: () => operatorRoute,
  path: '/audit',
  validateSearch: (search: Search) => ({
    ...optional('action', search),
    ...optional('tenant_id', search),
  }),
  loader: withTexts('audit'),
  component: lazyRouteComponent(() => import('../operator/OperatorAuditPage'), 'OperatorAuditPage'),
});

const operatorUsageRoute = createRoute({
  getParentRoute: () => operatorRoute,
  path: '/usage',
  validateSearch: optionals('month'),
  loader: withTexts('numbers'),
  component: lazyRouteComponent(() => import('../operator/UsagePage'), 'UsagePage'),
});

/** The area of whoever runs the server. */
export const operatorRoutes = operatorRoute.addChildren([
  operatorHomeRoute,
  operatorClientsRoute,
  operatorClientRoute,
  operatorAppsRoute,
  operatorPeopleRoute,
  operatorUsageRoute,
  operatorRoomsRoute,
  operatorProvidersRoute,
  operatorSettingsRoute,
  operatorRecordersRoute,
  operatorSystemRoute,
  operatorMailsRoute,
  operatorAuditRoute,
]);
