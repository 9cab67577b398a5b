import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallUi } from '../call/CallUiContext';
import type { Dialog } from '../call/callUi';
import { IconBroadcast, IconListDetails, IconPlayerRecord, IconPlayerStop } from '../icons';
import { useLocalParticipant, useRoomPart } from '../session/RoomContext';
import { isNeeded, isStream } from './recordings';

/** Menu entries with which moderators record and go live; others find there what runs. */
export function RecordingItems(): ReactNode {
  const { t } = useTranslation();
  const { dispatch } = useCallUi();
  const isModerator = useLocalParticipant()?.isModerator ?? false;
  const recordings = useRoomPart((state) => state.recordings);
  const open = (dialog: Dialog) => dispatch({ type: 'dialog_opened', dialog });
  const [only] = recordings;
  return (
    <>
      {isModerator &&
        only &&
        recordings.length === 1 &&
        !isStream(only) &&
        !isNeeded(only, recordings) && (
          <Menu.Item
            leftSection={<IconPlayerStop aria-hidden="true" />}
            onClick={() => open({ name: 'stop_recording', id: only.id })}
          >
            {t('recording.stop')}
          </Menu.Item>
        )}
      {isModerator && recordings.every(isStream) && (
        <Menu.Item
          leftSection={<IconPlayerRecord aria-hidden="true" />}
          onClick={() => open({ name: 'record' })}
        >
          {t('recording.record')}
        </Menu.Item>
      )}
      {isModerator && !recordings.some(isStream) && (
        <Menu.Item
          leftSection={<IconBroadcast aria-hidden="true" />}
          onClick={() => open({ name: 'go_live' })}
        >
          {t('recording.go_live')}
        </Menu.Item>
      )}
      {recordings.length > 0 && (
        <Menu.Item
          leftSection={<IconListDetails aria-hidden="true" />}
          onClick={() => open({ name: 'recordings' })}
        >
          {t('recording.overview')}
        </Menu.Item>
      )}
    </>
  );
}
