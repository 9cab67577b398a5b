import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type AppChange, changeApp } from '../api/clientApps';
import { useApp } from './useApp';

/** Changes settings of the app of the address. */
export function useChangeApp() {
  const { tenantId, app } = useApp();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: AppChange) => changeApp(tenantId, app.id, change),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tenant', tenantId] }),
  });
}
