import { useSuspenseQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { meQuery } from '../api/me';
import {
  IconApps,
  IconBuilding,
  IconGauge,
  IconHistory,
  IconLive,
  IconMail,
  IconRecord,
  IconServer,
  IconSettings,
  IconShieldLock,
  IconUsers,
} from '../icons';
import { Frame } from '../shell/Frame';
import { NavGroup, NavLink } from '../shell/NavLink';

/** The frame of the area of those who run the platform. */
export function OperatorFrame(): ReactNode {
  const { t } = useTranslation('operator');
  const { data: me } = useSuspenseQuery(meQuery);
  return (
    <Frame
      top={null}
      navigation={
        <>
          <NavGroup label={t('nav.customers')}>
            <NavLink to="/operator/clients" icon={<IconBuilding />} label={t('clients.heading')} />
            <NavLink to="/operator/apps" icon={<IconApps />} label={t('apps.heading')} />
            <NavLink to="/operator/people" icon={<IconUsers />} label={t('people.heading')} />
            <NavLink
              to="/operator/identity_providers"
              icon={<IconShieldLock />}
              label={t('nav.providers')}
            />
          </NavGroup>
          <NavGroup label={t('nav.platform')}>
            <NavLink to="/operator/usage" icon={<IconGauge />} label={t('nav.usage')} />
            <NavLink to="/operator/rooms" icon={<IconLive />} label={t('rooms.heading')} />
            <NavLink to="/operator/recorders" icon={<IconRecord />} label={t('nav.recorders')} />
            <NavLink to="/operator/system" icon={<IconServer />} label={t('system.heading')} />
            <NavLink to="/operator/mails" icon={<IconMail />} label={t('mails.heading')} />
            <NavLink to="/operator/audit" icon={<IconHistory />} label={t('audit.heading')} />
            <NavLink to="/operator/settings" icon={<IconSettings />} label={t('nav.settings')} />
          </NavGroup>
          {me.memberships.length > 0 && (
            <NavGroup label={t('nav.own')}>
              {me.memberships.map(({ tenant_id, tenant_name }) => (
                <NavLink
                  key={tenant_id}
                  to="/t/$tenantId"
                  params={{ tenantId: tenant_id }}
                  icon={<IconBuilding />}
                  label={tenant_name}
                />
              ))}
            </NavGroup>
          )}
        </>
      }
    >
      <Outlet />
    </Frame>
  );
}
