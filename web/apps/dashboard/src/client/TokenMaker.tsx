import { ApiProblem } from '@jumpa/api-client';
import { Button, Checkbox, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import '@mantine/core/styles/Checkbox.layer.css';
import { useTranslation } from 'react-i18next';
import { createToken } from '../api/tokens';
import { IconExternalLink } from '../icons';
import { Card } from '../parts/Card';
import { CopyField } from '../parts/CopyField';
import { LinkButton } from '../parts/LinkButton';
import { ProblemNotice } from '../parts/ProblemNotice';
import { Stack } from '../parts/Stack';
import { useApp } from './useApp';

/** How long a token of the playground lives, seconds: for trying, not for handing out. */
const LIFETIME_S = 3_600;

export interface TokenMakerProps {
  onMade: (token: string) => void;
}

/** Lets the server sign a token with a key of the app. */
export function TokenMaker({ onMade }: TokenMakerProps): ReactNode {
  const { t } = useTranslation('client');
  const { tenantId, app, me, mayChange } = useApp();
  const [room, setRoom] = useState('halo');
  const [name, setName] = useState(me.name);
  const [isModerator, setModerator] = useState(true);
  const make = useMutation({
    mutationFn: () =>
      createToken(
        { tenant: tenantId, app: app.id },
        { room: room.trim(), name: name.trim(), is_moderator: isModerator, ttl_s: LIFETIME_S },
      ),
    onSuccess: ({ token }) => onMade(token),
  });
  const hasNoKey = make.error instanceof ApiProblem && make.error.code === 'signing_key_missing';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Card title={t('playground.make')} lead={t('playground.make_lead')}>
        <Stack>
          {make.error && <ProblemNotice error={make.error} />}
          {hasNoKey && (
            <div>
              <LinkButton
                variant="default"
                to="/t/$tenantId/apps/$appId/keys"
                params={{ tenantId, appId: app.id }}
              >
                {t('start.to_keys')}
              </LinkButton>
            </div>
          )}
          <TextInput
            label={t('playground.room')}
            value={room}
            required
            withAsterisk={false}
            maxLength={100}
            autoComplete="off"
            onChange={(event) => setRoom(event.currentTarget.value)}
          />
          <TextInput
            label={t('playground.name')}
            value={name}
            required
            withAsterisk={false}
            maxLength={80}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Checkbox
            label={t('playground.moderator')}
            checked={isModerator}
            onChange={(event) => setModerator(event.currentTarget.checked)}
          />
          <Button type="submit" loading={make.isPending} disabled={!mayChange('tokens')}>
            {t('playground.action')}
          </Button>
          {make.data?.url && (
            <>
              <CopyField label={t('playground.link')} value={make.data.url} />
              <Button
                variant="default"
                component="a"
                href={make.data.url}
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
