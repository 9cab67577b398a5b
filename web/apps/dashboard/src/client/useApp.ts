import { useQuery } from '@tanstack/react-query';
import { appsQuery, type ClientApp } from '../api/clientApps';
import { useClient } from './useClient';

/** The app of the address. Only inside `WithApp`, which waits until it is there. */
export function useApp(): ReturnType<typeof useClient> & { readonly app: ClientApp } {
  const client = useClient();
  const app = useQuery(appsQuery(client.tenantId)).data?.find(({ id }) => id === client.appId);
  if (!app) throw new Error('the app of the address is not there');
  return { ...client, app };
}
