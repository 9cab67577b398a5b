import { useMutation, useQueryClient } from '@tanstack/react-query';
import {
  changeSettings,
  type PlatformSettingsChange,
  publicPlatformQuery,
  settingsQuery,
} from '../../api/platformSettings';

/** Changes choices of the platform; every screen that shows them asks again. */
export function useChangeSettings() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: PlatformSettingsChange) => changeSettings(change),
    onSuccess: async () => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: settingsQuery.queryKey }),
        queries.invalidateQueries({ queryKey: publicPlatformQuery.queryKey }),
      ]);
    },
  });
}
