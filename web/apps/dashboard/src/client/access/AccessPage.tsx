import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/Page';
import { WithApp } from '../WithApp';
import { Bans } from './Bans';
import { FeaturesCard } from './FeaturesCard';
import { GuestsCard } from './GuestsCard';
import { OriginsCard } from './OriginsCard';
import { TokensCard } from './TokensCard';

/** Who may join, how tokens are taken, which sites may show the calls, and what calls offer. */
export function AccessPage(): ReactNode {
  const { t } = useTranslation('client');
  return (
    <WithApp>
      <Page title={t('access.heading')} lead={t('access.lead')}>
        <GuestsCard />
        <OriginsCard />
        <FeaturesCard />
        <TokensCard />
        <Bans />
      </Page>
    </WithApp>
  );
}
