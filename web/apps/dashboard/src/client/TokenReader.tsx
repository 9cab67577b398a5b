import { Notice } from '@jumpa/ui';
import { Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type client from '../../locales/en/client.json';
import { type CheckedToken, checkedTokenQuery } from '../api/tokens';
import { IconAlertTriangle, IconCheck } from '../icons';
import { Card } from '../parts/Card';
import { ProblemNotice } from '../parts/ProblemNotice';
import { Stack } from '../parts/Stack';
import styles from './PlaygroundPage.module.css';
import { useApp } from './useApp';

/** How long after the last change the server is asked, milliseconds: pasting is one change. */
const PAUSE_MS = 300;

/** How often a token of a key that is not known is looked at again, milliseconds. */
const NEW_KEY_MS = 2_000;

export interface TokenReaderProps {
  token: string;
  onChange: (token: string) => void;
}

/** What a join with a token would be told, and what the token says of itself. */
export function TokenReader({ token, onChange }: TokenReaderProps): ReactNode {
  const { t } = useTranslation('client');
  const { tenantId, app } = useApp();
  const [asked] = useDebouncedValue(token.trim(), PAUSE_MS);
  const checked = useQuery({
    ...checkedTokenQuery({ tenant: tenantId, app: app.id }, asked),
    enabled: asked !== '',
    // A key that was just made is known everywhere within seconds.
    refetchInterval: ({ state }) =>
      state.data?.problem?.code === 'token_key_unknown' ? NEW_KEY_MS : false,
    placeholderData: keepPreviousData,
  });
  const shown = token.trim() === '' ? undefined : checked.data;
  return (
    <Card title={t('decoder.heading')} lead={t('decoder.lead')}>
      <Stack>
        <Textarea
          label={t('decoder.token')}
          rows={5}
          spellCheck={false}
          maxLength={8192}
          value={token}
          styles={{ input: { fontFamily: 'var(--font-mono)' } }}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
        {checked.error && token.trim() !== '' && <ProblemNotice error={checked.error} />}
        {shown && <Verdict checked={shown} />}
        {shown?.header && <Json label={t('decoder.header')} value={shown.header} />}
        {shown?.claims && <Json label={t('decoder.claims')} value={shown.claims} />}
      </Stack>
    </Card>
  );
}

/** Refusals that have their own words. */
type Known = keyof typeof client.token_problem;

function Verdict({ checked }: { checked: CheckedToken }): ReactNode {
  const { t, i18n } = useTranslation('client');
  const { problem } = checked;
  if (problem === null) {
    return <Notice tone="good" icon={<IconCheck />} title={t('decoder.valid')} />;
  }
  const isKnown = i18n.exists(`client:token_problem.${problem.code}`);
  return (
    <Notice
      tone="danger"
      isUrgent={false}
      icon={<IconAlertTriangle />}
      title={isKnown ? t(`token_problem.${problem.code as Known}`) : problem.code}
    >
      <p lang="en">{problem.detail}</p>
      <p>
        {t('decoder.code')} <code className="mono">{problem.code}</code>
      </p>
    </Notice>
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
