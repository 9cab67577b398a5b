import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEvent } from '../api/audit';
import { plannedPage } from '../api/planned';
import { useKeysetQuery } from '../api/useKeysetQuery';
import { AuditTable } from '../parts/AuditTable';
import { Page } from '../parts/Page';
import { useClient } from './useClient';

/** What people, keys and the operator did in this organisation. */
export function AuditPage(): ReactNode {
  const { t } = useTranslation('client');
  const { tenantId: tenant } = useClient();
  const list = useKeysetQuery(
    ['tenant', tenant, 'audit'],
    plannedPage<AuditEvent>('/v1/audit', { tenant }),
  );
  return (
    <Page title={t('audit.heading')} lead={t('audit.lead')}>
      <AuditTable list={list} />
    </Page>
  );
}
