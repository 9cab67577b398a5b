import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useModeration } from '../people/useModeration';
import { useRoomPart } from '../session/RoomContext';
import { DialogActions, DialogFrame } from './DialogFrame';

/** Asks before the call ends for everybody. */
export function EndCallDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { run, moderation } = useModeration();
  const count = useRoomPart((state) => state.participants.length);
  return (
    <DialogFrame title={t('confirm.end_title')} onClose={onClose}>
      <p>{t('confirm.end_text', { count })}</p>
      <DialogActions
        label={t('confirm.end_action')}
        isDanger
        onCancel={onClose}
        onConfirm={() => {
          run(() => moderation.endCall());
          onClose();
        }}
      />
    </DialogFrame>
  );
}
