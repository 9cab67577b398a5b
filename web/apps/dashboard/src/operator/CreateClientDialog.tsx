import { TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CreatedTenant, createTenant } from '../api/operator';
import { CopyField } from '../parts/CopyField';
import { Dialog, DialogActions } from '../parts/Dialog';
import { ProblemNotice } from '../parts/ProblemNotice';
import { SecretOnce } from '../parts/SecretOnce';
import { Stack } from '../parts/Stack';
import { TimeZoneSelect } from '../parts/TimeZoneSelect';
import { looksLikeEmail } from '../people/personRules';

/** Makes a customer with its owner's invitation and its first app, in one go. */
export function CreateClientDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation('operator');
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  // Most first apps are called like their owner: the name is there until somebody types another.
  const [appName, setAppName] = useState<string | null>(null);
  const [zone, setZone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [isChecked, setChecked] = useState(false);
  const create = useMutation({
    mutationFn: createTenant,
    onSuccess: () => queries.invalidateQueries({ queryKey: ['operator'] }),
  });
  if (create.data) return <ClientMade made={create.data} onClose={onClose} />;

  const app = (appName ?? name).trim();
  const isWrong = name.trim() === '' || !looksLikeEmail(email) || app === '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (isWrong) return;
    create.mutate({
      name: name.trim(),
      time_zone: zone,
      owner: { email: email.trim() },
      app: { name: app },
    });
  };
  return (
    <Dialog title={t('create_client.title')} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {create.error && <ProblemNotice error={create.error} />}
          <TextInput
            label={t('create_client.name')}
            value={name}
            maxLength={80}
            data-autofocus
            autoComplete="off"
            error={isChecked && name.trim() === '' && t('create_client.name_missing')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label={t('create_client.email')}
            description={t('create_client.email_help')}
            type="email"
            value={email}
            autoComplete="off"
            error={isChecked && !looksLikeEmail(email) && t('create_client.email_invalid')}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <TextInput
            label={t('create_client.app')}
            description={t('create_client.app_help')}
            value={appName ?? name}
            maxLength={80}
            autoComplete="off"
            error={isChecked && app === '' && t('create_client.name_missing')}
            onChange={(event) => setAppName(event.currentTarget.value)}
          />
          <TimeZoneSelect label={t('create_client.time_zone')} value={zone} onChoose={setZone} />
          <DialogActions
            label={t('create_client.action')}
            isBusy={create.isPending}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Dialog>
  );
}

function ClientMade({ made, onClose }: { made: CreatedTenant; onClose: () => void }): ReactNode {
  const { t } = useTranslation('operator');
  const navigate = useNavigate();
  const { tenant, invitation, app, key } = made;
  const done = () => {
    onClose();
    const params = { tenantId: tenant.id };
    navigate({ to: '/operator/clients/$tenantId', params }).catch(() => undefined);
  };
  return (
    <Dialog title={t('create_client.made', { name: tenant.name })} isSticky onClose={onClose}>
      <SecretOnce label={t('apps.field_secret')} secret={key?.secret ?? ''} onDone={done}>
        {invitation?.link && (
          <CopyField
            label={t('create_client.link')}
            help={t('create_client.link_help', { email: invitation.invitation.email })}
            value={invitation.link}
          />
        )}
        {invitation && !invitation.link && (
          <p>{t('create_client.mailed', { email: invitation.invitation.email })}</p>
        )}
        {app && <CopyField label={t('apps.field_app_id')} value={app.id} />}
        {key && <CopyField label={t('apps.field_key_id')} value={key.id} />}
      </SecretOnce>
    </Dialog>
  );
}
