import type { SourceKind } from '@jumpa/sdk';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMediaControls } from '../controls/useMediaControls';
import { useRoom, useRoomPart } from '../session/RoomContext';
import { DialogActions, DialogFrame } from './DialogFrame';

export interface AskedDialogProps {
  source: SourceKind;
  /** The id of the moderator who asks. */
  by: string;
  onClose: () => void;
}

/** A moderator asks to switch a source on; nothing opens without the own press. */
export function AskedDialog({ source, by, onClose }: AskedDialogProps): ReactNode {
  const { t } = useTranslation();
  const room = useRoom();
  const controls = useMediaControls();
  const name = useRoomPart(
    (state) => state.participants.find((person) => person.id === by)?.name ?? t('common.moderator'),
  );
  const kind = source === 'screen_audio' ? 'screen' : source;
  const toggles = {
    microphone: controls.toggleMicrophone,
    camera: controls.toggleCamera,
    screen: controls.toggleScreen,
  };
  const accept = () => {
    onClose();
    if (!room.local.state[kind].isOn) toggles[kind]();
  };
  return (
    <DialogFrame title={t(`asked.${kind}_title`, { name })} onClose={onClose}>
      <p>{t(`asked.${kind}_text`)}</p>
      <DialogActions
        label={t(`asked.${kind}_action`)}
        cancelLabel={t('asked.not_now')}
        onCancel={onClose}
        onConfirm={accept}
      />
    </DialogFrame>
  );
}
