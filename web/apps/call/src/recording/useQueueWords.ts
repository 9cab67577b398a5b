import type { RecordingView } from '@jumpa/sdk';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** Says of a recording that has not begun what it waits for, and until when as far as that is known. */
export function useQueueWords(): (recording: RecordingView) => string {
  const { t, i18n } = useTranslation();
  return useCallback(
    (recording) => {
      const { queue } = recording;
      if (!queue) {
        return recording.kind === 'stream' ? t('recording.live_starting') : t('recording.starting');
      }
      const { place, expectedAtMs } = queue;
      if (expectedAtMs === undefined) return t('recording.queued', { place });
      const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: 'short' });
      return t('recording.queued_until', { place, time: time.format(expectedAtMs) });
    },
    [t, i18n.language],
  );
}
