import { useCallback, useEffect, useState } from 'react';
import { type Branding, readBranding } from '../branding/brandLook';

/** What everybody may know of an app. */
export interface AppInfo {
  readonly id: string;
  readonly name: string;
  readonly allowsGuests: boolean;
  readonly branding: Branding;
}

export type AppInfoState =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly app: AppInfo }
  | { readonly status: 'unknown' }
  | { readonly status: 'unreachable' };

/** Asks the server for an app; `retry` asks again. */
export function useAppInfo(appId: string): {
  readonly info: AppInfoState;
  readonly retry: () => void;
} {
  const [info, setInfo] = useState<AppInfoState>({ status: 'loading' });
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again
  useEffect(() => {
    const controller = new AbortController();
    setInfo({ status: 'loading' });
    fetchAppInfo(appId, controller.signal)
      .then(setInfo)
      .catch(() => {
        if (!controller.signal.aborted) setInfo({ status: 'unreachable' });
      });
    return () => controller.abort();
  }, [appId, attempt]);

  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  useEffect(() => {
    if (info.status !== 'unreachable') return;
    // Back on the network: nobody should have to find the button.
    window.addEventListener('online', retry);
    return () => window.removeEventListener('online', retry);
  }, [info.status, retry]);

  return { info, retry };
}

async function fetchAppInfo(appId: string, signal: AbortSignal): Promise<AppInfoState> {
  const response = await fetch(`/v1/public/apps/${encodeURIComponent(appId)}`, { signal });
  if (response.status === 404) return { status: 'unknown' };
  if (!response.ok) return { status: 'unreachable' };
  const body: unknown = await response.json();
  if (typeof body !== 'object' || body === null) return { status: 'unreachable' };
  const { name, allows_guests: allowsGuests, branding: given } = body as Record<string, unknown>;
  if (typeof name !== 'string') return { status: 'unreachable' };
  const branding = readBranding(given);
  const app = {
    id: appId,
    name: branding.displayName ?? name,
    allowsGuests: allowsGuests !== false,
    branding,
  };
  return { status: 'ready', app };
}
