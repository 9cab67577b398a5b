import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Features } from '../../api/clientApps';
import { Card } from '../../parts/Card';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { SwitchRow } from '../../parts/SwitchRow';
import { useApp } from '../useApp';
import { useChangeApp } from '../useChangeApp';

const FEATURES: readonly (keyof Features)[] = [
  'chat',
  'screen_sharing',
  'reactions',
  'raised_hands',
  'recording',
  'streaming',
];

/** What calls of the app offer. */
export function FeaturesCard(): ReactNode {
  const { t } = useTranslation('client');
  const { app, mayChange } = useApp();
  const change = useChangeApp();
  // What was just switched shows at once; a refusal takes it back.
  const shown = { ...app.features, ...(change.isPending && change.variables.features) };
  return (
    <Card title={t('features.title')} lead={t('features.lead')} layout="beside">
      {change.error && <ProblemNotice error={change.error} />}
      {FEATURES.map((feature) => (
        <SwitchRow
          key={feature}
          label={t(`features.${feature}`)}
          help={t(`features_help.${feature}`)}
          isOn={shown[feature] ?? false}
          isDisabled={!mayChange('apps')}
          onSwitch={(isOn) => change.mutate({ features: { [feature]: isOn } })}
        />
      ))}
    </Card>
  );
}
