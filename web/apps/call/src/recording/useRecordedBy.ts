import type { RecordingView } from '@jumpa/sdk';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoom } from '../session/RoomContext';
import { isStream } from './recordings';

/** Says who records or shows the call: a person, or the app by itself. */
export function useRecordedBy(): (recording: RecordingView) => string {
  const { t } = useTranslation();
  const room = useRoom();
  return useCallback(
    (recording) => {
      const name = recording.startedBy ?? room.state.app?.name ?? t('recording.the_app');
      return isStream(recording) ? t('recording.by_live', { name }) : t('recording.by', { name });
    },
    [t, room],
  );
}
