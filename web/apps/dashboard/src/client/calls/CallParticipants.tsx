import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { wholeList } from '../../api/answeredList';
import type { CallParticipant } from '../../api/calls';
import { type Column, DataTable } from '../../parts/DataTable';
import { EmptyState } from '../../parts/EmptyState';
import { Section } from '../../parts/Section';
import { TwoLines } from '../../parts/TwoLines';
import { useNumberWords } from '../../parts/useNumberWords';
import { QualityDot } from './QualityDot';

/** Who was in a call: with what, over which path, and how good it was for them. */
export function CallParticipants({
  participants,
}: {
  participants: readonly CallParticipant[];
}): ReactNode {
  const { t } = useTranslation('numbers');
  const words = useNumberWords();
  const columns: readonly Column<CallParticipant>[] = [
    {
      key: 'name',
      header: t('who.name'),
      cell: ({ name, subject, role }) => (
        <TwoLines
          first={name}
          second={[role === 'moderator' ? t('who.moderator') : t('who.participant'), subject]
            .filter(Boolean)
            .join(' · ')}
        />
      ),
    },
    {
      key: 'time',
      header: t('who.time'),
      align: 'end',
      cell: ({ duration_s }) => words.length(duration_s),
    },
    {
      key: 'client',
      header: t('who.client'),
      priority: 2,
      cell: ({ browser, os, via }) => <TwoLines first={browser || via.toUpperCase()} second={os} />,
    },
    {
      key: 'path',
      header: t('who.path'),
      priority: 3,
      cell: ({ transport, codecs }) => (
        <TwoLines
          first={transport?.toUpperCase() ?? '–'}
          second={codecs.map((codec) => codec.replace(/^(?:audio|video)\//, '')).join(', ')}
        />
      ),
    },
    {
      key: 'quality',
      header: t('calls.quality'),
      cell: ({ quality }) => <QualityDot quality={quality} />,
    },
    {
      key: 'mos',
      header: t('who.mos'),
      priority: 2,
      align: 'end',
      cell: ({ mos }) => (mos === null ? '–' : words.minutes(mos)),
    },
  ];
  return (
    <Section title={t('who.heading')} lead={t('who.lead')}>
      <DataTable
        label={t('who.heading')}
        columns={columns}
        list={wholeList(participants)}
        rowKey={({ participant_id }) => participant_id}
        empty={<EmptyState title={t('who.empty')} />}
      />
    </Section>
  );
}
