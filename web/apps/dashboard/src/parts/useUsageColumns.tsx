import { useTranslation } from 'react-i18next';
import type { Column } from './DataTable';
import { useNumberWords } from './useNumberWords';

/** What every row of usage counts, of an app's day or of a customer's month. */
export interface UsageCounts {
  readonly participant_minutes: number;
  readonly calls: number;
  readonly participants: number;
  readonly peak_participants: number;
}

/** The columns that tables of usage have together. */
export function useUsageColumns<Row extends UsageCounts>(): readonly Column<Row>[] {
  const { t } = useTranslation('numbers');
  const words = useNumberWords();
  return [
    {
      key: 'minutes',
      header: t('overview.minutes'),
      align: 'end',
      cell: ({ participant_minutes }) => words.exactMinutes(participant_minutes),
    },
    {
      key: 'calls',
      header: t('overview.calls'),
      align: 'end',
      priority: 2,
      cell: ({ calls }) => words.count(calls),
    },
    {
      key: 'participants',
      header: t('overview.participants'),
      align: 'end',
      priority: 2,
      cell: ({ participants }) => words.count(participants),
    },
    {
      key: 'peak',
      header: t('overview.peak'),
      align: 'end',
      priority: 3,
      cell: ({ peak_participants }) => words.count(peak_participants),
    },
  ];
}
