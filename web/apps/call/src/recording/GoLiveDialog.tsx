import {
  emptyTarget,
  enteredTarget,
  LayoutCards,
  MAX_TARGETS,
  Notice,
  type PictureLayout,
  problemsOf,
  TargetFields,
  type TargetForm,
} from '@jumpa/ui';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogActions, DialogFrame } from '../dialogs/DialogFrame';
import { IconBan } from '../icons';
import { useRoomPart } from '../session/RoomContext';
import styles from './RecordDialog.module.css';
import { isNotAllowed } from './recordingWords';
import { StoredPlaces } from './StoredPlaces';
import { useLayoutNames } from './useLayoutNames';
import { useRecordingControls } from './useRecordingControls';
import { useStoredTargets } from './useStoredTargets';
import { useTargetWords } from './useTargetWords';

export interface GoLiveDialogProps {
  /** The stream that gets more places; absent for a new one. */
  recordingId?: string | undefined;
  onClose: () => void;
}

/**
 * Shows the call outside of it, live: where the app has stored, and where somebody enters a key.
 *
 * Stream keys live in this dialog alone: they are sent once, are not stored in the browser, and are
 * gone when it closes.
 */
export function GoLiveDialog({ recordingId, onClose }: GoLiveDialogProps): ReactNode {
  const { t } = useTranslation();
  const { start, sendTo } = useRecordingControls();
  const { stored, askAgain } = useStoredTargets();
  const layoutNames = useLayoutNames();
  const running = useRoomPart((state) => state.recordings.find(({ id }) => id === recordingId));
  const [chosenIds, setChosen] = useState<readonly string[]>([]);
  const [entered, setEntered] = useState<readonly TargetForm[]>([]);
  const [layout, setLayout] = useState<PictureLayout>('grid');
  const [hasProblems, setProblems] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const kept = running?.streams.filter(({ state }) => state !== 'ended') ?? [];
  const known = stored.state === 'ready' ? stored.targets : [];
  const choices = known.filter(({ id }) => kept.every((stream) => stream.id !== id));
  // What was removed meanwhile is not asked for.
  const chosen = chosenIds.filter((id) => choices.some((choice) => choice.id === id));
  const hasChoices = choices.length > 0;
  const isLoading = stored.state === 'loading';
  const targets = entered.length > 0 || hasChoices || isLoading ? entered : [emptyTarget(1, [])];
  const most = MAX_TARGETS - kept.length;
  const words = useTargetWords(hasChoices);
  const isNowhere = chosen.length + targets.length === 0;
  useEffect(() => {
    // The dialog came before there was anything to choose; nobody is taken out of a field.
    if (isLoading || document.activeElement?.matches('input, select')) return;
    form.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
  }, [isLoading]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isNowhere || targets.some((target) => Object.keys(problemsOf(target)).length > 0)) {
      setProblems(true);
      // What is wrong is marked with the next drawing.
      requestAnimationFrame(() =>
        form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(),
      );
      return;
    }
    setBusy(true);
    const wanted = [...chosen.map((id) => ({ id })), ...targets.map(enteredTarget)];
    const sending = recordingId
      ? sendTo(recordingId, [...kept.map(({ id }) => ({ id })), ...wanted])
      : start({ kind: 'stream', layout, targets: wanted });
    // A refusal may mean that a place is not stored any more.
    sending.then((isTaken) => (isTaken ? onClose() : askAgain())).finally(() => setBusy(false));
  };
  const title = recordingId ? t('recording.live_more_title') : t('recording.live_title');
  if (stored.state === 'failed' && isNotAllowed(stored.error)) {
    return (
      <DialogFrame title={title} onClose={onClose}>
        <Notice tone="attention" icon={<IconBan />} title={t('recording.live_not_granted')}>
          {t('recording.live_not_granted_next')}
        </Notice>
      </DialogFrame>
    );
  }
  return (
    <DialogFrame title={title} size="middle" onClose={onClose}>
      <form ref={form} onSubmit={submit} noValidate>
        <div className={styles.form}>
          {!recordingId && <p>{t('recording.live_text')}</p>}
          <StoredPlaces
            state={stored.state}
            choices={choices}
            chosen={chosen}
            most={most - targets.length}
            error={hasProblems && isNowhere ? t('recording.stored.none_chosen') : null}
            onChoose={setChosen}
            onAskAgain={askAgain}
          />
          <TargetFields
            targets={targets}
            least={hasChoices ? 0 : 1}
            most={most - chosen.length}
            hasProblems={hasProblems}
            words={words}
            onChange={setEntered}
          />
          {stored.state === 'ready' && known.length === 0 && (
            <p className={styles.help}>{t('recording.stored.none')}</p>
          )}
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
