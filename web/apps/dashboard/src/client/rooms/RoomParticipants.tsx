import { Menu } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { answeredList } from '../../api/answeredList';
import {
  admitParticipant,
  type LiveParticipant,
  type MutedSource,
  muteParticipant,
  type RoomPlace,
  roomKey,
  roomParticipantsQuery,
} from '../../api/rooms';
import {
  IconDotsVertical,
  IconMicrophone,
  IconMicrophoneOff,
  IconScreenShare,
  IconUsers,
  IconVideo,
  IconVideoOff,
} from '../../icons';
import { type Column, DataTable } from '../../parts/DataTable';
import { EmptyState } from '../../parts/EmptyState';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { RelativeTime } from '../../parts/RelativeTime';
import { StatusDot } from '../../parts/StatusDot';
import { TwoLines } from '../../parts/TwoLines';
import { ChoiceMenu } from '../../shell/ChoiceMenu';
import type { Open } from './RoomPage';
import styles from './RoomPage.module.css';

const CONNECTION_TONES = {
  connecting: 'neutral',
  connected: 'good',
  reconnecting: 'danger',
} as const;

export interface RoomParticipantsProps {
  place: RoomPlace;
  /** Whether the person may do something about the others. */
  isHost: boolean;
  onOpen: (open: Open) => void;
}

/** Who is in a room now and who waits at its door. */
export function RoomParticipants({ place, isHost, onOpen }: RoomParticipantsProps): ReactNode {
  const { t } = useTranslation('rooms');
  const queries = useQueryClient();
  const query = useQuery(roomParticipantsQuery(place));
  const act = useMutation({
    mutationFn: (run: () => Promise<void>) => run(),
    onSettled: () => queries.invalidateQueries({ queryKey: roomKey(place) }),
  });
  const mute = (participant: string, source: MutedSource) =>
    act.mutate(() => muteParticipant(place, participant, source));

  const columns: readonly Column<LiveParticipant>[] = [
    {
      key: 'name',
      header: t('name'),
      cell: ({ name, role, subject }) => (
        <TwoLines first={name} second={[t(`role.${role}`), subject].filter(Boolean).join(' · ')} />
      ),
    },
    {
      key: 'connection',
      header: t('connection'),
      cell: ({ connection, waits_in_lobby }) =>
        waits_in_lobby ? (
          <StatusDot tone="attention">{t('in_lobby')}</StatusDot>
        ) : (
          <StatusDot tone={CONNECTION_TONES[connection]}>
            {t(`connections.${connection}`)}
          </StatusDot>
        ),
    },
    {
      key: 'sends',
      header: t('sends'),
      priority: 2,
      cell: (participant) =>
        participant.waits_in_lobby ? null : <Sources participant={participant} />,
    },
    {
      key: 'joined',
      header: t('joined'),
      priority: 2,
      cell: ({ joined_at }) => <RelativeTime at={joined_at} />,
    },
    {
      key: 'actions',
      header: t('actions'),
      isHeaderHidden: true,
      align: 'end',
      cell: (participant) => isHost && <Actions participant={participant} />,
    },
  ];

  function Actions({ participant }: { participant: LiveParticipant }): ReactNode {
    const { id, name, is_muted, is_sharing_screen, waits_in_lobby } = participant;
    const label = t('actions_of', { name });
    return (
      <ChoiceMenu
        label={label}
        position="bottom-end"
        target={
          <button type="button" className="icon-button" aria-label={label}>
            <IconDotsVertical aria-hidden="true" />
          </button>
        }
      >
        {waits_in_lobby ? (
          <Menu.Item onClick={() => act.mutate(() => admitParticipant(place, id))}>
            {t('admit')}
          </Menu.Item>
        ) : (
          <>
            {!is_muted.microphone && (
              <Menu.Item onClick={() => mute(id, 'microphone')}>{t('mute_microphone')}</Menu.Item>
            )}
            {!is_muted.camera && (
              <Menu.Item onClick={() => mute(id, 'camera')}>{t('mute_camera')}</Menu.Item>
            )}
            {is_sharing_screen && (
              <Menu.Item onClick={() => mute(id, 'screen')}>{t('mute_screen')}</Menu.Item>
            )}
            <Menu.Item onClick={() => onOpen({ kind: 'message_to', participant })}>
              {t('message_to')}
            </Menu.Item>
          </>
        )}
        <Menu.Divider />
        <Menu.Item data-tone="danger" onClick={() => onOpen({ kind: 'remove', participant })}>
          {t('remove')}
        </Menu.Item>
        <Menu.Item data-tone="danger" onClick={() => onOpen({ kind: 'ban', participant })}>
          {t('ban')}
        </Menu.Item>
      </ChoiceMenu>
    );
  }

  return (
    <>
      {act.error && <ProblemNotice error={act.error} />}
      <DataTable
        label={t('participants')}
        columns={columns}
        list={answeredList(query, ({ data }) => data)}
        rowKey={({ id }) => id}
        empty={<EmptyState icon={<IconUsers />} title={t('nobody')} />}
      />
    </>
  );
}

function Sources({ participant }: { participant: LiveParticipant }): ReactNode {
  const { t } = useTranslation('rooms');
  const { is_muted, is_sharing_screen } = participant;
  const microphone = is_muted.microphone ? t('source.microphone_off') : t('source.microphone_on');
  const camera = is_muted.camera ? t('source.camera_off') : t('source.camera_on');
  return (
    <span className={styles.sources}>
      <span role="img" aria-label={microphone} title={microphone}>
        {is_muted.microphone ? <IconMicrophoneOff /> : <IconMicrophone />}
      </span>
      <span role="img" aria-label={camera} title={camera}>
        {is_muted.camera ? <IconVideoOff /> : <IconVideo />}
      </span>
      {is_sharing_screen && (
        <span role="img" aria-label={t('source.screen')} title={t('source.screen')}>
          <IconScreenShare />
        </span>
      )}
    </span>
  );
}
