import type { RecordingWish, StreamTarget } from '@jumpa/sdk';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoom } from '../session/RoomContext';
import { useToasts } from '../toasts/ToastContext';
import { refusalKey } from './recordingWords';

/** Starts, changes and stops recordings; a refusal is told in words. Each says whether it was taken. */
export function useRecordingControls(): {
  readonly start: (wish: RecordingWish) => Promise<boolean>;
  readonly sendTo: (recordingId: string, targets: readonly StreamTarget[]) => Promise<boolean>;
  readonly stop: (recordingId: string) => Promise<boolean>;
} {
  const { t } = useTranslation();
  const { moderation } = useRoom();
  const { show } = useToasts();
  const attempt = useCallback(
    async (act: Promise<void>) => {
      try {
        await act;
        return true;
      } catch (error) {
        show({ tone: 'danger', text: t(refusalKey(error)), group: 'recording' });
        return false;
      }
    },
    [show, t],
  );
  return {
    start: useCallback((wish) => attempt(moderation.startRecording(wish)), [attempt, moderation]),
    sendTo: useCallback(
      (id, targets) => attempt(moderation.setStreamTargets(id, targets)),
      [attempt, moderation],
    ),
    stop: useCallback((id) => attempt(moderation.stopRecording(id)), [attempt, moderation]),
  };
}
