import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallParticipant, Hint } from '../../api/calls';
import { IconAlertTriangle } from '../../icons';
import { Card } from '../../parts/Card';
import { useNumberWords } from '../../parts/useNumberWords';
import styles from './CallPage.module.css';

const CODES = [
  'packet_loss',
  'slow_path',
  'jitter',
  'low_bandwidth',
  'concealed_sound',
  'tcp_path',
  'frozen_video',
  'reconnections',
] as const;

export interface StandoutsProps {
  participants: readonly CallParticipant[];
  /** Shows the charts of one participant. */
  onChoose: (participantId: string) => void;
}

/** What explains the quality of a call, in words, with what helps against it. */
export function Standouts({ participants, onChoose }: StandoutsProps): ReactNode {
  const { t } = useTranslation('numbers');
  const found = participants.flatMap((participant) =>
    participant.hints.flatMap((hint) => {
      const code = CODES.find((candidate) => candidate === hint.code);
      return code ? [{ participant, hint, code }] : [];
    }),
  );
  const isMeasured = participants.some(({ quality }) => quality !== 'unknown');
  if (found.length === 0) {
    return <p className={styles.note}>{isMeasured ? t('standout.none') : t('standout.unknown')}</p>;
  }
  return (
    <Card title={t('standout.heading')}>
      <ul className={styles.standouts}>
        {found.map(({ participant, hint, code }) => (
          <li key={`${participant.participant_id} ${code}`}>
            <IconAlertTriangle aria-hidden="true" />
            <p className={styles.what}>
              <button type="button" onClick={() => onChoose(participant.participant_id)}>
                {participant.name}
              </button>
              : <HintText code={code} hint={hint} />
            </p>
            <p className={styles.advice}>{t(`advice.${code}`)}</p>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function HintText({ code, hint }: { code: (typeof CODES)[number]; hint: Hint }): ReactNode {
  const { t } = useTranslation('numbers');
  const words = useNumberWords();
  const { share, count } = hint.params;
  return code === 'frozen_video' || code === 'reconnections'
    ? t(`hint.${code}`, { count: count ?? 0 })
    : t(`hint.${code}`, { share: words.wholeShare(share ?? 0) });
}
