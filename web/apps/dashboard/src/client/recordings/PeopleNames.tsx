import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListedRecording } from '../../api/recordings';
import { TwoLines } from '../../parts/TwoLines';
import styles from './PeopleNames.module.css';

/** Names that stand in full; the others are counted. */
const SHOWN = 2;

/** Who was in a recorded call: the first names, and how many more there were. */
export function PeopleNames({
  recording: { participants, participant_count },
}: {
  recording: ListedRecording;
}): ReactNode {
  const { t, i18n } = useTranslation('recordings');
  if (participants.length === 0) return '–';
  const list = new Intl.ListFormat(i18n.language, { type: 'unit' });
  const others = participant_count - Math.min(participants.length, SHOWN);
  const names = (
    <span className={styles.names} title={list.format(participants)}>
      {list.format(participants.slice(0, SHOWN))}
    </span>
  );
  if (others === 0) return names;
  return <TwoLines first={names} second={t('people_more', { count: others })} />;
}
