import { Checkbox } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import '@mantine/core/styles/Checkbox.layer.css';
import { useTranslation } from 'react-i18next';
import { useModeration } from '../people/useModeration';
import { useRoomPart } from '../session/RoomContext';
import { DialogActions, DialogFrame } from './DialogFrame';

export interface RemoveDialogProps {
  participantId: string;
  onClose: () => void;
}

/** Asks before somebody is taken out of the call. */
export function RemoveDialog({ participantId, onClose }: RemoveDialogProps): ReactNode {
  const { t } = useTranslation();
  const { run, moderation } = useModeration();
  const [ban, setBan] = useState(false);
  const name = useRoomPart(
    (state) => state.participants.find((person) => person.id === participantId)?.name ?? '',
  );
  const remove = () => {
    run(() => moderation.remove(participantId, { ban }));
    onClose();
  };
  return (
    <DialogFrame title={t('confirm.remove_title', { name })} onClose={onClose}>
      <p>{t('confirm.remove_text', { name })}</p>
      <Checkbox
        mt={16}
        label={t('confirm.remove_ban')}
        checked={ban}
        onChange={(event) => setBan(event.currentTarget.checked)}
      />
      <DialogActions
        label={t('confirm.remove_action')}
        isDanger
        onCancel={onClose}
        onConfirm={remove}
      />
    </DialogFrame>
  );
}
