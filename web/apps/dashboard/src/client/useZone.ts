import { useQuery } from '@tanstack/react-query';
import { tenantQuery } from '../api/tenant';
import { useClient } from './useClient';

/** The clock of the tenant, an IANA name; `undefined` until it is known. */
export function useZone(): string | undefined {
  return useQuery(tenantQuery(useClient().tenantId)).data?.time_zone;
}
