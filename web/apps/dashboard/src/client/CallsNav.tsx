import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import {
  IconBroadcast,
  IconChartLine,
  IconGauge,
  IconPhone,
  IconVideo,
  IconWebhook,
} from '../icons';
import { NavGroup, NavLink } from '../shell/NavLink';
import { useClient } from './useClient';

/** The links to what was called, and how well. */
export function CallsNav(): ReactNode {
  const { t } = useTranslation('client');
  const { tenantId, maySee } = useClient();
  return (
    <NavGroup label={t('nav.calls_group')}>
      {maySee('usage') && (
        <NavLink
          to="/t/$tenantId/overview"
          params={{ tenantId }}
          icon={<IconChartLine />}
          label={t('nav.overview')}
        />
      )}
      <NavLink
        to="/t/$tenantId/calls"
        params={{ tenantId }}
        icon={<IconPhone />}
        label={t('nav.calls')}
      />
      <NavLink
        to="/t/$tenantId/rooms"
        params={{ tenantId }}
        icon={<IconBroadcast />}
        label={t('nav.rooms')}
      />
      <NavLink
        to="/t/$tenantId/recordings"
        params={{ tenantId }}
        icon={<IconVideo />}
        label={t('nav.recordings')}
      />
      {maySee('usage') && (
        <NavLink
          to="/t/$tenantId/usage"
          params={{ tenantId }}
          icon={<IconGauge />}
          label={t('nav.usage')}
        />
      )}
      {maySee('webhooks') && (
        <NavLink
          to="/t/$tenantId/webhooks"
          params={{ tenantId }}
          icon={<IconWebhook />}
          label={t('nav.webhooks')}
        />
      )}
    </NavGroup>
  );
}
