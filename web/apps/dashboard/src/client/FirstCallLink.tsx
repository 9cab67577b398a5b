import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { appsQuery } from '../api/clientApps';
import { LinkButton } from '../parts/LinkButton';
import { useClient } from './useClient';

/** The next step where no call was yet: how the first one is made. */
export function FirstCallLink(): ReactNode {
  const { t } = useTranslation('numbers');
  const { tenantId } = useClient();
  const app = useQuery(appsQuery(tenantId)).data?.[0];
  return app ? (
    <LinkButton to="/t/$tenantId/apps/$appId/start" params={{ tenantId, appId: app.id }}>
      {t('overview.empty_start')}
    </LinkButton>
  ) : (
    <LinkButton variant="default" to="/t/$tenantId/apps" params={{ tenantId }}>
      {t('overview.empty_action')}
    </LinkButton>
  );
}
