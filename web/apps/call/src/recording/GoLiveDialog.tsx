import {
  emptyTarget,
  enteredTarget,
  LayoutCards,
  type PictureLayout,
  problemsOf,
  TargetFields,
  type TargetForm,
} from '@jumpa/ui';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogActions, DialogFrame } from '../dialogs/DialogFrame';
import { useRoomPart } from '../session/RoomContext';
import styles from './RecordDialog.module.css';
import { useLayoutNames } from './useLayoutNames';
import { useRecordingControls } from './useRecordingControls';
import { useTargetWords } from './useTargetWords';

export interface GoLiveDialogProps {
  /** The stream that gets more places; absent for a new one. */
  recordingId?: string | undefined;
  onClose: () => void;
}

/**
 * Shows the call outside of it, live.
 *
 * Stream keys live in this dialog alone: they are sent once, are not stored in the browser, and are
 * gone when it closes.
 */
export function GoLiveDialog({ recordingId, onClose }: GoLiveDialogProps): ReactNode {
  const { t } = useTranslation();
  const { start, sendTo } = useRecordingControls();
  const words = useTargetWords();
  const layoutNames = useLayoutNames();
  const running = useRoomPart((state) => state.recordings.find(({ id }) => id === recordingId));
  const [targets, setTargets] = useState<readonly TargetForm[]>([emptyTarget(1, [])]);
  const [layout, setLayout] = useState<PictureLayout>('grid');
  const [hasProblems, setProblems] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const kept = running?.streams.filter(({ state }) => state !== 'ended') ?? [];
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (targets.some((target) => Object.keys(problemsOf(target)).length > 0)) {
      setProblems(true);
      // What is wrong is marked with the next drawing.
      requestAnimationFrame(() =>
        form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(),
      );
      return;
    }
    setBusy(true);
    const entered = targets.map(enteredTarget);
    const sending = recordingId
      ? sendTo(recordingId, [...kept.map(({ id }) => ({ id })), ...entered])
      : start({ kind: 'stream', layout, targets: entered });
    sending.then((isTaken) => isTaken && onClose()).finally(() => setBusy(false));
  };
  return (
    <DialogFrame
      title={recordingId ? t('recording.live_more_title') : t('recording.live_title')}
      size="middle"
      onClose={onClose}
    >
      <form onSubmit={submit} noValidate>
        <div className={styles.form}>
          {!recordingId && <p>{t('recording.live_text')}</p>}
          <TargetFields
            targets={targets}
            most={MOST - kept.length}
            hasProblems={hasProblems}
            words={words}
            onChange={setTargets}
          />
          {!recordingId && (
            <LayoutCards
              label={t('recording.layout_label')}
              value={layout}
              names={layoutNames}
              onChoose={setLayout}
            />
          )}
        </div>
        <DialogActions
          label={recordingId ? t('recording.live_more_action') : t('recording.live_action')}
          isBusy={isBusy}
          onCancel={onClose}
        />
      </form>
    </DialogFrame>
  );
}

/** Most places of one stream; the server takes no more. */
const MOST = 8;
