import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PageTabs } from '../../parts/PageTabs';
import { useClient } from '../useClient';

/** Rooms with a call, and rooms that wait for theirs. */
export function RoomsTabs(): ReactNode {
  const { t } = useTranslation('rooms');
  const { tenantId } = useClient();
  const params = { tenantId };
  return (
    <PageTabs
      label={t('tabs.label')}
      tabs={[
        { to: '/t/$tenantId/rooms', params, label: t('tabs.live') },
        { to: '/t/$tenantId/rooms/prepared', params, label: t('tabs.prepared') },
      ]}
    />
  );
}
