import { Notice } from '@jumpa/ui';
import { Button, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeApp, type GuestPolicy } from '../api/clientApps';
import { Card } from '../parts/Card';
import { Page } from '../parts/Page';
import { ProblemNotice } from '../parts/ProblemNotice';
import { RadioCards } from '../parts/RadioCards';
import { readOrigins } from './readOrigins';
import { useApp } from './useApp';
import { WithApp } from './WithApp';

const POLICIES: readonly GuestPolicy[] = ['refused', 'wait', 'join'];

/** Who may join without a token, and which sites may show the calls. */
export function AccessPage(): ReactNode {
  const { t } = useTranslation('client');
  return (
    <WithApp>
      <Page title={t('access.heading')} lead={t('access.lead')}>
        <Guests />
        <Origins />
      </Page>
    </WithApp>
  );
}

function useChange() {
  const { tenantId, app } = useApp();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: Parameters<typeof changeApp>[2]) => changeApp(tenantId, app.id, change),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tenant', tenantId, 'apps'] }),
  });
}

function Guests(): ReactNode {
  const { t } = useTranslation('client');
  const { app, mayChange } = useApp();
  const [policy, setPolicy] = useState(app.guests);
  const change = useChange();
  return (
    <Card
      title={t('access.guests')}
      lead={t('access.guests_lead')}
      foot={
        mayChange('apps') && (
          <>
            <span role="status">{change.isSuccess && t('access.saved')}</span>
            <Button
              loading={change.isPending}
              disabled={policy === app.guests}
              onClick={() => change.mutate({ guests: policy })}
            >
              {t('access.save')}
            </Button>
          </>
        )
      }
    >
      {change.error && <ProblemNotice error={change.error} />}
      <RadioCards
        label={t('access.guests_policy')}
        value={policy}
        isDisabled={!mayChange('apps')}
        options={POLICIES.map((value) => ({
          value,
          label: t(`guests.${value}`),
          help: t(`guests_help.${value}`),
        }))}
        onChoose={setPolicy}
      />
    </Card>
  );
}

function Origins(): ReactNode {
  const { t } = useTranslation('client');
  const { app, mayChange } = useApp();
  const [text, setText] = useState(app.origins.join('\n'));
  const [wrong, setWrong] = useState<readonly string[]>([]);
  const change = useChange();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = readOrigins(text);
    setWrong(read.wrong);
    if (read.wrong.length === 0) change.mutate({ origins: read.origins });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Card
        title={t('access.origins')}
        lead={t('access.origins_lead')}
        foot={
          mayChange('apps') && (
            <>
              <span role="status">{change.isSuccess && t('access.saved')}</span>
              <Button type="submit" loading={change.isPending}>
                {t('access.save')}
              </Button>
            </>
          )
        }
      >
        {change.error && <ProblemNotice error={change.error} />}
        {app.origins.length === 0 && <Notice tone="info" title={t('access.origins_none')} />}
        <Textarea
          mt="sm"
          label={t('access.origins_label')}
          description={t('access.origins_help')}
          placeholder="https://app.kliniksehat.example"
          autosize={false}
          rows={4}
          spellCheck={false}
          readOnly={!mayChange('apps')}
          value={text}
          error={wrong.length > 0 && t('access.origins_wrong', { list: wrong.join(', ') })}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </Card>
    </form>
  );
}
