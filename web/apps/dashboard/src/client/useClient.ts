import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { meQuery } from '../api/me';
import type { Role } from '../api/tenant';

/** What a screen lets people change; the server decides, this only hides what would be refused. */
export type Change =
  | 'apps'
  | 'keys'
  | 'recordings'
  | 'recordings_kept'
  | 'rooms'
  | 'storage'
  | 'team'
  | 'tenant'
  | 'tokens'
  | 'webhooks';

const MAY_CHANGE: Record<Change, readonly Role[]> = {
  apps: ['owner', 'admin', 'developer'],
  keys: ['owner', 'admin', 'developer'],
  recordings: ['owner', 'admin', 'agent'],
  recordings_kept: ['owner', 'admin'],
  rooms: ['owner', 'admin', 'developer', 'agent'],
  storage: ['owner', 'admin'],
  team: ['owner', 'admin'],
  tenant: ['owner', 'admin'],
  tokens: ['owner', 'admin', 'developer', 'agent'],
  webhooks: ['owner', 'admin', 'developer'],
};

/** What not every member sees. */
export type Sight = 'audit' | 'keys' | 'usage' | 'webhooks';

const MAY_SEE: Record<Sight, readonly Role[]> = {
  audit: ['owner', 'admin'],
  keys: ['owner', 'admin', 'developer'],
  usage: ['owner', 'admin', 'developer', 'viewer'],
  webhooks: ['owner', 'admin', 'developer'],
};

/** Who sees and hears recordings; whoever visits as the operator does not. */
const MAY_PLAY: readonly Role[] = ['owner', 'admin', 'agent'];

/** The tenant and app of the address, and what the person may do there. */
export function useClient() {
  const { tenantId = '', appId = '' } = useParams({ strict: false });
  const { data: me } = useSuspenseQuery(meQuery);
  const membership = me.memberships.find((one) => one.tenant_id === tenantId);
  const role = membership?.role;
  const isSuspended = membership?.tenant_status === 'suspended';
  return {
    tenantId,
    appId,
    me,
    role,
    /** The operator stopped the tenant: it may only look. */
    isSuspended,
    mayChange: (what: Change) =>
      role !== undefined && !isSuspended && MAY_CHANGE[what].includes(role),
    mayPlay: role !== undefined && MAY_PLAY.includes(role),
    /** Whoever is no member is the operator, who sees everything. */
    maySee: (what: Sight) => role === undefined || MAY_SEE[what].includes(role),
  };
}
