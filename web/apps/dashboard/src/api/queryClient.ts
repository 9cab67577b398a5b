import { ApiProblem } from '@jumpa/api-client';
import { QueryClient } from '@tanstack/react-query';

/** How often a request is sent again when the server is away or busy. */
const RETRIES = 2;

/** Refusals stay refusals; only an absent or busy server is asked again. */
function isWorthRetrying(error: Error): boolean {
  return error instanceof ApiProblem && (error.status === 0 || error.status === 503);
}

/** Keeps what the server answered. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (count, error) => count < RETRIES && isWorthRetrying(error),
        // Screens show what they have while the browser says that it is offline, and then an error.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
}
