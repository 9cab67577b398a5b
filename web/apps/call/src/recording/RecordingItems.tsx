import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallUi } from '../call/CallUiContext';
import { IconPlayerRecord, IconPlayerStop } from '../icons';
import { useLocalParticipant, useRoomPart } from '../session/RoomContext';
import { RECORDED_KIND } from './recordings';

/** Menu entries with which moderators record; nothing for others. */
export function RecordingItems(): ReactNode {
  const { t } = useTranslation();
  const { dispatch } = useCallUi();
  const isModerator = useLocalParticipant()?.isModerator ?? false;
  const recordings = useRoomPart((state) => state.recordings);
  if (!isModerator) return null;
  return (
    <>
      {recordings.map(({ id, kind }) => (
        <Menu.Item
          key={id}
          leftSection={<IconPlayerStop aria-hidden="true" />}
          onClick={() =>
            dispatch({ type: 'dialog_opened', dialog: { name: 'stop_recording', id } })
          }
        >
          {recordings.length === 1 ? t('recording.stop') : t(`recording.stop_kind.${kind}`)}
        </Menu.Item>
      ))}
      {!recordings.some(({ kind }) => kind === RECORDED_KIND) && (
        <Menu.Item
          leftSection={<IconPlayerRecord aria-hidden="true" />}
          onClick={() => dispatch({ type: 'dialog_opened', dialog: { name: 'record' } })}
        >
          {t('recording.record')}
        </Menu.Item>
      )}
    </>
  );
}
