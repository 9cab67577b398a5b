import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lockRoom, type RoomPlace } from '../../api/rooms';
import { Dialog, DialogActions } from '../../parts/Dialog';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { Stack } from '../../parts/Stack';

export interface LockDialogProps {
  place: RoomPlace;
  onDone: () => void;
  onClose: () => void;
}

/** Asks for the password that newcomers will need. */
export function LockDialog({ place, onDone, onClose }: LockDialogProps): ReactNode {
  const { t } = useTranslation('rooms');
  const [password, setPassword] = useState('');
  const lock = useMutation({ mutationFn: () => lockRoom(place, password), onSuccess: onDone });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password !== '') lock.mutate();
  };
  return (
    <Dialog title={t('lock_title', { room: place.room })} onClose={onClose}>
      <form onSubmit={submit}>
        <Stack>
          {lock.error && <ProblemNotice error={lock.error} />}
          <TextInput
            label={t('password')}
            description={t('password_help')}
            value={password}
            maxLength={64}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <DialogActions
            label={t('lock')}
            isBusy={lock.isPending}
            isDisabled={password === ''}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Dialog>
  );
}
