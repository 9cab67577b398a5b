import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { settingsQuery } from '../../api/platformSettings';
import { platformStorage } from '../../api/recordingStorage';
import { Answered } from '../../parts/Answered';
import { Card } from '../../parts/Card';
import { Page } from '../../parts/Page';
import { SkeletonLines } from '../../parts/SkeletonLines';
import { StorageCard } from '../../recording_storage/StorageCard';
import { MailCard } from './MailCard';
import { NewAppsCard } from './NewAppsCard';
import { PlatformCard } from './PlatformCard';
import { ServerFacts } from './ServerFacts';

/** What holds for the whole platform, and what the running server was started with. */
export function SettingsPage(): ReactNode {
  const { t } = useTranslation('platform');
  const settings = useQuery(settingsQuery);
  return (
    <Page title={t('settings.heading')} lead={t('settings.lead')}>
      <Answered
        query={settings}
        skeleton={
          <Card title={t('settings.platform')} layout="beside">
            <SkeletonLines count={5} />
          </Card>
        }
        failed={t('settings.failed')}
      >
        {({ platform, server }) => (
          <>
            <PlatformCard settings={platform} />
            <NewAppsCard settings={platform} />
            <StorageCard of="platform" place={platformStorage} />
            <MailCard server={server} />
            <ServerFacts settings={server} />
          </>
        )}
      </Answered>
    </Page>
  );
}
