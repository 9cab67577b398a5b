import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { meQuery } from '../api/me';
import { tenantQuery } from '../api/tenant';

/** The name of an organisation; `undefined` until a visitor's answer is there. */
export function useTenantName(tenantId: string): string | undefined {
  const { data: me } = useSuspenseQuery(meQuery);
  const tenant = useQuery(tenantQuery(tenantId)).data;
  return tenant?.name ?? me.memberships.find((one) => one.tenant_id === tenantId)?.tenant_name;
}
