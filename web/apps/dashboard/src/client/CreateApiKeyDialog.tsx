import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppOf, createApiKey } from '../api/appKeys';
import { Dialog, DialogActions } from '../parts/Dialog';
import { ProblemNotice } from '../parts/ProblemNotice';
import { SecretOnce } from '../parts/SecretOnce';
import { Stack } from '../parts/Stack';

export interface CreateApiKeyDialogProps {
  of: AppOf;
  onCreated: () => void;
  onClose: () => void;
}

/** Makes a secret for the tenant's server, which is shown once. */
export function CreateApiKeyDialog(props: CreateApiKeyDialogProps): ReactNode {
  const { of, onCreated, onClose } = props;
  const { t } = useTranslation('client');
  const [name, setName] = useState('');
  const [isMissing, setMissing] = useState(false);
  const create = useMutation({
    mutationFn: () => createApiKey(of, { name: name.trim() }),
    onSuccess: onCreated,
  });
  if (create.data) {
    return (
      <Dialog title={t('api_keys.created', { name: name.trim() })} isSticky onClose={onClose}>
        <SecretOnce label={t('api_keys.secret')} secret={create.data.secret} onDone={onClose} />
      </Dialog>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(name.trim() === '');
    if (name.trim() !== '') create.mutate();
  };
  return (
    <Dialog title={t('api_keys.create')} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {create.error && <ProblemNotice error={create.error} />}
          <TextInput
            label={t('api_keys.name')}
            description={t('api_keys.name_help')}
            maxLength={80}
            data-autofocus
            value={name}
            error={isMissing && t('api_keys.name_missing')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <DialogActions label={t('key_new.action')} isBusy={create.isPending} onCancel={onClose} />
        </Stack>
      </form>
    </Dialog>
  );
}
