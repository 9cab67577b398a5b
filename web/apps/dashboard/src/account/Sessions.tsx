import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { revokeOtherSessions, revokeSession, type Session, sessionsQuery } from '../api/account';
import { wholeList } from '../api/wholeList';
import { IconDeviceLaptop } from '../icons';
import { type Column, DataTable } from '../parts/DataTable';
import { EmptyState } from '../parts/EmptyState';
import { ProblemNotice } from '../parts/ProblemNotice';
import { RelativeTime } from '../parts/RelativeTime';
import { Section } from '../parts/Section';
import { StatusDot } from '../parts/StatusDot';
import { TwoLines } from '../parts/TwoLines';
import { browserOf } from './browserOf';

/** Where somebody is signed in, and the way to end it there. */
export function Sessions(): ReactNode {
  const { t } = useTranslation('people');
  const queries = useQueryClient();
  const deviceName = useDeviceName();
  const sessions = useQuery(sessionsQuery);
  const refresh = () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  const end = useMutation({ mutationFn: revokeSession, onSettled: refresh });
  const endOthers = useMutation({ mutationFn: revokeOtherSessions, onSettled: refresh });
  const rows = sessions.data ?? [];
  const error = end.error ?? endOthers.error;
  const columns: readonly Column<Session>[] = [
    {
      key: 'device',
      header: t('sessions.col_device'),
      cell: (one) => <TwoLines first={deviceName(one)} second={one.address ?? '–'} />,
    },
    {
      key: 'seen',
      header: t('sessions.col_seen'),
      cell: (one) =>
        one.is_current ? (
          <StatusDot tone="good">{t('sessions.current')}</StatusDot>
        ) : (
          <RelativeTime at={one.last_seen_at ?? one.created_at} />
        ),
    },
    {
      key: 'created',
      header: t('sessions.col_created'),
      priority: 2,
      cell: (one) => <RelativeTime at={one.created_at} />,
    },
    {
      key: 'end',
      header: t('sessions.col_actions'),
      isHeaderHidden: true,
      align: 'end',
      cell: (one) =>
        !one.is_current && (
          <button
            type="button"
            className="row-action"
            aria-label={t('sessions.end_of', { name: deviceName(one) })}
            onClick={() => end.mutate(one.id)}
          >
            {t('sessions.end')}
          </button>
        ),
    },
  ];
  return (
    <Section
      title={t('sessions.title')}
      lead={t('sessions.lead')}
      action={
        rows.length > 1 && (
          <Button
            variant="default"
            loading={endOthers.isPending}
            onClick={() => endOthers.mutate()}
          >
            {t('sessions.end_others')}
          </Button>
        )
      }
    >
      {error && <ProblemNotice error={error} />}
      <DataTable
        label={t('sessions.title')}
        columns={columns}
        list={wholeList(sessions)}
        rowKey={(one) => one.id}
        empty={<EmptyState icon={<IconDeviceLaptop />} title={t('sessions.title')} />}
      />
    </Section>
  );
}

function useDeviceName(): (session: Session) => string {
  const { t } = useTranslation('people');
  return ({ device }) => {
    const { browser, system } = browserOf(device ?? '');
    if (browser && system) return t('sessions.device', { browser, system });
    return browser ?? system ?? t('sessions.device_unknown');
  };
}
