import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import '@mantine/core/styles/Skeleton.layer.css';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import {
  listOperatorAudit,
  listTenantMembers,
  type OperatorTenant,
  operatorTenantQuery,
} from '../api/operator';
import type { Member } from '../api/tenant';
import { useKeysetQuery } from '../api/useKeysetQuery';
import { IconUsers } from '../icons';
import { Answered } from '../parts/Answered';
import { AuditTable } from '../parts/AuditTable';
import { Card } from '../parts/Card';
import { Code } from '../parts/Code';
import { type Column, DataTable } from '../parts/DataTable';
import { EmptyState } from '../parts/EmptyState';
import { Facts } from '../parts/Facts';
import { Page } from '../parts/Page';
import { RelativeTime } from '../parts/RelativeTime';
import { Section } from '../parts/Section';
import { StatusDot } from '../parts/StatusDot';
import { TwoLines } from '../parts/TwoLines';
import { ClientActions } from './ClientActions';
import { ClientApps } from './ClientApps';
import { TenantStateDot } from './TenantStateDot';

/** Everything about one customer: its state, its people, what was done to it. */
export function ClientPage(): ReactNode {
  const { t } = useTranslation('operator');
  const { tenantId } = useParams({ from: '/signed_in/operator/clients/$tenantId' });
  const tenant = useQuery(operatorTenantQuery(tenantId));
  return (
    <Page
      title={tenant.data?.name ?? t('client.heading')}
      parent={<Link to="/operator/clients">{t('clients.heading')}</Link>}
      action={tenant.data && <ClientActions tenant={tenant.data} />}
    >
      <Answered query={tenant} skeleton={<Skeleton height={120} />} failed={t('client.failed')}>
        {(data) => (
          <>
            <ClientFacts tenant={data} />
            <ClientApps tenant={data} />
            <Members tenantId={tenantId} />
            <LastActs tenantId={tenantId} />
          </>
        )}
      </Answered>
    </Page>
  );
}

function ClientFacts({ tenant }: { tenant: OperatorTenant }): ReactNode {
  const { t } = useTranslation('operator');
  return (
    <Card>
      <Facts
        facts={[
          { name: t('clients.col_state'), value: <TenantStateDot tenant={tenant} /> },
          { name: t('client.id'), value: <Code copy={tenant.id} /> },
          { name: t('client.time_zone'), value: tenant.time_zone },
          { name: t('clients.col_created'), value: <RelativeTime at={tenant.created_at} /> },
          ...(tenant.deleted_at && tenant.restorable_until
            ? [
                {
                  name: t('client.restorable_until'),
                  value: <RelativeTime at={tenant.restorable_until} />,
                },
              ]
            : []),
        ]}
      />
    </Card>
  );
}

function Members({ tenantId }: { tenantId: string }): ReactNode {
  const { t } = useTranslation(['operator', 'client']);
  const list = useKeysetQuery(['operator', 'tenant', tenantId, 'members'], (cursor, signal) =>
    listTenantMembers(tenantId, { cursor, signal }),
  );
  const columns: readonly Column<Member>[] = [
    {
      key: 'name',
      header: t('people.col_name'),
      cell: (one) => <TwoLines first={one.name} second={one.email} />,
    },
    { key: 'role', header: t('client.col_role'), cell: (one) => t(`client:role.${one.role}`) },
    {
      key: 'totp',
      header: t('people.col_totp'),
      priority: 2,
      cell: (one) => (
        <StatusDot tone={one.has_totp ? 'good' : 'neutral'}>
          {one.has_totp ? t('people.totp_on') : t('people.totp_off')}
        </StatusDot>
      ),
    },
    {
      key: 'seen',
      header: t('client.col_seen'),
      priority: 2,
      align: 'end',
      cell: (one) =>
        one.last_seen_at ? <RelativeTime at={one.last_seen_at} /> : t('client.never_seen'),
    },
  ];
  return (
    <Section title={t('client.members')}>
      <DataTable
        label={t('client.members')}
        columns={columns}
        list={list}
        rowKey={(one) => one.user_id}
        empty={
          <EmptyState icon={<IconUsers />} title={t('client.no_members_title')}>
            {t('client.no_members_text')}
          </EmptyState>
        }
      />
    </Section>
  );
}

function LastActs({ tenantId }: { tenantId: string }): ReactNode {
  const { t } = useTranslation('operator');
  const list = useKeysetQuery(['operator', 'audit', tenantId, ''], (cursor, signal) =>
    listOperatorAudit({ tenant_id: tenantId }, { cursor, signal }),
  );
  return (
    <Section
      title={t('client.audit')}
      action={
        <Link to="/operator/audit" search={{ tenant_id: tenantId }} className="row-action">
          {t('client.audit_all')}
        </Link>
      }
    >
      <AuditTable list={{ ...list, rows: list.rows.slice(0, LAST_ACTS), hasMore: false }} />
    </Section>
  );
}

/** How many acts the page of a customer shows; the audit log shows the rest. */
const LAST_ACTS = 8;
