import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { listOperatorAudit, operatorTenantQuery } from '../api/operator';
import { useKeysetQuery } from '../api/useKeysetQuery';
import { useFilters } from '../client/useFilters';
import { IconX } from '../icons';
import { ActFilter } from '../parts/ActFilter';
import { AuditTable } from '../parts/AuditTable';
import { Page } from '../parts/Page';

/** What was done on the whole platform. */
export function OperatorAuditPage(): ReactNode {
  const { t } = useTranslation('operator');
  const { filters, setFilters } = useFilters();
  const { action, tenant_id } = filters;
  const list = useKeysetQuery(
    ['operator', 'audit', tenant_id ?? '', action ?? ''],
    (cursor, signal) => listOperatorAudit({ action, tenant_id }, { cursor, signal }),
  );
  return (
    <Page
      title={t('audit.heading')}
      lead={t('audit.lead')}
      filters={
        <>
          <ActFilter action={action} onChoose={(act) => setFilters({ action: act })} />
          {tenant_id && (
            <TenantFilter
              tenantId={tenant_id}
              onClear={() => setFilters({ tenant_id: undefined })}
            />
          )}
        </>
      }
    >
      <AuditTable list={list} isFiltered={action !== undefined || tenant_id !== undefined} />
    </Page>
  );
}

/** Only acts of one customer; a press shows all again. */
function TenantFilter({ tenantId, onClear }: { tenantId: string; onClear: () => void }): ReactNode {
  const { t } = useTranslation('operator');
  const name = useQuery(operatorTenantQuery(tenantId)).data?.name ?? tenantId;
  return (
    <Button
      variant="light"
      rightSection={<IconX size={16} aria-hidden="true" />}
      aria-label={t('audit.clear_client', { name })}
      onClick={onClear}
    >
      {name}
    </Button>
  );
}
