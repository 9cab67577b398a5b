import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { appsQuery } from '../../api/clientApps';
import { type LiveRoom, listRooms, ROOMS_MS } from '../../api/rooms';
import { useKeysetQuery } from '../../api/useKeysetQuery';
import { IconBroadcast } from '../../icons';
import { type Column, DataTable } from '../../parts/DataTable';
import { EmptyState } from '../../parts/EmptyState';
import { LinkButton } from '../../parts/LinkButton';
import { Page } from '../../parts/Page';
import { RelativeTime } from '../../parts/RelativeTime';
import { TwoLines } from '../../parts/TwoLines';
import { useNumberWords } from '../../parts/useNumberWords';
import { AppFilter } from '../AppFilter';
import { useClient } from '../useClient';
import { useFilters } from '../useFilters';
import { RoomState } from './RoomState';
import { RoomsTabs } from './RoomsTabs';

/** The rooms in which people are now. */
export function RoomsPage(): ReactNode {
  const { t } = useTranslation('rooms');
  const words = useNumberWords();
  const { tenantId: tenant } = useClient();
  const { filters } = useFilters();
  const apps = useQuery(appsQuery(tenant)).data ?? [];
  const list = useKeysetQuery(
    ['tenant', tenant, 'rooms', filters.app],
    (cursor, signal) => listRooms(tenant, filters.app, cursor, signal),
    { everyMs: ROOMS_MS },
  );
  const columns: readonly Column<LiveRoom>[] = [
    {
      key: 'room',
      header: t('room'),
      cell: ({ app_id, app_name, room }) => {
        const link = (
          <Link
            to="/t/$tenantId/rooms/$appId/$room"
            params={{ tenantId: tenant, appId: app_id, room }}
            data-row-link
          >
            {room}
          </Link>
        );
        return apps.length > 1 ? <TwoLines first={link} second={app_name} /> : link;
      },
    },
    {
      key: 'participants',
      header: t('participants'),
      align: 'end',
      cell: ({ participants }) => words.count(participants),
    },
    { key: 'state', header: t('state'), priority: 2, cell: (room) => <RoomState room={room} /> },
    {
      key: 'started',
      header: t('started'),
      cell: ({ started_at }) => <RelativeTime at={started_at} />,
    },
  ];
  return (
    <Page title={t('heading')} lead={t('lead')} tabs={<RoomsTabs />} filters={<AppFilter />}>
      <DataTable
        label={t('heading')}
        columns={columns}
        list={list}
        rowKey={({ call_id }) => call_id}
        empty={
          <EmptyState
            icon={<IconBroadcast />}
            title={t('empty_title')}
            action={
              <LinkButton variant="default" to="/t/$tenantId/calls" params={{ tenantId: tenant }}>
                {t('to_calls')}
              </LinkButton>
            }
          >
            {t('empty_text')}
          </EmptyState>
        }
      />
    </Page>
  );
}
