import { Menu } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallUi } from '../call/CallUiContext';
import { useIsCompact } from '../call/useMediaQuery';
import { CallMenu } from '../controls/CallMenu';
import { ControlButton } from '../controls/ControlButton';
import { useMediaControls } from '../controls/useMediaControls';
import {
  IconActivity,
  IconCameraRotate,
  IconDots,
  IconKeyboard,
  IconMaximize,
  IconMinimize,
  IconScreenShare,
  IconScreenShareOff,
  IconSettings,
  IconUsers,
} from '../icons';
import { RecordingItems } from '../recording/RecordingItems';
import { useDevices, useLocalMedia, useRoom, useRoomPart } from '../session/RoomContext';
import { useFullscreen } from '../tile/useFullscreen';
import { LayoutChoices } from './LayoutMenu';
import { ReactionItems } from './ReactionRow';

/** What has no button of its own; on phones also what does not fit. */
export function MoreMenu(): ReactNode {
  const { t } = useTranslation();
  const isCompact = useIsCompact();
  const waiting = useRoomPart((state) => state.lobby.length);
  const [isOpen, setOpen] = useState(false);
  return (
    <CallMenu
      label={t('toolbar.more')}
      opened={isOpen}
      onChange={setOpen}
      target={
        <ControlButton
          label={
            isCompact && waiting > 0
              ? t('toolbar.more_waiting', { count: waiting })
              : t('toolbar.more')
          }
          icon={<IconDots />}
          hasTip={!isOpen}
          badge={isCompact && waiting > 0 && waiting}
        />
      }
    >
      {isCompact && <CompactItems />}
      <CommonItems />
    </CallMenu>
  );
}

function CompactItems(): ReactNode {
  const { t } = useTranslation();
  const room = useRoom();
  const { dispatch } = useCallUi();
  const { toggleScreen } = useMediaControls();
  const { screen, camera } = useLocalMedia();
  const count = useRoomPart((state) => state.participants.length);
  const waiting = useRoomPart((state) => state.lobby.length);
  const hasCameras = useDevices().cameras.length > 1;
  const canShare = typeof navigator.mediaDevices?.getDisplayMedia === 'function';
  return (
    <>
      <ReactionItems />
      <Menu.Divider />
      <Menu.Item
        leftSection={<IconUsers aria-hidden="true" />}
        onClick={() => dispatch({ type: 'panel_toggled', panel: 'people' })}
      >
        {waiting > 0
          ? t('toolbar.people_waiting', { count: waiting })
          : t('toolbar.people_count', { count })}
      </Menu.Item>
      {canShare && (
        <Menu.Item
          leftSection={
            screen.isOn ? (
              <IconScreenShareOff aria-hidden="true" />
            ) : (
              <IconScreenShare aria-hidden="true" />
            )
          }
          onClick={toggleScreen}
        >
          {screen.isOn ? t('toolbar.share_stop') : t('toolbar.share')}
        </Menu.Item>
      )}
      {camera.isOn && hasCameras && (
        <Menu.Item
          leftSection={<IconCameraRotate aria-hidden="true" />}
          onClick={() => {
            // The camera keeps its side when the other one does not start; its state says why.
            room.local.flipCamera().catch(() => undefined);
          }}
        >
          {t('device.flip_camera')}
        </Menu.Item>
      )}
      <Menu.Divider />
      <Menu.Label>{t('toolbar.layout')}</Menu.Label>
      <LayoutChoices />
      <Menu.Divider />
    </>
  );
}

function CommonItems(): ReactNode {
  const { t } = useTranslation();
  const isCompact = useIsCompact();
  const { dispatch } = useCallUi();
  const fullscreen = useFullscreen();
  return (
    <>
      <RecordingItems />
      {fullscreen.isPossible && (
        <Menu.Item
          leftSection={
            fullscreen.isFull ? (
              <IconMinimize aria-hidden="true" />
            ) : (
              <IconMaximize aria-hidden="true" />
            )
          }
          onClick={fullscreen.toggle}
        >
          {fullscreen.isFull ? t('toolbar.exit_fullscreen') : t('toolbar.fullscreen')}
        </Menu.Item>
      )}
      <Menu.Item
        leftSection={<IconSettings aria-hidden="true" />}
        onClick={() => dispatch({ type: 'dialog_opened', dialog: { name: 'settings' } })}
      >
        {t('toolbar.settings')}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconActivity aria-hidden="true" />}
        onClick={() =>
          dispatch({ type: 'dialog_opened', dialog: { name: 'settings', tab: 'connection' } })
        }
      >
        {t('toolbar.connection')}
      </Menu.Item>
      {!isCompact && (
        <Menu.Item
          leftSection={<IconKeyboard aria-hidden="true" />}
          onClick={() => dispatch({ type: 'dialog_opened', dialog: { name: 'shortcuts' } })}
        >
          {t('toolbar.shortcuts')}
        </Menu.Item>
      )}
    </>
  );
}
