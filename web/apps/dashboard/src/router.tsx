import { ApiProblem } from '@jumpa/api-client';
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  parseSearchWith,
  type RouterHistory,
  redirect,
  stringifySearchWith,
} from '@tanstack/react-router';
import { ProofProvider } from './account/ProofProvider';
import { meQuery } from './api/me';
import { startTenant } from './client/lastTenant';
import type { ScreenTexts } from './i18n/i18n';
import { ErrorPage } from './shell/ErrorPage';
import { NotFoundPage } from './shell/NotFoundPage';

/** Where the server serves this app. */
const BASE_PATH = '/dashboard';

interface Context {
  readonly queries: QueryClient;
  readonly loadTexts: (name: ScreenTexts) => Promise<void>;
}

type Search = Readonly<Record<string, unknown>>;

/** A parameter as text, if it is there; the router reads digits as a number and `true` as a boolean. */
function optional<Name extends string>(
  name: Name,
  search: Search,
): { readonly [key in Name]?: string } {
  const value = search[name];
  const isText = ['string', 'number', 'boolean'].includes(typeof value) && value !== '';
  return (isText ? { [name]: String(value) } : {}) as { readonly [key in Name]?: string };
}

/** Several parameters as text; what a screen does not know is dropped. */
function optionals<Name extends string>(
  ...names: readonly Name[]
): (search: Search) => { readonly [key in Name]?: string } {
  return (search) => Object.assign({}, ...names.map((name) => optional(name, search)));
}

const rootRoute = createRootRouteWithContext<Context>()({
  component: Outlet,
  errorComponent: ErrorPage,
  notFoundComponent: NotFoundPage,
});

const welcomeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/welcome',
  validateSearch: (search: Search) => optional('token', search),
  component: lazyRouteComponent(() => import('./people/WelcomePage'), 'WelcomePage'),
});

/** The API of this server, for whoever builds on it. */
const referenceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reference',
  loader: withTexts('reference'),
  component: lazyRouteComponent(() => import('./reference/ReferencePage'), 'ReferencePage'),
});

/** Where a link to a recording leads, without a login. */
const sharedRecordingRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/shared/$token',
  loader: withTexts('recordings'),
  component: lazyRouteComponent(
    () => import('./people/SharedRecordingPage'),
    'SharedRecordingPage',
  ),
});

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: (search: Search) => ({
    ...optional('next', search),
    ...optional('email', search),
    ...optional('problem', search),
  }),
  component: lazyRouteComponent(() => import('./people/LoginPage'), 'LoginPage'),
});

const forgotPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/forgot_password',
  validateSearch: (search: Search) => optional('email', search),
  component: lazyRouteComponent(() => import('./people/ForgotPasswordPage'), 'ForgotPasswordPage'),
});

const resetPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reset_password',
  validateSearch: (search: Search) => optional('token', search),
  component: lazyRouteComponent(() => import('./people/ResetPasswordPage'), 'ResetPasswordPage'),
});

const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invitation',
  validateSearch: (search: Search) => optional('token', search),
  component: lazyRouteComponent(() => import('./people/InvitationPage'), 'InvitationPage'),
});

/** Everything behind the sign-in. */
const signedInRoute = createRoute({
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

const homeRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  beforeLoad: ({ context }) => {
    if (context.me.is_operator) throw redirect({ to: '/operator' });
    const tenantId = startTenant(context.me);
    if (tenantId) throw redirect({ to: '/t/$tenantId', params: { tenantId } });
  },
  component: lazyRouteComponent(() => import('./people/NoAreaPage'), 'NoAreaPage'),
});

/** One's own account, whichever area one comes from. */
const accountRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('./account/AccountFrame'), 'AccountFrame'),
});

const profileRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./account/ProfilePage'), 'ProfilePage'),
});

const securityRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: '/security',
  component: lazyRouteComponent(() => import('./account/SecurityPage'), 'SecurityPage'),
});

const operatorRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/operator',
  beforeLoad: ({ context }) => {
    if (!context.me.is_operator) throw redirect({ to: '/' });
  },
  component: lazyRouteComponent(() => import('./operator/OperatorFrame'), 'OperatorFrame'),
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
  component: lazyRouteComponent(() => import('./operator/AppsPage'), 'AppsPage'),
});

const operatorClientsRoute = createRoute({
  getParentRoute: () => operatorRoute,
  path: '/clients',
  validateSearch: (search: Search) => ({
    ...optional('search', search),
    ...optional('status', search),
  }),
  component: lazyRouteComponent(() => import('./operator/ClientsPage'), 'ClientsPage'),
});

const operatorClientRoute = createRoute({
  getParentRoute: () => operatorRoute,
  path: '/clients/$tenantId',
  component: lazyRouteComponent(() => import('./operator/ClientPage'), 'ClientPage'),
});

const operatorPeopleRoute = createRoute({
  getParentRoute: () => operatorRoute,
  path: '/people',
  validateSearch: (search: Search) => optional('search', search),
  component: lazyRouteComponent(() => import('./operator/PeoplePage'), 'PeoplePage'),
});

const operatorRoomsRoute = createRoute({
  getParentRoute: () => operatorRoute,
  path: '/rooms',
  component: lazyRouteComponent(() => import('./operator/RoomsPage'), 'RoomsPage'),
});

const operatorSystemRoute = createRoute({
  getParentRoute: () => operatorRoute,
  path: '/system',
  loader: withTexts('platform'),
  component: lazyRouteComponent(() => import('./operator/SystemPage'), 'SystemPage'),
});

const operatorProvidersRoute = createRoute({
  getParentRoute: () => operatorRoute,
  path: '/identity_providers',
  loader: withTexts('platform'),
  component: lazyRouteComponent(
    () => import('./operator/providers/ProvidersPage'),
    'ProvidersPage',
  ),
});

const operatorSettingsRoute = createRoute({
  getParentRoute: () => operatorRoute,
  path: '/settings',
  loader: withTexts('platform'),
  component: lazyRouteComponent(() => import('./operator/settings/SettingsPage'), 'SettingsPage'),
});

const operatorMailsRoute = createRoute({
  getParentRoute: () => operatorRoute,
  path: '/mails',
  validateSearch: (search: Search) => optional('status', search),
  component: lazyRouteComponent(() => import('./operator/MailsPage'), 'MailsPage'),
});

const operatorAuditRoute = createRoute({
  getParentRoute: () => operatorRoute,
  path: '/audit',
  validateSearch: (search: Search) => ({
    ...optional('action', search),
    ...optional('tenant_id', search),
  }),
  component: lazyRouteComponent(() => import('./operator/OperatorAuditPage'), 'OperatorAuditPage'),
});

const operatorUsageRoute = createRoute({
  getParentRoute: () => operatorRoute,
  path: '/usage',
  validateSearch: optionals('month'),
  loader: withTexts('numbers'),
  component: lazyRouteComponent(() => import('./operator/UsagePage'), 'UsagePage'),
});

/** The area of a tenant: for its members, and for the operator to look. */
const clientRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/t/$tenantId',
  beforeLoad: ({ context: { me }, params }) => {
    const isMember = me.memberships.some((one) => one.tenant_id === params.tenantId);
    if (!isMember && !me.is_operator) throw notFound();
  },
  component: lazyRouteComponent(() => import('./client/ClientFrame'), 'ClientFrame'),
});

const clientHomeRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/',
  beforeLoad: ({ context: { me }, params }) => {
    const { role } = me.memberships.find((one) => one.tenant_id === params.tenantId) ?? {};
    // Agents do not see usage; the calls are what they work with.
    throw redirect({
      to: role === 'agent' ? '/t/$tenantId/calls' : '/t/$tenantId/overview',
      params,
    });
  },
});

/** Waits for the texts of a screen while its code is loaded. */
function withTexts(...names: readonly ScreenTexts[]) {
  return ({ context }: { context: Context }) => Promise.all(names.map(context.loadTexts));
}

const overviewRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/overview',
  validateSearch: optionals('app', 'period', 'from', 'until'),
  loader: withTexts('numbers'),
  component: lazyRouteComponent(() => import('./client/overview/OverviewPage'), 'OverviewPage'),
});

const callsRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/calls',
  validateSearch: optionals(
    'app',
    'period',
    'from',
    'until',
    'state',
    'quality',
    'room',
    'participant',
  ),
  loader: withTexts('numbers'),
  component: lazyRouteComponent(() => import('./client/calls/CallsPage'), 'CallsPage'),
});

const callRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/calls/$callId',
  loader: withTexts('numbers'),
  component: lazyRouteComponent(() => import('./client/calls/CallPage'), 'CallPage'),
});

const roomsRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/rooms',
  validateSearch: optionals('app'),
  loader: withTexts('rooms'),
  component: lazyRouteComponent(() => import('./client/rooms/RoomsPage'), 'RoomsPage'),
});

const roomRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/rooms/$appId/$room',
  loader: withTexts('rooms'),
  component: lazyRouteComponent(() => import('./client/rooms/RoomPage'), 'RoomPage'),
});

const recordingsRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/recordings',
  validateSearch: optionals(
    'app',
    'period',
    'from',
    'until',
    'state',
    'status',
    'room',
    'participant',
  ),
  loader: withTexts('recordings', 'numbers'),
  component: lazyRouteComponent(
    () => import('./client/recordings/RecordingsPage'),
    'RecordingsPage',
  ),
});

const recordingRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/recordings/$recordingId',
  loader: withTexts('recordings'),
  component: lazyRouteComponent(() => import('./client/recordings/RecordingPage'), 'RecordingPage'),
});

const webhooksRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/webhooks',
  loader: withTexts('webhooks'),
  component: lazyRouteComponent(() => import('./client/webhooks/WebhooksPage'), 'WebhooksPage'),
});

const webhookRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/webhooks/$webhookId',
  validateSearch: optionals('status', 'delivery'),
  loader: withTexts('webhooks'),
  component: lazyRouteComponent(() => import('./client/webhooks/WebhookPage'), 'WebhookPage'),
});

const usageRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/usage',
  validateSearch: optionals('app', 'period', 'from', 'until', 'group'),
  loader: withTexts('numbers'),
  component: lazyRouteComponent(() => import('./client/usage/UsagePage'), 'UsagePage'),
});

const clientAppsRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/apps',
  validateSearch: (search: Search) => optional('status', search),
  component: lazyRouteComponent(() => import('./client/ClientAppsPage'), 'ClientAppsPage'),
});

const startRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/apps/$appId/start',
  component: lazyRouteComponent(() => import('./client/StartPage'), 'StartPage'),
});

const keysRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/apps/$appId/keys',
  component: lazyRouteComponent(() => import('./client/KeysPage'), 'KeysPage'),
});

const accessRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/apps/$appId/access',
  component: lazyRouteComponent(() => import('./client/access/AccessPage'), 'AccessPage'),
});

const brandingRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/apps/$appId/branding',
  component: lazyRouteComponent(() => import('./client/branding/BrandingPage'), 'BrandingPage'),
});

const appSettingsRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/apps/$appId/settings',
  component: lazyRouteComponent(() => import('./client/AppSettingsPage'), 'AppSettingsPage'),
});

const playgroundRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/apps/$appId/playground',
  component: lazyRouteComponent(() => import('./client/PlaygroundPage'), 'PlaygroundPage'),
});

const teamRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/team',
  component: lazyRouteComponent(() => import('./client/TeamPage'), 'TeamPage'),
});

const auditRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/audit',
  validateSearch: (search: Search) => optional('action', search),
  component: lazyRouteComponent(() => import('./client/AuditPage'), 'AuditPage'),
});

const settingsRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./client/SettingsPage'), 'SettingsPage'),
});

const routeTree = rootRoute.addChildren([
  welcomeRoute,
  loginRoute,
  forgotPasswordRoute,
  resetPasswordRoute,
  invitationRoute,
  referenceRoute,
  sharedRecordingRoute,
  signedInRoute.addChildren([
    homeRoute,
    accountRoute.addChildren([profileRoute, securityRoute]),
    operatorRoute.addChildren([
      operatorHomeRoute,
      operatorClientsRoute,
      operatorClientRoute,
      operatorAppsRoute,
      operatorPeopleRoute,
      operatorUsageRoute,
      operatorRoomsRoute,
      operatorProvidersRoute,
      operatorSettingsRoute,
      operatorSystemRoute,
      operatorMailsRoute,
      operatorAuditRoute,
    ]),
    clientRoute.addChildren([
      clientHomeRoute,
      overviewRoute,
      callsRoute,
      callRoute,
      roomsRoute,
      roomRoute,
      recordingsRoute,
      recordingRoute,
      usageRoute,
      webhooksRoute,
      webhookRoute,
      clientAppsRoute,
      startRoute,
      keysRoute,
      accessRoute,
      brandingRoute,
      appSettingsRoute,
      playgroundRoute,
      teamRoute,
      auditRoute,
      settingsRoute,
    ]),
  ]),
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
