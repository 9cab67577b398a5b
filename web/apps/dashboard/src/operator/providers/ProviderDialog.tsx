import { ApiProblem } from '@jumpa/api-client';
import { PasswordInput, Select, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import '@mantine/core/styles/Combobox.layer.css';
import '@mantine/core/styles/PasswordInput.layer.css';
import '@mantine/core/styles/Popover.layer.css';
import { RadioCards } from '@jumpa/ui';
import { useTranslation } from 'react-i18next';
import {
  changeIdentityProvider,
  createIdentityProvider,
  type IdentityProvider,
  NEW_ROLES,
  redirectAddress,
} from '../../api/identityProviders';
import { CopyField } from '../../parts/CopyField';
import { Dialog, DialogActions } from '../../parts/Dialog';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { Stack } from '../../parts/Stack';
import { ClientSelect } from './ClientSelect';
import { readDomains } from './readDomains';

type NewRole = (typeof NEW_ROLES)[number];

export interface ProviderDialogProps {
  /** The one to change; a new one without. */
  provider?: IdentityProvider;
  onSaved: () => void;
  onClose: () => void;
}

/**
 * Adds or changes a provider.
 *
 * Issuer and client id stay as they are: another issuer would be another provider, whose people
 * nobody compared with those of this one.
 */
export function ProviderDialog({ provider, onSaved, onClose }: ProviderDialogProps): ReactNode {
  const { t } = useTranslation(['platform', 'client']);
  const [audience, setAudience] = useState<'client' | 'platform'>(
    provider && provider.tenant_id === null ? 'platform' : 'client',
  );
  const [form, setForm] = useState({
    tenantId: provider?.tenant_id ?? null,
    name: provider?.name ?? '',
    issuer: provider?.issuer ?? '',
    clientId: provider?.client_id ?? '',
    secret: '',
    domains: provider?.domains.join('\n') ?? '',
    newRole: NEW_ROLES.find((role) => role === provider?.new_role) ?? null,
  });
  const [isShowingMistakes, setShowingMistakes] = useState(false);
  const change = (part: Partial<typeof form>) => setForm({ ...form, ...part });
  const { domains, wrong: wrongDomains } = readDomains(form.domains);
  const isForClient = audience === 'client';

  const save = useMutation({
    mutationFn: () => {
      const name = form.name.trim();
      const newRole = isForClient ? form.newRole : null;
      if (provider) {
        return changeIdentityProvider(provider.id, {
          name,
          domains: [...domains],
          ...(form.secret !== '' && { client_secret: form.secret }),
          ...(isForClient && { new_role: newRole }),
        });
      }
      return createIdentityProvider({
        name,
        issuer: form.issuer.trim(),
        client_id: form.clientId.trim(),
        client_secret: form.secret,
        domains: [...domains],
        ...(isForClient && { tenant_id: form.tenantId, new_role: newRole }),
      });
    },
    onSuccess: () => {
      onSaved();
      onClose();
    },
  });
  const refusal = save.error instanceof ApiProblem ? save.error.code : null;
  const mistakes = {
    tenant: !provider && isForClient && form.tenantId === null && t('providers.client_missing'),
    name: form.name.trim() === '' && t('providers.name_missing'),
    issuer: !isIssuer(form.issuer.trim()) && t('providers.issuer_wrong'),
    clientId: form.clientId.trim() === '' && t('providers.client_id_missing'),
    secret: !provider && form.secret === '' && t('providers.secret_missing'),
    domains:
      (wrongDomains.length > 0 &&
        t('providers.domains_wrong', { list: wrongDomains.join(', ') })) ||
      (domains.length === 0 && t('providers.domains_missing')),
  };
  const mistake = (name: keyof typeof mistakes) => isShowingMistakes && mistakes[name];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setShowingMistakes(true);
    if (!Object.values(mistakes).some(Boolean)) save.mutate();
  };
  return (
    <Dialog
      title={
        provider ? t('providers.edit_title', { name: provider.name }) : t('providers.create_title')
      }
      size="wide"
      isSticky
      onClose={onClose}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          {save.error && (
            <ProblemNotice
              error={save.error}
              {...(refusal === 'identity_provider_unreachable' && {
                title: t('providers.unreachable'),
              })}
            />
          )}
          {!provider && (
            <>
              <CopyField
                label={t('providers.redirect')}
                help={t('providers.redirect_help')}
                value={redirectAddress()}
              />
              <RadioCards
                label={t('providers.audience')}
                value={audience}
                options={(['client', 'platform'] as const).map((value) => ({
                  value,
                  label: t(`providers.audiences.${value}`),
                  help: t(`providers.audience_help.${value}`),
                }))}
                onChoose={setAudience}
              />
              {isForClient && (
                <ClientSelect
                  label={t('providers.client')}
                  value={form.tenantId}
                  error={mistake('tenant')}
                  onChoose={(tenantId) => change({ tenantId })}
                />
              )}
            </>
          )}
          <TextInput
            label={t('providers.name')}
            description={t('providers.name_help')}
            value={form.name}
            maxLength={80}
            autoComplete="off"
            error={mistake('name')}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <TextInput
            type="url"
            label={t('providers.issuer')}
            description={provider ? t('providers.issuer_fixed') : t('providers.issuer_help')}
            placeholder="https://login.melati.example"
            value={form.issuer}
            maxLength={2_048}
            readOnly={provider !== undefined}
            autoComplete="off"
            error={
              mistake('issuer') ||
              (refusal === 'identity_provider_unreachable' && t('providers.issuer_silent'))
            }
            onChange={(event) => change({ issuer: event.currentTarget.value })}
          />
          <TextInput
            label={t('providers.client_id')}
            value={form.clientId}
            maxLength={2_048}
            readOnly={provider !== undefined}
            autoComplete="off"
            spellCheck={false}
            error={mistake('clientId')}
            onChange={(event) => change({ clientId: event.currentTarget.value })}
          />
          <PasswordInput
            label={t('providers.secret')}
            description={provider ? t('providers.secret_keep') : t('providers.secret_help')}
            value={form.secret}
            maxLength={2_048}
            autoComplete="new-password"
            visibilityToggleButtonProps={{ 'aria-label': t('providers.secret_show') }}
            error={mistake('secret')}
            onChange={(event) => change({ secret: event.currentTarget.value })}
          />
          <Textarea
            label={t('providers.domains')}
            description={t('providers.domains_help')}
            placeholder="melati.example"
            rows={2}
            autosize={false}
            value={form.domains}
            spellCheck={false}
            error={
              mistake('domains') || (refusal === 'domain_taken' && t('providers.domain_taken'))
            }
            onChange={(event) => change({ domains: event.currentTarget.value })}
          />
          {isForClient && (
            <Select
              label={t('providers.new_role')}
              description={t('providers.new_role_help')}
              data={[
                { value: '', label: t('providers.new_role_none') },
                ...NEW_ROLES.map((value) => ({ value, label: t(`client:role.${value}`) })),
              ]}
              allowDeselect={false}
              value={form.newRole ?? ''}
              onChange={(value) => change({ newRole: (value || null) as NewRole | null })}
            />
          )}
          <DialogActions
            label={provider ? t('providers.save') : t('providers.add')}
            isBusy={save.isPending}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Dialog>
  );
}

/** Whether a text can be an issuer: https, but for one on the same machine. */
function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, search } = new URL(text);
  const isLocal = ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
  return search === '' && (protocol === 'https:' || (protocol === 'http:' && isLocal));
}
