import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppLimits } from '../api/clientApps';
import { Card } from '../parts/Card';
import { Facts } from '../parts/Facts';
import { useLimitWords } from '../parts/useLimitWords';
import { useApp } from './useApp';

const LIMITS: readonly (keyof AppLimits)[] = [
  'max_participants',
  'max_calls',
  'minutes_per_month',
  'recordings_at_once',
  'storage_bytes',
  'retention_days',
];

/** How much the app may use; the operator sets it. */
export function AppLimitsCard(): ReactNode {
  const { t } = useTranslation('client');
  const { app } = useApp();
  const words = useLimitWords();
  return (
    <Card title={t('limits.title')} lead={t(`limits.lead_${app.environment}`)} layout="beside">
      <Facts
        facts={[
          { name: t('apps.col_environment'), value: t(`environment.${app.environment}`) },
          ...LIMITS.map((limit) => ({
            name: t(`limits.${limit}`),
            value: words(limit, app.limits[limit]),
          })),
        ]}
      />
    </Card>
  );
}
