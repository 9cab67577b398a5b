import { Menu, VisuallyHidden } from '@mantine/core';
import '@mantine/core/styles/VisuallyHidden.layer.css';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Outlet, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { appsQuery } from '../api/clientApps';
import { meQuery } from '../api/me';
import {
  IconAdjustments,
  IconApps,
  IconBuilding,
  IconHistory,
  IconKey,
  IconPalette,
  IconPlay,
  IconRecord,
  IconRocket,
  IconSelector,
  IconSettings,
  IconShieldLock,
  IconUsers,
} from '../icons';
import { Choice, ChoiceMenu } from '../shell/ChoiceMenu';
import { Frame } from '../shell/Frame';
import { NavGroup, NavLink } from '../shell/NavLink';
import { CallsNav } from './CallsNav';
import styles from './ClientFrame.module.css';
import { rememberTenant } from './lastTenant';
import { ReadOnlyBanner } from './ReadOnlyBanner';
import { SuspendedBanner } from './SuspendedBanner';
import { useClient } from './useClient';
import { useTenantName } from './useTenantName';

/** The frame of a tenant's area: who, which app, and where. */
export function ClientFrame(): ReactNode {
  const { t } = useTranslation('client');
  const { tenantId, appId, role, isSuspended, maySee } = useClient();
  const apps = useQuery(appsQuery(tenantId)).data ?? [];
  const app = apps.find(({ id }) => id === appId) ?? apps[0];
  const isVisitor = role === undefined;
  const place = useTenantName(tenantId);
  useEffect(() => {
    if (!isVisitor) rememberTenant(tenantId);
  }, [isVisitor, tenantId]);

  return (
    <Frame
      place={place}
      banner={
        <>
          {isVisitor && <ReadOnlyBanner tenantId={tenantId} />}
          {isSuspended && <SuspendedBanner />}
        </>
      }
      top={
        <>
          <TenantSwitcher tenantId={tenantId} />
          <AppSwitcher tenantId={tenantId} chosen={app?.id} />
        </>
      }
      navigation={
        <>
          <CallsNav />
          {app && (
            <NavGroup label={t('nav.app')}>
              <NavLink
                to="/t/$tenantId/apps/$appId/start"
                params={{ tenantId, appId: app.id }}
                icon={<IconRocket />}
                label={t('nav.start')}
              />
              {maySee('keys') && (
                <NavLink
                  to="/t/$tenantId/apps/$appId/keys"
                  params={{ tenantId, appId: app.id }}
                  icon={<IconKey />}
                  label={t('nav.keys')}
                />
              )}
              <NavLink
                to="/t/$tenantId/apps/$appId/access"
                params={{ tenantId, appId: app.id }}
                icon={<IconShieldLock />}
                label={t('nav.access')}
              />
              <NavLink
                to="/t/$tenantId/apps/$appId/branding"
                params={{ tenantId, appId: app.id }}
                icon={<IconPalette />}
                label={t('nav.branding')}
              />
              <NavLink
                to="/t/$tenantId/apps/$appId/recording"
                params={{ tenantId, appId: app.id }}
                icon={<IconRecord />}
                label={t('nav.recording')}
              />
              <NavLink
                to="/t/$tenantId/apps/$appId/settings"
                params={{ tenantId, appId: app.id }}
                icon={<IconAdjustments />}
                label={t('nav.app_settings')}
              />
              <NavLink
                to="/t/$tenantId/apps/$appId/playground"
                params={{ tenantId, appId: app.id }}
                icon={<IconPlay />}
                label={t('nav.playground')}
              />
            </NavGroup>
          )}
          <NavGroup label={t('nav.organisation')}>
            <NavLink
              to="/t/$tenantId/apps"
              params={{ tenantId }}
              icon={<IconApps />}
              label={t('nav.apps')}
              isExact
            />
            <NavLink
              to="/t/$tenantId/team"
              params={{ tenantId }}
              icon={<IconUsers />}
              label={t('nav.team')}
            />
            {maySee('audit') && (
              <NavLink
                to="/t/$tenantId/audit"
                params={{ tenantId }}
                icon={<IconHistory />}
                label={t('nav.audit')}
              />
            )}
            <NavLink
              to="/t/$tenantId/settings"
              params={{ tenantId }}
              icon={<IconSettings />}
              label={t('nav.settings')}
            />
          </NavGroup>
        </>
      }
    >
      <Outlet />
    </Frame>
  );
}

/** The name of the organisation; a menu for people who belong to several. */
function TenantSwitcher({ tenantId }: { tenantId: string }): ReactNode {
  const { t } = useTranslation('client');
  const { data: me } = useSuspenseQuery(meQuery);
  const name = useTenantName(tenantId) ?? '…';
  const navigate = useNavigate();
  const { memberships } = me;
  if (memberships.length < 2 && !me.is_operator) {
    return (
      <p className={styles.tenant}>
        <IconBuilding aria-hidden="true" />
        <span className={styles.name}>{name}</span>
      </p>
    );
  }
  return (
    <ChoiceMenu
      label={t('switcher.tenants')}
      target={
        <button
          type="button"
          className={styles.tenant}
          aria-label={t('switcher.tenant_is', { name })}
        >
          <IconBuilding aria-hidden="true" />
          <span className={styles.name}>{name}</span>
          <IconSelector aria-hidden="true" />
        </button>
      }
    >
      <Menu.Label>{t('switcher.tenants')}</Menu.Label>
      {memberships.map((one) => (
        <Choice
          key={one.tenant_id}
          isChosen={one.tenant_id === tenantId}
          onChoose={() => {
            const params = { tenantId: one.tenant_id };
            navigate({ to: '/t/$tenantId', params }).catch(() => undefined);
          }}
        >
          {one.tenant_name}
        </Choice>
      ))}
      {me.is_operator && (
        <>
          <Menu.Divider />
          <Menu.Item
            onClick={() => {
              navigate({ to: '/operator' }).catch(() => undefined);
            }}
          >
            {t('switcher.operator')}
          </Menu.Item>
        </>
      )}
    </ChoiceMenu>
  );
}

/** Which app the screens below are about. */
function AppSwitcher({
  tenantId,
  chosen,
}: {
  tenantId: string;
  chosen: string | undefined;
}): ReactNode {
  const { t } = useTranslation('client');
  const apps = useQuery(appsQuery(tenantId)).data ?? [];
  const navigate = useNavigate();
  const app = apps.find(({ id }) => id === chosen);
  if (!app) return null;
  return (
    <ChoiceMenu
      label={t('switcher.apps')}
      width="target"
      target={
        <button type="button" className={styles.app}>
          <VisuallyHidden>{t('switcher.app_is')} </VisuallyHidden>
          <span className={styles.words}>
            <span className={styles.name}>{app.name}</span>
            <span className={styles.environment}>{t(`environment.${app.environment}`)}</span>
          </span>
          <IconSelector aria-hidden="true" />
        </button>
      }
    >
      {apps.map((one) => (
        <Choice
          key={one.id}
          isChosen={one.id === chosen}
          help={t(`environment.${one.environment}`)}
          onChoose={() => {
            const params = { tenantId, appId: one.id };
            navigate({ to: '/t/$tenantId/apps/$appId/start', params }).catch(() => undefined);
          }}
        >
          {one.name}
        </Choice>
      ))}
    </ChoiceMenu>
  );
}
