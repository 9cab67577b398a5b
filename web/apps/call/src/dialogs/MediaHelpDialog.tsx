import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { mediaHelpKeys } from '../devices/mediaHelp';
import { useLocalMedia, useRoom } from '../session/RoomContext';
import { DialogActions, DialogFrame } from './DialogFrame';

export interface MediaHelpDialogProps {
  source: 'microphone' | 'camera' | 'screen';
  onClose: () => void;
}

/** Why a source did not start, and what to do. */
export function MediaHelpDialog({ source, onClose }: MediaHelpDialogProps): ReactNode {
  const { t } = useTranslation();
  const room = useRoom();
  const error = useLocalMedia()[source].error ?? 'unknown';
  const keys = mediaHelpKeys(error, source, navigator.userAgent);
  const retry = () => {
    onClose();
    const attempts = {
      microphone: () => room.local.setMicrophone(true),
      camera: () => room.local.setCamera(true),
      screen: () => room.local.setScreen(true, { audio: true }),
    };
    // When it fails again the button of the source shows so and leads back here.
    attempts[source]().catch(() => undefined);
  };
  return (
    <DialogFrame title={String(t(keys.title))} onClose={onClose}>
      <p>{String(t(keys.help))}</p>
      <DialogActions
        label={t('common.try_again')}
        cancelLabel={t('common.close')}
        onCancel={onClose}
        onConfirm={retry}
      />
    </DialogFrame>
  );
}
