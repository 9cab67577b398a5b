import { Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type LiveParticipant, type RoomPlace, sendMessage } from '../../api/rooms';
import { Dialog, DialogActions } from '../../parts/Dialog';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { Stack } from '../../parts/Stack';

/** As long as a message of the chat may be. */
const MOST_LETTERS = 4_000;

export interface MessageDialogProps {
  place: RoomPlace;
  /** Whom; everybody without. */
  to?: LiveParticipant;
  onClose: () => void;
}

/** Writes into the chat of a call, as its host. */
export function MessageDialog({ place, to, onClose }: MessageDialogProps): ReactNode {
  const { t } = useTranslation('rooms');
  const [text, setText] = useState('');
  const send = useMutation({
    mutationFn: () => sendMessage(place, text.trim(), to?.id),
    onSuccess: onClose,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== '') send.mutate();
  };
  return (
    <Dialog
      title={
        to ? t('message_title_to', { name: to.name }) : t('message_title', { room: place.room })
      }
      onClose={onClose}
    >
      <form onSubmit={submit}>
        <Stack>
          {send.error && <ProblemNotice error={send.error} />}
          <Textarea
            label={t('message_text')}
            description={to ? t('message_help_to') : t('message_help')}
            value={text}
            rows={4}
            maxLength={MOST_LETTERS}
            data-autofocus
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <DialogActions
            label={t('send')}
            isBusy={send.isPending}
            isDisabled={text.trim() === ''}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Dialog>
  );
}
