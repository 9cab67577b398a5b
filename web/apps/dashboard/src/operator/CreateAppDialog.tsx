import { Checkbox, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import '@mantine/core/styles/Checkbox.layer.css';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type CreatedApp, createOperatorApp } from '../api/operatorApps';
import { CopyField } from '../parts/CopyField';
import { Dialog, DialogActions } from '../parts/Dialog';
import { ProblemNotice } from '../parts/ProblemNotice';
import { SecretOnce } from '../parts/SecretOnce';
import { Stack } from '../parts/Stack';

export interface CreateAppDialogProps {
  /** Whose app it becomes; the operator's own when it is left out. */
  tenantId?: string;
  onCreated: () => void;
  onClose: () => void;
}

/** Makes an app, then shows its key this once. */
export function CreateAppDialog({ tenantId, onCreated, onClose }: CreateAppDialogProps): ReactNode {
  const { t } = useTranslation('operator');
  const [name, setName] = useState('');
  const [allowsGuests, setAllowsGuests] = useState(false);
  const [isNameMissing, setNameMissing] = useState(false);
  const create = useMutation({ mutationFn: createOperatorApp, onSuccess: onCreated });

  if (create.data) return <KeyShown created={create.data} onClose={onClose} />;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setNameMissing(name.trim() === '');
    const guests = allowsGuests ? 'join' : 'refused';
    if (name.trim() === '') return;
    create.mutate({ name: name.trim(), guests, ...(tenantId && { tenant_id: tenantId }) });
  };
  return (
    <Dialog title={t('apps.create_title')} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {create.error && <ProblemNotice error={create.error} />}
          <TextInput
            label={t('apps.create_name')}
            description={t('apps.create_name_help')}
            value={name}
            maxLength={80}
            data-autofocus
            error={isNameMissing && t('apps.create_name_missing')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Checkbox
            label={t('apps.create_guests')}
            checked={allowsGuests}
            onChange={(event) => setAllowsGuests(event.currentTarget.checked)}
          />
          <DialogActions
            label={t('apps.create_action')}
            isBusy={create.isPending}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Dialog>
  );
}

function KeyShown({ created, onClose }: { created: CreatedApp; onClose: () => void }): ReactNode {
  const { t } = useTranslation('operator');
  const { app, key } = created;
  return (
    <Dialog title={t('apps.created_title', { name: app.name })} isSticky onClose={onClose}>
      <SecretOnce label={t('apps.field_secret')} secret={key.secret} onDone={onClose}>
        <CopyField label={t('apps.field_app_id')} value={app.id} />
        <CopyField label={t('apps.field_key_id')} value={key.id} />
        {app.guests !== 'refused' && (
          <CopyField
            label={t('apps.field_room_link')}
            value={`${window.location.origin}/${app.id}/room`}
          />
        )}
      </SecretOnce>
    </Dialog>
  );
}
