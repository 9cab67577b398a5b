import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { deleteApp } from '../api/clientApps';
import { Card } from '../parts/Card';
import { ConfirmDialog } from '../parts/ConfirmDialog';
import { CopyField } from '../parts/CopyField';
import { Fields } from '../parts/Fields';
import { Page } from '../parts/Page';
import { ProblemNotice } from '../parts/ProblemNotice';
import { AppLimitsCard } from './AppLimitsCard';
import { useApp } from './useApp';
import { useChangeApp } from './useChangeApp';
import { WithApp } from './WithApp';

/** Name and limits of the app, and the ways to stop it. */
export function AppSettingsPage(): ReactNode {
  const { t } = useTranslation('client');
  return (
    <WithApp>
      <Page title={t('app_settings.heading')}>
        <NameCard />
        <AppLimitsCard />
        <StopCard />
      </Page>
    </WithApp>
  );
}

function NameCard(): ReactNode {
  const { t } = useTranslation('client');
  const { app, mayChange } = useApp();
  const [name, setName] = useState(app.name);
  const change = useChangeApp();
  const isManager = mayChange('apps');
  const isSame = name.trim() === app.name;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') change.mutate({ name: name.trim() });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Card
        title={t('app_settings.app')}
        layout="beside"
        foot={
          isManager && (
            <>
              <span role="status">{change.isSuccess && isSame && t('access.saved')}</span>
              <Button type="submit" loading={change.isPending} disabled={isSame}>
                {t('access.save')}
              </Button>
            </>
          )
        }
      >
        <Fields>
          {change.error && <ProblemNotice error={change.error} />}
          <TextInput
            label={t('apps.name')}
            description={t('apps.name_help')}
            value={name}
            maxLength={80}
            readOnly={!isManager}
            error={name.trim() === '' && t('apps.name_missing')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <CopyField label={t('apps.col_id')} value={app.id} />
        </Fields>
      </Card>
    </form>
  );
}

/** Pausing and deleting. */
function StopCard(): ReactNode {
  const { t } = useTranslation('client');
  const { tenantId, app, mayChange } = useApp();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState<'disable' | 'delete' | null>(null);
  const close = () => setOpen(null);
  const change = useChangeApp();
  const remove = useMutation({
    mutationFn: () => deleteApp(tenantId, app.id),
    onSuccess: async () => {
      await navigate({ to: '/t/$tenantId/apps', params: { tenantId } });
      await queries.invalidateQueries({ queryKey: ['tenant', tenantId] });
    },
  });
  if (!mayChange('apps')) return null;
  const setDisabled = (isDisabled: boolean) =>
    change.mutate({ is_disabled: isDisabled }, { onSuccess: close });
  return (
    <Card
      title={t('app_settings.stop')}
      lead={t('app_settings.stop_lead')}
      tone="danger"
      layout="beside"
    >
      {change.error && <ProblemNotice error={change.error} />}
      <div className="button-row">
        {app.is_disabled ? (
          <Button variant="default" loading={change.isPending} onClick={() => setDisabled(false)}>
            {t('app_settings.enable')}
          </Button>
        ) : (
          <Button variant="default" onClick={() => setOpen('disable')}>
            {t('app_settings.disable')}
          </Button>
        )}
        <Button variant="outline" color="cabai" onClick={() => setOpen('delete')}>
          {t('app_settings.delete')}
        </Button>
      </div>
      {open === 'disable' && (
        <ConfirmDialog
          title={t('app_settings.disable_title', { name: app.name })}
          consequence={t('app_settings.disable_consequence')}
          action={t('app_settings.disable')}
          isBusy={change.isPending}
          error={null}
          onConfirm={() => setDisabled(true)}
          onClose={close}
        />
      )}
      {open === 'delete' && (
        <ConfirmDialog
          title={t('app_settings.delete_title', { name: app.name })}
          consequence={t('app_settings.delete_consequence')}
          action={t('app_settings.delete')}
          nameToType={app.name}
          isBusy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate()}
          onClose={close}
        />
      )}
    </Card>
  );
}
