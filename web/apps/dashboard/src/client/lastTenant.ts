import type { Me } from '../api/me';

/** Where the browser keeps which tenant was open last. */
const KEY = 'jumpa.tenant';

/** Notes the tenant that somebody looks at, for the next visit. */
export function rememberTenant(tenantId: string): void {
  try {
    localStorage.setItem(KEY, tenantId);
  } catch {
    // Without storage the next visit begins at the first tenant.
  }
}

/** Where somebody begins: the tenant that was open last, if it is still theirs, else their first. */
export function startTenant({ memberships }: Me): string | undefined {
  const last = stored();
  const membership = memberships.find((one) => one.tenant_id === last) ?? memberships[0];
  return membership?.tenant_id;
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
