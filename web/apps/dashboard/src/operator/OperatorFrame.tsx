import { Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconApps } from '../icons';
import { Frame } from '../shell/Frame';
import { NavGroup, NavLink } from '../shell/NavLink';

/** The frame of the area of those who run the platform. */
export function OperatorFrame(): ReactNode {
  const { t } = useTranslation('operator');
  return (
    <Frame
      top={null}
      navigation={
        <NavGroup label={t('area')}>
          <NavLink to="/operator/apps" icon={<IconApps />} label={t('apps.heading')} />
        </NavGroup>
      }
    >
      <Outlet />
    </Frame>
  );
}
