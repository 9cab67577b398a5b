import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconVolume } from '../icons';
import { playChime } from './playChime';
import styles from './SpeakerTest.module.css';

export interface SpeakerTestProps {
  /** `null`: the system's own choice. */
  speakerId: string | null;
}

/** Plays a short sound on the chosen speaker. */
export function SpeakerTest({ speakerId }: SpeakerTestProps): ReactNode {
  const { t } = useTranslation();
  const [state, setState] = useState<'idle' | 'playing' | 'failed'>('idle');
  const test = () => {
    setState('playing');
    playChime(speakerId)
      .then(() => setState('idle'))
      .catch(() => setState('failed'));
  };
  return (
    <div className={styles.test}>
      <button type="button" className={styles.button} disabled={state === 'playing'} onClick={test}>
        <IconVolume aria-hidden="true" />
        {state === 'playing' ? t('device.testing_speaker') : t('device.test_speaker')}
      </button>
      <p className={styles.problem} role="status">
        {state === 'failed' ? t('device.test_failed') : ''}
      </p>
    </div>
  );
}
