import { ApiProblem } from '@jumpa/api-client';
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  endRoom,
  type LiveParticipant,
  type LiveRoom,
  lockRoom,
  type RoomPlace,
  removeParticipant,
  roomKey,
  roomQuery,
} from '../../api/rooms';
import { IconBroadcast } from '../../icons';
import { Answered } from '../../parts/Answered';
import { Card } from '../../parts/Card';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { EmptyState } from '../../parts/EmptyState';
import { LinkButton } from '../../parts/LinkButton';
import { later } from '../../parts/later';
import { Page } from '../../parts/Page';
import { SkeletonLines } from '../../parts/SkeletonLines';
import { useClient } from '../useClient';
import { LockDialog } from './LockDialog';
import { MessageDialog } from './MessageDialog';
import styles from './RoomPage.module.css';
import { RoomParticipants } from './RoomParticipants';
import { RoomState } from './RoomState';

const StartDialog = later(async () => (await import('../recordings/StartDialog')).StartDialog);

/** What is open above the screen. */
export type Open =
  | { readonly kind: 'end' | 'lock' | 'unlock' | 'message' | 'record' }
  | { readonly kind: 'remove' | 'ban' | 'message_to'; readonly participant: LiveParticipant };

/** One running call: who is in it, and what can be done about it from outside. */
export function RoomPage(): ReactNode {
  const { t } = useTranslation('rooms');
  const { tenantId: tenant, appId: app } = useClient();
  const { room = '' } = useParams({ strict: false });
  const place: RoomPlace = { tenant, app, room };
  const query = useQuery(roomQuery(place));
  const isOver = query.error instanceof ApiProblem && query.error.status === 404;
  return (
    <Page
      title={room}
      parent={
        <Link to="/t/$tenantId/rooms" params={{ tenantId: tenant }}>
          {t('heading')}
        </Link>
      }
    >
      {isOver ? (
        <Card>
          <EmptyState
            icon={<IconBroadcast />}
            title={t('over_title')}
            action={
              <LinkButton
                variant="default"
                to="/t/$tenantId/calls"
                params={{ tenantId: tenant }}
                search={{ app, room }}
              >
                {t('to_calls_of_room')}
              </LinkButton>
            }
          >
            {t('over_text')}
          </EmptyState>
        </Card>
      ) : (
        <Answered
          query={query}
          failed={t('failed')}
          skeleton={
            <Card>
              <SkeletonLines count={4} />
            </Card>
          }
        >
          {(live) => <Room place={place} live={live} />}
        </Answered>
      )}
    </Page>
  );
}

function Room({ place, live }: { place: RoomPlace; live: LiveRoom }): ReactNode {
  const { t } = useTranslation(['rooms', 'recordings']);
  const { mayChange } = useClient();
  const queries = useQueryClient();
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const onSuccess = () => {
    close();
    queries.invalidateQueries({ queryKey: roomKey(place) }).catch(() => undefined);
  };
  const end = useMutation({ mutationFn: () => endRoom(place), onSuccess });
  const unlock = useMutation({ mutationFn: () => lockRoom(place, null), onSuccess });
  const remove = useMutation({
    mutationFn: ({ id, isBanned }: { id: string; isBanned: boolean }) =>
      removeParticipant(place, id, isBanned),
    onSuccess,
  });
  const isHost = mayChange('rooms');
  return (
    <>
      <div className={styles.bar}>
        <RoomState room={live} />
        <span className={styles.count}>{t('count', { count: live.participants })}</span>
        {isHost && (
          <div className={styles.actions}>
            {mayChange('recordings') && (
              <Button variant="default" onClick={() => setOpen({ kind: 'record' })}>
                {t('recordings:start.open')}
              </Button>
            )}
            <Button variant="default" onClick={() => setOpen({ kind: 'message' })}>
              {t('message')}
            </Button>
            <Button
              variant="default"
              onClick={() => setOpen({ kind: live.is_locked ? 'unlock' : 'lock' })}
            >
              {live.is_locked ? t('unlock') : t('lock')}
            </Button>
            <Button color="cabai" onClick={() => setOpen({ kind: 'end' })}>
              {t('end')}
            </Button>
          </div>
        )}
      </div>
      <RoomParticipants place={place} isHost={isHost} onOpen={setOpen} />
      {open?.kind === 'record' && <StartDialog place={place} onClose={close} />}
      {open?.kind === 'message' && <MessageDialog place={place} onClose={close} />}
      {open?.kind === 'message_to' && (
        <MessageDialog place={place} to={open.participant} onClose={close} />
      )}
      {open?.kind === 'lock' && <LockDialog place={place} onDone={onSuccess} onClose={close} />}
      {open?.kind === 'unlock' && (
        <ConfirmDialog
          title={t('unlock_title', { room: place.room })}
          consequence={t('unlock_consequence')}
          action={t('unlock')}
          isDanger={false}
          isBusy={unlock.isPending}
          error={unlock.error}
          onConfirm={unlock.mutate}
          onClose={close}
        />
      )}
      {open?.kind === 'end' && (
        <ConfirmDialog
          title={t('end_title', { room: place.room })}
          consequence={t('end_consequence', { count: live.participants })}
          action={t('end')}
          nameToType={place.room}
          isBusy={end.isPending}
          error={end.error}
          onConfirm={end.mutate}
          onClose={close}
        />
      )}
      {(open?.kind === 'remove' || open?.kind === 'ban') && (
        <ConfirmDialog
          title={t('remove_title', { name: open.participant.name })}
          consequence={open.kind === 'ban' ? t('ban_consequence') : t('remove_consequence')}
          action={open.kind === 'ban' ? t('ban') : t('remove')}
          isBusy={remove.isPending}
          error={remove.error}
          onConfirm={() =>
            remove.mutate({ id: open.participant.id, isBanned: open.kind === 'ban' })
          }
          onClose={close}
        />
      )}
    </>
  );
}
