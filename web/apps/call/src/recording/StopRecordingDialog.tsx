import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogActions, DialogFrame } from '../dialogs/DialogFrame';
import { spokenDuration } from '../i18n/duration';
import { useNow } from '../i18n/useNow';
import { useRoomPart } from '../session/RoomContext';
import { isStream } from './recordings';
import { useRecordingControls } from './useRecordingControls';

export interface StopRecordingDialogProps {
  recordingId: string;
  onClose: () => void;
}

/** Asks before a recording ends; one that has not begun leaves nothing behind. */
export function StopRecordingDialog({ recordingId, onClose }: StopRecordingDialogProps): ReactNode {
  const { t, i18n } = useTranslation();
  const { stop } = useRecordingControls();
  const now = useNow();
  const recording = useRoomPart((state) => state.recordings.find(({ id }) => id === recordingId));
  const startedAtMs = recording?.startedAtMs ?? null;
  const [isBusy, setBusy] = useState(false);
  const duration = startedAtMs === null ? '' : spokenDuration(now - startedAtMs, i18n.language);
  const end = startedAtMs === null ? 'waiting' : recording && isStream(recording) ? 'live' : 'kept';
  return (
    <DialogFrame title={t(`recording.end.${end}.title`)} onClose={onClose}>
      <p>{t(`recording.end.${end}.text`, { duration })}</p>
      <DialogActions
        label={t(`recording.end.${end}.action`)}
        isDanger
        isBusy={isBusy}
        cancelLabel={t(`recording.end.${end}.not`)}
        onCancel={onClose}
        onConfirm={() => {
          setBusy(true);
          stop(recordingId).finally(onClose);
        }}
      />
    </DialogFrame>
  );
}
