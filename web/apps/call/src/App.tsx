import { UiProvider } from '@jumpa/ui';
import type { i18n } from 'i18next';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { I18nextProvider } from 'react-i18next';
import { BadLinkPage } from './pages/BadLinkPage';
import { CallPage } from './pages/CallPage';
import type { Route } from './route';

const LandingPage = lazy(async () => ({
  default: (await import('./landing/LandingPage')).LandingPage,
}));

const AppLandingPage = lazy(async () => ({
  default: (await import('./landing/AppLandingPage')).AppLandingPage,
}));

export interface AppProps {
  route: Route;
  /** Whether the host belongs to an app, so that addresses need not name it. */
  isOwnDomain: boolean;
  i18n: i18n;
}

/** The page that an address asks for, in the language and colours of the person. */
export function App({ route, isOwnDomain, i18n }: AppProps): ReactNode {
  const [scheme, setScheme] = useState<Scheme>(null);
  return (
    <I18nextProvider i18n={i18n}>
      <UiProvider scheme={scheme}>
        <Suspense fallback={null}>
          <RoutedPage route={route} isOwnDomain={isOwnDomain} onScheme={setScheme} />
        </Suspense>
      </UiProvider>
    </I18nextProvider>
  );
}

/** What the look of an app holds fixed. */
type Scheme = 'light' | 'dark' | null;

function RoutedPage({
  route,
  isOwnDomain,
  onScheme,
}: {
  route: Route;
  isOwnDomain: boolean;
  onScheme: (scheme: Scheme) => void;
}): ReactNode {
  switch (route.name) {
    case 'room':
      return (
        <CallPage appId={route.appId} room={route.room} token={route.token} onScheme={onScheme} />
      );
    case 'landing':
      return route.appId === null ? (
        <LandingPage />
      ) : (
        <AppLandingPage appId={route.appId} onScheme={onScheme} />
      );
    case 'bad_link':
      return <BadLinkPage isOwnDomain={isOwnDomain} />;
    default:
      return route satisfies never;
  }
}
