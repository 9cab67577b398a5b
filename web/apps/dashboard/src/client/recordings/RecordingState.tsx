import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Recording, RecordingState as State } from '../../api/recordings';
import {
  IconAlertTriangle,
  IconCheck,
  IconClock,
  IconFileText,
  IconRecord,
  IconRefresh,
  IconTrash,
  IconUpload,
} from '../../icons';
import { TwoLines } from '../../parts/TwoLines';
import { useNumberWords } from '../../parts/useNumberWords';
import styles from './RecordingState.module.css';
import { useQueueWords } from './useQueueWords';

type Tone = 'good' | 'attention' | 'danger' | 'neutral' | 'info';
type Icon = typeof IconCheck;

const LOOKS: Readonly<Record<State, { readonly tone: Tone; readonly icon: Icon }>> = {
  queued: { tone: 'neutral', icon: IconClock },
  starting: { tone: 'info', icon: IconRefresh },
  active: { tone: 'danger', icon: IconRecord },
  finalising: { tone: 'info', icon: IconFileText },
  uploading: { tone: 'info', icon: IconUpload },
  ready: { tone: 'good', icon: IconCheck },
  failed: { tone: 'danger', icon: IconAlertTriangle },
};

/** How far a recording is; of one that waits also until when, and of a failed one why. */
export function RecordingState({ recording }: { recording: Recording }): ReactNode {
  const { t } = useTranslation('recordings');
  const words = useNumberWords();
  const waits = useQueueWords();
  const { state, failure, queue, composed_ms, duration_ms } = recording;
  if (recording.purged_at) return <Sign tone="neutral" icon={IconTrash} text={t('removed')} />;
  if (recording.deleted_at) return <Sign tone="neutral" icon={IconTrash} text={t('deleted')} />;
  if (recording.is_interrupted) {
    return (
      <TwoLines
        first={<Sign tone="attention" icon={IconAlertTriangle} text={t('interrupted')} />}
        second={<span className={styles.why}>{t('interrupted_why')}</span>}
      />
    );
  }
  if (state === 'active' && recording.is_stopping) {
    return <Sign tone="info" icon={IconFileText} text={t('stopping')} />;
  }
  if (state === 'finalising' && composed_ms !== null) {
    // What is made of the tracks may go on for longer than the call did.
    const share = Math.min(composed_ms / Math.max(duration_ms ?? 0, composed_ms, 1), 1);
    return (
      <TwoLines
        first={<Sign {...LOOKS.finalising} text={t('composing')} />}
        second={t('composed', { share: words.wholeShare(share) })}
      />
    );
  }
  const sign = <Sign {...LOOKS[state]} text={t(`state.${state}`)} />;
  if (state === 'queued' && queue) return <TwoLines first={sign} second={waits(queue)} />;
  if (state === 'active' && recording.is_sound_only) {
    return (
      <TwoLines first={sign} second={<span className={styles.why}>{t('sound_only_now')}</span>} />
    );
  }
  if (state !== 'failed' || !failure) return sign;
  const why = <span className={styles.why}>{t(`failure.${failure}`)}</span>;
  return <TwoLines first={sign} second={why} />;
}

function Sign({ tone, icon: Icon, text }: { tone: Tone; icon: Icon; text: string }): ReactNode {
  return (
    <span className={styles.state} data-tone={tone}>
      <Icon aria-hidden="true" />
      {text}
    </span>
  );
}
