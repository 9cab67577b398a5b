import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { EVERY_EVENT } from './webhookEvents';

/** How many kinds of events an endpoint hears of. */
export function EventCount({ events }: { events: readonly string[] }): ReactNode {
  const { t } = useTranslation('webhooks');
  return events.includes(EVERY_EVENT)
    ? t('every_event')
    : t('event_count', { count: events.length });
}
