import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { OperatorTenant, TenantState } from '../api/operator';
import { StatusDot } from '../parts/StatusDot';

const TONES = { active: 'good', suspended: 'attention', deleted: 'neutral' } as const;

/** What state a customer is in; deletion counts before suspension. */
export function tenantState({ status, deleted_at }: OperatorTenant): TenantState {
  return deleted_at === null ? status : 'deleted';
}

/** The state of a customer, as a dot and a word. */
export function TenantStateDot({ tenant }: { tenant: OperatorTenant }): ReactNode {
  const { t } = useTranslation('operator');
  const state = tenantState(tenant);
  return <StatusDot tone={TONES[state]}>{t(`clients.state.${state}`)}</StatusDot>;
}
