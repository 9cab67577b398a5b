import { Avatar } from '@jumpa/ui';
import { Menu, VisuallyHidden } from '@mantine/core';
import '@mantine/core/styles/VisuallyHidden.layer.css';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { logout, meQuery } from '../api/me';
import { usePlatform } from '../api/platformSettings';
import { IconHelp, IconLogOut, IconMail, IconSelector, IconShieldLock, IconUser } from '../icons';
import { AppearanceChoices } from './AppearanceChoices';
import { ChoiceMenu } from './ChoiceMenu';
import styles from './UserMenu.module.css';

/** Who is signed in; language, theme, signing out. */
export function UserMenu(): ReactNode {
  const { t } = useTranslation();
  const { data: me } = useSuspenseQuery(meQuery);
  const { support_url, support_email } = usePlatform();
  const queries = useQueryClient();
  const navigate = useNavigate();

  const signOut = async () => {
    // Whatever the server says, this page forgets who was here.
    await logout().catch(() => undefined);
    queries.clear();
    await navigate({ to: '/login' });
  };
  return (
    <ChoiceMenu
      label={t('shell.user_menu')}
      position="top-start"
      width="target"
      target={
        <button type="button" className={styles.button}>
          <Avatar name={me.name} size="28px" />
          <VisuallyHidden>{t('shell.account_of')} </VisuallyHidden>
          <span className={styles.words}>
            <span className={styles.name}>{me.name}</span>
            <span className={styles.email}>{me.email}</span>
          </span>
          <IconSelector aria-hidden="true" />
        </button>
      }
    >
      <Menu.Item
        leftSection={<IconUser aria-hidden="true" />}
        onClick={() => {
          navigate({ to: '/account' }).catch(() => undefined);
        }}
      >
        {t('shell.profile')}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconShieldLock aria-hidden="true" />}
        onClick={() => {
          navigate({ to: '/account/security' }).catch(() => undefined);
        }}
      >
        {t('shell.security')}
      </Menu.Item>
      {support_url !== null && (
        <Menu.Item
          component="a"
          href={support_url}
          target="_blank"
          rel="noreferrer"
          leftSection={<IconHelp aria-hidden="true" />}
        >
          {t('support.page')}
        </Menu.Item>
      )}
      {support_email !== null && (
        <Menu.Item
          component="a"
          href={`mailto:${support_email}`}
          leftSection={<IconMail aria-hidden="true" />}
        >
          {t('support.mail', { email: support_email })}
        </Menu.Item>
      )}
      <Menu.Divider />
      <AppearanceChoices />
      <Menu.Divider />
      <Menu.Item
        leftSection={<IconLogOut aria-hidden="true" />}
        onClick={() => {
          signOut().catch(() => undefined);
        }}
      >
        {t('shell.sign_out')}
      </Menu.Item>
    </ChoiceMenu>
  );
}
