import type { RoomState } from '@jumpa/sdk';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallUi } from '../call/CallUiContext';
import { spokenDuration } from '../i18n/duration';
import {
  IconDoor,
  IconHandStop,
  IconMessage,
  IconMicrophoneOff,
  IconScreenShare,
  IconVideoOff,
} from '../icons';
import { useRoom } from '../session/RoomContext';
import { useAnnounce } from './Announcer';
import { useToasts } from './ToastContext';

/** Joins and leaves closer together than this become one notice, milliseconds. */
const GROUP_MS = 4_000;

/** Shows and announces what others do; never what one did oneself. */
export function useRoomNotices(): void {
  const room = useRoom();
  const { t, i18n } = useTranslation();
  const { show, dismissGroup } = useToasts();
  const announce = useAnnounce();
  const { ui, dispatch } = useCallUi();
  const panel = useRef(ui.panel);
  panel.current = ui.panel;

  useEffect(() => {
    // What a panel shows need not be told above it.
    if (ui.panel !== null) dismissGroup(ui.panel === 'chat' ? 'chat' : 'lobby');
  }, [ui.panel, dismissGroup]);

  useEffect(() => {
    const nameOf = (id: string) =>
      room.state.participants.find((person) => person.id === id)?.name ?? '';
    const joined = new Burst();
    const left = new Burst();
    const stops = [
      room.on('participantJoined', ({ participant }) => {
        const count = joined.add();
        const { name } = participant;
        const text =
          count > 1 ? t('toast.joined_several', { name, count }) : t('toast.joined', { name });
        show({ text, group: 'joined' });
        announce(t('announce.joined', { name }));
      }),
      room.on('participantLeft', ({ participant, reason }) => {
        const { name } = participant;
        const count = left.add();
        const text =
          reason === 'removed'
            ? t('toast.removed', { name })
            : reason === 'connection_lost'
              ? t('toast.lost', { name })
              : count > 1
                ? t('toast.left_several', { name, count })
                : t('toast.left', { name });
        show({ text, group: 'left' });
        announce(t('announce.left', { name }));
      }),
      room.on('handRaised', ({ participantId }) => {
        if (participantId === room.state.localId) return;
        const name = nameOf(participantId);
        show({
          text: t('toast.hand', { name }),
          tone: 'attention',
          icon: <IconHandStop />,
          group: 'hand',
        });
        announce(t('announce.hand_up', { name }));
      }),
      room.on('chatReceived', ({ entry }) => {
        if (entry.isOwn) return;
        const words = { name: entry.fromName, text: entry.text };
        announce(t('announce.chat', words));
        if (panel.current === 'chat') return;
        show({
          title: entry.to ? t('toast.chat_private', { name: entry.fromName }) : entry.fromName,
          text: entry.text,
          icon: <IconMessage />,
          group: 'chat',
          action: {
            label: t('toast.open'),
            run: () => dispatch({ type: 'panel_opened', panel: 'chat' }),
          },
        });
      }),
      room.on('lobbyKnocked', ({ entry }) => {
        announce(t('toast.knock', { name: entry.name }));
        if (panel.current === 'people') return;
        show({
          title: entry.name,
          text: t('toast.knock_text'),
          tone: 'attention',
          icon: <IconDoor />,
          group: 'lobby',
          action: {
            label: t('toast.view'),
            run: () => dispatch({ type: 'panel_opened', panel: 'people' }),
          },
        });
      }),
      room.on('mutedByModerator', ({ source, by }) => {
        if (source === 'screen_audio') return;
        const text = t(`toast.muted_${source}`, { name: nameOf(by) });
        show({
          text,
          tone: 'attention',
          icon: source === 'microphone' ? <IconMicrophoneOff /> : <IconVideoOff />,
          group: 'muted',
        });
        announce(text);
      }),
      room.on('unmuteAsked', ({ source, by }) => {
        dispatch({ type: 'dialog_opened', dialog: { name: 'asked', source, by } });
      }),
      room.on('reconnecting', () => announce(t('announce.reconnecting'))),
      room.on('reconnected', ({ afterMs }) => {
        show({
          text: t('toast.reconnected', { duration: spokenDuration(afterMs, i18n.language) }),
          group: 'connection',
        });
        announce(t('announce.reconnected'));
      }),
      room.on('deviceLost', ({ source, deviceId }) => {
        const device = source === 'microphone' ? t('device.microphone') : t('device.camera');
        const text = deviceId
          ? t('device.lost_switched', { device })
          : t('device.lost_off', { device });
        show({ text, tone: 'attention', group: `device_${source}` });
        announce(text);
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [room, t, i18n, show, announce, dispatch]);

  useStateNotices();
}

/** Notices of changes that have no event: who shares, and the own rights. */
function useStateNotices(): void {
  const room = useRoom();
  const { t } = useTranslation();
  const { show, dismissGroup } = useToasts();
  const announce = useAnnounce();

  useEffect(() => {
    let last = seen(room.state);
    return room.subscribe(() => {
      const next = seen(room.state);
      if (last.isLobbyUsed && !next.isLobbyUsed) dismissGroup('lobby');
      for (const [id, name] of next.sharing) {
        if (last.sharing.has(id)) continue;
        const text = t('toast.sharing', { name });
        show({ text, icon: <IconScreenShare />, group: 'sharing' });
        announce(text);
      }
      if (last.isModerator !== null && next.isModerator !== null) {
        if (next.isModerator && !last.isModerator) show({ text: t('toast.now_moderator') });
        if (!next.isModerator && last.isModerator) show({ text: t('toast.no_longer_moderator') });
      }
      last = next;
    });
  }, [room, t, show, dismissGroup, announce]);
}

function seen(state: RoomState): {
  readonly sharing: ReadonlyMap<string, string>;
  readonly isModerator: boolean | null;
  readonly isLobbyUsed: boolean;
} {
  const sharing = state.participants.filter(
    (person) => !person.isLocal && person.screen === 'live',
  );
  return {
    sharing: new Map(sharing.map((person) => [person.id, person.name])),
    isModerator: state.participants.find((person) => person.isLocal)?.isModerator ?? null,
    isLobbyUsed: state.lobby.length > 0,
  };
}

/** Counts what happens in one short stretch of time. */
class Burst {
  #count = 0;
  #lastMs = Number.NEGATIVE_INFINITY;

  /** Counts one more and gives how many there were without a pause. */
  add(): number {
    const now = performance.now();
    this.#count = now - this.#lastMs > GROUP_MS ? 1 : this.#count + 1;
    this.#lastMs = now;
    return this.#count;
  }
}
