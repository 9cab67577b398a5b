import { TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useModeration } from '../people/useModeration';
import { MAX_NAME_CHARS } from '../prejoin/nameRule';
import { savePreferences } from '../session/preferences';
import { useLocalParticipant, useRoom } from '../session/RoomContext';
import { DialogActions, DialogFrame } from './DialogFrame';

/** Changes the own name during the call. */
export function RenameDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const room = useRoom();
  const { run } = useModeration();
  const [name, setName] = useState(useLocalParticipant()?.name ?? '');
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const next = name.trim();
    if (next === '') return;
    setBusy(true);
    const isDone = await run(() => room.setName(next));
    setBusy(false);
    if (!isDone) return;
    savePreferences({ name: next });
    onClose();
  };
  return (
    <DialogFrame title={t('confirm.rename_title')} onClose={onClose}>
      <form onSubmit={submit}>
        <TextInput
          label={t('prejoin.name_label')}
          value={name}
          maxLength={MAX_NAME_CHARS}
          autoComplete="name"
          data-autofocus
          required
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <DialogActions label={t('confirm.rename_action')} isBusy={isBusy} onCancel={onClose} />
      </form>
    </DialogFrame>
  );
}
