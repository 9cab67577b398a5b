import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { appsQuery } from '../../api/clientApps';
import type { Overview } from '../../api/numbers';
import { BarList } from '../../parts/BarList';
import { Card } from '../../parts/Card';
import { useNumberWords } from '../../parts/useNumberWords';
import { useClient } from '../useClient';

/** The rooms with most minutes, and what people call with. */
export function TopLists({ overview }: { overview: Overview }): ReactNode {
  const { t } = useTranslation('numbers');
  const words = useNumberWords();
  const { tenantId } = useClient();
  const apps = useQuery(appsQuery(tenantId)).data ?? [];
  const nameOf = (app: string) => apps.find(({ id }) => id === app)?.name ?? app;
  return (
    <>
      <Card title={t('overview.top_rooms')}>
        <BarList
          label={t('overview.top_rooms')}
          nameHeader={t('overview.room')}
          noteHeader={t('overview.calls')}
          valueHeader={t('overview.minutes')}
          format={words.minutes}
          rows={overview.top_rooms.map((room) => ({
            key: `${room.app_id}/${room.room}`,
            name: (
              <Link
                to="/t/$tenantId/calls"
                params={{ tenantId }}
                search={{ app: room.app_id, room: room.room }}
              >
                {room.room}
              </Link>
            ),
            value: room.participant_minutes,
            ...(apps.length > 1 && { detail: nameOf(room.app_id) }),
            note: words.count(room.calls),
          }))}
        />
      </Card>
      <Card title={t('overview.clients')}>
        <BarList
          label={t('overview.clients')}
          nameHeader={t('overview.browser')}
          noteHeader={t('overview.system')}
          valueHeader={t('overview.participants')}
          format={words.count}
          rows={overview.clients.map(({ browser, os, participants }) => ({
            key: `${browser} ${os}`,
            name: browser || t('overview.other_client'),
            note: os,
            value: participants,
          }))}
        />
      </Card>
    </>
  );
}
