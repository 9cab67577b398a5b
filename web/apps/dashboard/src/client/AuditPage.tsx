import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { listAuditEvents } from '../api/audit';
import { useKeysetQuery } from '../api/useKeysetQuery';
import { ActFilter } from '../parts/ActFilter';
import { AuditTable } from '../parts/AuditTable';
import { Page } from '../parts/Page';
import { useClient } from './useClient';
import { useFilters } from './useFilters';

/** What people, keys and the operator did in this organisation. */
export function AuditPage(): ReactNode {
  const { t } = useTranslation('client');
  const { tenantId: tenant } = useClient();
  const { filters, setFilters } = useFilters();
  const { action } = filters;
  const list = useKeysetQuery(['tenant', tenant, 'audit', action ?? ''], (cursor, signal) =>
    listAuditEvents(tenant, { action }, cursor, signal),
  );
  return (
    <Page
      title={t('audit.heading')}
      lead={t('audit.lead')}
      filters={<ActFilter action={action} onChoose={(act) => setFilters({ action: act })} />}
    >
      <AuditTable list={list} isFiltered={action !== undefined} />
    </Page>
  );
}
