import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeTenant, type Tenant, tenantQuery } from '../api/tenant';
import { Card } from '../parts/Card';
import { CopyField } from '../parts/CopyField';
import { Fields } from '../parts/Fields';
import { Page } from '../parts/Page';
import { ProblemNotice } from '../parts/ProblemNotice';
import { TimeZoneNote } from '../parts/TimeZoneNote';
import { TimeZoneSelect } from '../parts/TimeZoneSelect';
import { SignInCard } from './SignInCard';
import { useClient } from './useClient';

/** The name of the organisation and the time zone of its numbers. */
export function SettingsPage(): ReactNode {
  const { t } = useTranslation('client');
  const { tenantId } = useClient();
  const tenant = useQuery(tenantQuery(tenantId));
  return (
    <Page title={t('settings.heading')}>
      {tenant.error && (
        <ProblemNotice
          error={tenant.error}
          onRetry={() => {
            tenant.refetch().catch(() => undefined);
          }}
        />
      )}
      {tenant.data && <Settings key={tenant.data.id} tenant={tenant.data} />}
      {tenant.data && <SignInCard />}
    </Page>
  );
}

function Settings({ tenant }: { tenant: Tenant }): ReactNode {
  const { t } = useTranslation('client');
  const { mayChange } = useClient();
  const queries = useQueryClient();
  const [name, setName] = useState(tenant.name);
  const [zone, setZone] = useState(tenant.time_zone);
  const change = useMutation({
    mutationFn: () => changeTenant(tenant.id, { name: name.trim(), time_zone: zone }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tenant', tenant.id] }),
  });
  const isManager = mayChange('tenant');
  const isSame = name.trim() === tenant.name && zone === tenant.time_zone;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') change.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Card
        title={t('settings.organisation')}
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
            label={t('settings.name')}
            value={name}
            maxLength={80}
            readOnly={!isManager}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TimeZoneSelect
            label={t('settings.time_zone')}
            isReadOnly={!isManager}
            value={zone}
            onChoose={setZone}
          />
          <TimeZoneNote zone={zone} />
          <CopyField label={t('settings.id')} value={tenant.id} help={t('settings.id_help')} />
        </Fields>
      </Card>
    </form>
  );
}
