import { Notice } from '@jumpa/ui';
import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import '@mantine/core/styles/Checkbox.layer.css';
import { useTranslation } from 'react-i18next';
import { planned } from '../api/planned';
import { IconExternalLink } from '../icons';
import { Card } from '../parts/Card';
import { CopyField } from '../parts/CopyField';
import { Page } from '../parts/Page';
import { ProblemNotice } from '../parts/ProblemNotice';
import { Stack } from '../parts/Stack';
import { decodeToken } from './decodeToken';
import styles from './PlaygroundPage.module.css';
import { useApp } from './useApp';
import { WithApp } from './WithApp';

/** How long a token of the playground lives, seconds: for trying, not for handing out. */
const LIFETIME_S = 3_600;

/** Makes a token to try a room with, and reads tokens. */
export function PlaygroundPage(): ReactNode {
  const { t } = useTranslation('client');
  return (
    <WithApp>
      <Page title={t('playground.heading')} lead={t('playground.lead')}>
        <Playground />
      </Page>
    </WithApp>
  );
}

function Playground(): ReactNode {
  const [token, setToken] = useState('');
  return (
    <div className={styles.columns}>
      <TokenMaker onMade={setToken} />
      <TokenReader token={token} onChange={setToken} />
    </div>
  );
}

function TokenMaker({ onMade }: { onMade: (token: string) => void }): ReactNode {
  const { t } = useTranslation('client');
  const { tenantId: tenant, app, mayChange } = useApp();
  const [room, setRoom] = useState('halo');
  const [name, setName] = useState('dr. Ayu');
  const [isModerator, setModerator] = useState(true);
  const make = useMutation({
    mutationFn: () =>
      planned<{ token: string }>('POST', `/v1/apps/${app.id}/tokens`, {
        tenant,
        body: { room, name, moderator: isModerator, lifetime_s: LIFETIME_S },
      }),
    onSuccess: ({ token }) => onMade(token),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  const path = make.data && `/${app.id}/${room}?jwt=${make.data.token}`;
  return (
    <form onSubmit={submit}>
      <Card title={t('playground.make')} lead={t('playground.make_lead')}>
        <Stack>
          {make.error && <ProblemNotice error={make.error} />}
          <TextInput
            label={t('playground.room')}
            value={room}
            required
            withAsterisk={false}
            pattern="[A-Za-z0-9._~\-]{1,100}"
            onChange={(event) => setRoom(event.currentTarget.value)}
          />
          <TextInput
            label={t('playground.name')}
            value={name}
            maxLength={80}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Checkbox
            label={t('playground.moderator')}
            checked={isModerator}
            onChange={(event) => setModerator(event.currentTarget.checked)}
          />
          <Button type="submit" loading={make.isPending} disabled={!mayChange('keys')}>
            {t('playground.action')}
          </Button>
          {path && (
            <>
              <CopyField label={t('playground.link')} value={window.location.origin + path} />
              <Button
                variant="default"
                component="a"
                href={path}
                target="_blank"
                rel="noreferrer"
                rightSection={<IconExternalLink size={16} aria-hidden="true" />}
              >
                {t('playground.open')}
              </Button>
            </>
          )}
        </Stack>
      </Card>
    </form>
  );
}

function TokenReader({
  token,
  onChange,
}: {
  token: string;
  onChange: (token: string) => void;
}): ReactNode {
  const { t } = useTranslation('client');
  const decoded = token.trim() === '' ? null : decodeToken(token, Date.now() / 1000);
  return (
    <Card title={t('decoder.heading')} lead={t('decoder.lead')}>
      <Stack>
        <Textarea
          label={t('decoder.token')}
          rows={5}
          spellCheck={false}
          value={token}
          error={token.trim() !== '' && !decoded && t('decoder.no_token')}
          styles={{ input: { fontFamily: 'var(--font-mono)' } }}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
        {decoded?.findings.map(({ tone, code }) => (
          <Notice key={code} tone={tone} isUrgent={false} title={t(`finding.${code}`)} />
        ))}
        {decoded && (
          <>
            <Json label={t('decoder.header')} value={decoded.header} />
            <Json label={t('decoder.claims')} value={decoded.claims} />
          </>
        )}
      </Stack>
    </Card>
  );
}

function Json({ label, value }: { label: string; value: object }): ReactNode {
  return (
    <div>
      <p className={styles.label}>{label}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard */}
      <pre className={styles.json} tabIndex={0}>
        {JSON.stringify(value, null, 2)}
      </pre>
    </div>
  );
}
