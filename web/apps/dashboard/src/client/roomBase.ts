import type { ClientApp } from '../api/clientApps';

/** What links into the rooms of an app begin with, without a slash at the end: its own domain, or the server. */
export function roomBase(app: Pick<ClientApp, 'id' | 'branding'>, origin: string): string {
  const domain = app.branding.own_domain;
  return domain === null ? `${origin}/${app.id}` : `https://${domain}`;
}
