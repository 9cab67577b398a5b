import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRecordingControls } from '../recording/useRecordingControls';
import { DialogActions, DialogFrame } from './DialogFrame';

/** Asks before the call is recorded, and says what others will see of it. */
export function RecordDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { start } = useRecordingControls();
  const [isBusy, setBusy] = useState(false);
  return (
    <DialogFrame title={t('recording.record_title')} onClose={onClose}>
      <p>{t('recording.record_text')}</p>
      <DialogActions
        label={t('recording.record_action')}
        isBusy={isBusy}
        onCancel={onClose}
        onConfirm={() => {
          setBusy(true);
          start().then(onClose);
        }}
      />
    </DialogFrame>
  );
}
