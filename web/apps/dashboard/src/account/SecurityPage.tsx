import { useSuspenseQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { meQuery } from '../api/me';
import { Page } from '../parts/Page';
import { PasswordCard } from './PasswordCard';
import { SecondFactorCard } from './SecondFactorCard';
import { Sessions } from './Sessions';

/** How somebody signs in, and where they are signed in. */
export function SecurityPage(): ReactNode {
  const { t } = useTranslation('people');
  const { data: me } = useSuspenseQuery(meQuery);
  return (
    <Page title={t('security.heading')} lead={t('security.lead')}>
      <SecondFactorCard isOn={me.has_totp} />
      <PasswordCard />
      <Sessions />
    </Page>
  );
}
