import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../../parts/Card';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { SwitchRow } from '../../parts/SwitchRow';
import { useApp } from '../useApp';
import { useChangeApp } from '../useChangeApp';

const RULES = [
  'one_time_tokens',
  'allows_any_room',
  'takes_tokens_without_key_id',
  'keeps_running_calls',
] as const;

/** Which tokens the app takes, and what happens to calls when a key is revoked. */
export function TokensCard(): ReactNode {
  const { t } = useTranslation('client');
  const { app, mayChange } = useApp();
  const change = useChangeApp();
  const pending = change.isPending ? change.variables : {};
  return (
    <Card title={t('token_rules.title')} lead={t('token_rules.lead')} layout="beside">
      {change.error && <ProblemNotice error={change.error} />}
      {RULES.map((rule) => (
        <SwitchRow
          key={rule}
          label={t(`token_rules.${rule}`)}
          help={t(`token_rules_help.${rule}`)}
          isOn={pending[rule] ?? app[rule]}
          isDisabled={!mayChange('apps')}
          onSwitch={(isOn) => change.mutate({ [rule]: isOn })}
        />
      ))}
    </Card>
  );
}
