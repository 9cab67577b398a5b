import { ApiProblem } from '@jumpa/api-client';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { appsQuery } from '../api/clientApps';
import { IconApps } from '../icons';
import { Card } from '../parts/Card';
import { EmptyState } from '../parts/EmptyState';
import { NoPermission } from '../parts/NoPermission';
import { Page } from '../parts/Page';
import { ProblemNotice } from '../parts/ProblemNotice';
import { SkeletonLines } from '../parts/SkeletonLines';
import { useClient } from './useClient';

export interface WithAppProps {
  /** Drawn when the app of the address is there. */
  children: ReactNode;
}

/** Waits for the app of the address; says when it is not there or may not be seen. */
export function WithApp({ children }: WithAppProps): ReactNode {
  const { t } = useTranslation('client');
  const { tenantId, appId } = useClient();
  const apps = useQuery(appsQuery(tenantId));
  if (apps.data?.some(({ id }) => id === appId)) return children;
  if (apps.isPending) {
    return (
      <Page title={t('app.heading')}>
        <Card>
          <SkeletonLines count={4} />
        </Card>
      </Page>
    );
  }
  const isForbidden = apps.error instanceof ApiProblem && apps.error.code === 'forbidden';
  return (
    <Page title={t('app.heading')}>
      {isForbidden && <NoPermission />}
      {apps.error && !isForbidden && (
        <ProblemNotice
          error={apps.error}
          onRetry={() => {
            apps.refetch().catch(() => undefined);
          }}
        />
      )}
      {!apps.error && (
        <Card>
          <EmptyState icon={<IconApps />} title={t('app.missing_title')}>
            {t('app.missing_text')}
          </EmptyState>
        </Card>
      )}
    </Page>
  );
}
