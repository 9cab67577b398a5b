import { type Page, request } from './request';

/** An app as the operator sees it. */
export interface OperatorApp {
  readonly id: string;
  readonly name: string;
  readonly is_disabled: boolean;
  readonly allows_guests: boolean;
  /** RFC 3339, UTC. */
  readonly created_at: string;
}

/** A new app with its first key; the secret is told this once. */
export interface CreatedApp {
  readonly app: OperatorApp;
  readonly key: { readonly id: string; readonly secret: string };
}

export async function listOperatorApps(
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<OperatorApp>> {
  const query = { cursor };
  return (await request('GET', '/v1/operator/apps', { query, signal })) as Page<OperatorApp>;
}

export async function createOperatorApp(body: {
  readonly name: string;
  readonly allows_guests: boolean;
}): Promise<CreatedApp> {
  return (await request('POST', '/v1/operator/apps', { body })) as CreatedApp;
}
