import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { spokenDuration } from '../i18n/duration';
import { useNow } from '../i18n/useNow';
import { useRecordingControls } from '../recording/useRecordingControls';
import { useRoomPart } from '../session/RoomContext';
import { DialogActions, DialogFrame } from './DialogFrame';

export interface StopRecordingDialogProps {
  recordingId: string;
  onClose: () => void;
}

/** Asks before a recording ends; one that has not begun leaves nothing behind. */
export function StopRecordingDialog({ recordingId, onClose }: StopRecordingDialogProps): ReactNode {
  const { t, i18n } = useTranslation();
  const { stop } = useRecordingControls();
  const now = useNow();
  const startedAtMs = useRoomPart(
    (state) => state.recordings.find(({ id }) => id === recordingId)?.startedAtMs ?? null,
  );
  const [isBusy, setBusy] = useState(false);
  const hasBegun = startedAtMs !== null;
  return (
    <DialogFrame
      title={hasBegun ? t('recording.stop_title') : t('recording.cancel_title')}
      onClose={onClose}
    >
      <p>
        {hasBegun
          ? t('recording.stop_text', { duration: spokenDuration(now - startedAtMs, i18n.language) })
          : t('recording.cancel_text')}
      </p>
      <DialogActions
        label={hasBegun ? t('recording.stop_action') : t('recording.cancel_action')}
        isDanger
        isBusy={isBusy}
        cancelLabel={hasBegun ? t('recording.stop_not') : t('recording.cancel_not')}
        onCancel={onClose}
        onConfirm={() => {
          setBusy(true);
          stop(recordingId).then(onClose);
        }}
      />
    </DialogFrame>
  );
}
