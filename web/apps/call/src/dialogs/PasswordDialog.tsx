import { PasswordInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useModeration } from '../people/useModeration';
import { DialogActions, DialogFrame } from './DialogFrame';

/** Longest room password, characters. */
const MAX_PASSWORD_CHARS = 64;

/** Sets the password of the room. */
export function PasswordDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { run, moderation } = useModeration();
  const [password, setPassword] = useState('');
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (password === '') return;
    setBusy(true);
    const isDone = await run(() => moderation.setPassword(password));
    setBusy(false);
    if (isDone) onClose();
  };
  return (
    <DialogFrame title={t('confirm.password_title')} onClose={onClose}>
      <form onSubmit={submit}>
        <PasswordInput
          label={t('confirm.password_label')}
          description={t('confirm.password_help')}
          value={password}
          maxLength={MAX_PASSWORD_CHARS}
          autoComplete="off"
          data-autofocus
          required
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <DialogActions label={t('confirm.password_action')} isBusy={isBusy} onCancel={onClose} />
      </form>
    </DialogFrame>
  );
}
