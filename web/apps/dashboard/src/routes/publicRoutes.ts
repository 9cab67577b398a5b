import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute, withTexts } from './roots';
import { optional, type Search } from './search';

const welcomeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/welcome',
  validateSearch: (search: Search) => optional('token', search),
  component: lazyRouteComponent(() => import('../people/WelcomePage'), 'WelcomePage'),
});

/** The API of this server, for whoever builds on it. */
const referenceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reference',
  loader: withTexts('reference'),
  component: lazyRouteComponent(() => import('../reference/ReferencePage'), 'ReferencePage'),
});

/** Where a link to a recording leads, without a login. */
const sharedRecordingRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/shared/$token',
  loader: withTexts('recordings'),
  component: lazyRouteComponent(
    () => import('../people/SharedRecordingPage'),
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
  component: lazyRouteComponent(() => import('../people/LoginPage'), 'LoginPage'),
});

const forgotPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/forgot_password',
  validateSearch: (search: Search) => optional('email', search),
  component: lazyRouteComponent(() => import('../people/ForgotPasswordPage'), 'ForgotPasswordPage'),
});

const resetPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reset_password',
  validateSearch: (search: Search) => optional('token', search),
  component: lazyRouteComponent(() => import('../people/ResetPasswordPage'), 'ResetPasswordPage'),
});

const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invitation',
  validateSearch: (search: Search) => optional('token', search),
  component: lazyRouteComponent(() => import('../people/InvitationPage'), 'InvitationPage'),
});

/** What can be opened without a login. */
export const publicRoutes = [
  welcomeRoute,
  loginRoute,
  forgotPasswordRoute,
  resetPasswordRoute,
  invitationRoute,
  referenceRoute,
  sharedRecordingRoute,
] as const;
