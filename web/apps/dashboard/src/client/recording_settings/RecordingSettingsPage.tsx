import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { appStorage } from '../../api/recordingStorage';
import { Page } from '../../parts/Page';
import { StorageCard } from '../../recording_storage/StorageCard';
import { useApp } from '../useApp';
import { WithApp } from '../WithApp';
import { RuleCard } from './RuleCard';
import { TargetsCard } from './TargetsCard';

/** How calls of the app are recorded, where they are streamed to, and where files are kept. */
export function RecordingSettingsPage(): ReactNode {
  const { t } = useTranslation('recordings');
  return (
    <WithApp>
      <Page title={t('settings.heading')} lead={t('settings.lead')}>
        <RuleCard />
        <TargetsCard />
        <Storage />
      </Page>
    </WithApp>
  );
}

/** Others than owners and admins neither see nor change where recordings lie. */
function Storage(): ReactNode {
  const { tenantId: tenant, app, mayChange } = useApp();
  return (
    mayChange('storage') && <StorageCard of="app" place={appStorage({ tenant, app: app.id })} />
  );
}
