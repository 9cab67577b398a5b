import { Notice } from '@jumpa/ui';
import { Button, Checkbox, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import '@mantine/core/styles/Checkbox.layer.css';
import { useTranslation } from 'react-i18next';
import { DialogActions, DialogFrame } from '../dialogs/DialogFrame';
import { IconAlertTriangle } from '../icons';
import { type CreatedApp, createApp } from './api';
import { CopyField } from './CopyField';
import styles from './CreateAppDialog.module.css';

export interface CreateAppDialogProps {
  onCreated: () => void;
  onClose: () => void;
}

/** Makes an app, then shows its key this once. */
export function CreateAppDialog({ onCreated, onClose }: CreateAppDialogProps): ReactNode {
  const { t } = useTranslation('pages');
  const [name, setName] = useState('');
  const [allowsGuests, setAllowsGuests] = useState(false);
  const [problem, setProblem] = useState<'name' | 'failed' | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [created, setCreated] = useState<CreatedApp | null>(null);

  if (created) return <KeyShown created={created} onClose={onClose} />;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') {
      setProblem('name');
      return;
    }
    setBusy(true);
    setProblem(null);
    try {
      setCreated(await createApp(name.trim(), allowsGuests));
      onCreated();
    } catch {
      setProblem('failed');
      setBusy(false);
    }
  };

  return (
    <DialogFrame title={t('operator.create_title')} onClose={onClose}>
      <form className={styles.stack} onSubmit={submit} noValidate>
        {problem === 'failed' && (
          <Notice tone="danger" icon={<IconAlertTriangle />} title={t('error.other')} />
        )}
        <TextInput
          label={t('operator.create_name')}
          description={t('operator.create_name_help')}
          value={name}
          maxLength={80}
          data-autofocus
          error={problem === 'name' && t('operator.create_name_missing')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox
          label={t('operator.create_guests')}
          checked={allowsGuests}
          onChange={(event) => setAllowsGuests(event.currentTarget.checked)}
        />
        <DialogActions label={t('operator.create_action')} isBusy={isBusy} onCancel={onClose} />
      </form>
    </DialogFrame>
  );
}

function KeyShown({ created, onClose }: { created: CreatedApp; onClose: () => void }): ReactNode {
  const { t } = useTranslation('pages');
  const { app, keyId, secret } = created;
  return (
    <DialogFrame title={t('operator.created_title', { name: app.name })} onClose={onClose}>
      <div className={styles.stack}>
        <Notice tone="attention" icon={<IconAlertTriangle />} title={t('operator.secret_once')} />
        <CopyField label={t('operator.field_app_id')} value={app.id} />
        <CopyField label={t('operator.field_key_id')} value={keyId} />
        <CopyField label={t('operator.field_secret')} value={secret} />
        {app.allowsGuests && (
          <CopyField
            label={t('operator.field_room_link')}
            value={`${window.location.origin}/${app.id}/room`}
          />
        )}
        <Button onClick={onClose}>{t('operator.done')}</Button>
      </div>
    </DialogFrame>
  );
}
