import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { meQuery } from '../api/me';
import type { Role } from '../api/tenant';
import { membershipsOf } from './memberships';

/** What a screen lets people change; the server decides, this only hides what would be refused. */
export type Change = 'apps' | 'keys' | 'team' | 'tenant';

const ALLOWED: Record<Change, readonly Role[]> = {
  apps: ['owner', 'admin'],
  keys: ['owner', 'admin', 'developer'],
  team: ['owner', 'admin'],
  tenant: ['owner', 'admin'],
};

/** The tenant and app of the address, and what the person may change there. */
export function useClient() {
  const { tenantId = '', appId = '' } = useParams({ strict: false });
  const { data: me } = useSuspenseQuery(meQuery);
  const role = membershipsOf(me).find((one) => one.tenant_id === tenantId)?.role;
  return {
    tenantId,
    appId,
    me,
    mayChange: (what: Change) => role !== undefined && ALLOWED[what].includes(role),
  };
}
