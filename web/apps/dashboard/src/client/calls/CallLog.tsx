import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { wholeList } from '../../api/answeredList';
import type { CallEvent, CallParticipant } from '../../api/calls';
import { type Column, DataTable } from '../../parts/DataTable';
import { EmptyState } from '../../parts/EmptyState';
import { Moment } from '../../parts/Moment';
import { Section } from '../../parts/Section';
import { type LogLine, logOf } from './callEvents';

/** Lines that are shown at first, and so many more each time. */
const LINES = 50;

export interface CallLogProps {
  participants: readonly CallParticipant[];
  events: readonly CallEvent[];
  zone: string | undefined;
  /** Whose lines; everybody's without. */
  chosen: string | null;
}

/** What happened in a call, line by line. */
export function CallLog({ participants, events, zone, chosen }: CallLogProps): ReactNode {
  const { t } = useTranslation('numbers');
  const [count, setCount] = useState(LINES);
  const lines = useMemo(
    () =>
      logOf(participants, events, t).filter(
        ({ participantId }) => chosen === null || participantId === chosen,
      ),
    [participants, events, t, chosen],
  );
  const columns: readonly Column<LogLine>[] = [
    {
      key: 'at',
      header: t('log.at'),
      cell: ({ at }) => <Moment at={at} zone={zone} show="time" />,
    },
    { key: 'who', header: t('log.who'), cell: ({ name }) => name },
    { key: 'what', header: t('log.what'), cell: ({ text }) => text },
  ];
  return (
    <Section title={t('log.heading')}>
      <DataTable
        label={t('log.heading')}
        columns={columns}
        list={{
          ...wholeList(lines.slice(0, count)),
          hasMore: lines.length > count,
          loadMore: () => setCount(count + LINES),
        }}
        rowKey={({ id }) => id}
        empty={<EmptyState title={t('log.empty')} />}
      />
    </Section>
  );
}
