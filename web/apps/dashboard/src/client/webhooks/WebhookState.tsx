import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Webhook } from '../../api/webhooks';
import { StatusDot } from '../../parts/StatusDot';

/** Whether an endpoint hears of events. */
export function WebhookState({ webhook }: { webhook: Webhook }): ReactNode {
  const { t } = useTranslation('webhooks');
  if (webhook.is_paused) {
    return webhook.pause_reason === 'requested' ? (
      <StatusDot tone="neutral">{t('state.paused')}</StatusDot>
    ) : (
      <StatusDot tone="danger">{t('state.stopped')}</StatusDot>
    );
  }
  if (webhook.failing_since) return <StatusDot tone="attention">{t('state.failing')}</StatusDot>;
  return <StatusDot tone="good">{t('state.active')}</StatusDot>;
}
