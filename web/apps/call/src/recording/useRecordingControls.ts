import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoom } from '../session/RoomContext';
import { useToasts } from '../toasts/ToastContext';
import { RECORDED_KIND } from './recordings';
import { refusalKey } from './recordingWords';

/** Starts and stops recordings; a refusal is told in words. */
export function useRecordingControls(): {
  readonly start: () => Promise<void>;
  readonly stop: (recordingId: string) => Promise<void>;
} {
  const { t } = useTranslation();
  const { moderation } = useRoom();
  const { show } = useToasts();
  const attempt = useCallback(
    async (act: Promise<void>) => {
      try {
        await act;
      } catch (error) {
        show({ tone: 'danger', text: t(refusalKey(error)), group: 'recording' });
      }
    },
    [show, t],
  );
  return {
    start: useCallback(
      () => attempt(moderation.startRecording(RECORDED_KIND)),
      [attempt, moderation],
    ),
    stop: useCallback((id: string) => attempt(moderation.stopRecording(id)), [attempt, moderation]),
  };
}
