import { denseTheme, UiProvider } from '@jumpa/ui';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import type { i18n } from 'i18next';
import type { ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import type { createDashboardRouter } from './router';

export interface AppProps {
  i18n: i18n;
  queries: QueryClient;
  router: ReturnType<typeof createDashboardRouter>;
}

/** The dashboard in the language and colours of the person. */
export function App({ i18n, queries, router }: AppProps): ReactNode {
  return (
    <I18nextProvider i18n={i18n}>
      <UiProvider theme={denseTheme}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </UiProvider>
    </I18nextProvider>
  );
}
