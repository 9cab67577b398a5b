import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallUi } from '../call/CallUiContext';
import { useIsCompact } from '../call/useMediaQuery';
import { CallMenu } from '../controls/CallMenu';
import { ControlButton } from '../controls/ControlButton';
import { useMediaControls } from '../controls/useMediaControls';
import {
  IconHandStop,
  IconMessage,
  IconPhoneEnd,
  IconScreenShare,
  IconScreenShareOff,
  IconUsers,
} from '../icons';
import { useLocalMedia, useLocalParticipant, useRoom, useRoomPart } from '../session/RoomContext';
import { LayoutMenu } from './LayoutMenu';
import { MoreMenu } from './MoreMenu';
import { ReactionMenu } from './ReactionMenu';
import { SourceButton } from './SourceButton';
import styles from './Toolbar.module.css';

export interface ToolbarProps {
  /** Chat messages that were not read. */
  unread: number;
}

/** The controls of the call: floating at the bottom, full width on phones. */
export function Toolbar({ unread }: ToolbarProps): ReactNode {
  const { t } = useTranslation();
  const isCompact = useIsCompact();
  const { ui, dispatch } = useCallUi();
  const controls = useMediaControls();
  const local = useLocalParticipant();
  const screen = useLocalMedia().screen;
  const isHandUp = local?.handRaisedAtMs != null;

  const chat = (
    <ControlButton
      label={
        ui.panel === 'chat'
          ? t('toolbar.chat_close')
          : unread > 0
            ? t('toolbar.chat_unread', { count: unread })
            : t('toolbar.chat')
      }
      shortcut="C"
      icon={<IconMessage />}
      tone={ui.panel === 'chat' ? 'on' : 'normal'}
      badge={unread > 0 && (unread > 99 ? '99+' : unread)}
      onClick={() => dispatch({ type: 'panel_toggled', panel: 'chat' })}
    />
  );

  return (
    <div className={styles.toolbar} role="toolbar" aria-label={t('call.landmark_toolbar')}>
      <SourceButton source="microphone" />
      <SourceButton source="camera" />
      {!isCompact && (
        <>
          <span className={styles.gap} />
          <ControlButton
            label={screen.isOn ? t('toolbar.share_stop') : t('toolbar.share')}
            shortcut="D"
            icon={screen.isOn ? <IconScreenShareOff /> : <IconScreenShare />}
            tone={screen.isOn ? 'on' : 'normal'}
            aria-busy={screen.isPending}
            onClick={controls.toggleScreen}
          />
          <ReactionMenu />
        </>
      )}
      <ControlButton
        label={isHandUp ? t('toolbar.hand_lower') : t('toolbar.hand_raise')}
        shortcut="R"
        icon={<IconHandStop />}
        tone={isHandUp ? 'attention' : 'normal'}
        onClick={controls.toggleHand}
      />
      {!isCompact && <span className={styles.gap} />}
      {chat}
      {!isCompact && <PeopleButton />}
      {!isCompact && <LayoutMenu />}
      <MoreMenu />
      {!isCompact && <span className={styles.gap} />}
      <LeaveButton />
    </div>
  );
}

function PeopleButton(): ReactNode {
  const { t } = useTranslation();
  const { ui, dispatch } = useCallUi();
  const count = useRoomPart((state) => state.participants.length);
  const waiting = useRoomPart((state) => state.lobby.length);
  const label =
    ui.panel === 'people'
      ? t('toolbar.people_close')
      : waiting > 0
        ? t('toolbar.people_waiting', { count: waiting })
        : t('toolbar.people_count', { count });
  return (
    <ControlButton
      label={label}
      shortcut="P"
      icon={<IconUsers />}
      tone={ui.panel === 'people' ? 'on' : 'normal'}
      badge={ui.panel !== 'people' && waiting > 0 && waiting}
      onClick={() => dispatch({ type: 'panel_toggled', panel: 'people' })}
    />
  );
}

function LeaveButton(): ReactNode {
  const { t } = useTranslation();
  const room = useRoom();
  const { dispatch } = useCallUi();
  const isModerator = useLocalParticipant()?.isModerator ?? false;
  const isAlone = useRoomPart((state) => state.participants.length < 2);
  const leave = () => {
    room.leave();
  };
  if (!isModerator || isAlone) {
    return (
      <ControlButton
        label={t('toolbar.leave_call')}
        icon={<IconPhoneEnd className="hang-up" />}
        tone="danger"
        className={styles.leave ?? ''}
        onClick={leave}
      />
    );
  }
  return (
    <CallMenu
      position="top-end"
      label={t('toolbar.leave_call')}
      target={
        <ControlButton
          label={t('toolbar.leave_call')}
          icon={<IconPhoneEnd className="hang-up" />}
          tone="danger"
          className={styles.leave ?? ''}
        />
      }
    >
      <Menu.Item onClick={leave}>{t('toolbar.leave_call')}</Menu.Item>
      <Menu.Item
        data-tone="danger"
        onClick={() => dispatch({ type: 'dialog_opened', dialog: { name: 'end_call' } })}
      >
        {t('toolbar.end_for_all')}
      </Menu.Item>
    </CallMenu>
  );
}
