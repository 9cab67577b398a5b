import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LIVE_INTERVAL_MS, listOperatorRooms, type OperatorRoom } from '../api/platform';
import { useKeysetQuery } from '../api/useKeysetQuery';
import { IconLive } from '../icons';
import { type Column, DataTable } from '../parts/DataTable';
import { EmptyState } from '../parts/EmptyState';
import { Page } from '../parts/Page';
import { RelativeTime } from '../parts/RelativeTime';
import { TwoLines } from '../parts/TwoLines';
import { useNumberWords } from '../parts/useNumberWords';

/** The calls that run now, of every customer. */
export function RoomsPage(): ReactNode {
  const { t } = useTranslation('operator');
  const { count } = useNumberWords();
  const list = useKeysetQuery(['operator', 'rooms'], listOperatorRooms, {
    everyMs: LIVE_INTERVAL_MS,
  });
  const columns: readonly Column<OperatorRoom>[] = [
    {
      key: 'room',
      header: t('rooms.col_room'),
      cell: (one) =>
        one.tenant_id === null ? (
          <TwoLines first={one.room} second={one.app_name} />
        ) : (
          <TwoLines
            first={
              <Link
                data-row-link=""
                to="/operator/clients/$tenantId"
                params={{ tenantId: one.tenant_id }}
              >
                {one.room}
              </Link>
            }
            second={one.app_name}
          />
        ),
    },
    {
      key: 'people',
      header: t('rooms.col_people'),
      align: 'end',
      cell: (one) => count(one.participants),
    },
    {
      key: 'started',
      header: t('rooms.col_started'),
      align: 'end',
      cell: (one) => <RelativeTime at={one.started_at} />,
    },
    {
      key: 'node',
      header: t('rooms.col_node'),
      priority: 3,
      align: 'end',
      cell: (one) => <code className="mono">{one.node_id}</code>,
    },
  ];
  return (
    <Page title={t('rooms.heading')} lead={t('rooms.lead')}>
      <DataTable
        label={t('rooms.heading')}
        columns={columns}
        list={list}
        rowKey={(one) => one.call_id}
        empty={
          <EmptyState icon={<IconLive />} title={t('rooms.empty_title')}>
            {t('rooms.empty_text')}
          </EmptyState>
        }
      />
    </Page>
  );
}
