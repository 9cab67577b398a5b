import { createRoute, lazyRouteComponent, notFound, redirect } from '@tanstack/react-router';
import { signedInRoute, withTexts } from './roots';
import { optional, optionals, type Search } from './search';

/** The area of a tenant: for its members, and for the operator to look. */
const clientRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/t/$tenantId',
  beforeLoad: ({ context: { me }, params }) => {
    const isMember = me.memberships.some((one) => one.tenant_id === params.tenantId);
    if (!isMember && !me.is_operator) throw notFound();
  },
  component: lazyRouteComponent(() => import('../client/ClientFrame'), 'ClientFrame'),
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

const overviewRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/overview',
  validateSearch: optionals('app', 'period', 'from', 'until'),
  loader: withTexts('numbers'),
  component: lazyRouteComponent(() => import('../client/overview/OverviewPage'), 'OverviewPage'),
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
  component: lazyRouteComponent(() => import('../client/calls/CallsPage'), 'CallsPage'),
});

const callRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/calls/$callId',
  loader: withTexts('numbers'),
  component: lazyRouteComponent(() => import('../client/calls/CallPage'), 'CallPage'),
});

const roomsRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/rooms',
  validateSearch: optionals('app'),
  loader: withTexts('rooms'),
  component: lazyRouteComponent(() => import('../client/rooms/RoomsPage'), 'RoomsPage'),
});

const preparedRoomsRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/rooms/prepared',
  validateSearch: optionals('app', 'search'),
  loader: withTexts('rooms', 'recordings'),
  component: lazyRouteComponent(
    () => import('../client/rooms/PreparedRoomsPage'),
    'PreparedRoomsPage',
  ),
});

const roomRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/rooms/$appId/$room',
  loader: withTexts('rooms', 'recordings'),
  component: lazyRouteComponent(() => import('../client/rooms/RoomPage'), 'RoomPage'),
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
    'search',
  ),
  loader: withTexts('recordings', 'numbers'),
  component: lazyRouteComponent(
    () => import('../client/recordings/RecordingsPage'),
    'RecordingsPage',
  ),
});

const recordingRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/recordings/$recordingId',
  loader: withTexts('recordings'),
  component: lazyRouteComponent(
    () => import('../client/recordings/RecordingPage'),
    'RecordingPage',
  ),
});

const webhooksRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/webhooks',
  loader: withTexts('webhooks'),
  component: lazyRouteComponent(() => import('../client/webhooks/WebhooksPage'), 'WebhooksPage'),
});

const webhookRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/webhooks/$webhookId',
  validateSearch: optionals('status', 'delivery'),
  loader: withTexts('webhooks'),
  component: lazyRouteComponent(() => import('../client/webhooks/WebhookPage'), 'WebhookPage'),
});

const usageRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/usage',
  validateSearch: optionals('app', 'period', 'from', 'until', 'group'),
  loader: withTexts('numbers'),
  component: lazyRouteComponent(() => import('../client/usage/UsagePage'), 'UsagePage'),
});

const clientAppsRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/apps',
  validateSearch: (search: Search) => optional('status', search),
  component: lazyRouteComponent(() => import('../client/ClientAppsPage'), 'ClientAppsPage'),
});

const startRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/apps/$appId/start',
  component: lazyRouteComponent(() => import('../client/StartPage'), 'StartPage'),
});

const keysRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/apps/$appId/keys',
  component: lazyRouteComponent(() => import('../client/KeysPage'), 'KeysPage'),
});

const accessRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/apps/$appId/access',
  component: lazyRouteComponent(() => import('../client/access/AccessPage'), 'AccessPage'),
});

const brandingRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/apps/$appId/branding',
  component: lazyRouteComponent(() => import('../client/branding/BrandingPage'), 'BrandingPage'),
});

const recordingSettingsRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/apps/$appId/recording',
  loader: withTexts('recordings'),
  component: lazyRouteComponent(
    () => import('../client/recording_settings/RecordingSettingsPage'),
    'RecordingSettingsPage',
  ),
});

const appSettingsRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/apps/$appId/settings',
  component: lazyRouteComponent(() => import('../client/AppSettingsPage'), 'AppSettingsPage'),
});

const playgroundRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/apps/$appId/playground',
  component: lazyRouteComponent(() => import('../client/PlaygroundPage'), 'PlaygroundPage'),
});

const teamRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/team',
  component: lazyRouteComponent(() => import('../client/TeamPage'), 'TeamPage'),
});

const auditRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/audit',
  validateSearch: (search: Search) => optional('action', search),
  loader: withTexts('audit'),
  component: lazyRouteComponent(() => import('../client/AuditPage'), 'AuditPage'),
});

const settingsRoute = createRoute({
  getParentRoute: () => clientRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('../client/SettingsPage'), 'SettingsPage'),
});

/** What a customer works with. */
export const clientRoutes = clientRoute.addChildren([
  clientHomeRoute,
  overviewRoute,
  callsRoute,
  callRoute,
  roomsRoute,
  preparedRoomsRoute,
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
  recordingSettingsRoute,
  appSettingsRoute,
  playgroundRoute,
  teamRoute,
  auditRoute,
  settingsRoute,
]);
