import { useSuspenseQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { meQuery } from '../api/me';
import { IconArrowLeft, IconBuilding, IconShieldLock, IconUser } from '../icons';
import { Frame } from '../shell/Frame';
import { NavGroup, NavLink } from '../shell/NavLink';

/** The frame of one's own account, with the ways back. */
export function AccountFrame(): ReactNode {
  const { t } = useTranslation('people');
  const { data: me } = useSuspenseQuery(meQuery);
  return (
    <Frame
      top={null}
      navigation={
        <>
          <NavGroup label={t('account.area')}>
            <NavLink to="/account" icon={<IconUser />} label={t('profile.heading')} isExact />
            <NavLink
              to="/account/security"
              icon={<IconShieldLock />}
              label={t('security.heading')}
            />
          </NavGroup>
          {(me.is_operator || me.memberships.length > 0) && (
            <NavGroup label={t('account.back')}>
              {me.is_operator && (
                <NavLink to="/operator" icon={<IconArrowLeft />} label={t('account.operator')} />
              )}
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
