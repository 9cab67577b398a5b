import { RadioCards } from '@jumpa/ui';
import { TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { appsQuery } from '../../api/clientApps';
import {
  changeWebhook,
  createWebhook,
  type Webhook,
  type WebhookForm,
  type WebhookFormat,
} from '../../api/webhooks';
import { Dialog, DialogActions } from '../../parts/Dialog';
import { FilterSelect } from '../../parts/FilterSelect';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { SecretOnce } from '../../parts/SecretOnce';
import { Stack } from '../../parts/Stack';
import { useClient } from '../useClient';
import { EventPicker } from './EventPicker';
import styles from './Webhooks.module.css';
import { EVERY_EVENT } from './webhookEvents';

const FORMATS: readonly WebhookFormat[] = ['standard', 'jaas'];

export interface WebhookDialogProps {
  /** The one to change; a new one without. */
  webhook?: Webhook;
  onSaved: () => void;
  onClose: () => void;
}

/** Makes or changes an endpoint; the secret of a new one is shown this once. */
export function WebhookDialog({ webhook, onSaved, onClose }: WebhookDialogProps): ReactNode {
  const { t } = useTranslation('webhooks');
  const { tenantId: tenant } = useClient();
  const apps = useQuery(appsQuery(tenant)).data ?? [];
  const [form, setForm] = useState<WebhookForm>({
    url: webhook?.url ?? '',
    app_id: webhook?.app_id ?? null,
    events: webhook?.events ?? [EVERY_EVENT],
    format: webhook?.format ?? 'standard',
  });
  const [isShowingMistakes, setShowingMistakes] = useState(false);
  const change = (part: Partial<WebhookForm>) => setForm({ ...form, ...part });
  const save = useMutation({
    mutationFn: async () => {
      if (!webhook) return (await createWebhook(tenant, form)).secret;
      const { url, events, format } = form;
      await changeWebhook(tenant, webhook.id, { url, events: [...events], format });
      return null;
    },
    onSuccess: (secret) => {
      onSaved();
      if (secret === null) onClose();
    },
  });
  const isUrlWrong = !isAddress(form.url);
  const areEventsMissing = form.events.length === 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setShowingMistakes(true);
    if (!isUrlWrong && !areEventsMissing) save.mutate();
  };

  if (save.data) {
    return (
      <Dialog title={t('created_title')} isSticky onClose={onClose}>
        <SecretOnce label={t('secret')} secret={save.data} onDone={onClose}>
          <p>{t('secret_text')}</p>
        </SecretOnce>
      </Dialog>
    );
  }
  return (
    <Dialog title={webhook ? t('edit_title') : t('create_title')} size="wide" onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {save.error && <ProblemNotice error={save.error} />}
          <TextInput
            type="url"
            label={t('url')}
            description={t('url_help')}
            placeholder="https://"
            value={form.url}
            maxLength={2_000}
            data-autofocus
            error={isShowingMistakes && isUrlWrong && t('url_wrong')}
            onChange={(event) => change({ url: event.currentTarget.value.trim() })}
          />
          {!webhook && apps.length > 1 && (
            <div>
              <p className={styles.label} aria-hidden="true">
                {t('app')}
              </p>
              <FilterSelect
                label={t('app')}
                value={form.app_id ?? undefined}
                options={[
                  { value: '', label: t('every_app') },
                  ...apps.map(({ id, name }) => ({ value: id, label: name })),
                ]}
                onChoose={(app) => change({ app_id: app ?? null })}
              />
            </div>
          )}
          <EventPicker
            events={form.events}
            error={isShowingMistakes && areEventsMissing ? t('events_missing') : null}
            onChoose={(events) => change({ events })}
          />
          <RadioCards
            label={t('format')}
            value={form.format}
            options={FORMATS.map((value) => ({
              value,
              label: t(`formats.${value}`),
              help: t(`format_help.${value}`),
            }))}
            onChoose={(format) => change({ format })}
          />
          <DialogActions
            label={webhook ? t('save') : t('create_action')}
            isBusy={save.isPending}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Dialog>
  );
}

/** Whether a text is an address that can be called; the server decides which it takes. */
function isAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
