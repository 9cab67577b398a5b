import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useModeration } from '../people/useModeration';
import { DialogActions, DialogFrame } from './DialogFrame';

/** Asks before all microphones close. */
export function MuteAllDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { run, moderation } = useModeration();
  return (
    <DialogFrame title={t('confirm.mute_all_title')} onClose={onClose}>
      <p>{t('confirm.mute_all_text')}</p>
      <DialogActions
        label={t('confirm.mute_all_action')}
        onCancel={onClose}
        onConfirm={() => {
          run(() => moderation.muteAll('microphone'));
          onClose();
        }}
      />
    </DialogFrame>
  );
}
