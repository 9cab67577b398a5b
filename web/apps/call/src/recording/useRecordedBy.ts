import type { RecordingView } from '@jumpa/sdk';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoom } from '../session/RoomContext';

/** Says who records: a person, or the app by itself. */
export function useRecordedBy(): (recording: RecordingView) => string {
  const { t } = useTranslation();
  const room = useRoom();
  return useCallback(
    ({ startedBy }) =>
      t('recording.by', { name: startedBy ?? room.state.app?.name ?? t('recording.the_app') }),
    [t, room],
  );
}
