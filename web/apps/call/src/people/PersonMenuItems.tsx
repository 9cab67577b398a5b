import type { ParticipantView, SourceKind } from '@jumpa/sdk';
import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallUi } from '../call/CallUiContext';
import {
  IconCrown,
  IconHandOff,
  IconMessage,
  IconMicrophone,
  IconMicrophoneOff,
  IconPencil,
  IconScreenShareOff,
  IconUserX,
  IconVideo,
  IconVideoOff,
} from '../icons';
import { useLocalParticipant } from '../session/RoomContext';
import { useModeration } from './useModeration';

export interface PersonMenuItemsProps {
  person: ParticipantView;
}

/** Acts on one person, in the menus of tiles and of the list. Moderators have more. */
export function PersonMenuItems({ person }: PersonMenuItemsProps): ReactNode {
  const { t } = useTranslation();
  const { dispatch } = useCallUi();
  const local = useLocalParticipant();
  if (person.isLocal) {
    if (person.isVerified) return null;
    return (
      <Menu.Item
        leftSection={<IconPencil aria-hidden="true" />}
        onClick={() => dispatch({ type: 'dialog_opened', dialog: { name: 'rename' } })}
      >
        {t('people.rename')}
      </Menu.Item>
    );
  }
  return (
    <>
      <Menu.Item
        leftSection={<IconMessage aria-hidden="true" />}
        onClick={() => dispatch({ type: 'chat_to_chosen', to: person.id })}
      >
        {t('chat.write_privately')}
      </Menu.Item>
      {local?.isModerator && <ModeratorItems person={person} />}
    </>
  );
}

function ModeratorItems({ person }: PersonMenuItemsProps): ReactNode {
  const { t } = useTranslation();
  const { dispatch } = useCallUi();
  const { run, moderation } = useModeration();
  const mute = (source: SourceKind) => run(() => moderation.mute(person.id, source));
  const ask = (source: SourceKind) => run(() => moderation.askUnmute(person.id, source));
  return (
    <>
      <Menu.Divider />
      {person.microphone === 'live' ? (
        <Menu.Item
          leftSection={<IconMicrophoneOff aria-hidden="true" />}
          onClick={() => mute('microphone')}
        >
          {t('people.mute')}
        </Menu.Item>
      ) : (
        <Menu.Item
          leftSection={<IconMicrophone aria-hidden="true" />}
          onClick={() => ask('microphone')}
        >
          {t('people.ask_unmute')}
        </Menu.Item>
      )}
      {person.camera === 'live' ? (
        <Menu.Item leftSection={<IconVideoOff aria-hidden="true" />} onClick={() => mute('camera')}>
          {t('people.stop_camera')}
        </Menu.Item>
      ) : (
        <Menu.Item leftSection={<IconVideo aria-hidden="true" />} onClick={() => ask('camera')}>
          {t('people.ask_camera')}
        </Menu.Item>
      )}
      {person.screen === 'live' && (
        <Menu.Item
          leftSection={<IconScreenShareOff aria-hidden="true" />}
          onClick={() => mute('screen')}
        >
          {t('people.stop_share')}
        </Menu.Item>
      )}
      {person.handRaisedAtMs !== null && (
        <Menu.Item
          leftSection={<IconHandOff aria-hidden="true" />}
          onClick={() => run(() => moderation.lowerHand(person.id))}
        >
          {t('people.lower_hand')}
        </Menu.Item>
      )}
      <Menu.Item
        leftSection={<IconCrown aria-hidden="true" />}
        onClick={() =>
          run(() => moderation.setRole(person.id, person.isModerator ? 'participant' : 'moderator'))
        }
      >
        {person.isModerator ? t('people.drop_moderator') : t('people.make_moderator')}
      </Menu.Item>
      <Menu.Divider />
      <Menu.Item
        data-tone="danger"
        leftSection={<IconUserX aria-hidden="true" />}
        onClick={() =>
          dispatch({
            type: 'dialog_opened',
            dialog: { name: 'remove', participantId: person.id },
          })
        }
      >
        {t('people.remove')}
      </Menu.Item>
    </>
  );
}
