import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/Page';
import { useApp } from '../useApp';
import { WithApp } from '../WithApp';
import { StorageCard } from './StorageCard';
import { TargetsCard } from './TargetsCard';

/** How calls of the app are recorded, where they are streamed to, and where files are kept. */
export function RecordingSettingsPage(): ReactNode {
  const { t } = useTranslation('recordings');
  return (
    <WithApp>
      <Page title={t('settings.heading')} lead={t('settings.lead')}>
        <Storage />
        <TargetsCard />
      </Page>
    </WithApp>
  );
}

/** Others than owners and admins neither see nor change where recordings lie. */
function Storage(): ReactNode {
  return useApp().mayChange('storage') && <StorageCard />;
}
